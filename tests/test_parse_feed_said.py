# ruff: noqa: E501  # a case is a row, however long
"""What the entries of feeds say: names, titles, HTML that was escaped too often, teasers, pictures without words."""

from datetime import UTC, datetime
from html import escape
from json import dumps

import pytest

from syndicate.model import Item, Release, Source
from syndicate.normalise import normalise, plain
from syndicate.parse import parse

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def rss(inner: str) -> Item:
    declared = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return parse(
        f'<rss version="2.0" {declared}><channel><title>Kreis</title><item>{inner}</item></channel></rss>'.encode()
    )[0]


def atom(inner: str) -> Item:
    return parse(
        '<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:talland.example,2026:1</id><title>Kreis</title>'
        f"<entry><id>urn:x:1</id>{inner}</entry></feed>".encode()
    )[0]


def json(**fields: object) -> Item:
    return parse(dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", **fields}]}).encode())[0]


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("a@b.example (Max Wald), c@d.example (Eva Bach)", ("Max Wald", "Eva Bach")),
        ("Max Wald &lt;a@b.example&gt;, Eva Bach &lt;c@d.example&gt;", ("Max Wald", "Eva Bach")),
        ("a@b.example (Max Wald) c@d.example (Eva Bach)", ("Max Wald", "Eva Bach")),
        ("a@b.example (Max Wald) und c@d.example (Eva Bach)", ("Max Wald", "Eva Bach")),
        ("a@b.example, c@d.example", ("a@b.example", "c@d.example")),
        ("Wald, Max; Bach, Eva", ("Wald, Max", "Bach, Eva")),
        ("Max Wald (Amt), Eva Bach (Kreis)", ("Max Wald (Amt)", "Eva Bach (Kreis)")),
        ("Wald, Max", ("Wald, Max",)),
        ("Max Wald, Landrat", ("Max Wald, Landrat",)),
        ("Dr. (med.) Eva Bach", ("Dr. (med.) Eva Bach",)),
        ("Wald &amp;amp; Bach", ("Wald & Bach",)),
        ("&lt;a href='/max'&gt;Max Wald&lt;/a&gt;", ("Max Wald",)),
        ("a@b.example (Max (Moritz), Wald)", ("Max (Moritz), Wald",)),
    ],
)
@pytest.mark.parametrize("name", ["author", "dc:creator"])
def test_names_are_read_as_titles_are(name: str, stated: str, names: tuple[str, ...]) -> None:
    assert rss(f"<title>T</title><{name}>{stated}</{name}>").authors == names


def test_names_in_json_and_in_categories() -> None:
    item = json(authors=[{"name": "Wald &amp; Bach"}, {"name": "Eva Bach; Max Wald"}], tags=["Arts &amp; Crafts"])
    assert (item.authors, item.kicker) == (("Wald & Bach", "Eva Bach", "Max Wald"), "Arts & Crafts")
    inner = '<itunes:category text="Arts &amp;amp; Crafts"/>'
    item = rss(f'<title>T</title><itunes:category text="Society &amp;amp; Culture">{inner}</itunes:category>')
    assert (item.kicker, item.categories) == ("Society & Culture", ("Arts & Crafts",))


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("Amt&#8217;s Tag", "Amt’s Tag"),
        ("3 &euro;", "3 €"),
        ("A &amp; B", "A &amp; B"),
        ("a &lt; b", "a &lt; b"),
        ("<3", "<3"),
        ("<b>", "<b>"),
    ],
)
def test_a_character_that_was_written_as_in_html(stated: str, title: str) -> None:
    assert json(title=stated).title == atom(f"<title>{escape(stated)}</title>").title == title


OVER = "<p>Der <b>Kreis</b> baut.</p><p>Im Mai &amp; Juni.</p>"


@pytest.mark.parametrize("times", [1, 2, 3])
def test_html_that_was_escaped_as_a_whole_is_html(times: int) -> None:
    text = OVER
    for _ in range(times):
        text = escape(text, quote=False)
    assert rss(f"<description>{escape(text)}</description>").content == OVER
    assert json(content_html=text).content == OVER
    assert atom(f'<content type="html">{escape(text)}</content>').content == OVER


@pytest.mark.parametrize(
    "text",
    [
        "<p>Das Element &lt;b&gt;fett&lt;/b&gt; macht fett.</p>",
        "Das Element &lt;b&gt;fett&lt;/b&gt; macht fett.",
        "&lt;3 und &gt;",
        "&lt;b&gt; macht fett.",
        "&lt;T&gt; ist ein Typ &lt;T&gt;",
    ],
)
def test_a_text_that_shows_tags_shows_them(text: str) -> None:
    item = rss(f"<description>{escape(text)}</description>")
    release = normalise(item, Source(id="kreis"), now=NOW)
    assert isinstance(release, Release)
    assert any(tag in f"{release.teaser} {release.content}" for tag in ("&lt;", "<b>", "<3", "<T>"))
    assert "<b>fett</b>" not in release.content


