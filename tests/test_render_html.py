"""The pages for people, read as a browser reads them."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from lxml import etree
from lxml import html as lxml_html

from builders import (
    ALL,
    CORRECTIONS,
    GESUNDHEIT,
    NOON,
    SITE,
    make_headline,
    make_page,
    make_release,
    make_tombstone,
    rich_release,
)
from page_samples import pages
from syndicate.errors import RenderError
from syndicate.model import Document, FeedPage, Image, Note, Release, ReleasePage, Topic
from syndicate.render import html as html_pages
from syndicate.validate import faults

HOSTILE = "<script>alert(1)</script>\"&'"
FORMATS = ("json", "rss", "atom")


def tree(document: Document) -> Any:
    return lxml_html.document_fromstring(document.body.decode())


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


def told(document: Document, path: str) -> list[str]:
    """The words of each element, or the attribute's values, that the XPath finds."""
    found = tree(document).xpath(path)
    return [node if isinstance(node, str) else words(node) for node in found]


def release(one: Release, **fields: Any) -> Document:
    arguments: dict[str, Any] = {"site": SITE, "topics": (GESUNDHEIT,), "formats": FORMATS} | fields
    return html_pages.release_page(ReleasePage(release=one, **arguments))


@pytest.mark.parametrize(
    "page",
    [
        release(make_release("a1", atom_id=f"urn:talland:{HOSTILE}")),
        html_pages.withdrawn_page(make_tombstone("a1", atom_id=f"urn:talland:{HOSTILE}"), SITE),
    ],
)
def test_a_page_names_the_release_that_it_is_of(page: Document) -> None:
    """So that a folder can be adopted."""
    assert told(page, "//meta[@name='dcterms.identifier']/@content") == [f"urn:talland:{HOSTILE}"]


def test_paths_and_types() -> None:
    found = [
        html_pages.topic_page(make_page()),
        release(make_release()),
        html_pages.index_page([], make_page(topic=ALL)),
        html_pages.not_found(SITE),
        html_pages.withdrawn_page(make_tombstone(), SITE),
    ]
    assert {document.media_type for document in found} == {"text/html"}
    assert [document.path for document in found] == [
        "gesundheit.html",
        "releases/talland00001.html",
        "index.html",
        "404.html",
        "releases/talland00009.html",
    ]


