"""What is published, looked through for anything active: each document by a strict parser, each HTML by two of them.

Two, because they disagree about broken markup, and so do browsers and readers: what either sees is there.
"""

import functools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

import lxml.html
from lxml import etree

SCHEMES = ("http", "https", "mailto", "tel")
FORBIDDEN = frozenset(
    [
        "script",
        "iframe",
        "frame",
        "frameset",
        "object",
        "embed",
        "applet",
        "form",
        "input",
        "button",
        "textarea",
        "select",
        "option",
        "isindex",
        "svg",
        "math",
        "style",
        "base",
        "meta",
        "link",
        "noscript",
        "template",
        "xmp",
        "plaintext",
        "noembed",
        "noframes",
        "title",
        "head",
        "html",
        "body",
        "portal",
        "marquee",
        "canvas",
        "dialog",
        "foreignobject",
        "animate",
        "set",
        "use",
        "annotation-xml",
        "bgsound",
        "keygen",
        "layer",
        "param",
        "slot",
        "import",
    ]
)
ADDRESSES = frozenset(
    [
        "href",
        "src",
        "srcset",
        "poster",
        "cite",
        "action",
        "formaction",
        "data",
        "background",
        "xlink:href",
        "ping",
        "manifest",
        "longdesc",
        "usemap",
        "codebase",
        "classid",
        "profile",
        "icon",
        "dynsrc",
        "lowsrc",
        "imagesrcset",
        "archive",
        "url",
        "uri",
    ]
)
_IGNORED = re.compile(r"^[\x00-\x20]+|[\x00-\x20]+$|[\t\r\n]")  # what a browser drops (URL Standard, section 4.4)
_SCHEME = re.compile(r"\s*([^/?#:]*):")
_STYLE = re.compile(rb"<style>[^<]*</style>")
_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="[^"<>]*">')
_HEAD_META = frozenset({"charset", "name", "property", "content"})
_LINK_RELS = frozenset({"canonical", "alternate", "prev", "next", "icon"})
_DATA = re.compile(r'<script type="application/ld\+json">([^<>&]*)</script>')
_STYLED = re.compile(rb'<\?xml-stylesheet type="text/css" href="(?:\.\./)?feed\.css"\?>')
_ATOM = "{http://www.w3.org/2005/Atom}"
_MARKUP = frozenset({"{http://purl.org/rss/1.0/modules/content/}encoded", "description", "title"})  # RSS: read as HTML
_PLACES = frozenset({"link", "comments", "docs", "url", f"{_ATOM}uri", f"{_ATOM}icon", f"{_ATOM}logo"})


def active(documents: Mapping[str, bytes]) -> list[str]:
    """What is wrong with the documents, by their paths; the files beside a release (`media/`) are not looked at."""
    found = []
    for path, body in documents.items():
        if path.startswith(("media/", ".")):
            continue
        look = _KINDS.get(path.rpartition(".")[2])
        wrong = look(body) if look else ["is of a kind that nobody publishes"]
        found += [f"{path}: {fault}" for fault in dict.fromkeys(wrong)]
    return found


# --- addresses --------------------------------------------------------------------------------------------------------


def address(value: str, *, relative: bool = False) -> Iterator[str]:
    """An address as a browser understands it: its scheme must be one of ours; absolute unless `relative`."""
    seen = _IGNORED.sub("", value)
    match = _SCHEME.match(seen)
    if match is None:
        if not relative:
            yield f"the address {value[:60]!r} is not absolute"
    elif match[1].lower() not in SCHEMES:
        yield f"an address with the scheme {match[1][:30]!r}"


# --- HTML -------------------------------------------------------------------------------------------------------------


@functools.lru_cache(1000)
def fragment(text: str) -> tuple[str, ...]:
    """HTML as it stands within an entry; the same in each format."""
    return tuple(_fragment(text))


def _fragment(text: str) -> Iterator[str]:
    for name, attributes in _tags(text):
        if name in FORBIDDEN or ":" in name:
            yield f"<{name}>"
        yield from _attributes(name, attributes, relative=False)


def _page(body: bytes) -> Iterator[str]:
    """A page of ours: the same, but for one style sheet, a policy, and a head of its own."""
    if len(_STYLE.findall(body)) != 1 or len(_POLICY.findall(body)) != 1:
        yield "not exactly one style sheet and one policy of ours"
    head, _, rest = _POLICY.sub(b"", _STYLE.sub(b"", body)).decode("utf-8").partition("</head>")
    for block in _DATA.findall(head):  # what search engines read of a release: never run, and nothing ends it early
        yield from _within(json.loads(block))
    head = _DATA.sub("", head, count=1)
    for name, attributes in _tags(head):
        allowed = {
            "html": {"lang"},
            "head": set(),
            "title": set(),
            "meta": _HEAD_META,
            "link": {"rel", "type", "title", "href"},
        }.get(name)
        if allowed is None or not attributes.keys() <= allowed:
            yield f"<{name}> with {sorted(attributes)} in the head"
        if name == "link" and attributes.get("rel") not in _LINK_RELS:
            yield f"<link rel={attributes.get('rel')!r}>"
        if re.search("url|image", attributes.get("property", "")):
            yield from address(attributes.get("content", ""))
        yield from _attributes(name, attributes, relative=False)
    for name, attributes in _tags(re.sub(r"^\s*<body>|</body>\s*</html>\s*$", "", rest)):
        if name in FORBIDDEN or ":" in name:
            yield f"<{name}>"
        yield from _attributes(name, attributes, relative=True)