def test_the_longer_of_two_texts_is_the_content() -> None:
    whole = "<p>Der Kreis baut die Brücke neu. Im Mai beginnt der Abriss.</p><p>Im Herbst der Bau.</p>"
    both = f"<description>{escape(whole)}</description><content:encoded>Der Kreis baut die Brücke neu. Im Mai […]</content:encoded>"
    assert (rss(both).teaser, rss(both).content) == (None, whole)
    turned = f"<description>Der Kreis baut die Brücke neu. Im Mai […]</description><content:encoded>{escape(whole)}</content:encoded>"
    assert (rss(turned).teaser, rss(turned).content) == ("Der Kreis baut die Brücke neu. Im Mai […]", whole)


@pytest.mark.parametrize("behind", ["", f"<!-- {'x' * 3_000} -->", f"<script>{'x' * 3_000}</script>", "<p></p>" * 900])
def test_how_long_a_text_is_its_words_tell_and_not_its_markup(behind: str) -> None:
    said, more = "Der Kreis baut die Brücke neu.", "Im Mai beginnt der Abriss."
    content = f"<content:encoded>{escape(f'<p>{said}</p>{behind}')}</content:encoded>"
    same, longer = (
        rss(f"<description>{said}</description>{content}"),
        rss(f"<description>{said} {more}</description>{content}"),
    )
    assert (same.teaser, same.content) == (said, None)
    assert (longer.teaser, longer.content) == (None, f"<p>{said} {more}</p>")


@pytest.mark.parametrize("levels", [150, 300, 900, 5_000])
@pytest.mark.parametrize("kind", ["xhtml", "html", "json"])
def test_what_is_nested_too_deep_is_read(levels: int, kind: str) -> None:
    inner = f"{'<div>' * levels}Mitte &amp; mehr<img src='https://talland.example/a.jpg'/>{'</div>' * levels}"
    if kind == "json":
        item = json(title="T", content_html=f"<p>Anfang</p>{inner}<p>Ende</p>")
    elif kind == "html":
        item = atom(f'<content type="html">{escape(f"<p>Anfang</p>{inner}<p>Ende</p>")}</content>')
    else:
        item = atom(
            f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Anfang</p>{inner}<p>Ende</p></div></content>'
        )
    release = normalise(item, Source(id="kreis"), now=NOW)
    assert isinstance(release, Release)
    assert plain(release.content).split() == ["Anfang", "Mitte", "&", "mehr", "Ende"]
    assert "https://talland.example/a.jpg" in release.content


def test_blocks_of_a_teaser_are_parted() -> None:
    item = rss(
        "<description>&lt;header&gt;Kopf&lt;/header&gt;&lt;article&gt;Eins&lt;/article&gt;&lt;article&gt;Zwei&lt;/article&gt;</description><content:encoded>Anderes.</content:encoded>"
    )
    assert item.teaser == "Kopf Eins Zwei"


@pytest.mark.parametrize(
    "shown",
    [
        '<img src="https://talland.example/a.jpg">',
        '<audio src="https://talland.example/a.mp3"></audio>',
        '<video><source src="https://talland.example/a.mp4"></video>',
    ],
)
def test_what_only_shows_something_is_a_release_without_a_title(shown: str) -> None:
    items = (rss(f"<description>{escape(shown)}</description>"), json(content_html=shown, id=None))
    for item in items:
        release = normalise(item, Source(id="kreis"), now=NOW)
        assert isinstance(release, Release)
        assert (release.title, "title" in release.inferred) == ("Ohne Titel", True)
        other = normalise(
            rss(f"<description>{escape(shown.replace('/a.', '/b.'))}</description>"), Source(id="kreis"), now=NOW
        )
        assert isinstance(other, Release)
        assert release.keys != other.keys
        assert release.atom_id != other.atom_id


def test_a_summary_that_is_a_mark_alone_is_no_teaser() -> None:
    item = atom("<title>T</title><summary>Weiterlesen …</summary><content>Der Kreis baut die Brücke neu.</content>")
    assert (item.teaser, item.content) == (None, "<p>Der Kreis baut die Brücke neu.</p>")


def test_a_short_text_loses_no_picture_and_no_address() -> None:
    item = rss(
        "<title>T</title><description>&lt;p&gt;Neu&lt;/p&gt;&lt;amp-img src='https://a.example/a'/&gt;</description>"
    )
    assert item.teaser is None
    assert "amp-img" in (item.content or "")
    code = "2a" + bytes(byte ^ 0x2A for byte in b"rat@talland.example").hex()
    item = rss(f"<title>T</title><description>&lt;span data-cfemail='{code}'&gt;[x]&lt;/span&gt;</description>")
    assert item.teaser == "rat@talland.example"