@pytest.mark.parametrize("language", ["de", "en", "de-AT", "fr"])
def test_every_page_is_whole_and_the_same_each_time(language: str) -> None:
    for one, again in zip(pages(SITE.base_url, language), pages(SITE.base_url, language), strict=True):
        assert one == again
        page = tree(one)
        assert page.get("lang") == language
        assert [len(page.findall(f".//{tag}")) for tag in ("h1", "main", "title")] == [1, 1, 1], one.path
        assert page.xpath("//body/*[1]/@href") == ["#content"]
        assert page.xpath("//main/@id") == ["content"]
        levels = [int(h.tag[1]) for h in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
        assert all(below <= above + 1 for above, below in pairwise([0, *levels])), one.path
        assert page.xpath("//img[not(@alt) or @referrerpolicy != 'no-referrer' or @loading != 'lazy']") == []
        assert page.xpath("//script[not(@type='application/ld+json')] | //*[@style] | //iframe | //form") == []
        assert page.xpath("//link[@rel='stylesheet']") == []
        links = page.xpath("//a/@href | //link/@href | //img/@src")
        assert [link for link in links if not re.match(r"#|https://|mailto:|tel:", link)] == []


def test_the_policy_allows_the_style_that_stands_there() -> None:
    (policy,) = told(html_pages.not_found(SITE), "//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script" not in policy
    assert "unsafe" not in policy


def test_what_others_wrote_is_text() -> None:
    topic = Topic("boese", HOSTILE, HOSTILE)
    one = rich_release(kicker=HOSTILE, title=HOSTILE, teaser=HOSTILE, kind=HOSTILE, images=(Image(None, HOSTILE),))
    site = replace(SITE, title=HOSTILE, author=HOSTILE, rights=HOSTILE, contact=HOSTILE)
    made = [
        html_pages.topic_page(make_page(one, site=site, topic=topic)),
        release(one, site=site),
        html_pages.index_page([html_pages.TopicSummary(topic, 1, NOON)], make_page(one, site=site)),
        html_pages.withdrawn_page(make_tombstone(reason=HOSTILE), site),
    ]
    for document in made:
        assert document.body.replace(b'<script type="application/ld+json">', b"").count(b"<script") == 0
        assert HOSTILE in " ".join(tree(document).itertext())


# --- topic pages ------------------------------------------------------------------------------------------------------


def test_topic_page_lists_titles_and_teasers() -> None:
    page = html_pages.topic_page(make_page(rich_release(kicker="Gesundheit"), make_headline(kicker="Land")))
    assert told(page, "//h1") == ["Gesundheit"]
    assert told(page, "//article/h2") == ["„Größere Häuser“ – 12 Mio. € für Kliniken 🏥", "Tallandtag eröffnet"]
    assert told(page, "//article/h2/a/@href") == [
        "https://presse.talland.example/releases/talland00003.html",
        "https://presse.talland.example/releases/talland00002.html",
    ]
    assert told(page, "//article//p[@class='meta']") == [
        "Gesundheit Pressemitteilung 14. März 2026, 10:30 Uhr",
        "Land 14. März 2026, 10:30 Uhr nur Überschrift",
    ]
    assert told(page, "//article/p[@class='teaser']") == ["Das Land fördert drei Kliniken & ein Ärztehaus."]
    assert told(page, "//article/img/@src") == ["https://presse.talland.example/media/cd34/klinik.jpg"]


def test_an_empty_topic_says_so() -> None:
    assert "Zurzeit keine Meldungen." in told(html_pages.topic_page(make_page()), "//main//p")


def test_without_a_teaser_the_first_paragraph_stands_there() -> None:
    one = make_release(content="<h2>Kopf</h2><p>Der <em>erste</em> Absatz.</p><p>Der zweite.</p>")
    assert told(html_pages.topic_page(make_page(one)), "//p[@class='teaser']") == ["Der erste Absatz."]
    assert told(html_pages.topic_page(make_page(one, content={"examples": "teaser"})), "//p[@class='teaser']") == []


def test_feeds_are_found_atom_first() -> None:
    page = html_pages.topic_page(make_page(formats=FORMATS))
    base = "https://presse.talland.example"
    assert told(page, "//link[@rel='alternate']/@href") == [
        *(f"{base}/{topic}.{kind}" for topic in ("gesundheit", "all") for kind in ("atom", "rss", "json")),
        f"{base}/topics.opml",
    ]
    assert told(page, "//link[@rel='alternate']/@type")[:3] == [
        "application/atom+xml",
        "application/rss+xml",
        "application/feed+json",
    ]
    assert told(page, "//link[@rel='alternate']/@title")[:4:3] == ["Gesundheit (Atom)", "Alle Meldungen (Atom)"]
    assert told(page, "//section[@aria-labelledby='subscribe']//li") == [
        f"{name}-Feed {base}/gesundheit.{name.lower()}" for name in ("Atom", "RSS", "JSON")
    ]


def test_only_published_formats_are_named() -> None:
    assert b".rss" not in html_pages.topic_page(make_page(formats=("atom",))).body
    assert told(html_pages.topic_page(make_page(formats=())), "//section[@aria-labelledby='subscribe']") == []


# --- release pages ----------------------------------------------------------------------------------------------------


def test_release_page_carries_everything() -> None:
    links = {("landesregierung", "tallandtag eroeffnet"): "https://presse.talland.example/releases/talland00002.html"}
    page = release(rich_release(), links=links)
    assert told(page, "//h1") == ["„Größere Häuser“ – 12 Mio. € für Kliniken 🏥"]
    assert told(page, "//p[@class='lead']") == ["Das Land fördert drei Kliniken & ein Ärztehaus."]
    assert told(page, "//div[@class='body']/h2") == ["Förderung"]
    assert told(page, "//div[@class='body']//img/@src") == ["https://presse.talland.example/media/ab12/plan.png"]
    assert told(page, "//figure/img/@alt") == ["Ein Klinikgebäude", "Ein Bett"]
    assert told(page, "//figcaption") == [
        "Die Klinik in Oberwiesen (Bild: Landesamt/Ö. Öztürk)",
        "Bild: Symbolbild (dpa)",
    ]
    assert told(page, "//section[@aria-labelledby='attachments']//li") == [
        "Förderbescheid (PDF, 1,4 MB)",
        "rede.mp3 (MP3)",
        "Anlage",
    ]
    assert told(page, "//section[@aria-labelledby='related']//li//a/@href") == [
        "https://www.talland.example/aerztetag",
        "https://presse.talland.example/releases/talland00002.html",
    ]
    assert told(page, "//section[@aria-labelledby='related']//li")[1] == "Pflege Pflege wird gestärkt"
    assert told(page, "//address/a/@href") == ["mailto:presse@gm.talland.example", "tel:0123456789"]
    assert told(page, "//dt") == ["Themen", "Von", "Lizenz"]
    assert "Zur Originalmeldung" in told(page, "//a[@href='https://www.talland.example/presse/talland00003']")


def test_only_the_teaser_where_only_that_may_be_shown() -> None:
    page = release(rich_release(), content="teaser")
    assert told(page, "//p[@class='lead']") == ["Das Land fördert drei Kliniken & ein Ärztehaus."]
    assert told(page, "//main//img | //div[@class='body'] | //address | //figure") == []
    assert "Zur Originalmeldung" in told(page, "//article//a")
    assert b"hrenfeld" not in page.body


def test_a_body_that_repeats_the_teaser_is_not_preceded_by_it() -> None:
    one = make_release(teaser="Das Land baut.", content="<p>Das <b>Land</b> baut.</p><p>Mehr.</p>")
    assert told(release(one), "//p[@class='lead']") == []


def test_a_headline_is_shown_as_such() -> None:
    page = release(make_headline())
    assert told(page, "//p[@class='note']") == ["Von dieser Meldung ist bisher nur die Überschrift bekannt."]
    assert told(page, "//div[@class='body']") == []
    assert told(release(make_release()), "//p[@class='note']") == []


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://www.talland.example/presse/1", "https://www.talland.example/presse/1"),
        (None, "https://presse.talland.example/releases/talland00001.html"),
    ],
)
def test_head_of_a_release_page(url: str | None, canonical: str) -> None:
    page = release(make_release(url=url, teaser="Kurz & gut."))
    assert told(page, "//link[@rel='canonical']/@href | //meta[@property='og:url']/@content") == [canonical] * 2
    assert told(page, "//meta[@name='description']/@content") == ["Kurz & gut."]
    assert told(page, "//title") == ["Neues Gesundheitszentrum in Oberwiesen – Pressemitteilungen"]
    assert told(page, "//meta[@name='robots']") == []


