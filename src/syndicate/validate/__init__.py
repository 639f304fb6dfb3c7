"""Document → faults: the last look at a document before it replaces the good one that stands there. Pure.

It catches what a fault of ours or of a library would do to every subscriber; it is no validator of everything. What
has no rules of its own here is still looked at: XML is well-formed, JSON is JSON.
"""

from collections.abc import Callable, Iterator

from syndicate.formats import FORMATS
from syndicate.mediatypes import TYPES, syntax
from syndicate.model import Document
from syndicate.validate import atom, html, jsonfeed, opml, rss, sitemap, xml
from syndicate.validate.rules import Fault

__all__ = ["culprits", "faults"]

Check = Callable[[Document, str], Iterator[Fault]]


def faults(document: Document) -> tuple[str, ...]:
    """What makes this document invalid, in plain words; empty where it may be published.

    An entry's fault names its id. Files beside a release (`media/`) are not ours to judge.
    """
    return tuple(str(fault) for fault in _faults(document))


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
    TYPES[".opml"]: opml.check,
    TYPES[".html"]: html.check,
    TYPES[".xml"]: sitemap.check,
}
_SYNTAX: dict[str, Check] = {"xml": _well_formed, "json": _is_json}
