"""Release pages saved as text: each case is a file, and what it reads as lies beside it."""

import json
import re
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builders import reader
from syndicate.errors import ParseError
from syndicate.model import Image, Item, Release, Source
from syndicate.normalise import normalise
from waiting import frugal

read = reader("page")

DATA = Path(__file__).parent / "data" / "page"
WORDS = ("alt", "caption", "credit")


def plain(content: str | None) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", content or "")).split())


def pictured(image: Image | None) -> dict[str, str | None] | None:
    return None if image is None else {name: getattr(image, name) for name in WORDS}


def shown(item: Item) -> dict[str, Any]:
    """An item as the cases print it."""
    return {
        **asdict(item),
        "authors": list(item.authors),
        "images": [pictured(image) for image in item.images],
        "related": [{"topic": r.topic, "title": r.title, "image": pictured(r.image)} for r in item.related],
    }


@pytest.mark.parametrize("path", sorted(DATA.glob("*.txt")), ids=lambda path: path.stem)
def test_reads_as_the_file_beside_it_says(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    if "refused" in expected:
        with pytest.raises(ParseError, match=re.escape(expected["refused"])):
            read(text, None)
        return
    items = [shown(item) for item in read(text, None)]
    assert len(items) == len(expected["items"])
    for item, wanted in zip(items, expected["items"], strict=True):
        assert {name: item[name] for name in wanted} == wanted


def test_the_address_is_the_release_s_but_no_headline_s() -> None:
    url = "https://talland.example/deich"
    assert read((DATA / "a-full.txt").read_text(encoding="utf-8"), url)[0].url == url
    headlines = read((DATA / "list-flat.txt").read_text(encoding="utf-8"), url)
    assert {(item.url, item.base) for item in headlines} == {(None, url)}


# --- the real material ------------------------------------------------------------------------------------------------


def test_shared_pages_and_lists_read_as_their_truth(shared: Path) -> None:
    files = json.loads((shared / "releases" / "truth.json").read_text(encoding="utf-8"))["files"]
    names = [name for name in files if name.startswith(("pages/", "lists/"))]
    assert names
    for name in names:
        truth = files[name]
        items = read((shared / "releases" / name).read_text(encoding=truth["encoding"]), None)
        if truth["kind"] == "list":
            assert [
                {"date": item.published, "topic": item.kicker, "title": item.title, "teaser": item.teaser}
                for item in items
            ] == truth["items"], name
            continue
        (item,) = items
        text = plain(item.content)
        assert {
            "kicker": item.kicker,
            "title": item.title,
            "teaser": item.teaser,
            "images": [pictured(image) for image in item.images],
            "body_start": text[:40],
            "body_end": text[-40:],
            "sub_headings": [unescape(found) for found in re.findall("<h2>(.*?)</h2>", item.content or "")],
            "related": [{"topic": r.topic, "title": r.title} for r in item.related],
            "corrects": item.corrects,
        } == {
            key: truth[key]
            for key in (
                "kicker",
                "title",
                "teaser",
                "images",
                "body_start",
                "body_end",
                "sub_headings",
                "related",
                "corrects",
            )
        }, name
        assert (item.published is None, item.embargo is None) == (truth["date"] is None, truth["embargo"] is None)
        if truth["contact"]:
            assert item.contact is not None
            assert item.contact.name == truth["contact"][0]
            assert item.contact.email in truth["contact"][3]
            assert item.contact.phone in truth["contact"][2]
        else:
            assert item.contact is None, name


def test_the_seed_is_one_release_and_fifteen_related(shared: Path) -> None:
    (item,) = read((shared / "seed" / "kanagawa.txt").read_text(encoding="utf-8"), None)
    assert (item.kicker, item.title) == ("Kooperation", "Virtueller Austausch mit japanischer Partnerprovinz Kanagawa")
    assert item.teaser is not None
    assert item.teaser.startswith("Baden-Württembergs japanische Partnerprovinz")
    assert [image.caption for image in item.images] == ["Symbolbild"]
    assert (item.content or "").count("<h2>") == 2
    topics = [related.topic for related in item.related]
    assert (len(topics), len({item.kicker, *topics}), topics.count("Gesundheit")) == (15, 14, 3)
    credits = {
        related.title: related.image.credit for related in item.related if related.image and related.image.credit
    }
    assert list(credits.values()) == ["dpa", "picture alliance/Uli Deck/dpa", "dpa"]
    assert item.related[-1].image is None
    assert item.related[7].image == Image(alt="Bad Urach")
    for furniture in ("Berechne Lesezeit", "Teilen", "Symbolbild", "Weitere Meldungen"):
        assert not re.search(rf">{furniture}<", item.content or "")


# --- laws -------------------------------------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    [
        *(line for path in sorted(DATA.glob("*.txt")) for line in path.read_text("utf-8").splitlines()),
        "",
        "",
        "",
        "Sperrfrist:",
        "Pressekontakt",
        "Weitere Meldungen",
        "\x00",
        "12.03.2026",
        "(Foto: )",
        "•",
        "„",
        "()",
        ":",
        "|",
    ]
)


