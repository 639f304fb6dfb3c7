"""The composed HTML of an entry, and the words and file facts in it."""

import gc
from datetime import UTC, datetime
from typing import Any

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from builders import CORRECTIONS, MORNING, NOON, make_headline, make_page, make_release, make_tombstone, rich_release
from syndicate.mediatypes import media_type
from syndicate.model import Contact, Enclosure, Image, Note, Related
from syndicate.render import content as composed
from syndicate.render import short_type
from syndicate.render import words as wording
from syndicate.text import clean, fold

RICH = """\
<p>Das Land fördert drei Kliniken &amp; ein Ärztehaus.</p>
<figure><img src="https://presse.talland.example/media/cd34/klinik.jpg" alt="Ein Klinikgebäude">\
<figcaption>Die Klinik in Oberwiesen (Bild: Landesamt/Ö. Öztürk)</figcaption></figure>
<figure><img src="https://bilder.talland.example/b" alt="Ein Bett"></figure>
<p>Bild: Die Ministerin am Rednerpult – Symbolbild (dpa)</p>
<p>Ministerin Ährenfeld übergab die Bescheide.</p>
<h2>Förderung</h2><p><img src="https://presse.talland.example/media/ab12/plan.png" alt="Lageplan"> \
Mehr im <a href="https://www.talland.example/plan">Plan</a>.</p>
<h2>Anhänge</h2>
<ul>
<li><a href="https://presse.talland.example/media/ef56/Bescheid%20Nord.pdf">Förderbescheid</a> (PDF, 1,4 MB)</li>
<li><a href="https://www.talland.example/rede.mp3">rede.mp3</a> (MP3)</li>
<li><a href="https://www.talland.example/download?id=7">Anlage</a></li>
</ul>
<h2>Weitere Meldungen</h2>
<ul>
<li>Gesundheit: <a href="https://www.talland.example/aerztetag">Ärztetag in Talstadt</a></li>
<li>Pflege: Pflege wird gestärkt</li>
<li>Landesregierung: <a href="https://presse.talland.example/releases/talland00002.html">Tallandtag eröffnet</a></li>
</ul>
<h2>Pressekontakt</h2>
<p>Jürgen Müßig<br>Telefon: 0123 456-789<br>\
E-Mail: <a href="mailto:presse@gm.talland.example">presse@gm.talland.example</a></p>"""


def test_everything_in_the_order_of_reading() -> None:
    shown = {
        (fold("Landesregierung"), fold("Tallandtag eröffnet")): make_page().site.base_url + "releases/talland00002.html"
    }
    assert composed.compose(rich_release(), make_page(links=shown)) == RICH


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"teaser": "Kurz."}, "<p>Kurz.</p>"),
        ({"teaser": "A & <b>"}, "<p>A &amp; &lt;b&gt;</p>"),
        ({}, "<p>Neues Gesundheitszentrum in Oberwiesen</p>"),
        ({"content": "<p>Text.</p>"}, "<p>Text.</p>"),
        ({"teaser": "Das Land hilft.", "content": "<p>Text.</p>"}, "<p>Das Land hilft.</p>\n<p>Text.</p>"),
        # the body opens by repeating the teaser
        (
            {"teaser": "Das Land hilft.", "content": "<p>Das <b>Land</b>\nhilft. Text.</p>"},
            "<p>Das <b>Land</b>\nhilft. Text.</p>",
        ),
        ({"teaser": "Eins. Zwei.", "content": "<p>Eins.</p><p>Zwei.</p>"}, "<p>Eins.</p><p>Zwei.</p>"),
        # images without an address are words
        ({"teaser": "T", "images": (Image(None, None, None, "dpa"),)}, "<p>T</p>\n<p>Bild: dpa</p>"),
        ({"teaser": "T", "images": (Image(None, "Haus", "Haus", None),)}, "<p>T</p>\n<p>Bild: Haus</p>"),
        ({"teaser": "T", "images": (Image(),)}, "<p>T</p>"),
        # and with one, its words are attributes and a caption
        (
            {"teaser": "T", "images": (Image("https://b.example/x.jpg?a=1&b=2", 'Ein "Haus"', None, "dpa"),)},
            '<p>T</p>\n<figure><img src="https://b.example/x.jpg?a=1&amp;b=2" alt="Ein &quot;Haus&quot;">'
            "<figcaption>Bild: dpa</figcaption></figure>",
        ),
        # one that the body shows stands there alone; another of the same path does not pass for it
        (
            {
                "content": '<p><img src="https://b.example/i?id=1" alt=""></p>',
                "images": (Image("http://www.b.example/i?id=1", "eins"), Image("https://b.example/i?id=2", "zwei")),
            },
            '<figure><img src="https://b.example/i?id=2" alt="zwei"></figure>\n'
            '<p><img src="https://b.example/i?id=1" alt=""></p>',
        ),
        (
            {"teaser": "T", "contact": Contact(None, "keine Adresse")},
            "<p>T</p>\n<h2>Pressekontakt</h2>\n<p>E-Mail: keine Adresse</p>",
        ),
        ({"teaser": "T", "contact": Contact()}, "<p>T</p>"),
        (
            {"teaser": "T", "related": (Related("A & B"),)},
            "<p>T</p>\n<h2>Weitere Meldungen</h2>\n<ul>\n<li>A &amp; B</li>\n</ul>",
        ),
        (
            {"teaser": "T", "enclosures": (Enclosure("https://b.example/"),)},
            '<p>T</p>\n<h2>Anhänge</h2>\n<ul>\n<li><a href="https://b.example/">Datei</a></li>\n</ul>',
        ),
    ],
)
def test_compose(fields: dict[str, Any], expected: str) -> None:
    assert composed.compose(make_release(**fields), make_page()) == expected


