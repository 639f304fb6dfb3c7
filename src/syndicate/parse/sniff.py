"""Which format a text is in: by its content; the media type and the file's ending only break ties."""

import re
from email.message import Message
from posixpath import splitext

from syndicate.errors import ParseError
from syndicate.mediatypes import essence
from syndicate.parse.parsers import by_name

FEED_ROOTS = frozenset({"rss", "feed", "rdf", "channel", "entry"})
_HTML = re.compile(
    "html|head|body|title|meta|link|script|style|main|article|section|header|footer|nav|div|p|span|a|b|i|em|strong|img|"
    "table|ul|ol|li|h[1-6]|form|br|hr|figure|blockquote|pre|center|font|details|aside|picture|iframe"
)
_NAME = re.compile(r"<(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)")
_DOCTYPE = re.compile(r"<![^<>\[]*(\[[^\]]*\]\s*)?>")
# A feed's root with what only a feed has there: its version or a namespace, and an element behind it.
_FEED = re.compile(
    r"<((?:\w{1,20}:)?(?:rss|feed|rdf(?=[^<>]{0,5000}(?:/rss/|netscape))))"
    r"(?:\s[^<>]{0,5000}?\b(?:version|xmlns)[^<>]{0,5000}>\s*(?:<(?![/?])|\Z)|\s*>\s*<channel\b)",
    re.IGNORECASE,
)
_AHEAD = 8_000  # characters: what a server says before a feed, or behind it, is no longer
_PAGE = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|main|article|pre|code|textarea|script|style|template)\b", re.IGNORECASE
)
_WORDLESS = re.compile(r"<(script|style|head)\b.*?</\1\s*>|<!--.*?-->|<[^<>]*>|\s+", re.IGNORECASE | re.DOTALL)
_JSON = re.compile(r'\{\s*["}]|\[\s*[\[{"\]]')
_JSON_FEED = re.compile(r'"version"\s*:\s*"https?://(?:www\.)?jsonfeed\.org/')
_NINJS_ID = re.compile(r'"(?:uri|guid)"\s*:', re.IGNORECASE)
_NINJS_TEXT = re.compile(r'"(?:headlines?|headline_\w+|body_\w+|bodies|version_?created|pubstatus)"\s*:', re.IGNORECASE)
_FENCE = re.compile(r"(---|\+\+\+)[ \t]*\r?\n")
# What is told by its content. Any other format is what its name or its media type promises.
_TOLD = frozenset({"feed", "json", "ninjs", "page", "html", "markdown"})


def charset(media_type: str | None) -> str | None:
    """The charset parameter of a Content-Type."""
    if not media_type:
        return None
    header = Message()
    header["content-type"] = " ".join(media_type.split())
    return header.get_content_charset()


def root(text: str) -> tuple[str, str] | None:
    """(prefix, name) of a document's first element, past comments, instructions and its DOCTYPE."""
    at = 0
    while (at := text.find("<", at)) >= 0:
        if text.startswith("<!--", at):
            end = text.find("-->", at + 4)
        elif text.startswith("<?", at):
            end = text.find(">", at + 2)
        elif text.startswith("<!", at):
            doctype = _DOCTYPE.match(text, at)
            end = doctype.end() if doctype else -1
        else:
            name = _NAME.match(text, at)
            return (name[1] or "", name[2]) if name else None
        if end < 0:
            return None
        at = end
    return None


def feed_within(text: str, *, told: bool = False) -> int | None:
    """Where a feed begins behind something else: a server's warning, or the frame of a page that shows nothing else.

    `told`: the document is named or served as XML. A page that shows a feed as an example is none.
    """
    first = root(text) if text.startswith("<") else None
    if first and not _HTML.fullmatch(first[1].lower()):
        return None
    for match in _FEED.finditer(text, 0, _AHEAD):
        before = text[: match.start()]
        if before.rfind("<!--") > before.rfind("-->"):
            continue
        page = bool(_PAGE.search(before))
        if page and _WORDLESS.sub("", before):
            return None
        end = text.rfind(f"</{match[1]}", match.end())
        if (page or not told) and end >= 0 and _WORDLESS.sub("", text[end : end + _AHEAD]):
            return None
        return match.start()
    return None


def sniff(text: str, *, media_type: str | None = None, path: str | None = None) -> str:
    """The name of the format, a key of PARSERS. Raises ParseError for what is in none of them."""
    start = text.lstrip("\ufeff \t\r\n\f")
    if not start:
        raise ParseError("the file is empty")
    hint = _hint(media_type, path)
    if hint and hint not in _TOLD:
        return hint
    if _JSON.match(start) or (hint == "json" and start[0] in "[{"):
        ninjs = _NINJS_ID.search(start) and _NINJS_TEXT.search(start) and not _JSON_FEED.search(start)
        return "ninjs" if ninjs else "json"
    searched = hint not in ("markdown", "page") and not _FENCE.match(start)
    if searched and feed_within(start, told=hint == "feed") is not None:
        return "feed"
    if start.startswith("<") and (name := _markup(start, hint)):
        return name
    if hint in ("feed", "json"):
        raise ParseError(f"it is named or served as {'XML' if hint == 'feed' else 'JSON'}, but is plain text")
    if (fence := _FENCE.match(start)) and re.search(rf"^{re.escape(fence[1])}\s*$", start[fence.end() :], re.MULTILINE):
        return "markdown"
    if hint:
        return hint
    return "markdown" if re.match(r"#{1,2} \S", start) else "page"


def _markup(start: str, hint: str | None) -> str | None:
    """What a text that begins with `<` is; None: text that only happens to."""
    if re.match(r"<!doctype\s+html", start, re.IGNORECASE):
        return "html"
    element = root(start)
    if element is None:
        if start.startswith(("<?xml", "<!")):
            raise ParseError("is XML, but holds no element")
        return None
    name = element[1].lower()
    if name in FEED_ROOTS:
        return "feed"
    if _HTML.fullmatch(name):
        return hint if hint in ("markdown", "page") and not re.search(r"<(html|body)\b", start[:4096], re.I) else "html"
    if hint in ("markdown", "page") and not start.startswith("<?xml"):
        return None
    raise ParseError(f"is XML, but no feed (root element <{element[1]}>)")


def _hint(media_type: str | None, path: str | None) -> str | None:
    kind = essence(media_type or "")
    promised = by_name(splitext(path or "")[1].lower(), kind)
    if promised:
        return promised
    return next((name for end, name in (("json", "json"), ("xml", "feed")) if kind.endswith(end)), None)