@given(st.one_of(st.text(), st.lists(_PIECES, max_size=25).map("\n".join)))
@example("Sperrfrist:")
@example("Weitere Meldungen")
@example("27.03.2026 | ")
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        items = read(text, None)
    except ParseError as error:
        assert str(error)  # noqa: PT017  the law is that nothing else is raised
    else:
        assert items


_WORD = st.text(alphabet="abcdefghijklmnoprstuwzäöü", min_size=2, max_size=9)
_PARAGRAPH = st.lists(_WORD, min_size=12, max_size=30).map(
    lambda words: f"Das Ministerium fördert die Gemeinden: {' '.join(words)}."
)
_HEADING = st.lists(_WORD, min_size=1, max_size=4).map(lambda words: f"Über {' '.join(words)}")


@st.composite
def _pages(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A page of some layout, and what of it must be found again."""
    sections = draw(st.lists(st.tuples(st.none() | _HEADING, _PARAGRAPH), min_size=3, max_size=5))
    body = [line for heading, paragraph in sections for line in ((heading, paragraph) if heading else (paragraph,))]
    head = draw(
        st.sampled_from([[], ["Verkehr", "Neue Brücke über die Tale"], ["Pressemitteilung", "Forst", "Mehr Wald"]])
    )
    anchor = ["Berechne Lesezeit\n  • Teilen"] if head and draw(st.booleans()) else []
    teaser = draw(st.lists(_PARAGRAPH, max_size=1))
    gap = draw(st.sampled_from(["\n\n", "\n"]))
    tail = draw(st.sampled_from([[], ["Weitere Meldungen", "Ein Baum\nForst", "Der Wald wächst"]]))
    return gap.join([*head, *anchor, *teaser, *body, *tail]), [*head, *teaser, *body]


@given(_pages())
def test_no_line_is_lost(page: tuple[str, list[str]]) -> None:
    text, lines = page
    (item,) = read(text, None)
    said = [item.kind, item.kicker, item.title, item.teaser, *(image.alt for image in item.images)]
    found = {value for value in said if value}
    found |= {unescape(part) for part in re.findall(r"<(?:p|h2|li)>(.*?)</", item.content or "")}
    assert set(lines) <= found


@pytest.mark.parametrize(
    "text",
    [
        "Verkehr\n\nNeue Brücke\n\n" + "Das Land baut eine neue Brücke über die Tale. " * 25_000,
        "Verkehr\n\nNeue Brücke\n\n" + "Das Land baut eine neue Brücke über die Tale.\n" * 15_000,
        "Verkehr\n\nNeue Brücke\n\n" + "(" * 1_000_000,
        "„" * 1_000_000,
        " " * 1_000_000 + "x",
        "Das Land baut eine Brücke.\n" * 100_000,
        "a | " * 250_000,
        "Dr. " * 250_000,
        "Verkehr\n\nNeue Brücke\n\nDas Land baut eine Brücke über die Tale bei Moorhusen.\n\nWeitere Meldungen\n\n"
        + "Forst\n\nMehr Wald\n\n" * 5_000,
    ],
    ids=["long line", "many lines", "brackets", "quotes", "blanks", "very many lines", "bars", "dots", "many related"],
)
def test_time_is_linear(text: str) -> None:
    with frugal(10), suppress(ParseError):
        read(text, None)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Diese Pressemitteilung wurde zurückgezogen.", None),
        ("Die Meldung wurde zurückgezogen: Die Zahlen waren falsch.", None),
        (
            "Neue Mensa in Hohenried\n\nDiese Meldung wurde zurückgezogen.\n\nWir bitten um Entschuldigung.",
            "Neue Mensa in Hohenried",
        ),
    ],
)
def test_a_notice_of_withdrawal_is_a_release_that_is_gone(text: str, title: str | None) -> None:
    (item,) = read(text)
    assert item.title == title
    release = normalise(item, Source(id="s"), now=datetime(2026, 6, 1, tzinfo=UTC))
    assert isinstance(release, Release)
    assert release.withdrawn
