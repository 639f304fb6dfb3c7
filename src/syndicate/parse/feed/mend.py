"""Feeds that are not well-formed, mended step by step until an XML parser takes them. Linear in the text's length."""

import re
from collections.abc import Callable, Iterator
from html import escape
from html.entities import html5

from syndicate.parse.sniff import FEED_ROOTS, feed_within, root

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0 section 2.2, Char
_PROLOG = re.compile(r"[\ufeff\s]{0,10000}<\?xml[^<>]{0,300}>")
_START = re.compile(r"<(?:\w{1,20}:)?(?:rss|feed|rdf|channel|entry)(?=[\s>])", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#([0-9]+);|#[xX]([0-9a-fA-F]+);|([A-Za-z][A-Za-z0-9]{0,31});)?")
_OPENING = re.compile(r"<((?:[\w.-]+:)?(?:item|entry))(?=[\s>])", re.IGNORECASE)
_CLOSING = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_TOKEN = re.compile(r"<!--|<!\[CDATA\[|</?(?:[\w.-]+:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
_ENDS = {"<!--": "-->", "<![CDATA[": "]]>"}

# A DOCTYPE declares entities. Those that stand for a few plain characters are replaced, the others mean nothing.
_DOCTYPE = re.compile(r"<!DOCTYPE\s[^<>\[]{0,1000}(?:\[(?P<subset>[^\]]{0,20000})\]\s*)?>", re.IGNORECASE)
_ENTITY = re.compile(r"""<!ENTITY\s+([A-Za-z][\w.-]{0,31})\s+(?:"([^"<>&%]{0,64})"|'([^'<>&%]{0,64})')\s*>""")
_MOST_REPLACED = 10_000

_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]{0,40}):[A-Za-z_]|\s([A-Za-z_][\w.-]{0,40}):[A-Za-z_][\w.-]*\s*=\s*[\"']")
_DECLARED = re.compile(r"\sxmlns:([\w.-]{1,41})\s*=")
_VOCABULARIES = {
    "a10": "http://www.w3.org/2005/Atom",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rss": "http://purl.org/rss/1.0/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "xhtml": "http://www.w3.org/1999/xhtml",
}

# Elements whose content is text to be read: markup in it that is not well-formed is taken as written.
_TEXT = re.compile(
    r"<((?:[\w.-]{1,40}:)?(?:title|description|summary|content|encoded|subtitle|tagline|body|rights|copyright))"
    r"((?:\s[^<>]{0,1000})?)(?<!/)>",
    re.IGNORECASE,
)
_MOST_UNCLOSED = 50
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])([\w:.-]{1,80})\s*=\s*(?:"([^"<]*)"|'([^'<]*)'|([^\s"'<>]+))""")
_XHTML = re.compile(r"""(\stype\s*=\s*)["'](?:xhtml|application/xhtml\+xml)["']""")
_START_TAG = re.compile(r"<([\w:.-]+)((?:\s[^<>]*?)?)(/?)>")


def prepared(text: str) -> tuple[str, bool]:
    """The document from its first element on: without prolog, DOCTYPE and what stands before; was it clean XML?"""
    text, impossible = _ILLEGAL.subn("", text)
    text, clean = begun(text)
    return text, clean and not impossible


def begun(text: str) -> tuple[str, bool]:
    """`prepared`, for who does not take a document with impossible characters in it: an XML parser finds them."""
    at, clean = 0, True
    while prolog := _PROLOG.match(text, at):
        at = prolog.end()
    text = text[at:].lstrip("\ufeff \t\r\n")
    if (at := _beginning(text)) > 0:
        text, clean = text[at:], False
    return _without_doctype(text), clean


def _beginning(text: str) -> int:
    """Where the feed begins: behind what a server said before it."""
    element = root(text) if text.startswith("<") else None
    if element and element[1].lower() in FEED_ROOTS:
        return 0
    if (at := feed_within(text, told=True)) is not None:
        return at
    start = None if text.startswith("<") else _START.search(text, 0, 10_000)
    return start.start() if start else 0


def mends(text: str) -> Iterator[str]:
    """The document as it came, then mended further and further. An empty text: it breaks off too early."""
    yield text
    text = _with_prefixes(_with_references(text))
    yield text
    if whole := _whole(text):
        yield whole
        yield _with_texts(whole)
    else:
        yield ""


def opens(text: str) -> bool:
    """Does an entry begin or end in it?"""
    return bool(_OPENING.search(text) or _CLOSING.search(text))


