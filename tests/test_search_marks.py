"""Hits in a text as it is printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.search import Span, excerpt, marked, read, tokens

# Typed; the text, with [ ] around its hits.
TABLE = [
    ("klinik", "Die [Klinik] und das [KLINIKUM]"),
    ("muenchen", "[München], [Mu\u0308nchen] und [MUENCHEN] in Bayern"),
    ("tubingen", "Tübingen"),
    ("strasse", "[Straße] & [Straßenbahn]"),
    ("cafe", "Im [Café]."),
    ('"neue Klinik"', "Die [neue] – [Klinik] ist neu"),
    ('"neue Klinik"', "Die neue Klinikum"),
    ("im -wald", "[Im] Wald"),
    ("e-mail", "Per [E]-[Mails]"),
    ("firmatm", "Die [Firma™]"),
    ("2 klinik", "[½] [Klinik]"),
    ("gesundheit", "[Gesund\u00adheit]"),
    ("wald", "<b>[Wald]</b> „[Wald]“ ([wald])"),
    ("東京都", "[東京都庁] 東京"),
    ("هند", "في [هِنْد]"),
    ("x", ""),
]


def shown(spans: list[Span]) -> str:
    return "".join(f"[{span.text}]" if span.hit else span.text for span in spans)


@pytest.mark.parametrize(("typed", "text"), TABLE)
def test_hits(typed: str, text: str) -> None:
    plain = text.replace("[", "").replace("]", "")
    assert shown(marked(plain, read(typed))) == text


@given(st.text(), st.text(min_size=1))
def test_a_text_is_shown_whole_and_has_the_hits_that_its_tokens_have(text: str, word: str) -> None:
    wanted = tokens(f"{word} x")
    spans = marked(text, read(f'"{wanted[0]}"'))
    assert "".join(span.text for span in spans) == text
    assert any(span.hit for span in spans) == (wanted[0] in tokens(text))


EXCERPTS = [
    ("wald", "Nichts", ""),
    ("wald", "Der Wald ist groß.", "Der [Wald] ist groß."),
    ("wald", "a " * 80 + "Wald " + "b " * 80, "… " + "a " * 25 + "[Wald] " + "b " * 22 + " …"),
    ("wald brand", "Wald " + "a " * 80 + "Wald im Brand", "… " + "a " * 25 + "[Wald] im [Brand]"),
    ("wald", "Im Wald\n\nDie Förster kommen.\n\nSie bleiben", "Im [Wald] – Die Förster kommen. Sie bleiben"),
]


@pytest.mark.parametrize(("typed", "text", "shows"), EXCERPTS)
def test_an_excerpt_is_where_most_of_it_stands(typed: str, text: str, shows: str) -> None:
    assert shown(excerpt(text, read(typed), 100)).replace("  ", " ") == shows.replace("  ", " ")


@given(st.text(min_size=20), st.integers(10, 80))
def test_an_excerpt_is_of_the_text(text: str, length: int) -> None:
    for word in tokens(text)[:3]:
        assert any(span.hit for span in excerpt(f"{text} {text}", read(f'"{word}"'), length))
