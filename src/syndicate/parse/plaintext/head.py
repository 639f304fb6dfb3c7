"""The head of a release page: kind, topic, title, date, pictures and teaser, down to where the body begins."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import syndicate.parse.plaintext.images as _images
import syndicate.parse.plaintext.marks as marks
from syndicate.notices import correction, dates, kind
from syndicate.parse.plaintext.lines import Line, even, flat, heading
from syndicate.parse.plaintext.prose import (
    ends,
    full_stop,
    opens_with_statement,
    paragraph,
    prose,
    sentences,
    statement,
    words,
)
from syndicate.text import fold

_POSITION = re.compile(
    r"\((?:links|rechts|mitte|[lrm]\.|v\. ?[lr]\.|\d{1,2}\. ?v(?:on|\.) ?\w+\.?)[^()]{0,20}\)", re.IGNORECASE
)
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Head:
    kind: str | None = None
    kicker: str | None = None
    title: str | None = None
    teaser: str | None = None
    published: str | None = None
    issuer: str | None = None
    corrections: list[str] = field(default_factory=list)  # the lines that are notices of one
    pictures: list[str] = field(default_factory=list)
    rubric: bool = False  # `date | TOPIC: title`: such pages have no teaser
    layout: bool = False  # reading time, share bullet, date bullet: the portal's own page


def read(lines: Sequence[Line]) -> tuple[Head, list[Line]]:
    """The head, and the lines of the body."""
    head = Head()
    rest = _names(list(lines), head)
    before, after = _at_anchor(rest)
    head.layout = head.layout or after is not None
    leading = _before_anchor(before, head) if after is not None else []
    body = _pictures(rest if after is None else after, head, anchored=after is not None)
    body = [line for line in body if not marks.anchor(line.text)]
    if leading:
        head.teaser = " ".join(leading)
        return head, body
    body = _teaser(body, head)
    if head.teaser and not head.pictures and (block := _picture_block(body)):
        head.pictures, body = [line.text for line in body[:block]], body[block:]
    return head, body


def _names(lines: list[Line], head: Head) -> list[Line]:
    """Take topic and title, and what else is stated around them."""
    names: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if _states(line, head, names) or (not names and (_printed_above(lines, at) or _marker(lines, at, head))):
            at += 1
            continue
        if len(names) == 2 or not _name(lines, at, names):
            break
        names.append(line.text)
        at += 1
        if len(names) == 2 and not head.issuer and kind.issuer(names[0]) and _name(lines, at, names):
            head.issuer = names.pop(0)
    if head.rubric:
        head.kicker = head.kicker or (names[0] if names else None)
    elif len(names) == 2 and _names_the_page(*names):
        head.title = names[1]
    elif len(names) == 2 and not (words(names[0]) > 7 and _images.plainly(names[1])):
        head.kicker, head.title = names
    elif names:
        head.title = names[0]
        if head.kind and not kind.certain(head.kind) and not head.corrections:  # `Rede` above a lone title
            head.kicker = head.kind
    return lines[at:]


def _names_the_page(first: str, title: str) -> bool:
    """`Wettbewerb „Dorf im Netz“ 2026` above the title: the page's name in its menu, whose words are the title's."""
    named, told = set(_WORD.findall(fold(first))), set(_WORD.findall(fold(title)))
    return words(first) > 3 and 3 * len(named & told) >= 2 * len(named)


def _printed_above(lines: Sequence[Line], at: int) -> bool:
    """The line that a browser prints above a page: the portal's name and the title, which comes again below."""
    text = lines[at].text
    return any(15 < len(line.text) < len(text) <= 250 and line.text in text for line in lines[at + 1 : at + 6])


def _states(line: Line, head: Head, names: list[str]) -> bool:
    """Does the line state kind, number, date or the like? A `TOPIC: title` behind it is taken at once."""
    stated = kind.meta(line.text)
    if stated is None or (names and head.title):
        return False
    if stated.kind and names and stated == kind.Meta(kind=stated.kind) and not kind.certain(stated.kind):
        return False  # below a topic, `Rede` is a title
    if stated.kind and names and kind.issuer(names[0]):
        head.issuer = names.pop(0)
    head.layout = head.layout or bool(line.bullet and stated.date)
    head.kind = head.kind or stated.kind
    head.published = head.published or stated.date
    head.issuer = head.issuer or stated.issuer
    if not stated.rest:
        return True
    topic, title = kind.rubric(stated.rest)
    if stated.date and (topic or words(title) > 3):
        head.kicker, head.title = topic, title if topic or not names else stated.rest
        head.rubric = True
        return True
    names.append(stated.rest)
    return True


def _marker(lines: Sequence[Line], at: int, head: Head) -> bool:
    """A correction's marker or notice above topic and title."""
    notice = correction.marked(lines[at].text)
    if notice is None:
        return False
    two_follow = all(_name(lines, at + n, []) for n in (1, 2))
    if notice[1] and not (two_follow or full_stop(lines[at].text) or correction.names_earlier(lines[at].text)):
        return False
    head.corrections.append(lines[at].text)
    if not notice[1]:
        head.kind = head.kind or notice[0]
    return True


def _name(lines: Sequence[Line], at: int, names: list[str]) -> bool:
    """Can the line be a topic or a title?"""
    if at >= len(lines):
        return False
    text = lines[at].text
    following = lines[at + 1].text if at + 1 < len(lines) else ""
    if lines[at].bullet or marks.anchor(text) or len(text) > 250 or _images.symbolic(text):
        return False
    if _images.plainly(text) or (opens_with_statement(text) and prose(text)):
        return False
    if not full_stop(text):
        return not (prose(text) and sentences(text) > 1)
    return bool(names) and words(text) <= 16 and marks.anchor(following)


