"""Documents of every format, right but for what a case puts into them.

A part that is not given has a sensible value; one that is given as "" is left out. Markup in `body` is escaped where
the format wants that; `extra` and `head` are put in as they are.
"""

import json
from html import escape
from typing import Any

HOST = "https://www.talland.example"
PROLOG = '<?xml version="1.0" encoding="utf-8"?>\n'
_NAMES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)
TEXT = (
    "Die Gemeinde Hohenried bekommt eine neue Brücke über die Tallach.",
    "„Damit wird der Weg zur Schule sicherer“, sagte Ministerin Ährenfeld am Vormittag in Hohenried.",
    "Das Land fördert den Bau mit zwölf Millionen Euro, die Gemeinde gibt weitere zwei Millionen dazu.",
)
NEWS_TEXT = TEXT[0]
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in TEXT)


def title(n: int) -> str:
    return f"Neue Brücke Nummer {n} in Hohenried"


def link(n: int) -> str:
    return f"{HOST}/presse/bruecke-{n}"


def _element(name: str, value: str | None, default: str, attributes: str = "") -> str:
    """An element with its text escaped; none where the value is given and empty."""
    said = default if value is None else value
    return f"<{name}{attributes}>{escape(said, quote=False)}</{name}>" if said else ""


def item(n: int = 1, *, name: str = "item", extra: str = "", **said: str | None) -> str:
    """An RSS item: title, link, guid, body, date."""
    return (
        f"<{name}>"
        + _element("title", said.get("title"), title(n))
        + _element("link", said.get("link"), link(n))
        + _element("guid", said.get("guid"), f"bruecke-{n}", ' isPermaLink="false"')
        + _element("pubDate", said.get("date"), "Mon, 04 May 2026 10:00:00 +0200")
        + _element("description", said.get("body"), f"{PARAGRAPHS}<p>Brücke {n}.</p>")
        + f"{extra}</{name}>"
    )


def rss(*items: str, head: str = "", prolog: str = PROLOG, tail: str = "") -> bytes:
    text = (
        f'{prolog}<rss version="2.0" {_NAMES}><channel><title>Presse Talland</title><link>{HOST}/</link>'
        f"<description>Pressestelle</description>{head}{''.join(items or (item(),))}</channel></rss>{tail}"
    )
    return text.encode("utf-8", "surrogatepass")


def entry(n: int = 1, *, extra: str = "", attributes: str = "", **said: str | None) -> str:
    """An Atom entry: title, link, id, body, date."""
    address = link(n) if said.get("link") is None else said["link"]
    return (
        f"<entry{attributes}>"
        + _element("title", said.get("title"), title(n))
        + (f'<link rel="alternate" href="{escape(address)}"/>' if address else "")
        + _element("id", said.get("id"), f"tag:talland.example,2026:bruecke-{n}")
        + _element("updated", said.get("date"), "2026-05-04T10:00:00+02:00")
        + _element("content", said.get("body"), f"{PARAGRAPHS}<p>Brücke {n}.</p>", ' type="html"')
        + f"{extra}</entry>"
    )


def atom(*entries: str, head: str = "", prolog: str = PROLOG, attributes: str = "") -> bytes:
    text = (
        f'{prolog}<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"{attributes}>'
        f"<title>Presse Talland</title><id>tag:talland.example,2026:feed</id>"
        f"<updated>2026-05-04T10:00:00+02:00</updated>{head}{''.join(entries or (entry(),))}</feed>"
    )
    return text.encode("utf-8", "surrogatepass")


def rdf(*items: str, head: str = "", prolog: str = PROLOG) -> bytes:
    """RSS 1.0; the items are those of `item`."""
    text = (
        f'{prolog}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        f'{_NAMES}><channel rdf:about="{HOST}/"><title>Presse Talland</title><link>{HOST}/</link>'
        f"<description>Pressestelle</description>{head}</channel>{''.join(items or (item(),))}</rdf:RDF>"
    )
    return text.encode("utf-8", "surrogatepass")


def entry_of_json(n: int = 1, **said: Any) -> dict[str, Any]:
    fields = {
        "id": f"bruecke-{n}",
        "url": link(n),
        "title": title(n),
        "content_html": f"{PARAGRAPHS}<p>Brücke {n}.</p>",
        "date_published": "2026-05-04T10:00:00+02:00",
    }
    return {key: value for key, value in (fields | said).items() if value != ""}


def jsonfeed(*items: Any, **head: Any) -> bytes:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Presse Talland", **head}
    feed.setdefault("items", list(items) or [entry_of_json()])
    return json.dumps(feed).encode()


def news(n: int = 1, **said: Any) -> dict[str, Any]:
    """A ninjs object."""
    fields = {
        "uri": f"urn:talland:bruecke-{n}",
        "headline": title(n),
        "body_html": f"{PARAGRAPHS}<p>Brücke {n}.</p>",
        "versioncreated": "2026-05-04T10:00:00+02:00",
        "url": link(n),
    }
    return {key: value for key, value in (fields | said).items() if value != ""}


def ninjs(*objects: Any) -> bytes:
    return json.dumps(list(objects) or [news()]).encode()


def html(n: int = 1, *, head: str = "", body: str | None = None, extra: str = "", **said: str | None) -> bytes:
    """A release page. `head` stands in the head, `body` is the text, `extra` stands behind it in the article."""
    shown = title(n) if said.get("title") is None else said["title"] or ""
    text = (
        f'<!DOCTYPE html>\n<html lang="de"><head><meta charset="utf-8"><title>{escape(shown)} – Land Talland</title>'
        f'<meta property="og:type" content="article"><meta property="og:title" content="{escape(shown)}">{head}</head>'
        "<body><header><nav><a href='/'>Startseite</a> <a href='/presse'>Presse</a></nav></header><main><article>"
        f"<p class='kicker'>Verkehr</p><h1>{escape(shown)}</h1>"
        "<time datetime='2026-05-04T10:00:00+02:00'>4. Mai 2026</time>"
        f"<div class='text'>{f'{PARAGRAPHS}<p>Brücke {n}.</p>' if body is None else body}</div>{extra}</article></main>"
        "<footer><p>Land Talland</p></footer></body></html>"
    )
    return text.encode("utf-8", "surrogatepass")


def markdown(n: int = 1, *, front: str = "", body: str | None = None, fence: str = "---") -> bytes:
    """`front` is added to the front matter, which always has a title."""
    equals = ": " if fence == "---" else " = "
    text = "\n\n".join(TEXT) if body is None else body
    said = f'{fence}\ntitle{equals}"{title(n)}"\n{front}{fence}\n\n{text}\n\nBrücke {n}.\n'
    return said.encode("utf-8", "surrogatepass")


def page(n: int = 1, *, body: str | None = None, kicker: str = "Verkehr", before: str = "") -> bytes:
    """A release page saved as text."""
    text = "\n\n".join(TEXT[1:]) if body is None else body
    said = f"{before}{kicker}\n\n{title(n)}\n\nBerechne Lesezeit\n  • Teilen\n\n{TEXT[0]}\n\n{text}\n\nBrücke {n}.\n"
    return said.encode("utf-8", "surrogatepass")


def opml(*outlines: str) -> bytes:
    inner = "".join(outlines)
    return f'{PROLOG}<opml version="2.0"><head><title>Quellen</title></head><body>{inner}</body></opml>'.encode()
