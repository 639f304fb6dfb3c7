from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.model import Contact, Embargo, Enclosure, Image, Item, Key, Rejected, Related, Release, Source
from syndicate.normalise import as_item, clean_html, headings, headlines, normalise, plain, words

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SOURCE = Source(id="portal", tag="talland.example,2026")


def made(source: Source = SOURCE, **fields: Any) -> Release:
    release = normalise(Item(**({"title": "Ein Titel"} | fields)), source, now=NOW)
    assert isinstance(release, Release), release
    return release


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<p>a</p><script>alert(1)</script>", "<p>a</p>"),
        ("<svg onload=alert(1)><title>a</title></svg><p>b</p>", "<p>b</p>"),
        ('<p onclick="x()" style="color:red">a</p>', "<p>a</p>"),
        ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="&#106;avascript&colon;alert(1)">a</a>', "<a>a</a>"),
        ('<a href="../b?utm_source=x">a</a>', '<a href="https://talland.example/b">a</a>'),
        ('<img src="/b.png" srcset="/c.png 2x" alt="B">', '<img src="https://talland.example/b.png" alt="B">'),
        ('<img src="data:image/svg+xml,x" alt="B">', ""),
        ('<img src="https://stat.example/p.gif" width="1" height="1" alt="">', ""),
        ("<video poster=javascript:x src=/v.mp4></video>", '<video src="https://talland.example/v.mp4"></video>'),
        ("<form action=/x><input name=a></form><p>c</p>", "<div></div><p>c</p>"),
        ("<p>a&#1;b&#xD800;c\u00add</p>", "<p>ab\ufffdcd</p>"),
        ("<!-- x --><p>ä &amp; &lt;3</p>", "<p>ä &amp; &lt;3</p>"),
        ('<img alt="a > b" title="c">', ""),
    ],
)
def test_html_is_what_we_publish(content: str, expected: str) -> None:
    assert clean_html(content, "https://talland.example/a/") == expected


@given(st.text(alphabet="<>\"'=/ abimgsrcp&;#x1\u00ad\n") | st.text())
def test_cleaning_html_twice_is_cleaning_it_once(content: str) -> None:
    once = clean_html(content, "https://talland.example/")
    assert clean_html(once, "https://talland.example/") == once


def test_the_words_of_html() -> None:
    content = clean_html(
        "<h2>Über <em>uns</em></h2><p>Ein&nbsp;Satz.<br>Noch   einer.</p><ul><li>a &amp; b</li></ul>", None
    )
    assert plain(content) == "Über uns\n\nEin Satz.\n\nNoch einer.\n\na & b"
    assert headings(content) == ("Über uns",)
    assert words("<p>a<br>b</p><script>c</script>") == "a b"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("", ""),
        ("a  b", "a b"),
        ("<p> a\u00a0b </p>\n\n<p>\t</p>c", "a b\n\nc"),  # a space that does not break is one
        ("<b>e</b>\u0301x", "\u00e9x"),  # what the markup parted is one letter
        ("<p>a<br>b</p><blockquote>c</blockquote>", "a\n\nb\n\nc"),
        ("<table><caption>a</caption><tbody><tr><td>b</td><td>c</td></tr></tbody></table>", "a\n\nb\n\nc"),
        ('<p title="x>y" lang="de">a</p>', "a"),
        ("<bdi>a</bdi><b>b</b><p>c</p><pre>d</pre>", "ab\n\nc\n\nd"),  # no name is the beginning of another
        ("1 &lt;p&gt; 2 &amp;#10; 3", "1 <p> 2 &#10; 3"),
    ],
)
def test_a_line_of_plain_text_is_a_block(content: str, text: str) -> None:
    assert plain(content) == text


def test_a_title_is_made_of_the_first_sentence_and_says_so() -> None:
    r = made(title=None, teaser="Die Klinik öffnet im Herbst. Mehr folgt.")
    assert (r.title, r.inferred) == ("Die Klinik öffnet im Herbst.", ("title", "published"))


@pytest.mark.parametrize(
    ("said", "language", "title"),
    [
        ({"url": "https://talland.example/x", "title": " \u00ad "}, None, "Ohne Titel"),
        ({"id": "7", "title": None}, None, "Ohne Titel"),
        ({"categories": ("Forst",), "title": None}, "de-AT", "Ohne Titel"),
        ({"authors": ("Ada",), "title": None}, "en", "Untitled"),
        ({"published": "1970-01-01T00:00:00Z", "title": None}, None, "Ohne Titel"),
    ],
)
def test_what_states_anything_is_held(said: dict[str, Any], language: str | None, title: str) -> None:
    r = made(**said, language=language)
    assert (r.title, "title" in r.inferred) == (title, True)


def test_what_says_nothing_is_rejected_by_name() -> None:
    assert normalise(Item(title=" "), SOURCE, now=NOW) == Rejected("an entry without a name", "says nothing at all")
    assert normalise(Item(title="T", damage="ist zerrissen"), SOURCE, now=NOW) == Rejected("T", "ist zerrissen")


