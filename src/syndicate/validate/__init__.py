"""Document → faults: the last look at a document before it replaces the good one that stands there. Pure.

It catches what a fault of ours or of a library would do to every subscriber; it is no validator of everything. What
has no rules of its own here is still looked at: XML is well-formed, JSON is JSON.
"""

from collections.abc import Callable, Iterator

from syndicate.formats import ATOM, CONTENT, DUBLIN_CORE, FORMATS, JSON_FEED, MEDIA, NEWS, SITEMAP
from syndicate.mediatypes import TYPES, syntax
from syndicate.model import Document
from syndicate.validate import atom, html, jsonfeed, ninjs, opml, rss, sitemap, xml
from syndicate.validate.rules import Fault

__all__ = ["culprits", "faults", "faults_of_entry"]

Check = Callable[[Document, str], Iterator[Fault]]


def faults(document: Document) -> tuple[str, ...]:
    """What makes this document invalid, in plain words; empty where it may be published.

    An entry's fault names its id. Files beside a release (`media/`) are not ours to judge.
    """
    return tuple(str(fault) for fault in _faults(document))


def faults_of_entry(lines: bytes, media_type: str) -> tuple[str, ...]:
    """The same of the lines of one entry, as they are to stand in a document of this type: in the smallest there is."""
    before, after = _AROUND[media_type]
    return faults(Document("entry", media_type, before.encode() + lines + after.encode()))


def culprits(document: Document) -> tuple[str, ...]:
    """The atom ids of the entries that are at fault, in their order ("" for one without an id).

    Empty where nothing is wrong, where it is the document as a whole, and for pages for people.
    """
    return tuple(dict.fromkeys(fault.entry for fault in _faults(document) if fault.entry is not None))


def _faults(document: Document) -> Iterator[Fault]:
    check = _CHECKS.get(document.media_type) or _SYNTAX.get(syntax(document.media_type))
    if check is None or document.path.startswith("media/"):
        return
    try:
        text = document.body.decode()
    except UnicodeDecodeError as error:
        yield Fault(f"not UTF-8: {error.reason}, byte {error.start}")
        return
    try:
        yield from check(document, text)
    except (ValueError, RecursionError) as error:  # neither XML nor JSON: what a parser says of it
        yield Fault(str(error))


def _well_formed(document: Document, _: str) -> Iterator[Fault]:
    xml.root_of(document.body)
    return iter(())


def _is_json(_: Document, text: str) -> Iterator[Fault]:
    jsonfeed.read(text)
    return iter(())


_CHECKS: dict[str, Check] = {
    FORMATS["atom"].media_type: atom.check,
    FORMATS["rss"].media_type: rss.check,
    FORMATS["json"].media_type: jsonfeed.check,
    FORMATS["ninjs"].media_type: ninjs.check,
    TYPES[".opml"]: opml.check,
    TYPES[".html"]: html.check,
    TYPES[".xml"]: sitemap.check,
}
_SYNTAX: dict[str, Check] = {"xml": _well_formed, "json": _is_json}
_HERE = "http://entry.example/"
_AROUND = {
    FORMATS["atom"].media_type: (
        f'<feed xmlns="{ATOM}" xmlns:media="{MEDIA}"><id>{_HERE}</id><title>-</title><author><name>-</name></author>'
        f'<updated>2000-01-01T00:00:00Z</updated><link rel="self" href="{_HERE}"/>',
        "</feed>",
    ),
    FORMATS["rss"].media_type: (
        f'<rss version="2.0" xmlns:atom="{ATOM}" xmlns:content="{CONTENT}" xmlns:dc="{DUBLIN_CORE}"'
        f' xmlns:media="{MEDIA}"><channel><title>-</title><link>{_HERE}</link><description>-</description>'
        f'<atom:link rel="self" href="{_HERE}"/>',
        "</channel></rss>",
    ),
    FORMATS["json"].media_type: (f'{{"version": "{JSON_FEED}", "title": "-", "items": [', "]}"),
    FORMATS["ninjs"].media_type: (f'{{"uri": "{_HERE}", "type": "composite", "associations": [', "]}"),
    TYPES[".html"]: ("<!doctype html><title>-</title><h1>-</h1>", ""),
    TYPES[".xml"]: (f'<urlset xmlns="{SITEMAP}" xmlns:news="{NEWS}">', "</urlset>"),
}
