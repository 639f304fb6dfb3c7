# ruff: noqa: E501  # a case is a row, however long
"""Values that no release has: dates, lengths, ids, sizes and numbers of things. Each is tried in several formats."""

from collections.abc import Callable, Iterator
from typing import Any

from hostile import make
from hostile.case import Case, Kind, read, refused
from hostile.make import title

# What stands where a date should; none of them is one, or one that can be meant: the entry is held all the same.
DATES = (
    "9999-12-31T23:59:59Z",
    "0000-00-00T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "10000-01-01T00:00:00Z",
    "-0044-03-15T12:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-05-32T00:00:00Z",
    "2026-02-30T10:00:00+02:00",
    "2026-05-04T25:61:61Z",
    "2026-05-04T10:00:00+99:99",
    "2026-05-04T10:00:00" + "+01:00" * 50,
    "1777888800",
    "99999999999999999999999999",
    "Mon, 32 Foo 2026 25:61:00 +9999",
    "Sperrfrist",
    "0",
    "-1",
    "NaN",
    "٤.٥.٢٠٢٦",
    "²0²6-05-04",
    "\u202e6202.5.4",
    "1" * 5_000,
    " " * 5_000 + "2026",
    "1." * 50_000,
    "Montag, " * 20_000,
    "a" * 100_000,
    "((((((((((" * 10_000,
    "12:" * 30_000,
    "2026-05-04T10:00:00.000000000000000000000000000000000000000000001Z",
    "<script>NIEMALS()</script>",
)
LENGTHS = (str(2**70), "-1", "1e9", "NaN", "0x10", "", " ", "9" * 100_000, "1,5", "１２", "-" + "9" * 30, "\u0660")


def _feeds(name: str, say: Callable[[str, int], Any], count: int) -> Iterator[Case]:
    """One document of each format; all its entries are held."""
    makers: dict[Kind, Callable[..., bytes]] = {
        "rss": make.rss,
        "atom": make.atom,
        "rdf": make.rdf,
        "json": make.jsonfeed,
        "ninjs": make.ninjs,
    }
    for kind, document in makers.items():
        if (entries := [say(kind, n) for n in range(1, count + 1)])[0] is not None:
            yield read(kind, name, document(*entries), count)


def _dated(kind: str, n: int) -> Any:
    said = DATES[n - 1]
    match kind:
        case "rss" | "rdf":
            return make.item(n, date=said, extra=f"<dc:date>{make.escape(said)}</dc:date>")
        case "atom":
            return make.entry(n, date=said, extra=f"<published>{make.escape(said)}</published>")
        case "json":
            return make.entry_of_json(n, date_published=said, date_modified=said)
    return make.news(n, versioncreated=said, firstcreated=said)


def _long(kind: str, n: int) -> Any:
    length = LENGTHS[n - 1]
    url = f"{make.HOST}/anlage-{n}.mp3"
    media = f'<media:content url="{url}?m" fileSize="{length}" width="{length}" height="{length}" duration="{length}"/>'
    match kind:
        case "rss" | "rdf":
            return make.item(n, extra=f'<enclosure url="{url}" type="audio/mpeg" length="{length}"/>{media}')
        case "atom":
            return make.entry(
                n, extra=f'<link rel="enclosure" href="{url}" type="audio/mpeg" length="{length}"/>{media}'
            )
        case "json":
            file = {"url": url, "mime_type": "audio/mpeg", "size_in_bytes": length, "duration_in_seconds": length}
            return make.entry_of_json(n, attachments=[file])
    picture = {"href": url, "mimetype": "image/jpeg", "width": length, "height": length, "sizeinbytes": length}
    return make.news(n, renditions={"a": picture})


