"""What makes an RSS 2.0 feed invalid. Pure."""

from collections.abc import Iterator

from syndicate.formats import ATOM, CONTENT
from syndicate.model import Document
from syndicate.validate.rules import DIGITS, ENCLOSURE, MAIL_DATE, MEDIA_TYPE, TEXT, TIMESTAMP, WEB, Fault, wrong
from syndicate.validate.xml import Parts, children, first, link_faults, media_faults, once, root_of, values

_A = f"{{{ATOM}}}"
_ONCE_IN_CHANNEL = ("copyright", "generator", "docs", "ttl", "image")
_ONCE_IN_ITEM = ("description", "source", "enclosure", f"{{{CONTENT}}}encoded")


def check(document: Document, _: str) -> Iterator[Fault]:
    root = root_of(document.body)
    if (root.tag, root.get("version")) != ("rss", "2.0"):
        yield Fault("the root element is not rss of version 2.0")
        return
    channels = root.findall("channel")
    if len(channels) != 1:
        yield Fault(f"{len(channels)} channels, not one")
        return
    parts = children(channels[0])
    yield from map(Fault, _channel(parts))
    seen = set()
    for item in map(children, parts["item"]):
        guid = first(item, "guid")
        for reason in _item(item):
            yield Fault(reason, guid)
        if guid and guid in seen:
            yield Fault("its guid stands twice", guid)
        seen.add(guid)


def _channel(parts: Parts) -> Iterator[str]:
    for name, kind in (("title", TEXT), ("link", WEB), ("description", TEXT)):
        yield from values(parts, name, kind)
    for name, kind in (("pubDate", MAIL_DATE), ("lastBuildDate", MAIL_DATE), ("language", TEXT)):
        yield from values(parts, name, kind, least=0)
    yield from once(parts, _ONCE_IN_CHANNEL)
    links = parts[f"{_A}link"]
    yield from link_faults(links)
    own = sum(link.get("rel") == "self" for link in links)
    if own != 1:
        yield f"{own} links to itself (atom:link), not one"


def _item(parts: Parts) -> Iterator[str]:
    yield from values(parts, "guid", TEXT)
    yield from ("guid does not say isPermaLink=false" for g in parts["guid"] if g.get("isPermaLink") != "false")
    yield from once(parts, _ONCE_IN_ITEM)
    yield from values(parts, "title", TEXT, least=0)
    if not parts["title"] and not first(parts, "description").strip():
        yield "neither title nor description"
    yield from values(parts, "link", WEB, least=0)
    yield from values(parts, "pubDate", MAIL_DATE, least=0)
    yield from values(parts, f"{_A}updated", TIMESTAMP, least=0)
    for enclosure in parts["enclosure"]:
        for name, kind in (("url", ENCLOSURE), ("length", DIGITS), ("type", MEDIA_TYPE)):
            yield from wrong(f"enclosure {name}", enclosure.get(name), kind)
    for source in parts["source"]:
        yield from wrong("source url", source.get("url"), WEB)
    yield from link_faults(parts[f"{_A}link"])
    yield from media_faults(parts)