def test_foreign_text_says_its_language_and_our_words_do_not() -> None:
    page = tree(release(rich_release(language="en")))
    foreign = {element.tag for element in page.xpath("//*[@lang='en']")}
    assert foreign >= {"h1", "p", "div", "img", "span", "a"}
    assert page.xpath("//dt/ancestor-or-self::*[@lang='en'] | //figcaption[@lang]") == []
    assert tree(release(rich_release())).xpath("//body//@lang") == []


@pytest.mark.parametrize(
    ("kicker", "topics", "expected"),
    [
        ("GESUNDHEIT", ("gesundheit",), ["https://presse.talland.example/gesundheit.html"]),
        ("Kliniken", ("gesundheit",), ["https://presse.talland.example/gesundheit.html"]),
        ("Sport", ("gesundheit",), []),
        ("Gesundheit", (), []),
        (None, ("gesundheit",), []),
    ],
)
def test_a_kicker_leads_to_its_topic(kicker: str | None, topics: tuple[str, ...], expected: list[str]) -> None:
    known = Topic("gesundheit", "Gesundheit", kickers=("kliniken",))
    page = release(make_release(kicker=kicker, topics=topics), topics=(known,))
    assert told(page, "//span[@class='kicker']/a/@href") == expected


@pytest.mark.parametrize(
    ("kicker", "page", "expected"),
    [
        ("Gesundheit & <Pflege>", "gesundheit", []),
        ("GESUNDHEIT & <PFLEGE>", "gesundheit", []),
        ("Gesundheit & <Pflege>", "land", ["https://presse.talland.example/gesundheit.html"]),
        ("Gesundheit & <Pflege>", "all", ["https://presse.talland.example/gesundheit.html"]),
        ("Sport", "gesundheit", []),
        (None, "gesundheit", []),
    ],
)
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_kicker_is_no_link_to_the_page_that_it_stands_on(
    kicker: str | None, page: str, expected: list[str], language: str
) -> None:
    """The lines are the same on all of them: what stands in their kicker stays."""
    known = {name: Topic(name, name) for name in ("land", "all")} | {
        "gesundheit": Topic("gesundheit", "Gesundheit & <Pflege>")
    }
    title = '<a href="https://presse.talland.example/gesundheit.html">'
    one = make_release(kicker=kicker, title=title, topics=("land", "gesundheit"), language=language)
    document = html_pages.topic_page(make_page(one, topic=known[page], topics=tuple(known.values())))
    assert told(document, "//article//span[@class='kicker']//a/@href") == expected
    assert told(document, "//article//span[@class='kicker']") == [kicker] * (kicker is not None)
    assert told(document, "//article/h2") == [title]