def test_identity_strongest_first() -> None:
    r = made(
        id="urn:uuid:0d5b4c5e-7d5c-4c43-9ae5-6e8b5ee4c8aa",
        url="http://www.talland.example/a/?utm_source=x",
        path="a.md",
    )
    assert [key.kind for key in r.keys] == ["id", "url", "path", "hash"]
    assert r.keys[1] == Key("url", "", "//talland.example/a")
    assert r.atom_id == "urn:uuid:0d5b4c5e-7d5c-4c43-9ae5-6e8b5ee4c8aa"
    assert r.url == "http://www.talland.example/a/"


@pytest.mark.parametrize(
    "own",
    [
        "42",
        "tag:münchen.example,2026:1",
        "urn:uuid:1",
        "http://",
        "https://talland.example/ü",
        "ftp://talland.example/1",
        "tag:x",
        "tag:my_host.example,2026:1",
        "tag:Talland.example,2026:1",
        "urn:uuid:8d5261ba-bf62-ac81-946c-9276ea617917c",
        "urn:isbn:1/2",
        "https://user:word@talland.example/1",
        "https://talland.example/[1]",
    ],
)
def test_an_id_that_is_no_iri_is_minted_and_always_the_same(own: str) -> None:
    assert made(id=own).atom_id.startswith("tag:talland.example,2026:")
    assert made(id=own).atom_id == made(id=own, title="Anders").atom_id


def test_a_short_text_is_known_to_its_own_source_only() -> None:
    assert made().keys[-1].scope == "portal"
    assert made(content="<p>" + "Wort " * 60 + "</p>").keys[-1].scope == ""


def test_dates() -> None:
    undated = made()
    assert (undated.published, undated.stated, undated.inferred) == (NOW, None, ("published",))
    dated = made(published="1. Mai 2026", updated="2. Mai 2026, 10:00 Uhr")
    assert dated.published == datetime(2026, 4, 30, 22, tzinfo=UTC)
    assert dated.updated == datetime(2026, 5, 2, 8, tzinfo=UTC)
    assert dated.inferred == ()
    future = made(published="2027-01-01T00:00:00Z")
    assert (future.published, future.state, future.stated) == (NOW, "public", datetime(2027, 1, 1, tzinfo=UTC))
    assert made(published="2026-05-01T00:00:00Z", updated="2026-04-01T00:00:00Z").updated == datetime(
        2026, 5, 1, tzinfo=UTC
    )


def test_embargo() -> None:
    tomorrow = NOW + timedelta(days=1)
    held = made(embargo="2. Juni 2026, 14:00 Uhr")
    assert (held.state, held.embargo) == ("embargoed", Embargo(tomorrow))
    assert made(embargo="1. Mai 2026, 14:00 Uhr").state == "public"
    assert made(embargo="Redebeginn").embargo == Embargo(None, "Redebeginn")
    assert made(title="Sperrfrist: 2. Juni 2026, 14 Uhr – Haushalt").state == "embargoed"
    assert made(content="<p>Sperrfrist: 2. Juni 2026, 14 Uhr</p><p>Text</p>").state == "embargoed"
    assert made(content="<p>Die Sperrfrist endet am 2. Juni 2026.</p>").state == "embargoed"
    assert made(content="<p>Die Sperrfrist für Gülle endet am 2. Juni 2026.</p>").state == "public"
    assert made(Source(id="s", future="embargo"), published="2026-06-02T12:00:00Z").embargo == Embargo(tomorrow)
    second = made(content="<p>Presse</p><p>Sperrfrist: 2. Juni 2026, 14 Uhr</p><p>Der Text.</p>")
    assert (second.state, second.content) == ("embargoed", "<p>Presse</p><p>Der Text.</p>")
    in_teaser = made(teaser="Sperrfrist: 2. Juni 2026, 14 Uhr", content="<p>Der Text.</p>")
    assert (in_teaser.embargo, in_teaser.teaser) == (Embargo(tomorrow), None)
    line, text = "Sperrfrist: 2. Juni 2026, 14 Uhr", "<p>Der Text.</p>"
    assert made(content=text * 5 + f"<p>{line}</p>" + text * 4).embargo == Embargo(tomorrow)
    assert made(content=text * 9 + f"<p>{line}</p>" + text * 2).content == text * 11
    assert made(content=text * 9 + f"<p>{line}</p>" + text * 9).embargo == Embargo(tomorrow)
    assert made(content=f"<ul><li>Presse</li></ul><h2>{line}</h2>{text}").content == f"<ul><li>Presse</li></ul>{text}"
    assert made(content=f"<p>Presse<br>Talheim<br>{line}<br>Der Text.</p>").embargo == Embargo(tomorrow)
    assert made(content=f"<table><tr><td>Sperrfrist</td><td>2. Juni</td></tr></table>{text}").state == "embargoed"
    assert made(content=f"<p>| Nr. | 7 |\n|---|---|\n| Sperrfrist | Redebeginn |</p>{text}").state == "embargoed"
    assert made(teaser=f"Presse Talheim. {line}. Der Minister kommt.").embargo == Embargo(tomorrow)
    day = made(embargo="18:30 Uhr", published="2. Juni 2026")
    assert day.embargo == Embargo(datetime(2026, 6, 2, 16, 30, tzinfo=UTC))


