"""The elements of HTML, of its earlier versions and of what stands in it: the one list of them. Pure."""

import re
from collections.abc import Iterable

# What we publish. The validator of feeds knows each.
_INLINE = """a abbr b bdi bdo br cite code data del dfn em i img ins kbd mark q rp rt ruby s samp small span strong sub
    sup time u var wbr"""
_BLOCK = """address article aside audio blockquote caption col colgroup dd details div dl dt figcaption figure footer h1
    h2 h3 h4 h5 h6 header hr li main ol p pre section source summary table tbody td tfoot th thead tr ul video"""
PUBLISHED = frozenset({*_INLINE.split(), *_BLOCK.split()})
# Other elements of HTML that stand in a block of their own, and those that stand within a line.
_OTHER_BLOCK = """center dialog dir fieldset form frameset hgroup legend listing menu menuitem multicol nav noframes
    optgroup option plaintext search title xmp body html head"""
_OTHER_INLINE = """acronym applet area base basefont bgsound big blink button canvas datalist embed font frame iframe
    image input isindex keygen label link map marquee math meta meter nobr noembed noscript object output param picture
    portal progress rb rtc script select slot spacer strike style svg template textarea track tt"""
HTML = PUBLISHED | {*_OTHER_BLOCK.split(), *_OTHER_INLINE.split()}

# Where a line begins and ends. A cell of a table is a line, a caption belongs to its table.
BREAKS = {*_BLOCK.split()} - {"audio", "video", "source", "col", "colgroup", "caption"} | {"br"}
BLOCKS = frozenset(BREAKS | {"caption", "fieldset", "form", "nav", "option"})
# Not read as a part of a page's text.
UNSEEN = frozenset({"script", "style", "template", "noscript", "svg", "math", "head", "iframe", "object", "select"})
# What shows more than words.
OBJECTS = frozenset({"audio", "canvas", "embed", "figure", "iframe", "img", "image", "object", "picture", "video"})
# Those that have no end, and those whose end may be left out.
_VOID = "area base basefont bgsound br col embed frame hr img image input keygen link meta param source track wbr"
VOID = frozenset(_VOID.split())
ENDLESS = VOID | {"p", "li", "td", "th", "tr", "tbody", "thead", "tfoot", "dt", "dd"}


def either(names: Iterable[str]) -> str:
    """A pattern for any of these names, read from its first letter on: a list of a hundred is as fast as one."""
    tree: dict[str, list[str]] = {}
    for name in sorted(set(names), reverse=True):
        tree.setdefault(name[:1], []).append(name[1:])
    rests = {first: either(rest) if len(rest) > 1 else re.escape(rest[0]) for first, rest in tree.items() if first}
    found = "|".join(re.escape(first) + rest for first, rest in rests.items())
    return f"(?:{found}){'?' if '' in tree else ''}"


_PREFIXED = r"[a-z][\w.-]*:[a-z][\w.-]*"
_CUSTOM = r"[a-z][\w.]*-[\w.-]*"
_OPEN = re.compile(
    rf"<(?:{either(ENDLESS - {'param', 'base', 'link', 'meta'})}(?:\s[^<>]*)?/?|{either(HTML)}\s[^<>=]*+=[^<>]*+)>",
    re.IGNORECASE,
)
_END = re.compile(rf"</(?:{either(HTML)}|{_PREFIXED}|{_CUSTOM})\s*>", re.IGNORECASE)
_PAIRED = re.compile(rf"</(?:{either(HTML)}|{_PREFIXED})\s*>|<(?:br|img|hr)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_CONDITION = re.compile(r"<(?:!\[(?:end)?if\b|\?xml\b)[^<>]*>", re.IGNORECASE)
ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]{1,31});")


def is_markup(text: str) -> bool:
    """Does a text of which nobody says what it is hold HTML? `<3`, `a < b` and `List<String>` are text.

    A tag counts where it is closed, states an attribute, or needs no end: `<title>` alone is talked about. So does what
    only an editor can have written: a comment, a condition of Word's.
    """
    return bool(("<" in text and (_END.search(text) or _OPEN.search(text) or _noted(text))) or ENTITY.search(text))


def _noted(text: str) -> bool:
    _, begun, comment = text.partition("<!--")
    return bool((begun and "-->" in comment) or _CONDITION.search(text))


def tagged(text: str) -> bool:
    """Does a line of text, such as a title, hold HTML? `<p>` alone does not."""
    return "<" in text and bool(_PAIRED.search(text))
