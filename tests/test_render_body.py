"""A release's HTML within our page: its outline, lists, links, tables and pictures; its dates and its contact."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from builders import SITE, at
from syndicate.notices import excerpt
from syndicate.render import body as body_of
from syndicate.render import shown

LATE = 'loading="lazy" decoding="async" referrerpolicy="no-referrer"'
FRAME = '<div class="wide" role="group" aria-label="Tabelle" tabindex="0">'


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", ""),
        ("nur < Worte &amp; <em>mehr</em>", "nur &lt; Worte &amp; <em>mehr</em>"),
        # headings
        ("<h3>A</h3><h4>B</h4><h3>C</h3>", "<h2>A</h2><h3>B</h3><h2>C</h2>"),
        ("<h2>A</h2><h5>B</h5><h6>C</h6>", "<h2>A</h2><h3>B</h3><h4>C</h4>"),
        ("<h1>A</h1><h1>B</h1>", "<h2>A</h2><h2>B</h2>"),
        ("<h4>A</h4><h2>B</h2><h3>C</h3>", "<h2>A</h2><h2>B</h2><h3>C</h3>"),
        ("<h2> </h2><p>a</p>", " <p>a</p>"),
        (
            '<h4><img src="https://x.example/a" alt="Wappen"></h4>',
            f'<h2><img src="https://x.example/a" alt="Wappen" {LATE}></h2>',
        ),
        # landmarks and lists
        ("<main><aside>a</aside><footer>b</footer></main>", "<div><div>a</div><div>b</div></div>"),
        ("<li>a</li>", "<div>a</div>"),
        ("<ul>x<li>a</li>y<p>b</p></ul>", "<ul><li>x</li><li>a<span>y</span></li><li><p>b</p></li></ul>"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
        ("<dl><dt>a</dt><dd>b</dd><p>c</p></dl>", "<div><div>a</div><div>b</div><p>c</p></div>"),
        ("<dd>a</dd>", "<div>a</div>"),
        ('<p lang="">a</p><p lang="en-GB">b</p>', '<p>a</p><p lang="en-GB">b</p>'),
        # links
        ('<a href="https://x.example/">a</a>', '<a href="https://x.example/">a</a>'),
        ('<p>a <a href="https://x.example/"></a>b</p>', "<p>a b</p>"),
        (
            '<a href="https://x.example/Pl%C3%A4ne"><img src="https://x.example/a" alt=""></a>',
            f'<a href="https://x.example/Pl%C3%A4ne" aria-label="Pläne"><img src="https://x.example/a" alt="" {LATE}>'
            "</a>",
        ),
        (
            '<a href="https://x.example/"><img src="https://x.example/a" alt="Karte"></a>',
            f'<a href="https://x.example/"><img src="https://x.example/a" alt="Karte" {LATE}></a>',
        ),
        # pictures, sound, film
        ('<img src="https://x.example/a">', f'<img src="https://x.example/a" alt="" {LATE}>'),
        (
            '<audio><source src="https://x.example/a"><source src="https://x.example/b"><b>Worte</b></audio>',
            '<audio controls preload="none"><source src="https://x.example/a"><source src="https://x.example/b">'
            "<b>Worte</b></audio>",
        ),
        (
            '<video src="https://x.example/v" poster="https://x.example/p"></video>',
            '<video src="https://x.example/v" controls preload="none"></video>',
        ),
        # tables
        (
            "<table><tr><th> </th><th>A</th></tr></table>z",
            f"{FRAME}<table><tr><td> </td><th>A</th></tr></table></div>z",
        ),
        (
            "<table><tr><td><table><tr><td>a</td></tr></table></td></tr></table>",
            f"{FRAME}<table><tr><td><table><tr><td>a</td></tr></table></td></tr></table></div>",
        ),
    ],
)
def test_fit(content: str, expected: str) -> None:
    assert body_of.fit(content, table="Tabelle").markup == expected


def test_what_the_page_asks_of_a_body() -> None:
    body = body_of.fit('<p>Das <b>Land</b>\n baut.</p><img src="http://www.x.example/a/">', table="")
    assert body.pictured == {"//x.example/a"}
    assert body.opens_with("das Land baut")
    assert not body.opens_with("Land")
    assert body_of.Body().opens_with("") is True


@pytest.mark.parametrize(
    ("content", "lead"),
    [
        ("<p>Das Land baut.</p>", "Das Land baut."),
        (
            f"<figure><figcaption>{'Bild ' * 1000}</figcaption></figure><p>Das Land baut eine Brücke.</p>",
            "Das Land baut eine Brücke.",
        ),
        (f"<h2>{'Kopf ' * 300}</h2><p>{'Das Land baut. ' * 30}</p>", "Das Land baut. " * 20),
        ("<p>" + "Wort " * 900 + "!!!</p>", "!!!"),
        ("<p>Etwas anderes.</p>", "Das Land baut eine Brücke."),
    ],
)
def test_no_more_is_read_than_tells_whether_it_opens_with_a_lead(content: str, lead: str) -> None:
    body = body_of.fit(content, table="")
    assert body.root is not None
    whole = body_of.openings(body.root, len(content))
    assert body.opens_with(lead) is excerpt.repeats(lead, *whole)


def test_nothing_is_lost_in_the_depth() -> None:
    assert "Wort" in body_of.fit("<div>" * 1000 + "Wort" + "</div>" * 1000, table="").markup


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", ""),
        ("<h2>Kopf</h2><p> </p><p>Ein <b>Satz</b>.</p><p>Noch einer.</p>", "Ein Satz."),
        ("ohne Absatz", "ohne Absatz"),
        ("<p>" + "Wort, " * 10 + "</p>", "Wort, Wort, Wort …"),
    ],
)
def test_first_words(content: str, expected: str) -> None:
    assert body_of.first_words(content, 20) == expected


_TAGS = st.sampled_from(["h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "dl", "dd", "table", "section"])


@given(st.lists(st.tuples(_TAGS, st.sampled_from(["", "a", "b c"])), max_size=20))
def test_no_heading_is_skipped_and_no_word_lost(blocks: list[tuple[str, str]]) -> None:
    content = "".join(f"<{tag}>{text}</{tag}> " for tag, text in blocks)
    markup = body_of.fit(content, table="Tabelle").markup
    levels = [1, *map(int, re.findall(r"<h(\d)>", markup))]
    assert all(1 < below <= above + 1 for above, below in pairwise(levels))
    said = "".join(text.replace(" ", "") for _, text in blocks)
    assert re.sub(r"\s", "", html.fragment_fromstring(markup, create_parent="div").text_content()) == said


# --- what else a page shows of a release ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "language", "iso", "text"),
    [
        ("2025-07-01 09:00", "de", "2025-07-01T11:00:00+02:00", "1. Juli 2025, 11:00 Uhr"),
        ("2025-07-01 09:00", "en", "2025-07-01T11:00:00+02:00", "1 July 2025, 11:00"),
        ("2025-06-30 22:00", "de", "2025-07-01", "1. Juli 2025"),
        ("2025-12-31 23:30", "de", "2026-01-01T00:30:00+01:00", "1. Januar 2026, 00:30 Uhr"),
        ("2025-10-26 00:30", "de", "2025-10-26T02:30:00+02:00", "26. Oktober 2025, 02:30 Uhr"),
        ("2025-10-26 01:30", "de", "2025-10-26T02:30:00+01:00", "26. Oktober 2025, 02:30 Uhr"),
    ],
)
def test_when(moment: str, language: str, iso: str, text: str) -> None:
    assert shown.when(at(moment), replace(SITE, language=language)) == (iso, text)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("0711 123-4567", "tel:07111234567"),
        ("+49 (0)711/123 45", "tel:+4971112345"),
        ("+49 711 (123) 45", "tel:+4971112345"),
        ("0711 123 oder 0711 456", None),
        ("0711 1234567, 0170 1234567", None),
        ("0711 1234567 / 0170 1234567", None),
        ("--", None),
        (None, None),
    ],
)
def test_phone(number: str | None, expected: str | None) -> None:
    assert shown.phone(number) == expected