def test_a_headline_has_its_teaser_else_its_title() -> None:
    assert composed.compose(make_headline(), make_page()) == "<p>Tallandtag eröffnet</p>"
    assert composed.compose(make_headline(teaser="Heute."), make_page()) == "<p>Heute.</p>"


@pytest.mark.parametrize(("teaser", "lead"), [("Kurz & gut.", "Kurz &amp; gut."), (None, "Titel")])
def test_where_only_the_teaser_may_be_republished(teaser: str | None, lead: str) -> None:
    release = rich_release("talland00001", title="Titel", teaser=teaser)
    assert composed.compose(release, make_page(content={"examples": "teaser"})) == (
        f'<p>{lead}</p>\n<p><a href="https://www.talland.example/presse/talland00001">Zur Originalmeldung</a></p>'
    )
    assert composed.compose(release, make_page(content={"other": "teaser"})).endswith(
        "presse@gm.talland.example</a></p>"
    )


def test_headings_follow_the_level_and_words_the_site() -> None:
    release = make_release(teaser="T", contact=Contact("Ann"))
    page = make_page(site={"language": "en-GB"})
    assert composed.compose(release, page, heading_level=3) == "<p>T</p>\n<h3>Press contact</h3>\n<p>Ann</p>"


@pytest.mark.parametrize(
    ("language", "reason", "expected"),
    [
        ("de-AT", "A & B", "<p>Zurückgezogen am 14. März 2026.</p>\n<p>A &amp; B</p>"),
        ("en", None, "<p>Withdrawn on 14 March 2026.</p>"),
        ("en", " a\x0b\x00\ud800\n b ", "<p>Withdrawn on 14 March 2026.</p>\n<p>a b</p>"),
        ("en", "\x1b", "<p>Withdrawn on 14 March 2026.</p>"),
    ],
)
def test_notice(language: str, reason: str | None, expected: str) -> None:
    assert composed.compose_notice(make_tombstone(reason=reason), make_page(site={"language": language})) == expected


NOTE = "<p>Korrigierte Fassung vom 14. März 2026, 13:00 Uhr: Elf, nicht zwölf &amp; &lt;mehr&gt;.</p>"
LINKED = (
    '<p>Diese Meldung berichtigt: <a href="https://www.talland.example/presse/alt?a=1&amp;b=2">'
    "Zwölf &lt;neue&gt; Kliniken &amp; Häuser</a></p>",
    '<p>Diese Meldung wurde berichtigt: <a href="https://presse.talland.example/releases/talland00008.html">'
    "Berichtigung: Elf Kliniken</a></p>",
)


@pytest.mark.parametrize(
    ("fields", "rest"),
    [
        ({"teaser": "Kurz.", "content": "<p>Text.</p>"}, "<p>Kurz.</p>\n<p>Text.</p>"),
        ({"teaser": "T", "content": "<p>T</p>"}, "<p>T</p>"),
        ({"headline": True}, "<p>Neues Gesundheitszentrum in Oberwiesen</p>"),
        (
            {"source": "quiet", "teaser": "T", "content": "<p>Text.</p>"},
            '<p>T</p>\n<p><a href="https://www.talland.example/presse/talland00001">Zur Originalmeldung</a></p>',
        ),
    ],
)
def test_a_correction_stands_above_all(fields: dict[str, Any], rest: str) -> None:
    page = make_page(corrections={"talland00001": CORRECTIONS, "talland00002": ()}, content={"quiet": "teaser"})
    note = " Elf,\nnicht\x00\x0b\ud800 zwölf & <mehr>. "
    corrected = make_release(notes=(Note(NOON, note),), updated=NOON, **fields)
    assert composed.compose(corrected, page).split("\n") == [NOTE, *LINKED, *rest.split("\n")]
    assert (
        composed.compose(make_release(notes=(Note(NOON, "\x0b"),), **fields), make_page(content=page.content)) == rest
    )
    assert composed.compose(make_release("talland00002", **fields), page) == rest.replace(
        "talland00001", "talland00002"
    )


