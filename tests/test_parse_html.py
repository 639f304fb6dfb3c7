"""Release and list pages in HTML: each case is a file, and what it reads as lies beside it."""

import json
import re
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import reader
from syndicate.errors import ParseError, UnexpectedPage
from syndicate.model import Item
from syndicate.urls import clean_url
from waiting import frugal

read = reader("html")

DATA = Path(__file__).parent / "data" / "html"


def plain(content: str | None) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", content or "")).split())


def shown(item: Item) -> dict[str, Any]:
    """An item as the cases print it."""
    content = item.content or ""
    return {
        **asdict(item),
        "authors": list(item.authors),
        "images": [asdict(image) for image in item.images],
        "enclosures": [asdict(enclosure) for enclosure in item.enclosures],
        "related": [asdict(related) for related in item.related],
        "unmatched": list(item.unmatched),
        "text": plain(content),
        "headings": [plain(found) for found in re.findall(r"<h[2-6].*?</h[2-6]>", content, re.DOTALL)],
    }


def among(found: Any, wanted: Any) -> Any:
    """Of what was found that which the case speaks of."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return {name: among(found[name], value) for name, value in wanted.items()}
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        return [among(one, value) for one, value in zip(found, wanted, strict=True)]
    return found


@pytest.mark.parametrize("path", sorted(DATA.glob("*.html")), ids=lambda path: path.stem)
def test_reads_as_the_file_beside_it_says(path: Path) -> None:
    case = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    select = tuple((case.get("select") or {}).items())
    items = [shown(item) for item in read(path.read_text(encoding="utf-8"), case.get("url"), select)]
    assert among(items, case["items"]) == case["items"]


def test_shared_pages_read_as_their_truth(shared: Path) -> None:
    files = json.loads((shared / "releases" / "truth.json").read_text(encoding="utf-8"))["files"]
    names = [name for name in files if name.startswith("html/")]
    assert names
    for name in names:
        truth = files[name]
        (item,) = read((shared / "releases" / name).read_text(encoding=truth["encoding"]), None)
        text = plain(item.content)
        assert [{key: asdict(image)[key] for key in ("alt", "caption", "credit")} for image in item.images] == truth[
            "images"
        ]
        assert [clean_url(image.url or "", item.url) for image in item.images][:1] == [truth["image_url"]]
        assert [{"topic": r.topic, "title": r.title} for r in item.related] == truth["related"]
        assert all(clean_url(r.url or "", item.url) for r in item.related)
        assert (text[:40], text[-40:]) == (truth["body_start"], truth["body_end"])
        for key in ("kicker", "title", "teaser", "url", "embargo", "corrects", "contact", "published"):
            assert getattr(item, key) == truth[key], (name, key)
        assert item.updated == truth["modified"]
        assert shown(item)["headings"] == truth["sub_headings"]


# --- what is no release -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<title>Just a moment...</title><p>Bitte warten", 'a bot challenge: "Just a moment..."'),
        ("<title>Portal</title><h1>Wartungsarbeiten</h1>", 'a maintenance page: "Portal"'),
        ("<title>Anmelden</title><form><input type=password></form>", 'a login page: "Anmelden"'),
    ],
)
def test_an_unexpected_page_says_what_it_looks_like(text: str, said: str) -> None:
    with pytest.raises(UnexpectedPage, match=re.escape(said)):
        read(text, None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<p>Hallo</p>", "no release and no list"),
        ("<h1>Unser Haus</h1><p><a href='/a'>Wir</a></p>", "no release and no list"),
        (
            "<h1>Impressum</h1><p>Verantwortlich ist die Pressestelle des Landes, die in der Hauptstadt sitzt.",
            "a page of",
        ),
        ("<!-- nichts -->", "empty"),
        ("<p>x</p>" * 40_000, "elements, more than any"),
        ("<p>" + "x " * 600_000, "characters of text, more than any"),
        (
            "<head><link rel=alternate type=application/rss+xml href=https://a.example/f.rss></head><p>Hallo",
            "it names a feed: https://a.example/f.rss",
        ),
    ],
)
def test_what_holds_no_release_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ParseError, match=re.escape(reason)):
        read(text, None)


# --- pictures ---------------------------------------------------------------------------------------------------------

PROSE = "<p>Das Forstamt pflanzt in diesem Herbst tausend Eichen am Hohen Stein, und viele Kinder helfen dabei.</p>" * 2


@pytest.mark.parametrize(
    ("markup", "caption", "credit"),
    [
        ("Eine Eiche (Bild: © dpa).", "Eine Eiche", "dpa"),
        ("1 von 5", None, None),
        ("Bild 2 / 5", None, None),
        ("2 / 5: Eine Eiche", "Eine Eiche", None),
        ("200 Eichen von 500 stehen", "200 Eichen von 500 stehen", None),
    ],
)
def test_a_caption_is_neither_credit_nor_counter(markup: str, caption: str | None, credit: str | None) -> None:
    figure = f"<figure><img src=/e.jpg alt=Baum><figcaption>{markup}</figcaption></figure>"
    (image,) = read(f"<main><h1>Eichen</h1>{figure}{PROSE}</main>", None)[0].images
    assert (image.caption, image.credit) == (caption, credit)


def test_a_data_address_is_neither_text_nor_picture() -> None:
    data = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg=="
    text = f"<main><h1>Eichen</h1><img src='{data}' alt=Baum>{PROSE}<p>{data}</p>{PROSE}</main>"
    (item,) = read(text, None)
    assert (item.images, "data:" in (item.content or "")) == ((), False)


def test_what_describes_a_picture_is_no_teaser() -> None:
    said = "Drei Kinder setzen am Hohen Stein eine junge Eiche in die Erde"
    head = f'<meta property="og:description" content="{said}">'
    text = f'<head>{head}</head><main><h1>Eichen</h1><img src=/e.jpg alt="{said}">{PROSE}</main>'
    assert read(text, None)[0].teaser is None


# --- the operator's selectors -----------------------------------------------------------------------------------------

ODD = """<html><head><title>Amt</title></head><body><main><div class=k>Wald</div><div class=t>Eichen für morgen</div>
<div class=d>am dritten Mai</div><div class=v>Kurz gesagt.</div><div class=b><p>Das Forstamt pflanzt tausend Eichen, und
viele Kinder helfen dabei.</p><p class=ad>Kaufen Sie jetzt einen Spaten!</p></div><div class=w>Ida Holm</div>
<div class=x><a href=/m/1>Buchen für gestern</a></div></main></body></html>"""


def test_selectors_go_first_and_those_without_a_match_are_named() -> None:
    names = {"title": ".t", "kicker": ".k", "teaser": ".v", "body": ".b", "date": ".d", "author": ".w", "related": ".x"}
    (item,) = read(ODD, None, (*names.items(), ("remove", ".ad"), ("image", ".none"), ("next", ".n")))
    assert (item.title, item.kicker, item.teaser, item.published) == (
        "Eichen für morgen",
        "Wald",
        "Kurz gesagt.",
        "am dritten Mai",
    )
    assert plain(item.content) == "Das Forstamt pflanzt tausend Eichen, und viele Kinder helfen dabei."
    assert item.authors == ("Ida Holm",)
    assert [related.url for related in item.related] == ["/m/1"]
    assert item.unmatched == ('image = ".none"',)


@pytest.mark.parametrize(
    "markup",
    [
        "<h1>Pressemitteilungen</h1><div class=news-list-view>{entry}</div>",
        "<h1>Unsere Arbeit</h1><div>{entry}</div><ul class=pagination><li><a href='?seite=8'>8</a></li><li>9</li></ul>",
        "<h1>Aktuelles</h1><ul><li><span class=date>04.05.2026</span> <a href=/m/1>Brücke eröffnet</a></li></ul>",
    ],
)
def test_one_entry_is_a_list_where_the_page_says_so(markup: str) -> None:
    entry = "<article><h3><a href=/m/1>Brücke eröffnet</a></h3><time>04.05.2026</time><p>Das Land baut.</p></article>"
    (item,) = read(markup.format(entry=entry), "https://talland.example/presse?seite=9")
    assert (item.url, item.title, item.published, item.headline) == ("/m/1", "Brücke eröffnet", "04.05.2026", True)


@pytest.mark.parametrize(
    ("printed", "date"),
    [
        ("Talstadt, 03.02.2026", "03.02.2026"),
        ("Brunnau, den 3. Februar 2026", "3. Februar 2026"),
        ("Erschienen am 03.02.2026 um 10:30 Uhr", "03.02.2026 um 10:30 Uhr"),
        ("irgendwann", "irgendwann"),  # told as what could not be read
    ],
)
def test_a_selected_date_may_have_words_about_it(printed: str, date: str) -> None:
    text = f"<article><h1>Neue Klinik</h1><p class=dt>{printed}</p><p>{'Das Land baut eine Klinik. ' * 9}</p></article>"
    assert read(text, None, (("date", ".dt"),))[0].published == date


def test_an_item_selector_makes_a_list() -> None:
    text = "<body><main><div class=e><a href=/1>Erste Meldung</a></div><div class=e><a href=/2>Zweite</a></div></main>"
    assert [(i.url, i.title, i.headline) for i in read(text, None, (("item", ".e"),))] == [
        ("/1", "Erste Meldung", True),
        ("/2", "Zweite", True),
    ]


# --- hostile ----------------------------------------------------------------------------------------------------------

SAID = "<p>Das ist ein Satz, der von einer Brücke erzählt, die sehr lang ist.</p>"


@pytest.mark.parametrize(
    "said",
    [
        r'{"@type": "NewsArticle", "headline": "Neu \ud800", "description": "\udfff", "url": "http://\ud800/"}',
        '{"@type": "NewsArticle", "articleBody": "<script>x</script><img src=x>", "description": "<svg onload=x>"}',
        '{"@type": "NewsArticle", "articleBody": "</script></div><table><math>"}',
    ],
)
def test_json_ld_is_never_a_reason_to_refuse(said: str) -> None:
    text = f"<head><script type=application/ld+json>{said}</script></head><main><h1>Neue Brücke</h1>{SAID * 3}</main>"
    (item,) = read(text, "https://talland.example/m")
    assert item.title == "Neue Brücke"
    assert plain(item.content) == plain(SAID * 3)


BITS = (
    "<svg>", "</div>", "<h1>", "<h2>Weitere Meldungen</h2>", "<h2>Kontakt</h2>", "<div class=teaser>", "<figure>",
    "<a href='http://[::1'>x</a>", "<img srcset=',, a 1x'>", "&#xD800;", "\ud800", "\x08", "\x00", "<base href='http://['>",
    "<time datetime=x>", "<p hidden>Sperrfrist:", "<form>", "</body>", "<!--", "<table><tr><td>", "<dl><dd>",
    "<noscript>",
    r'<script type=application/ld+json>{"@type":"NewsArticle","headline":"a\ud800","author":["\udfff"]}</script>',
)  # fmt: skip


@settings(deadline=None, max_examples=60)  # the first that needs trafilatura imports it
@given(
    st.sampled_from(sorted(DATA.glob("*.html"))),
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from(BITS)), max_size=8),
)
def test_nothing_but_a_parse_error_comes_of_a_broken_page(path: Path, breaks: list[tuple[float, str]]) -> None:
    text = path.read_text(encoding="utf-8")
    for where, bit in breaks:
        at = int(where * len(text))
        text = text[:at] + bit + text[at:]
    with suppress(ParseError):
        for item in read(text, "https://talland.example/m"):
            repr(item).encode()


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 50_000 + SAID,
        "<article>" * 5_000 + "<h1>Titel der Sache</h1>" + SAID,
        "<" * 100_000,
        "<h1>Titel hier</h1>" + SAID + "<img src=/a.jpg alt=x>" * 1_000,
        "<h1>Titel hier</h1>" + SAID + "<h2>Weitere Meldungen</h2>" * 500,
        "<h1>Titel hier</h1>" + SAID + "<div class=related>" * 200 + "<a href=x>Hallo</a>" * 1_000,
        "<script type=application/ld+json>" + "[" * 100_000 + "</script><h1>Titel</h1>" + SAID,
        "<h1>Titel hier</h1>" + "<time datetime=2026>x</time>" * 1_000 + SAID,
        "<h1>Ti&#xD800;tel &#0;</h1>" + SAID + "<p>&#xFFFE;\ud800</p>",
        "<h1>Titel hier</h1>" + SAID + "<p>Sperrfrist: 12 Uhr</p>" * 1_000,
        "<h1>Titel hier</h1>" + SAID + "<img srcset='" + "a 1w," * 100_000 + "'>",
        "<h1>Titel hier</h1>" + SAID * 14_000,
        "<h1>Titel hier</h1>" + "".join(f"<img src=/{n}.jpg alt=x>" for n in range(20_000)) + SAID,
        "<h1>Titel hier</h1><p>" + " " * 50_000 + "x",
        "<h1>Titel hier</h1>" + "<div class=teaser>" * 200 + SAID * 5_000,
        "<h1>Titel hier</h1><p>" + "<span>Wort um Wort. </span>" * 25_000,
        "<h1>Titel hier</h1>" + SAID + "<h2>Downloads</h2><p>" + "<a href=/a.pdf>Plan</a>" * 20_000,
        f"<h1>Neue Wege im Land</h1>{SAID}<table>" + f"<tr><td>{SAID}<td>{SAID}" * 2_000 + "</table>",
        f"<h1>Neue Wege im Land</h1>{SAID}<dl>" + f"<dt>Ort<dd>{SAID}" * 2_000 + "</dl>",
        "<title>Wartung</title><h1>Wartungsarbeiten</h1><div>" + "server " * 20_000 + "<p>x</p></div>",
    ],
    ids=[
        "deep",
        "articles",
        "less-than",
        "images",
        "headings",
        "related",
        "json",
        "times",
        "letters",
        "embargo",
        "srcset",
        "paragraphs",
        "pictures",
        "blanks",
        "nested",
        "spans",
        "files",
        "table",
        "facts",
        "maintenance",
    ],
)
def test_a_hostile_page_is_read_or_refused_in_time(text: str) -> None:
    with frugal(10), suppress(ParseError):  # most take far less than a second
        read(text, "https://talland.example/m")


def test_nothing_active_has_to_be_kept() -> None:
    text = f"<h1>Titel hier</h1>{SAID}<script>alert(1)</script><iframe src=x></iframe><form><input></form>{SAID}"
    content = read(text, None)[0].content or ""
    assert not re.search("script|iframe|form|input", content)


def test_trafilatura_is_asked_only_where_the_markup_does_not_tell() -> None:
    code = "import sys; from syndicate.parse import parse; parse(open(sys.argv[1], 'rb').read(), format='html')"
    code += "; print('trafilatura' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, str(DATA / "gsb.html")], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("name", ["guess-footer", "guess-named-wrong"])
def test_where_the_markup_does_not_tell_no_paragraph_is_lost(name: str) -> None:
    text = (DATA / f"{name}.html").read_text(encoding="utf-8")
    told = [plain(found) for found in re.findall(r"<p>.*?</p>", text)]
    (item,) = read(text)
    found = item.content or ""
    assert len(told) == 3
    assert all(paragraph in plain(found) for paragraph in told)
    assert "Rathaus" not in found


@pytest.mark.parametrize(
    "where",
    [
        "<div class=newsletter><p>Sperrfrist: 14. März 2026, 11 Uhr</p></div><h1>Titel der Sache</h1>{said}",
        "<h1>Titel der Sache</h1><p hidden>Sperrfrist: 14. März 2026, 11 Uhr</p>{said}",
        "<aside>Sperrfrist: 14. März 2026, 11 Uhr</aside><h1>Titel der Sache</h1>{said}",
        "<h1>Titel der Sache (Sperrfrist: 14. März 2026, 11 Uhr)</h1>{said}",
        "<h1>Titel der Sache</h1>{said}<footer>Sperrfrist:<br>14. März 2026, 11 Uhr</footer>",
    ],
)
def test_an_embargo_is_never_lost(where: str) -> None:
    (item,) = read(where.format(said=SAID * 3), None)
    assert item.embargo == "14. März 2026, 11 Uhr"
