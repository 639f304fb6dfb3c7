"""OPML 1.0 and 2.0 → subscriptions: what a feed reader exports. Pure: nothing that it names is opened or asked.

A folder is a topic of the feeds below it, and so is each folder around it, the outermost first; `category` adds more. A
feed that stands in several folders is one subscription with all their topics.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from lxml import etree

from syndicate.errors import ParseError
from syndicate.formats import SOURCE_NAMESPACE
from syndicate.model import Rejected
from syndicate.parse.encoding import decode
from syndicate.text import fold, squeeze, strip_unprintable
from syndicate.urls import clean_url, feed_key, without_feed_scheme

MAX_OPML_BYTES = 5_000_000
MAX_OUTLINES = 10_000
MAX_DEPTH = 20  # folders within folders
MAX_TOPICS = 20  # of one feed

_ATTRIBUTES = 50  # of one outline that are looked at
_ADDRESS, _TITLE, _NAME = 2_000, 200, 80  # characters: of an address, of a title or topic, as quoted in a refusal
_DECLARES = re.compile(r"<!(?:DOCTYPE[^<>\[]{0,1000}\[|ENTITY)", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#(\d{1,7}|x[0-9a-f]{1,6});|(\w{1,31});)?", re.IGNORECASE)
_OURS = f"{{{SOURCE_NAMESPACE}}}"
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """`url` is as it stands there, perhaps with a password; absolute, http or https. Topics are names, each once.

    `settings`: what our own export says besides of the source, as text, unchecked.
    """

    url: str
    title: str | None = None
    topics: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """In the order of the document. `refused` are outlines that name no feed that can be asked."""

    feeds: tuple[Subscription, ...]
    refused: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class _Outline:
    number: int  # in the document, from 1
    attributes: dict[str, str]  # names in lower case
    folders: tuple[str, ...]
    leaf: bool

    @property
    def title(self) -> str:
        return squeeze(self.attributes.get("title") or self.attributes.get("text") or "")[:_TITLE].strip()

    @property
    def topics(self) -> tuple[str, ...]:
        """OPML 2.0, "The category attribute": strings with slashes, separated by commas."""
        stated = re.split("[,/]", self.attributes.get("category", "")[:_ADDRESS])
        return _each_once(squeeze(name)[:_TITLE].strip() for name in (*self.folders, *stated))

    @property
    def settings(self) -> tuple[tuple[str, str], ...]:
        return tuple(
            (name.removeprefix(_OURS), value[:_ADDRESS])
            for name, value in self.attributes.items()
            if name.startswith(_OURS)
        )

    def refusal(self, reason: str) -> Rejected:
        name = f' "{self.title[:_NAME]}"' if self.title else ""
        return Rejected(f"outline {self.number}{name}", reason)


def subscriptions(body: bytes) -> Subscriptions:
    """Read an OPML document, of at most MAX_OPML_BYTES and MAX_OUTLINES.

    Raises ParseError where it is none, is not well-formed, declares entities, is too large or nested too deeply. Bare
    ampersands, HTML's named characters and control characters, which readers do write, are mended.
    """
    if len(body) > MAX_OPML_BYTES:
        raise ParseError(f"is larger than {MAX_OPML_BYTES:,} bytes")
    found: dict[str, Subscription] = {}
    refused = []
    for outline in _outlines(_tree(decode(body))):
        read = _feed(outline)
        if isinstance(read, Rejected):
            refused.append(read)
        elif read:
            key = feed_key(read.url)
            found[key] = _joined(found[key], read) if key in found else read
    return Subscriptions(tuple(found.values()), tuple(refused))


def _tree(text: str) -> etree._Element:
    text = strip_unprintable(text)
    if not text.strip():
        raise ParseError("the file is empty")
    if _DECLARES.search(text):
        raise ParseError("declares entities of its own: such a file is not read")
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(_REFERENCE.sub(_mended, text.strip()).encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise ParseError(f"is not well-formed XML: {squeeze(error.msg or 'no element')}") from error
    if _local(root) != "opml":
        raise ParseError(f"is no OPML (its root element is <{_local(root)[:_NAME]}>)")
    return root


def _mended(reference: re.Match[str]) -> str:
    """Of what begins with `&`: what XML knows as it is, HTML's names as their characters, anything else as text."""
    number, name = reference[1], reference[2]
    if number:
        code = int(number[1:], 16) if number[0] in "xX" else int(number)
        character = chr(code) if code <= 0x10FFFF else ""
        return reference[0] if character and strip_unprintable(character) else ""
    if name and name not in _XML_NAMES:
        character = html.unescape(reference[0])
        return html.escape(character) if character != reference[0] else f"&amp;{name};"
    return reference[0] if name else "&amp;"


def _outlines(root: etree._Element) -> Iterator[_Outline]:
    """Every outline with the folders around it; without recursion, so that no depth is too much."""
    folders: list[tuple[etree._Element, str]] = []
    comments: list[etree._Element] = []
    number = 0
    for event, element in etree.iterwalk(root, events=("start", "end"), tag="{*}outline"):
        if event == "end":
            if folders and folders[-1][0] is element:
                folders.pop()
            if comments and comments[-1] is element:
                comments.pop()
            continue
        number += 1
        if number > MAX_OUTLINES:
            raise ParseError(f"has more than {MAX_OUTLINES:,} outlines")
        attributes = {str(name).lower(): element.get(name, "") for name in islice(element.attrib, _ATTRIBUTES)}
        leaf = element.find("{*}outline") is None
        if attributes.get("iscomment", "").strip().lower() == "true":
            comments.append(element)  # with all that is below it (OPML 2.0, isComment)
        if not comments:
            outline = _Outline(number, attributes, tuple(name for _, name in folders), leaf)
            yield outline
            if not leaf and not attributes.get("xmlurl"):
                folders.append((element, outline.title))


def _feed(outline: _Outline) -> Subscription | Rejected | None:
    """None: it is a folder."""
    address = re.sub(r"[\t\r\n]", "", outline.attributes.get("xmlurl", "")).strip()
    if not address:
        if not outline.leaf:
            return None
        if outline.attributes.get("type", "").strip().lower() == "include":
            return outline.refusal("includes another file; import that one itself")
        return outline.refusal("names no feed (it has no xmlUrl)")
    address = without_feed_scheme(address)
    if len(address) > _ADDRESS:
        return outline.refusal(f"its address is longer than {_ADDRESS:,} characters")
    if not clean_url(address, ipv6=True):
        return outline.refusal(f"its xmlUrl is no http or https address: {_quoted(address)}")
    if len(outline.folders) > MAX_DEPTH:
        return outline.refusal(f"is nested deeper than {MAX_DEPTH} folders")
    return Subscription(url=address, title=outline.title or None, topics=outline.topics, settings=outline.settings)


def _joined(first: Subscription, second: Subscription) -> Subscription:
    topics = _each_once((*first.topics, *second.topics))
    return replace(first, title=first.title or second.title, topics=topics)


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(fold(name), name)
    found.pop("", None)
    return tuple(found.values())[:MAX_TOPICS]


def _quoted(address: str) -> str:
    """Never with a password, which stands before an `@`."""
    return squeeze(re.sub(r"//.*@", "//…@", address, flags=re.DOTALL))[:_NAME]


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""