def pieces(text: str) -> tuple[str, list[str]]:
    """What stands before the first entry, and each whole entry, however they are nested: (head, entries).

    A comment or a CDATA section that hides a tag is passed over.
    """
    text = _with_texts(_with_prefixes(_with_references(text)))
    entries: list[str] = []
    head, began = -1, -1
    for at, token in _tokens(text):
        if not token.startswith("</"):
            head = at if head < 0 else head
            began = at
        elif began >= 0:
            entries.append(_quoted(text[began : text.index(">", at) + 1]))
            began = -1
    return _quoted(text[:head] if head >= 0 else text), entries


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    """The tags of entries, without those in comments and CDATA."""
    at = 0
    while token := _TOKEN.search(text, at):
        end = _ENDS.get(token[0])
        if end is None:
            yield token.start(), token[0]
            at = token.end()
        else:
            at = text.find(end, token.end())
            if at < 0:
                return


def _without_doctype(text: str) -> str:
    start = _START.search(text)
    doctype = _DOCTYPE.search(text, 0, min(start.start(), 50_000) if start else 0)
    if not doctype:
        return text
    text = text[: doctype.start()] + text[doctype.end() :]
    values = {name: double or single for name, double, single in _ENTITY.findall(doctype["subset"] or "")}
    values = {name: value for name, value in values.items() if f"{name};" not in html5}
    if not values:
        return text
    names = re.compile(f"&({'|'.join(map(re.escape, values))});")
    return names.sub(lambda match: values[match[1]], text, count=_MOST_REPLACED)


def _with_references(text: str) -> str:
    """Bare ampersands escaped, HTML's names for characters and impossible references replaced; not in CDATA."""
    return _outside_cdata(text, lambda part: _REFERENCE.sub(_reference, part))


def _outside_cdata(text: str, change: Callable[[str], str]) -> str:
    parts = []
    at = 0
    while at < len(text):
        start = text.find("<![CDATA[", at)
        end = text.find("]]>", start) if start >= 0 else -1
        if end < 0:
            start = end = len(text)
        parts += [change(text[at:start]), text[start:end]]
        at = end
    return "".join(parts)


def _reference(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if decimal or hexadecimal:
        number = int(decimal.lstrip("0")[:8] or "0") if decimal else int(hexadecimal, 16)
        return f"&#{number};" if number in (9, 10, 13) or _legal(number) else ""
    if name in ("amp", "lt", "gt", "quot", "apos"):
        return match[0]
    if name and (letters := html5.get(f"{name};")):
        return escape(letters, quote=False)
    return f"&amp;{match[0][1:]}"


def _legal(number: int) -> bool:
    return 32 <= number <= 0x10FFFF and not _ILLEGAL.match(chr(number))


def _with_prefixes(text: str) -> str:
    """Prefixes that nobody declared, declared on the first element: as what they usually stand for."""
    used = dict.fromkeys(one or other for one, other in _PREFIX.findall(text))
    known = {"xml", "xmlns", *_DECLARED.findall(text)}
    missing = [prefix for prefix in used if prefix not in known][:100]
    start = _START_TAG.search(text, 0, 100_000)
    if not missing or not start:
        return text
    declared = "".join(
        f' xmlns:{prefix}="{_VOCABULARIES.get(prefix.lower(), f"urn:undeclared:{prefix}")}"' for prefix in missing
    )
    at = start.start() + 1 + len(start[1])
    return text[:at] + declared + text[at:]


def _whole(text: str) -> str:
    """A feed that breaks off, without its torn last entry and closed where it broke; empty without a whole entry."""
    element = root(text)
    name = ":".join(part for part in element or () if part)
    closing = re.search(rf"</{re.escape(name)}\s*(?:>|\Z)", text[-100_000:], re.IGNORECASE)
    if closing:
        return text[: max(0, len(text) - 100_000) + closing.end()]  # junk may follow
    ends = [match.end() for match in _CLOSING.finditer(text)]
    if not ends:
        return ""
    inner = "</channel>" if name == "rss" else ""
    return f"{text[: ends[-1]]}{inner}</{name}>"


def _with_texts(text: str) -> str:
    """What stands in an element that holds a text, as text: no markup in it can harm what is around it."""
    parts: list[str] = []
    unclosed: set[str] = set()
    at = 0
    while len(unclosed) < _MOST_UNCLOSED and (opening := _TEXT.search(text, at)):
        name, attributes = opening.groups()
        end = -1 if name in unclosed else text.find(f"</{name}", opening.end())
        if end < 0:
            unclosed.add(name)
            end = opening.end()
        inner = text[opening.end() : end]
        if "<" in inner and "<![CDATA[" not in inner:
            attributes = _XHTML.sub(r'\1"html"', attributes)
            inner = inner.replace("<", "&lt;")
        parts += [text[at : opening.start()], f"<{name}{attributes}>", inner]
        at = end
    return "".join((*parts, text[at:]))


def _quoted(text: str) -> str:
    """Attributes each once and in quotes."""
    return _outside_cdata(text, lambda part: _START_TAG.sub(_tag, part))


def _tag(match: re.Match[str]) -> str:
    stated: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(match[2]):
        stated.setdefault(name, (double or single or bare).replace('"', "&quot;"))
    attributes = "".join(f' {name}="{value}"' for name, value in stated.items())
    return f"<{match[1]}{attributes}{match[3]}>"