def test_dates_on_a_release_page() -> None:
    inferred = release(make_release(inferred=("published",)))
    assert told(inferred, "//p[@class='meta']") == ["erfasst am 14. März 2026"]
    corrected = release(make_release(revision=2, updated=NOON))
    assert told(corrected, "//p[@class='meta']") == ["14. März 2026, 10:30 Uhr Aktualisiert 14. März 2026, 13:00 Uhr"]
    assert told(corrected, "//time/@datetime") == ["2026-03-14T10:30:00+01:00", "2026-03-14T13:00:00+01:00"]
    assert "Aktualisiert" not in told(release(make_release(updated=NOON)), "//p[@class='meta']")[0]


def test_a_correction_stands_at_the_top_of_its_page_alone() -> None:
    corrected = make_release(
        notes=(Note(NOON, "Elf,\x0b nicht <zwölf>."),), updated=NOON, corrects="https://www.talland.example/alt"
    )
    page = release(corrected, corrections=CORRECTIONS)
    assert told(page, "//article/header/following-sibling::*[1][@role='note']/p") == [
        "Korrigierte Fassung vom 14. März 2026, 13:00 Uhr: Elf, nicht <zwölf>.",
        "Diese Meldung berichtigt: Zwölf <neue> Kliniken & Häuser",
        "Diese Meldung wurde berichtigt: Berichtigung: Elf Kliniken",
    ]
    assert told(page, "//*[@role='note']//a/@href") == [correction.url for correction in CORRECTIONS]
    assert "Berichtigt" not in told(page, "//dt")  # it is linked already
    assert "Berichtigt" in told(release(corrected), "//dt")
    assert len(told(release(corrected, corrections=CORRECTIONS[1:], content="teaser"), "//*[@role='note']/p")) == 2
    for plain in (release(make_release()), release(make_release(notes=(Note(NOON, "\x1b"),)))):
        assert told(plain, "//*[@role='note']") == []