VALUES = (
    *_feeds("dates that are none", _dated, len(DATES)),
    *_feeds("lengths that are none", _long, len(LENGTHS)),
    read("json", "lengths that are numbers", make.jsonfeed(*(
        make.entry_of_json(n, attachments=[{"url": f"{make.HOST}/{n}", "mime_type": "a/b", "size_in_bytes": value}])
        for n, value in enumerate((2**70, -1, 1.5, 1e300, True, None, [1]), 1)
    )), 7),
    read("rss", "ids of every kind", make.rss(*(
        make.item(n, guid=guid)
        for n, guid in enumerate(("javascript:NIEMALS()", "a" * 100_000, " ", "\u202e", "<b>", "../../etc", "urn:x:ü"), 1)
    )), 7),
    read("atom", "ids of every kind", make.atom(*(
        make.entry(n, id=guid)
        for n, guid in enumerate(("javascript:NIEMALS()", "a" * 100_000, "data:text/html,x", "\u202e", "<b>", "http://[", "tag:ü"), 1)
    )), 7),
    read("rss", "media types of every kind", make.rss(*(
        make.item(n, extra=f'<enclosure url="{make.HOST}/{n}" type="{make.escape(kind)}" length="1"/>')
        for n, kind in enumerate(("text/html", "image/svg+xml", "a" * 10_000, "<script>", "audio/mpeg\x0a", "x/y;z", "\u202e"), 1)
    )), 7),
    read("atom", "languages of every kind", make.atom(*(
        make.entry(n, attributes=f' xml:lang="{make.escape(language)}"')
        for n, language in enumerate(("xx-klingon", "de' onload='x", "a" * 10_000, "*", "de-DE-1996-x-x"), 1)
    )), 5),
)  # fmt: skip


def _many(element: Callable[[int], str], count: int = 10_000) -> str:
    return "".join(map(element, range(count)))


SIZES = (
    read("rss", "200 items", lambda: make.rss(*(f"<item><title>Meldung {n}</title><guid>m{n}</guid></item>" for n in range(200))), 200, seconds=10, large=True),
    read("json", "an item, then 5,100 that are empty", lambda: make.jsonfeed(make.entry_of_json(2), *({} for n in range(5_100))), 1, says="more than the 5,000", holds=(title(2),), seconds=10),
    read("rss", "10,000 categories on one item", lambda: make.rss(make.item(1, extra=_many(lambda n: f"<category>Thema {n}</category>")), make.item(2)), 2),
    read("atom", "10,000 categories on one entry", lambda: make.atom(make.entry(1, extra=_many(lambda n: f'<category term="Thema {n}"/>')), make.entry(2)), 2),
    read("json", "10,000 tags on one item", lambda: make.jsonfeed(make.entry_of_json(1, tags=[f"Thema {n}" for n in range(10_000)]), make.entry_of_json(2)), 2),
    read("ninjs", "10,000 subjects of one object", lambda: make.ninjs(make.news(1, subject=[{"name": f"Thema {n}"} for n in range(10_000)]), make.news(2)), 2),
    read("atom", "10,000 links on one entry", lambda: make.atom(make.entry(1, extra=_many(lambda n: f'<link href="{make.HOST}/{n}"/>')), make.entry(2)), 2),
    read("rss", "10,000 enclosures on one item", lambda: make.rss(make.item(1, extra=_many(lambda n: f'<enclosure url="{make.HOST}/{n}" type="a/b" length="1"/>')), make.item(2)), 2),
    read("rss", "10,000 pictures on one item", lambda: make.rss(make.item(1, extra=_many(lambda n: f'<media:content medium="image" url="{make.HOST}/{n}.jpg"/>')), make.item(2)), 2),
    read("atom", "10,000 authors on one entry", lambda: make.atom(make.entry(1, extra=_many(lambda n: f"<author><name>Amt {n}</name></author>")), make.entry(2)), 2),
    read("json", "10,000 authors and attachments", lambda: make.jsonfeed(make.entry_of_json(1, authors=[{"name": f"Amt {n}"} for n in range(10_000)], attachments=[{"url": f"{make.HOST}/{n}", "mime_type": "a/b"} for n in range(10_000)]), make.entry_of_json(2)), 2),
    read("atom", "10,000 tombstones", lambda: make.atom(make.entry(), head=_many(lambda n: f'<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="tag:x,{n}" when="2026-05-04T10:00:00Z"/>')), 1, seconds=20),
    read("rss", "a title of 100 kB", lambda: make.rss(make.item(1, title="Brücke " * 15_000), make.item(2)), 2, holds=(title(2),)),
    read("rss", "a title of 100 kB without a space", lambda: make.rss(make.item(1, title="Brücke" * 17_000), make.item(2)), 2, holds=(title(2),)),
    read("json", "a title of 100 kB", lambda: make.jsonfeed(make.entry_of_json(1, title="Brücke " * 15_000), make.entry_of_json(2)), 2, holds=(title(2),)),
    read("rss", "an item of 5 MB: its neighbour is kept", lambda: make.rss(make.item(1, body=f"<p>{'Die Brücke ist neu. ' * 260_000}</p>"), make.item(2)), kept=None, holds=(title(2),), seconds=10),
    read("atom", "an entry of 5 MB: its neighbour is kept", lambda: make.atom(make.entry(1, body=f"<p>{'Die Brücke ist neu. ' * 260_000}</p>"), make.entry(2)), kept=None, holds=(title(2),), seconds=10),
    read("json", "an item of 5 MB: its neighbour is kept", lambda: make.jsonfeed(make.entry_of_json(1, content_html=f"<p>{'Die Brücke ist neu. ' * 260_000}</p>"), make.entry_of_json(2)), kept=None, holds=(title(2),), seconds=10),
    refused("rss", "a feed that is larger than we read", lambda: make.rss(make.item(1, body="x" * 10_500_000)), says="larger than 10 MB"),
    read("rss", "a paragraph 3,000 times", lambda: make.rss(make.item(1, body="<p>a</p>" * 3_000), make.item(2)), 2, seconds=10),
    read("rss", "a picture 1,000 times in a text", lambda: make.rss(make.item(1, body=f'<img src="{make.HOST}/b.jpg">' * 1_000), make.item(2)), 2, seconds=10),
    read("rss", "a link 1,000 times in a text", lambda: make.rss(make.item(1, body=f'<a href="{make.HOST}/?a=1&b=2">x</a>' * 1_000), make.item(2)), 2, seconds=10),
    read("rss", "bold 5,000 times, never closed", lambda: make.rss(make.item(1, body="<b>x" * 5_000), make.item(2)), kept=None, holds=(title(2),), seconds=10),
    read("rss", "a table in a table, 400 times", make.rss(make.item(1, body="<table><tr><td>" * 400 + "x"), make.item(2)), kept=None, holds=(title(2),)),
    read("rss", "a heading 1,000 times", lambda: make.rss(make.item(1, body="<h2>a</h2>" * 1_000), make.item(2)), 2, seconds=10),
)  # fmt: skip

