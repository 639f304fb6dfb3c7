"""A page's blocks: what may stand anywhere is taken out, then the tail (related, contact) is cut from the main part."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import syndicate.parse.plaintext.marks as marks
from syndicate.notices import contact, dates, embargo
from syndicate.parse.plaintext.lines import Line, heading
from syndicate.parse.plaintext.prose import prose, sentences, words

_PUBLISHED = re.compile("veröffentlich", re.IGNORECASE)


@dataclass(slots=True)
class Blocks:
    """The lines of each block, furniture gone; reading-time and share lines stay, they part head from images."""

    main: list[Line] = field(default_factory=list)
    related: list[Line] = field(default_factory=list)
    contact: list[str] = field(default_factory=list)
    embargo: str | None = None
    url: str | None = None
    marked: bool = False  # did a block's own marker stand there


def blocks(lines: Sequence[Line]) -> Blocks:
    found = Blocks()
    kept = _sift(lines, found)
    while kept and marks.footer(kept[-1].text) and len(kept) > 1:
        kept.pop()
    _cut(kept, found)
    return found


def _sift(lines: Sequence[Line], found: Blocks) -> list[Line]:
    """Without furniture, page addresses and embargo notices; a gap before a line taken out is the next one's."""
    kept: list[Line] = []
    gap = False
    at = 0
    while at < len(lines):
        line = lines[at]
        line = replace(line, gap=line.gap or gap)
        taken = _take(lines, at, bool(kept), found)
        if taken:
            gap, at = line.gap, at + taken
            continue
        line = _without_notice(line, found)
        if marks.noise(line.text):
            gap, at = line.gap, at + 1
            continue
        kept.append(line)
        gap, at = False, at + 1
    return kept


def _take(lines: Sequence[Line], at: int, begun: bool, found: Blocks) -> int:
    """How many lines from here on are no part of the text."""
    text = lines[at].text
    following = lines[at + 1] if at + 1 < len(lines) else None
    if marks.noise(text) or (marks.anchor(text) and not begun) or (not begun and marks.site(text)):
        return 1
    if (address := marks.page_url(text)) and (address[0] or not begun or text != address[1]):
        found.url = found.url or address[1]
        return 1
    if following and marks.url_label(text) and (address := marks.page_url(following.text)):
        found.url = found.url or address[1]
        return 2
    return _held(lines, at, found) or int(embargo.lifted(text))


def _held(lines: Sequence[Line], at: int, found: Blocks) -> int:
    """How many lines from here on are an embargo's statement and nothing else."""
    below = lines[at + 1 : at + 2]
    if below and (marks.anchor(below[0].text) or not _belongs(below[0])):
        below = []
    first = next(embargo.statements([lines[at].text, *(line.text for line in below)]), None)
    if first is None or first[0] != 0 or first[2].rest:
        return 0
    _hold(found, first[2].said)
    # `Veröffentlichung: 14. März 2026, 11 Uhr` is the date of the release, too.
    return 0 if _PUBLISHED.match(lines[at].text) and dates.printed(lines[at].text) else first[1]


def _belongs(line: Line) -> bool:
    """Can it be the value of the label above it?"""
    return not prose(line.text) or words(line.text) <= 12


def _hold(found: Blocks, value: str) -> None:
    if found.embargo is None or embargo.is_label(found.embargo):
        found.embargo = value
    elif value not in found.embargo and not embargo.is_label(
        value
    ):  # two ends are none that can be read: a person decides
        found.embargo = f"{found.embargo}; {value}"


def _without_notice(line: Line, found: Blocks) -> Line:
    said = embargo.statement(line.text)
    if said is None or not said.rest:
        return line
    _hold(found, said.said)
    return replace(line, text=said.rest)


def _cut(lines: Sequence[Line], found: Blocks) -> None:
    """Give each line to the block it stands in: a marker opens one, plain running text ends it."""
    block = "main"
    told = False  # has there been running text: before it, nothing is a tail
    for at, line in enumerate(lines):
        opened = _opens(lines, at, told)
        if opened:
            block, found.marked = opened, True
            if opened == "contact" and (inline := contact.inline(line.text)):
                found.contact.append(inline)
            elif opened == "main":
                found.main.append(line)
            continue
        if block == "contact" and _ends_contact(line, told):
            block = "main"
            _give_back_heading(lines, at, found)
        elif block == "related" and line.gap and len(line.text) > 350 and sentences(line.text) > 2:
            block = "main"
        told = told or prose(line.text)
        if block == "main":
            found.main.append(line)
        elif block == "related":
            found.related.append(line)
        else:
            found.contact.append(line.text)


def _opens(lines: Sequence[Line], at: int, told: bool) -> str | None:
    text = lines[at].text
    if told and marks.related(text):
        return "related"
    if contact.opens(text) or contact.inline(text):
        return "contact"
    if contact.may_open(text) and any(contact.reachable(line.text) for line in lines[at + 1 : at + 6]):
        return "contact" if told or not lines[at + 1].gap else None
    return "main" if told and marks.links(text) else None


def _ends_contact(line: Line, told: bool) -> bool:
    if not told and line.gap:
        return True
    return len(line.text) > 100 and prose(line.text) and not contact.reachable(line.text)


def _give_back_heading(lines: Sequence[Line], at: int, found: Blocks) -> None:
    """A bare line right above running text that ended the contact block is that text's heading."""
    before = lines[at - 1]
    last = len(found.contact) > 1 and found.contact[-1] == before.text
    if last and before.gap and lines[at].gap and heading(before, lines[at]) and not contact.reachable(before.text):
        found.contact.pop()
        found.main.append(before)
