"""What makes an OPML 2.0 list invalid. Pure."""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from syndicate.model import Document
from syndicate.validate.rules import TEXT, WEB, Fault, wrong
from syndicate.validate.xml import children, root_of, values


def check(document: Document, _: str) -> Iterator[Fault]:
    root = root_of(document.body)
    if (root.tag, root.get("version")) != ("opml", "2.0"):
        yield Fault("the root element is not opml of version 2.0")
        return
    parts = children(root)
    yield from (Fault(f"{len(parts[name])} times {name}") for name in ("head", "body") if len(parts[name]) != 1)
    for head in map(children, parts["head"]):
        yield from map(Fault, values(head, "title", TEXT))
    outlines = [outline for body in parts["body"] for outline in body.iter("outline")]
    if not outlines:
        yield Fault("no outline")
    for outline in outlines:
        yield from map(Fault, _outline(outline))
    feeds = Counter(outline.get("xmlUrl") for outline in outlines)
    yield from (Fault(f"xmlUrl {url} stands {count} times") for url, count in feeds.items() if url and count > 1)


def _outline(outline: etree._Element) -> Iterator[str]:
    yield from wrong("outline text", outline.get("text"), TEXT)
    for name in ("xmlUrl", "htmlUrl"):
        value = outline.get(name)
        if value is not None or (name == "xmlUrl" and outline.get("type") == "rss"):
            yield from wrong(f"outline {name}", value, WEB)