def test_lists_tell_nothing_of_a_correction() -> None:
    page = make_page(make_release(notes=(Note(NOON, "Elf."),)), corrections={"talland00001": CORRECTIONS})
    assert html_pages.topic_page(page) == html_pages.topic_page(make_page(make_release()))
    assert html_pages.index_page([], page) == html_pages.index_page([], make_page(make_release()))


def test_what_cannot_be_written_is_an_error_of_ours() -> None:
    with pytest.raises(RenderError, match=r"releases/talland00001\.html"):
        release(make_release(title="ab\ud800"))


# --- index and notices ------------------------------------------------------------------------------------------------


def head_of_all(count: int, **fields: Any) -> FeedPage:
    many = [make_release(f"talland{n:05}", title=f"Meldung {n}") for n in range(count)]
    return make_page(*many, topic=Topic("all", SITE.title), **fields)


def test_the_index_shows_the_news_first_and_one_way_to_subscribe_for_each_topic() -> None:
    topics = [
        html_pages.TopicSummary(GESUNDHEIT, 2, NOON),
        html_pages.TopicSummary(Topic("forst", "Forst"), 1, None),
        html_pages.TopicSummary(ALL, 3, NOON),
    ]
    page = html_pages.index_page(topics, head_of_all(html_pages.LEADING + 3, older=7))
    assert told(page, "//h1") == told(page, "//title") == ["Pressemitteilungen"]
    assert told(page, "//main//h2") == ["Neueste Meldungen", "Themen", "Alle Meldungen abonnieren", "Weitere Meldungen"]
    assert told(page, "//article/h3") == [f"Meldung {n}" for n in range(html_pages.LEADING)]
    assert told(page, "//ul[@class='lines']/li/a") == [f"Meldung {html_pages.LEADING + n}" for n in range(3)]
    assert told(page, "//li[@class='topic']/h3/a/@href") == [
        "https://presse.talland.example/gesundheit.html",
        "https://presse.talland.example/forst.html",
    ]
    assert told(page, "//li[@class='topic']//p") == ["2 Meldungen 14. März 2026", "1 Meldung"]
    assert told(page, "//li[@class='topic']//summary") == ["Abonnieren: Gesundheit", "Abonnieren: Forst"]
    assert told(page, "//li[@class='topic'][2]//code") == [
        f"https://presse.talland.example/forst.{suffix}" for suffix in ("atom", "rss", "json")
    ]
    assert told(page, "//a[@type='text/x-opml']/@href") == ["https://presse.talland.example/topics.opml"]
    assert told(page, "//link[@type='text/x-opml']/@href") == ["https://presse.talland.example/topics.opml"]
    assert told(page, "//link[@rel='alternate'][1]/@title") == ["Alle Meldungen (Atom)"]
    assert told(page, "//*[@rel='next']/@href") == ["https://presse.talland.example/all/7.html"] * 2


@pytest.mark.parametrize(("count", "older"), [(0, None), (1, None), (html_pages.LEADING, None)])
def test_an_index_of_few_has_no_second_list(count: int, older: int | None) -> None:
    page = html_pages.index_page([], head_of_all(count, older=older))
    assert told(page, "//h2[@id='further']") == []
    assert told(page, "//p[@class='none']") == (["Zurzeit keine Meldungen."] if not count else [])