def _attributes(name: str, attributes: Mapping[str, str], *, relative: bool) -> Iterator[str]:
    for key, value in attributes.items():
        if key.startswith("on") or key in ("style", "srcdoc", "http-equiv", "is", "slot") or ":" in key != "xml:lang":
            yield f"<{name} {key}=>"
        if key in ADDRESSES:
            for place in value.split(",") if key.endswith("srcset") else [value]:
                yield from address(place, relative=relative)


def _tags(text: str) -> list[tuple[str, dict[str, str]]]:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.tags + _tree(text)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))


def _tree(text: str) -> list[tuple[str, dict[str, str]]]:
    """What libxml2 makes of it, but for the frame that it puts around."""
    if not text.strip():
        return []
    parser = lxml.html.HTMLParser(huge_tree=True)
    root = lxml.html.document_fromstring(f"<!DOCTYPE html><html><body><div>{text}", parser=parser)
    found = [
        (str(e.tag).lower(), {str(k).lower(): str(v) for k, v in e.attrib.items()}) for e in root.iter(etree.Element)
    ]
    frame = [tag for tag in found[:3] if not tag[1]]
    return found[len(frame) :]


# --- feeds ------------------------------------------------------------------------------------------------------------


def _xml(body: bytes) -> tuple[etree._Element, list[str]]:
    root = etree.fromstring(
        _STYLED.sub(b"", body, count=1), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    )
    wrong = ["a DOCTYPE"] if root.getroottree().docinfo.internalDTD is not None else []
    wrong += (
        ["a processing instruction"] if root.xpath("//processing-instruction() | /processing-instruction()") else []
    )
    return root, wrong


def _elements(root: etree._Element) -> Iterator[etree._Element]:
    return (element for element in root.iter() if isinstance(element.tag, str))


def _references(element: etree._Element) -> Iterator[str]:
    for name, value in element.attrib.items():
        key = str(name)
        if key.startswith("{http://www.w3.org/1999/xlink}") or key.startswith("on") or key == "style":
            yield f"the attribute {key}"
        if key in ("href", "src", "url", "xmlUrl", "htmlUrl"):
            yield from address(str(value))


def _atom(body: bytes) -> Iterator[str]:
    root, wrong = _xml(body)
    yield from wrong
    for element in _elements(root):
        yield from _references(element)
        kind, text = element.get("type"), element.text or ""
        if element.tag in _PLACES:
            yield from address(text)
        if kind == "xhtml" or "1999/xhtml" in str(element.tag):
            yield "XHTML"
        if kind == "html":
            yield from fragment(text)


def _rss(body: bytes) -> Iterator[str]:
    root, wrong = _xml(body)
    yield from wrong
    for element in _elements(root):
        yield from _references(element)
        if element.tag in _MARKUP:
            yield from fragment(element.text or "")
        if element.tag in _PLACES or (element.tag == "guid" and element.get("isPermaLink") != "false"):
            yield from address(element.text or "")


def _opml(body: bytes) -> Iterator[str]:
    root, wrong = _xml(body)
    yield from wrong
    for element in _elements(root):
        yield from _references(element)


def _map(body: bytes) -> Iterator[str]:
    root, wrong = _xml(body)
    yield from wrong
    for element in _elements(root):
        yield from _references(element)
        if str(element.tag).endswith("}loc"):
            yield from address(element.text or "")


def _plain(body: bytes) -> Iterator[str]:
    """Style and rules of ours: nothing in them is anybody else's."""
    if re.search(rb"<|@import|url\(", body):
        yield "markup, or something from elsewhere"


def _json(body: bytes) -> Iterable[str]:
    def refuse(name: str) -> float:
        raise ValueError(f"{name} is not JSON")

    return _within(json.loads(body, parse_constant=refuse))


def _within(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _within(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _within(inner, key)
    elif isinstance(value, str):
        if key == "content_html":
            yield from fragment(value)
        elif re.search("url$|^(?:image|banner_image|icon|favicon|avatar|license|mainEntityOfPage)$", key):
            yield from address(value)


_KINDS = {
    "html": _page,
    "atom": _atom,
    "rss": _rss,
    "json": _json,
    "opml": _opml,
    "xml": _map,
    "css": _plain,
    "txt": _plain,
}
