"""Text → lines: what is printed, what stands before it (a gap, a bullet, blanks), and hard line breaks undone."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

import syndicate.parse.plaintext.marks as marks
from syndicate.parse.plaintext.prose import ends
from syndicate.text import squeeze

_BULLET = re.compile(r"(?:[•‣◦▪▫●○∙·\uf0b7]\s*|[*–—-]\s+)(?=\S)|[•‣◦▪▫●○∙·\uf0b7*]$")
_LINKING = re.compile(
    r"(?:und|oder|bzw\.?|beziehungsweise|sowie|als|wie|bis|noch|statt|nach|vor|zu[mr]?|mit|gegen|plus|i[nm]|a[nm]|au[fs]|"
    r"von|für|über|unter|auch)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, without its bullet. `gap`: a blank line stands before it; `indent` in columns."""

    text: str
    gap: bool = False
    bullet: bool = False
    indent: int = 0


def split(text: str) -> list[Line]:
    """The lines of a text, an empty bullet left out; a paragraph that was broken at a fixed width is one line again."""
    lines: list[Line] = []
    gap = True
    for raw in text.splitlines():
        printed = squeeze(raw)
        if not printed:
            gap = True
            continue
        bullet = _BULLET.match(printed)
        if bullet and marks.noise(printed):  # "- 2 -" is a page's number
            bullet = None
        inner = printed[bullet.end() :] if bullet else printed
        if inner:
            raw = raw.expandtabs(4)
            lines.append(Line(inner, gap, bullet is not None, len(raw) - len(raw.lstrip())))
            gap = False
    return _unwrap(lines)


def _unwrap(lines: list[Line]) -> list[Line]:
    width = max((len(line.text) + line.indent for line in lines if " " in line.text), default=0)
    if not 50 <= width <= 120:
        return lines
    glued = [(a, b) for a, b in pairwise(lines) if not b.gap]
    full = [a for a, b in glued if _overflows(a, b, width)]
    broken = sum(not ends(a.text) for a in full)  # a paragraph broken at a width rarely breaks at a full stop
    if broken < 3 or broken < 0.4 * len(glued) or 2 * broken < len(full):
        return lines
    whole: list[Line] = []
    last = None
    for line in lines:
        if last is not None and _overflows(last, line, width):
            whole[-1] = replace(whole[-1], text=_join(whole[-1].text, line.text))
        else:
            whole.append(line)
        last = line
    return whole


def _overflows(line: Line, following: Line, width: int) -> bool:
    """Was `following` broken off `line`? Its first word would not have fitted (a line filled up to the width)."""
    if following.gap or following.bullet or marks.noise(following.text) or marks.anchor(following.text):
        return False
    return line.indent + len(line.text) + 1 + len(following.text.split(" ", 1)[0]) > width


def _join(first: str, second: str) -> str:
    word = second.split(" ", 1)[0]
    if not first.endswith("-") or _LINKING.fullmatch(word):
        return f"{first} {second}"
    return first[:-1] + second if word[0].islower() else first + second


_LABELLED = re.compile(
    r"(?:(?:termin|ort|zeit|wann|wo|datum|uhrzeit|treffpunkt|beginn|ende|anmeldung|adresse|telefon|tel|e-?mail|quelle)s?\b"
    r"[^:]{0,30}:|(?:mit )?(?:freundlich|best|herzlich|viel)en? grüße)",
    re.IGNORECASE,
)


def flat(lines: list[Line]) -> bool:
    """Is there no blank line between them?"""
    return not any(line.gap for line in lines[1:])


def even(lines: list[Line]) -> bool:
    """Do blank lines tell nothing, because they stand everywhere or nowhere?"""
    return len({line.gap for line in lines[1:]}) < 2


def heading(line: Line, following: Line | None) -> bool:
    """A bare short line above a paragraph or a list: a sub-heading."""
    text = line.text
    if line.bullet or following is None or len(text) > 110 or text.count(" ") > 13:
        return False
    if text[0].islower() and text.count(" ") > 2:  # the sentence that `Meine Damen und Herren,` began
        return False
    if text.endswith((".", ",", ";", ":", "…")) or not any(map(str.isalpha, text)) or _LABELLED.match(text):
        return False
    return not (ends(text) and text.endswith(("“", "”", '"', "«", ")")) and text.count(" ") > 7)