# Texts that make a pattern with two ways to read them try all of them.
TRAPS = (
    "(" * 12_500,
    ")" * 12_500,
    '"' * 12_500,
    "„" * 12_500,
    " " * 50_000 + "x",
    "\n" * 25_000 + "x",
    "\t \n" * 12_500,
    "a" * 50_000 + "@",
    "a@" * 12_500,
    "a.b-" * 12_500 + "@talland.example",
    "Sperrfrist: " * 5_000,
    "Sperrfrist: " + "1" * 25_000,
    "Sperrfrist: 14. März 2026, " + "11:" * 7_500,
    "Frei ab " * 7_500,
    "Korrektur: " * 5_000,
    "Berichtigung zu " + "der " * 12_500,
    "Tel. " + "0 " * 25_000,
    "Foto: " * 7_500,
    "(Bild: © " * 5_000,
    "<" * 25_000,
    "<a " * 12_500,
    "<a href=" * 7_500,
    "<p" + " a" * 25_000,
    "&" * 25_000,
    "&#" * 12_500,
    "&amp" * 12_500,
    "<![CDATA[" * 5_000,
    "]]>" * 12_500,
    "<br>" * 12_500,
    "http://" * 7_500,
    "[" * 12_500,
    "![" * 7_500,
    "*a" * 12_500,
    "- " * 12_500,
    "|" * 25_000,
    "1. " * 12_500,
    "\u00a0" * 25_000 + "x",
    "Weitere Meldungen\n\n" * 2_500,
    "\\" * 25_000,
)
TRAPPED: tuple[Kind, ...] = ("json", "rss", "markdown", "page", "html")


def trap(kind: Kind, text: str) -> bytes:
    """A document that has it in each place that is searched."""
    match kind:
        case "json":
            item = make.entry_of_json(1, title=text[:4000], content_html=text, summary=text, authors=[{"name": text}])
            return make.jsonfeed(item)
        case "rss":
            author = f"<author>{make.escape(text)}</author><dc:creator>{make.escape(text)}</dc:creator>"
            return make.rss(make.item(1, title=text[:4000], body=text, extra=author))
        case "markdown":
            return make.markdown(1, body=text)
        case "html":
            return make.html(1, title=text[:4000], body=text)
    return make.page(1, body=text)


CASES: tuple[Case, ...] = (*VALUES, *SIZES)