def _at_anchor(lines: list[Line]) -> tuple[list[Line], list[Line] | None]:
    """The lines before and after reading time and share; (…, None) where the head has neither."""
    told = 0
    for at, line in enumerate(lines[:40]):
        if marks.anchor(line.text):
            end = at
            while end < len(lines) and marks.anchor(lines[end].text):
                end += 1
            return lines[:at], lines[end:]
        told += paragraph(line.text)
        if told > 2:
            break
    return lines, None


def _before_anchor(lines: Sequence[Line], head: Head) -> list[str]:
    """Date, notice and pictures are taken; what is left is the teaser."""
    left = []
    for line in lines:
        if _states(line, head, []) and not head.rubric:
            continue
        notice = correction.marked(line.text)
        if notice:
            head.corrections.append(line.text)
        elif line.bullet or _images.plainly(line.text):
            head.pictures.append(line.text)
        else:
            left.append(line.text)
    return left


def _pictures(lines: list[Line], head: Head, *, anchored: bool) -> list[Line]:
    """Take the picture lines at the top of what follows the head."""
    at = 0
    evenly = even(lines)
    glued = anchored and not flat(lines)
    while at < len(lines):
        line = lines[at]
        if stated := (dates.printed(line.text) if not line.gap or line.bullet or at == 0 else None):
            head.published = head.published or stated
        elif _corrects(lines, at, head):
            pass
        elif glued and not line.gap and not _two_sentences(line.text):
            head.pictures.append(line.text)
        elif _picture(lines[at], lines[at + 1 : at + 7], more=bool(head.title) and (evenly or not head.pictures)):
            head.pictures.append(line.text)
            glued = not flat(lines)
        else:
            break
        glued = glued and at + 1 < len(lines) and not lines[at + 1].gap
        at += 1
    return lines[at:]


def _corrects(lines: Sequence[Line], at: int, head: Head) -> bool:
    """A correction's notice between title and teaser; where only a body follows, it stays in that, and is noted."""
    notice = correction.marked(lines[at].text)
    if notice is None:
        return False
    head.corrections.append(lines[at].text)
    return not prose(lines[at].text) or head.layout or bool(head.pictures)


def _two_sentences(text: str) -> bool:
    return sentences(text) > 1 and len(text) > 100 and not _images.plainly(text)


def _picture(line: Line, following: Sequence[Line], *, more: bool) -> bool:
    """Is this line, at the top of what follows the head, a picture's? `more`: can it be, without a sign of its own?"""
    text = line.text
    if _images.plainly(text) or (_images.credit_line(text) and not prose(text)):
        return True
    if not any(prose(other.text) for other in following) or len(text) > 250:
        return False
    if _credited_below(following) and not paragraph(text):
        return True
    if line.bullet:
        return not (following[0].bullet and len(text) > 160)
    if not ends(text) and not full_stop(text):
        return more
    return more and _describes(text, [other.text for other in following])


def _credited_below(following: Sequence[Line]) -> bool:
    """Is the line right below a caption with its credit? What stands above it is the alt line, and no teaser."""
    return not following[0].gap and _images.plainly(following[0].text) and not paragraph(following[0].text)


def _describes(text: str, following: Sequence[str]) -> bool:
    """A single sentence below the title: does it describe a picture, or is it a teaser? What comes next decides."""
    if sentences(text) > 1 or len(text) > 160 or opens_with_statement(text) or not ends(text):
        return False
    if _POSITION.search(text):
        return True
    if opens_with_statement(following[0]):
        return False
    if len(following) > 1 and opens_with_statement(following[1]):
        return True
    return len(text) < 90 and len(following[0]) > len(text) * 1.5


def _picture_block(lines: Sequence[Line]) -> int:
    """How many lines right below the teaser are a picture's: alt, caption and credit, without a blank line between."""
    end = next((at for at, line in enumerate(lines) if at and line.gap), len(lines))
    texts = [line.text for line in lines[:end]]
    credits = any(map(_images.plainly, texts)) or any(map(_images.credit_line, texts[1:]))
    return end if credits and end < len(lines) and not any(map(paragraph, texts)) else 0


def _teaser(body: list[Line], head: Head) -> list[Line]:
    """Take the teaser off the body, where there is one."""
    announced = next((at for at, line in enumerate(body[:3]) if marks.announces(line.text)), None)
    if announced is not None:
        body = [*body[:announced], *body[announced + 1 :]]
        if announced == 1 and prose(body[0].text):
            head.teaser = body[0].text
            return body[1:]
    if len(body) < 2 or head.rubric or not prose(body[0].text) or body[0].bullet:
        return body
    first, second = body[0].text, body[1].text
    if opens_with_statement(first) or (statement(first) and len(first) > 250) or correction.marked(first):
        return body
    told = sum(prose(line.text) for line in body)
    if told < 2 or (
        heading(body[1], body[2] if len(body) > 2 else None) and told < 4 and head.title and not head.layout
    ):
        return body
    most = 3 if head.layout or head.pictures or not head.title or opens_with_statement(second) else 2
    headed = any(heading(line, after) for line, after in pairwise(body))
    bare = bool(head.title) and not (head.layout or head.pictures or headed)
    if bare or sentences(first) > most or len(first) > 140 * most:
        return body
    head.teaser = first
    return body[1:]
