"""What a pipe gets is what rich would have written into it, to the byte, without rich."""

import io
import json
import re

import pytest

from syndicate.cli import listing, screen, terminal

WORDS = [
    "",
    "Neue Brücke über den Fluss",
    "„Zwölf“ – [nicht] :smile: **fett**",
    "日本語 und e\u0301 und 👩‍🚒 und ﬁ",
    "  vorn und hinten  ",
    "\x1b[31mrot\x07 \u202eumgekehrt\u2028\x85",
    "zwei\nZeilen\n",
    "ein\tTab",
    "x" * 300,
    "[link=https://a.example]a[/link]",
]

ACTS = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800]")


def written(on: type[terminal.Plain] | None, *objects: object, **how: object) -> str:
    stream = io.StringIO()
    screened = on(stream) if on else screen.screen(stream, 100_000)
    screened.print(*objects, **how)
    return stream.getvalue()


@pytest.mark.parametrize("soft", [True, False])
@pytest.mark.parametrize("words", WORDS)
def test_a_line(words: str, soft: bool) -> None:
    for shown in ((words,), (words, words), (listing.Marked("needs you  ", "bold red", words),), ()):
        assert written(terminal.Plain, *shown, soft_wrap=soft) == written(None, *shown, soft_wrap=soft)
    assert written(terminal.Plain, words, style="green") == written(None, words, style="green")


@pytest.mark.parametrize("words", WORDS)
def test_a_table(words: str) -> None:
    for rows in ([], [(words, "1", words)], [(words, "12", "kurz"), ("日本", "3", words), ("", "", "")]):
        made = listing.Listing(("Quelle", "Zahl", "Überschrift"), frozenset(["Zahl"]))
        for row in rows:
            made.add_row(*row)
        assert written(terminal.Plain, made) == written(None, made)


@pytest.mark.parametrize(
    "values",
    [[], [{}], [1, None, 1.5, 2**70, True, "\ud800", (1,)], [{"a": ["x", {"b": [], "c": "zwei\nZeilen"}]}, *WORDS, []]],
)
def test_a_list_that_is_written_as_it_comes(values: list[object], capsys: pytest.CaptureFixture[str]) -> None:
    """As `json.dumps` has the whole of it, only that nothing acts on a terminal."""
    terminal.print_json_list(iter(values))
    out = capsys.readouterr().out
    assert json.loads(out) == json.loads(json.dumps(values))
    acting = json.dumps(values, ensure_ascii=False, indent=2) + "\n"
    assert ACTS.sub(lambda match: f"\\u{ord(match[0]):04x}", acting) == out
    assert not ACTS.search(out)