# --- pages of older releases ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "number", "newer", "older", "path", "back", "on"),
    [
        (GESUNDHEIT, None, None, None, "gesundheit.html", [], []),
        (GESUNDHEIT, None, None, 3, "gesundheit.html", [], ["gesundheit/3.html"]),
        (GESUNDHEIT, 3, None, 2, "gesundheit/3.html", ["gesundheit.html"], ["gesundheit/2.html"]),
        (GESUNDHEIT, 1, 2, None, "gesundheit/1.html", ["gesundheit/2.html"], []),
        (ALL, 2, None, 1, "all/2.html", [""], ["all/1.html"]),
    ],
)
def test_from_page_to_page(  # size: each is a column of the table
    topic: Topic, number: int | None, newer: int | None, older: int | None, path: str, back: list[str], on: list[str]
) -> None:
    page = html_pages.topic_page(make_page(make_release(), topic=topic, number=number, newer=newer, older=older))
    assert page.path == path
    for rel, expected in (("prev", back), ("next", on)):
        assert told(page, f"//link[@rel='{rel}']/@href") == [SITE.base_url + way for way in expected]
        assert told(page, f"//nav[@class='pager']//a[@rel='{rel}']/@href") == [SITE.base_url + way for way in expected]


@pytest.mark.parametrize(
    ("language", "published", "title"),
    [
        ("de", [NOON, NOON - timedelta(days=40)], "Gesundheit: Meldungen vom 2. Februar bis 14. März 2026"),
        ("de", [NOON, NOON - timedelta(days=400)], "Gesundheit: Meldungen vom 7. Februar 2025 bis 14. März 2026"),
        ("de", [NOON, NOON - timedelta(hours=1)], "Gesundheit: Meldungen vom 14. März 2026"),
        ("en", [NOON, NOON - timedelta(days=40)], "Gesundheit: Releases from 2 February to 14 March 2026"),
        ("de", [], "Gesundheit: Ältere Meldungen"),
    ],
)
def test_a_page_of_older_releases_is_named_by_its_days(language: str, published: list[datetime], title: str) -> None:
    found = [make_release(f"talland{n:05}", published=moment) for n, moment in enumerate(published)]
    page = html_pages.topic_page(make_page(*found, site=replace(SITE, language=language), number=2))
    assert told(page, "//h1") == [title]
    assert published or told(page, "//p[@class='none']") == ["Auf dieser Seite steht keine Meldung mehr."]


def test_a_page_of_older_releases_says_nothing_of_the_rest_of_the_site() -> None:
    one = make_release()
    page = html_pages.topic_page(make_page(one, number=2, updated=NOON))
    assert page == html_pages.topic_page(make_page(one, number=2, updated=NOON + timedelta(days=1)))
    assert told(page, "//*[@class='topic'] | //details") == []


# --- search engines ---------------------------------------------------------------------------------------------------


def article(page: Document) -> dict[str, Any]:
    (text,) = tree(page).xpath("//script/text()")
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_release_says_to_search_engines_what_it_is() -> None:
    one = rich_release(
        url="https://www.talland.example/1",
        license="https://creativecommons.org/licenses/by/4.0/",
        updated=NOON + timedelta(days=1),
        revision=2,
        authors=("Ö. Kurz",),
    )
    said = article(release(one, site=replace(SITE, icon="icon.png")))
    assert {name: said[name] for name in said if name not in ("image", "description", "articleSection")} == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": "https://www.talland.example/1",
        "url": "https://presse.talland.example/releases/talland00003.html",
        "identifier": one.atom_id,
        "headline": one.title,
        "datePublished": one.published.isoformat(),
        "dateModified": one.updated.isoformat(),
        "author": [{"@type": "Person", "name": "Ö. Kurz"}],
        "publisher": {
            "@type": "Organization",
            "name": SITE.author,
            "url": SITE.base_url,
            "logo": {
                "@type": "ImageObject",
                "url": "https://presse.talland.example/icon.png",
                "encodingFormat": "image/png",
            },
        },
        "inLanguage": "de",
        "isAccessibleForFree": True,
        "license": "https://creativecommons.org/licenses/by/4.0/",
    }
    assert said["image"][0] == "https://presse.talland.example/media/cd34/klinik.jpg"
    assert "image" not in article(release(one, content="teaser"))