def test_a_correction_in_english() -> None:
    page = make_page(site={"language": "en", "timezone": "Europe/London"}, corrections={"talland00001": CORRECTIONS})
    lines = composed.compose(make_release(notes=(Note(NOON, "Eleven."),), updated=NOON), page).split("\n")
    assert lines[0] == "<p>Corrected version of 14 March 2026, 12:00: Eleven.</p>"
    assert [line.partition(" <a")[0] for line in lines[1:3]] == [
        "<p>This release corrects:",
        "<p>This release was corrected:",
    ]


def test_a_page_composes_each_release_once() -> None:
    page = make_page()
    content = composed.contents(page)
    assert content(rich_release()) == composed.compose(rich_release(), page)
    assert content(rich_release()) is content(rich_release())
    assert content(rich_release(teaser="Anders.")) == composed.compose(rich_release(teaser="Anders."), page)


@given(st.text(min_size=1).map(clean).filter(lambda text: any(map(str.isalnum, text))), st.text().map(clean))
def test_words_stay_words(teaser: str, caption: str) -> None:
    """Whatever a title or a caption holds, it comes out as text, never as markup."""
    html = composed.compose(
        make_release(teaser=teaser, images=(Image("https://b.example/i", caption, caption),)), make_page()
    )
    tree = lxml.html.fragment_fromstring(html, create_parent="div")
    assert {element.tag for element in tree.iter()} <= {"div", "p", "figure", "img", "figcaption"}
    assert fold(str(tree.xpath("string(p)"))) == fold(teaser)
    assert tree.xpath("string(//img/@alt)") == caption


@pytest.mark.parametrize(
    ("address", "expected", "shown"),
    [
        ("https://b.example/a/Bild.JPG?x=1.png", "image/jpeg", "JPG"),
        ("https://b.example/Rede.pdf#page=2", "application/pdf", "PDF"),
        ("https://b.example/download.php", None, None),
        ("https://b.example/", None, None),
    ],
)
def test_media_type_of_an_address(address: str, expected: str | None, shown: str | None) -> None:
    assert media_type(address) == expected
    assert short_type(None, address) == shown


def test_a_stated_type_wins_over_the_suffix() -> None:
    assert short_type("application/pdf; charset=binary", "https://b.example/x.php") == "PDF"


@pytest.mark.parametrize(
    ("length", "german", "english"),
    [
        (1, "1 B", "1 B"),
        (999, "999 B", "999 B"),
        (1000, "1 kB", "1 kB"),
        (1_432_000, "1,4 MB", "1.4 MB"),
        (99_960, "100 kB", "100 kB"),
        (999_600, "1 MB", "1 MB"),
        (5 * 10**15, "5000 TB", "5000 TB"),
    ],
)
def test_file_size(length: int, german: str, english: str) -> None:
    assert (wording.file_size(length, "de"), wording.file_size(length, "en")) == (german, english)


def test_dates_for_people_stand_in_the_sites_zone() -> None:
    late = datetime(2026, 7, 31, 22, 30, tzinfo=UTC)
    assert wording.long_date(late, "de", "Europe/Berlin") == "1. August 2026"
    assert wording.long_time(MORNING, "de", "Europe/Berlin") == "14. März 2026, 10:30 Uhr"
    assert wording.long_time(MORNING, "en", "Europe/London") == "14 March 2026, 09:30"


def test_both_languages_say_everything() -> None:
    german, english = wording.words("de"), wording.words("nl")
    assert german.keys() == english.keys()
    assert all(german.values())
    assert all(english.values())


def test_nothing_keeps_the_tree_of_a_text_that_was_composed() -> None:
    """What XPath gives as text holds its tree; where such a text is remembered, the whole tree is."""
    before = [o for o in gc.get_objects() if isinstance(o, etree._ElementUnicodeResult)]
    composed.compose(make_release(content='<p>Text.</p><img src="https://bilder.talland.example/baum">'), make_page())
    after = [o for o in gc.get_objects() if isinstance(o, etree._ElementUnicodeResult)]
    assert len(after) == len(before)