def test_a_files_relative_addresses() -> None:
    image = Image("bilder/a.png", " Ein  Bild ", "", None)
    assert made(path="a.md", images=(image,)).images == (Image("bilder/a.png", "Ein Bild"),)
    assert (
        made(path="a.md", url="https://talland.example/x/", images=(image,)).images[0].url
        == "https://talland.example/x/bilder/a.png"
    )
    assert made(images=(image,)).images == (Image(None, "Ein Bild"),)
    assert made(images=(Image("media:ab/x.png"),)).images == ()
    assert made(path="a.md", images=(Image("media:ab/x.png"),)).images[0].url == "media:ab/x.png"


def test_what_must_not_be_shown_again_whole() -> None:
    r = made(
        Source(id="s", images="text"),
        images=(Image("https://x.example/a.png", "A"),),
        content='<p><img src="https://x.example/a.png">b</p>',
    )
    assert r.images == (Image(None, "A"),)
    assert r.content == "<p>b</p>"


def test_attachments_bounded_and_once() -> None:
    r = made(
        enclosures=(
            Enclosure("https://x.example/a.pdf", "application/PDF", -1),
            Enclosure("https://x.example/a.pdf"),
            Enclosure("data:x"),
        )
    )
    assert r.enclosures == (Enclosure("https://x.example/a.pdf", "application/pdf"),)
    assert len(made(categories=tuple(map(str, range(10_000)))).categories) == 200


def test_related_entries_become_headlines() -> None:
    r = made(url="https://talland.example/a", related=(Related(" Eichen ", "Forst", "/b"), Related(" ")))
    (item,) = headlines(r)
    line = normalise(item, SOURCE, now=NOW)
    assert isinstance(line, Release)
    assert (line.state, line.kicker, line.title, line.url) == (
        "headline",
        "Forst",
        "Eichen",
        "https://talland.example/b",
    )
    assert line.keys == (Key("url", "", "//talland.example/b"),)


TEXT = st.text(max_size=40)
ITEMS = st.builds(
    Item,
    id=TEXT,
    url=st.sampled_from([None, "https://talland.example/a", "kein url", "/x"]),
    path=st.sampled_from([None, "ordner/a.md"]),
    kicker=TEXT,
    title=st.none() | TEXT,
    teaser=TEXT,
    content=st.none() | TEXT | st.just('<h3>Ä</h3><p>„x“ <a href="/y">z</a><img src="b.png"></p>'),
    language=st.sampled_from([None, "de", "en-GB", "!"]),
    published=st.sampled_from([None, "1. Mai 2026", "2030-01-01", "gestern"]),
    updated=st.sampled_from([None, "2. Mai 2026"]),
    embargo=st.sampled_from([None, "Redebeginn", "2030-01-01T10:00:00Z", "2020-01-01T10:00:00Z"]),
    categories=st.lists(TEXT, max_size=3).map(tuple),
    authors=st.lists(TEXT, max_size=3).map(tuple),
    images=st.lists(
        st.builds(Image, st.sampled_from([None, "a.png", "https://x.example/ü.png"]), TEXT, TEXT, TEXT), max_size=2
    ).map(tuple),
    related=st.lists(st.builds(Related, TEXT, TEXT), max_size=2).map(tuple),
    contact=st.none() | st.builds(Contact, TEXT, TEXT, TEXT),
    headline=st.booleans(),
).map(lambda item: replace(item, path=None) if item.headline else item)  # a path is never a headline's


@given(ITEMS)
def test_normalising_what_we_hold_changes_nothing(item: Item) -> None:
    release = normalise(item, SOURCE, now=NOW)
    if isinstance(release, Release):
        assert normalise(as_item(release), SOURCE, now=NOW) == release


def test_an_address_is_known_by_its_older_form_too() -> None:
    """Hosts went by IDNA 2003 once: releases that were stored then are found."""
    release = made(url="https://fußball.example/x", content="<p>Ein Satz.</p>")
    assert release.url == "https://xn--fuball-cta.example/x"
    assert [key.value for key in release.keys if key.kind == "url"] == [
        "//xn--fuball-cta.example/x",
        "//fussball.example/x",
    ]


def test_a_date_that_nobody_can_read_is_kept_as_stated() -> None:
    release = made(published="KW 20")
    assert (release.stated, release.unread, release.published) == (None, "KW 20", NOW)
    assert normalise(as_item(release), SOURCE, now=NOW) == release
    assert made(published="2026-01-01").unread is None
    assert made().unread is None


def test_what_is_known_by_its_words_alone_keeps_the_key_that_it_had_while_its_date_could_not_be_read() -> None:
    before, after = made(published="KW 1"), made(published="Qui, 01 Jan 2026 10:00:00 GMT")
    assert after.stated is not None
    assert after.keys[1] == before.keys[0] != after.keys[0]
    assert len(made(published="2026-01-01T10:00:00Z").keys) == 1
