"""Bytes → Items: the format is recognised by content; what holds no release says so in words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import parse
from syndicate.errors import ParseError

ITEM = b"<item><title>Neue Klinik</title><link>https://www.talland.example/1</link></item>"
FEED = b'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>' + ITEM + b"</channel></rss>"
ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><title>Neue Klinik</title></entry></feed>'
RDF = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel/>'
    + ITEM
    + b"</rdf:RDF>"
)
PAGE = b"<!DOCTYPE html><html><head><title>Feeds</title></head><body>"
RSS = b'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title></channel></rss>'
JSON = b'{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": []}'
TEXT = "Gesundheit\n\nNeue Klinik in Talheim\n\nDie Klinik öffnet.\n".encode()


@pytest.mark.parametrize(
    ("body", "given", "expected"),
    [
        (RSS, {}, "feed"),
        (b"\xef\xbb\xbf\n\n" + RSS, {"path": "a.txt"}, "feed"),
        (RSS, {"media_type": "text/html; charset=utf-8"}, "feed"),
        (b"<!-- generated --><!DOCTYPE rss [<!ENTITY x 'y'>]><rss/>", {}, "feed"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', {"path": "a.md"}, "feed"),
        (b'<a:feed xmlns:a="http://www.w3.org/2005/Atom"/>', {}, "feed"),
        (b"<rdf:RDF/>", {}, "feed"),
        (RSS.decode().encode("utf-16"), {}, "feed"),
        (b"Warning: mysql_connect() in feed.php\n" + RSS, {"media_type": "application/rss+xml"}, "feed"),
        (b'<entry xmlns="http://www.w3.org/2005/Atom"><title>T</title></entry>', {}, "feed"),
        (JSON, {"path": "a.txt"}, "json"),
        (b"[]", {}, "json"),
        (b"<!doctype HTML><p>Hallo", {"path": "a.xml"}, "html"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', {}, "html"),
        (b"<div>Hallo</div>", {}, "html"),
        (b"Die Seite wird gewartet.", {"media_type": "text/html"}, "html"),
        (b"---\ntitle: T\n---\nText", {"path": "a.txt"}, "markdown"),
        (b'+++\r\ntitle = "T"\r\n+++\r\nText', {}, "markdown"),
        (b"<figure>x</figure>\n\nText", {"path": "a.md"}, "markdown"),
        (b"# Titel\n\nText", {}, "markdown"),
        (b"# Titel\n\nText", {"path": "a.txt"}, "page"),
        (TEXT, {"path": "a.md"}, "markdown"),
        (TEXT, {"media_type": "text/markdown"}, "markdown"),
        (TEXT, {}, "page"),
        (TEXT, {"path": "ordner/Meldung.TXT"}, "page"),
        (b"<3 f\xc3\xbcr Talheim\n\nText", {"path": "a.txt"}, "page"),
        (b"[Update] Neue Klinik\n\nText", {}, "page"),
        (b"---\nText ohne Ende", {"path": "a.txt"}, "page"),
    ],
)
def test_the_format_is_recognised_by_content(body: bytes, given: dict[str, str], expected: str) -> None:
    assert parse.detect(body, **given) == expected
    assert expected in parse.PARSERS


@pytest.mark.parametrize(
    ("body", "given", "reason"),
    [
        (b"", {}, "empty"),
        (b"\xef\xbb\xbf \r\n\t", {}, "empty"),
        (b"%PDF-1.7 \x00", {}, "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\x00", {"path": "a.txt"}, "a PNG image"),
        (b"\xff\xd8\xff\xe0\x00", {}, "a JPEG image"),
        (b"PK\x03\x04\x14\x00", {"path": "a.docx"}, "a ZIP archive or an Office document"),
        (b"\xd0\xcf\x11\xe0\xa1", {}, "an Office document"),
        (b"{\\rtf1 Hallo}", {}, "an RTF document"),
        (b"\x00\x01\x02\x03" * 50, {}, "a binary file"),
        (b"<html><body>Hallo</body></html>", {}, "holds no release and no list of releases"),
        (b"<opml version='2.0'/>", {}, r"is XML, but no feed \(root element <opml>\)"),
        (b"<?xml version='1.0'?>", {}, "holds no element"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', {}, "no JSON Feed"),
        (b'{"items": []}', {}, "no JSON Feed"),
        (b"[1, 2]", {"path": "a.json"}, "no JSON Feed"),
        (b'{"items": [', {}, "no valid JSON"),
        (b'{"a":' * 100_000, {}, "nested too deeply"),
        (TEXT, {"path": "a.json"}, "named or served as JSON, but is plain text"),
        (TEXT, {"path": "a.rss"}, "named or served as XML, but is plain text"),
        (b"<rss><channel><item><title>Der Abg", {}, "breaks off within its first entry"),
        (b"<rss><channel><title>Presse", {}, "breaks off before its first entry"),
        (b"<?xml version='1.0'?>\n<rss", {}, "breaks off before its first entry"),
        (b"<rss><channel><title>T</title></item></item>", {}, "none of its entries can be read"),
        (RSS.replace(b"</channel>", b"<item><![CDATA[</channel>"), {}, "none of its entries can be read"),
        (b"---\ntitle: [\n---\n", {}, "line 3: front matter: a bracket"),
        (b"---\ntitle:\n---\n", {}, "neither a title nor a text"),
        (TEXT, {"format": "feed"}, "is no XML"),
        (b"<html/>", {"format": "feed"}, r"no feed \(root element <html>\)"),
        (RSS, {"format": "json"}, "no valid JSON"),
        (RSS, {"format": "html"}, "holds no release and no list of releases"),
        (RSS, {"format": "docx"}, "'docx' is no format"),
    ],
)
def test_what_holds_no_release_says_why(body: bytes, given: dict[str, str], reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        parse.parse(body, **given)


@pytest.mark.parametrize("body", [RSS, JSON, b'<feed xmlns="http://www.w3.org/2005/Atom"/>'])
def test_a_feed_without_entries_is_fine(body: bytes) -> None:
    assert parse.parse(body) == ()


@pytest.mark.parametrize("kind", [None, "text/html", "text/xml", "application/rss+xml"])
@pytest.mark.parametrize("feed", [FEED, ATOM, RDF], ids=["rss", "atom", "rdf"])
@pytest.mark.parametrize(
    "before",
    [
        b"<br />\n<b>Warning</b>:  mysql_connect() in <b>/var/www/feed.php</b> on line <b>3</b><br />\n",
        b"<font size='1'><table class='xdebug-error'><tr><th>( ! ) Notice: Undefined index</th></tr></table></font>",
        b"Warning: mysql_connect() in /var/www/feed.php on line 3\n\n",
        b"<!-- <rss version='2.0'><channel> --><br>",
        b"<html><head><style>b{}</style></head><body><div>",
    ],
    ids=["php", "xdebug", "plain", "comment", "frame"],
)
def test_a_feed_behind_what_its_server_said_first(kind: str | None, feed: bytes, before: bytes) -> None:
    behind = b"</div></body></html>" if b"<body>" in before else b""
    assert [item.title for item in parse.parse(before + feed + behind, media_type=kind)] == ["Neue Klinik"]


@pytest.mark.parametrize("kind", [None, "text/html", "text/xml", "application/rss+xml"])
@pytest.mark.parametrize(
    "body",
    [
        PAGE + b"<p>Schreibe <rss version='2.0'><channel> und fertig.</p></body></html>",
        PAGE + b"<p>So:</p><pre>" + FEED + b"</pre></body></html>",
        PAGE + b"<p>Der <feed xmlns='x'><b>Feed</b></p></body></html>",
        b"<h1>So geht es</h1><pre>" + FEED + b"</pre><p>Mehr nicht.</p>",
        b"<html><body>" + FEED + b"<p>So ist das.</p></body></html>",
        b"<script>var a = \"<rss version='2.0'><channel>\"</script><p>Hallo</p>",
        PAGE + b"<svg><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><x/></rdf:RDF></svg>",
        b"<p>A</p><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><x/></rdf:RDF>",
    ],
)
def test_a_page_that_shows_a_feed_is_a_page(kind: str | None, body: bytes) -> None:
    assert parse.detect(body, media_type=kind) == "html"


@pytest.mark.parametrize(("path", "expected"), [("a.md", "markdown"), ("a.txt", "page"), ("a.xml", "feed")])
def test_a_text_that_shows_a_feed_is_a_text(path: str, expected: str) -> None:
    assert parse.detect(b"So geht es:\n\n" + FEED, path=path) == expected


@pytest.mark.parametrize(
    "feed", [FEED, ATOM, RDF, FEED.replace(b"T<", b"A & B<")], ids=["rss", "atom", "rdf", "mended"]
)
def test_a_torn_feed_never_looks_like_an_empty_one(feed: bytes) -> None:
    for end in range(len(feed) - 1):
        whole = feed[:end].count(b"</item>") + feed[:end].count(b"</entry>")
        try:
            assert len(parse.parse(feed[:end], media_type="text/xml")) == whole == 1
        except ParseError:
            assert whole == 0


@pytest.mark.parametrize(
    "body",
    [b"<rss/>", b"<rss><channel><title>A & B</title></channel></rss>", b"<RSS><p>&x</rss>", b"<rss><channel/></rss"],
)
def test_an_empty_feed_that_is_whole_is_read(body: bytes) -> None:
    assert parse.parse(body) == ()


def test_the_charset_of_a_header() -> None:
    assert parse.charset('text/xml; charset="ISO-8859-1"') == "iso-8859-1"
    assert parse.charset("text/xml") is parse.charset(None) is None


@given(st.binary(max_size=200), st.sampled_from(["feed", "json", "markdown", "auto"]))
def test_any_bytes_are_read_or_refused(body: bytes, name: str) -> None:
    try:
        found = parse.parse(body, format=name, path="x.md")
    except ParseError:
        found = ()
    assert all(item.title or item.teaser or item.content or item.damage or item.withdrawn for item in found)


def test_the_corpus_is_read_or_refused_entry_by_entry(shared: Path) -> None:
    rows = (shared / "corpus/feeds/MANIFEST.tsv").read_text("utf-8").splitlines()[1:]
    read = refused = 0
    for row in rows:
        kind, name = row.split("\t")[:2]
        body = (shared / "corpus/feeds" / kind / name).read_bytes()
        if len(body) > 200_000:
            continue  # feedparser's seconds, and no other kind of document
        try:
            items = parse.parse(body, url="https://feed.example/", path=name)
        except ParseError:
            refused += 1
            continue
        read += 1
        entries = body.count(b"<item>") + body.count(b"<item ") + body.count(b"<entry>") + body.count(b"<entry ")
        if name.endswith((".rss", ".atom")) and not body.startswith((b"\xff", b"\xfe")):
            assert len(items) == entries, name
    assert refused <= 15
    assert read >= 240


@pytest.mark.parametrize("body", [FEED, ATOM, JSON.replace(b"[]", b'[{"id": "1", "title": "T"}]')])
def test_a_stray_nul_makes_no_binary_file_of_a_text(body: bytes) -> None:
    assert parse.parse(body.replace(b">T", b">T\0").replace(b'"T', b'"T\0'), path="a") == parse.parse(body, path="a")
