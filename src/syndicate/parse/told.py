"""What an entry's content says that has a field of its own: the kind above its text, the press contact below it.

Pages are asked by their own parsers, which see more of the page; feeds, JSON and Markdown have a piece of HTML.
"""

import re
from bisect import bisect
from dataclasses import dataclass, replace
from html import escape

from syndicate.markup import BLOCKS, VOID, either, flattened
from syndicate.model import Contact
from syndicate.notices import contact as contacts
from syndicate.notices import kind as kinds
from syndicate.parse.fields import plain, plain_lines
from syndicate.text import strip_unprintable, unescaped

_MOST = 12  # lines of a contact
_TAIL = 8_000  # characters of HTML, at most, from its label to the end of the text
_PROSE = 100  # characters: a longer line without an address is running text
_FIRST = re.compile(
    r"\s*<(p|div|h[1-6])\b[^<>]*>(?P<inner>(?:(?!</?(?:p|div|h[1-6])\b).){1,600})</\1\s*>\s*", re.DOTALL
)
_LINE = re.compile(rf"<(?P<end>/?)(?:{either(BLOCKS)})\b[^<>]*>", re.I)
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-z][a-z0-9]*)\b[^<>]*>", re.IGNORECASE)
_ANY_TAG = re.compile("<[^<>]*>")
_REACHED = re.compile(
    r"""<a\s[^<>]*?\bhref\s*=\s*["']?(?:mailto|tel):([^"'\s<>?]{3,100})[^<>]*>(.*?)</a\s*>""", re.I | re.S
)
_SCHEME = re.compile(":(?:(?<=mailto:)|(?<=tel:))", re.IGNORECASE)  # from its colon on, which is what makes it fast


@dataclass(frozen=True, slots=True)
class Told:
    """`content` is HTML, without what became a field."""

    content: str | None
    kind: str | None = None
    published: str | None = None  # as printed beside the kind
    contact: Contact | None = None


def told(content: str | None) -> Told:
    """Kind and contact of HTML. No word is lost: a contact that says more than its field stays in the text."""
    content = flattened(content) if content else content
    found = _contact(content or "")
    content = content if found is None else found.content
    first = _FIRST.match(content or "")
    stated = kinds.meta(plain(first["inner"])) if first else None
    if first and content and stated and stated.kind and not stated.rest and content[first.end() :].strip():
        found = replace(found or Told(None), kind=stated.kind, published=stated.date)
        content = content[first.end() :]
    return replace(found or Told(None), content=content)


def _contact(content: str) -> Told | None:
    """The block that a label opens, behind some text of the release."""
    words = unescaped(content)
    if not contacts.hints(words) and not contacts.hints(strip_unprintable(_ANY_TAG.sub("", words))):
        return None
    lines = _lines(content)
    for place, (at, text) in enumerate(lines[1:], 1):
        inline = contacts.inline(text)
        own = inline or contacts.opens(text)
        if not own and not contacts.may_open(text):
            continue
        following = [line for _, line in lines[place + 1 : place + 1 + _MOST]]
        if not own and not any(map(contacts.reachable, following[:5])):
            continue
        block = [*filter(None, [inline]), *_within(following)]
        said = contacts.contact(block)
        if said and (said.email or said.phone):
            ends = place + 1 + len(_within(following)) == len(lines)
            whole = ends and all(contacts.told(line, said) for line in block) and len(content) - at <= _TAIL
            cut = whole and _balanced(content[:at]) and _balanced(content[at:])
            return Told(content[:at].rstrip() if cut else content, contact=said)
    return None


def _within(lines: list[str]) -> list[str]:
    """The lines of a block, up to where running text begins."""
    end = next((n for n, line in enumerate(lines) if len(line) > _PROSE and not contacts.reachable(line)), len(lines))
    return lines[:end]


def _lines(content: str) -> list[tuple[int, str]]:
    """(place, words) of each line that has words; a link to a mailbox or a telephone says its address."""
    borders = [0, *(match.start() for match in _LINE.finditer(content))]
    lines = plain_lines(content, borders)
    for scheme in _SCHEME.finditer(content):
        place = bisect(borders, scheme.start()) - 1
        lines[place] = plain(_REACHED.sub(_linked, content[borders[place] : (*borders, None)[place + 1]]))
    return [(at, line) for at, line in zip(borders, lines, strict=True) if line]


def _linked(link: re.Match[str]) -> str:
    return escape(contacts.linked(plain(link[2]), link[1]), quote=False)


def _balanced(markup: str) -> bool:
    """Is every element that is opened closed in it?"""
    opened: list[str] = []
    for end, name in _TAG.findall(markup):
        name = name.lower()
        if name in VOID:
            continue
        if not end:
            opened.append(name)
        elif not opened or opened.pop() != name:
            return False
    return not opened