@pytest.mark.parametrize("words", [HOSTILE, "</script><!-- <script>", "a\u2028b\u2029c", "&lt;/script&gt;", "\\u003c"])
def test_nothing_breaks_out_of_the_block_of_data(words: str) -> None:
    page = release(make_release(title=words, teaser=words, kicker=words))
    assert article(page)["headline"] == words
    block = page.body.decode().partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert not {*block} & {*"<>&\u2028\u2029"}
    assert faults(page) == ()


def test_notices() -> None:
    page = html_pages.withdrawn_page(make_tombstone(), SITE)
    assert told(page, "//h1") == ["Zurückgezogen"]
    assert told(page, "//main//p")[:3] == [
        "Diese Meldung wurde zurückgezogen.",
        "Zurückgezogen am 14. März 2026.",
        "Grund: Die Zahlen waren falsch.",
    ]
    for silent in (None, "\x1b"):
        assert "Grund" not in html_pages.withdrawn_page(make_tombstone(reason=silent), SITE).body.decode()
    torn = html_pages.withdrawn_page(make_tombstone(reason="Falsch\x00\ud800\n gezählt."), SITE)
    assert told(torn, "//main//p")[2] == "Grund: Falsch gezählt."
    english = html_pages.withdrawn_page(make_tombstone(), replace(SITE, language="en"))
    assert tree(english).get("lang") == "en"
    assert told(english, "//main//p")[1:3] == ["Withdrawn on 14 March 2026.", "Reason: Die Zahlen waren falsch."]
    for notice in (page, html_pages.not_found(SITE)):
        assert told(notice, "//meta[@name='robots']/@content") == ["noindex"]
        assert told(notice, "//link[@rel='canonical']") == []


def test_where_there_is_nothing_the_topics_are() -> None:
    topics = [Topic("gesundheit", "Gesundheit"), Topic("boese", HOSTILE)]
    page = html_pages.not_found(SITE, topics)
    links = tree(page).xpath("//main//li/a")
    assert [(link.get("href"), words(link)) for link in links] == [
        (f"{SITE.base_url}gesundheit.html", "Gesundheit"),
        (f"{SITE.base_url}boese.html", " ".join(HOSTILE.split())),
    ]
    assert (
        told(html_pages.not_found(SITE, topics, "atom"), "//main//li/a/@href")[0] == f"{SITE.base_url}gesundheit.atom"
    )
    assert tree(html_pages.not_found(SITE)).xpath("//main//ul | //main//h2") == []
    many = html_pages.not_found(SITE, [Topic(f"t{n}", f"Thema {n}") for n in range(5000)])
    assert len(tree(many).xpath("//main//li")) == 200


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("presse@talland.example", ("mailto:presse@talland.example", "Kontakt: presse@talland.example")),
        ("https://www.talland.example/kontakt", ("https://www.talland.example/kontakt", "Kontakt")),
        ("Postfach 1, Bergau", (None, "Kontakt: Postfach 1, Bergau")),
    ],
)
def test_footer(contact: str, expected: tuple[str | None, str]) -> None:
    site = replace(SITE, imprint_url="https://www.talland.example/impressum", contact=contact)
    items = tree(html_pages.not_found(site)).xpath("//footer//li")
    assert [words(item) for item in items] == ["Impressum", expected[1]]
    assert items[1].xpath("a/@href") == [expected[0]] * (expected[0] is not None)
    assert tree(html_pages.not_found(SITE)).xpath("//footer//nav") == []


def test_well_formed() -> None:
    """Every tag that we open is closed, in order: html5's void elements apart, the pages read as XML."""
    void = re.compile(r"<(meta|link|img|br|hr|source|wbr)\b((?:[^>\"]|\"[^\"]*\")*)>")
    for document in pages(SITE.base_url):
        text = re.sub(r"<style>.*?</style>|<!DOCTYPE html>|(?<=<video)[^>]*", "", document.body.decode())
        etree.fromstring(void.sub(r"<\1\2/>", text).replace("&nbsp;", " ").encode())
