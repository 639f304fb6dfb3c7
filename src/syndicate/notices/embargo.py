"""Embargoes as press offices print them (semantics: Embargo). When in doubt, hold.

One line is asked at a time, wherever it stands: the words that mean an embargo by themselves (`Sperrfrist`) hold with
whatever stands behind them; words that mean other things as well (`frei ab`, `gesperrt bis`, `Freigabe`) hold where a
time stands behind them and nothing else does.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from syndicate.notices import mention, timing
from syndicate.notices.lines import bare, folded
from syndicate.notices.wordings import (
    ANNOUNCED,
    AT_ONCE,
    BEHIND,
    CLOSES,
    INSTEAD,
    LEAD,
    PREPOSITION,
    STRONG,
    TERM,
    WEAK,
    Wording,
)
from syndicate.text import clean, squeeze, squeezed_lines

LONGEST = 200  # characters of a statement
_SHORT = 300  # characters of a line each of whose sentences may be the statement
_RUNNING = 160  # characters; a longer line is running text
_MOST = 3_000  # lines of one text
_READ, _SEARCHED = 4_000, 20_000  # characters of a line: for what it says, for whether it may say anything
_LABEL = 60  # characters of a label whose value stands below it

_BRACKETED = re.compile(r"[(\[]([^()\[\]]{4,200}(?:\([^()]{0,60}\)[^()\[\]]{0,60})?)[)\]]")
_DASH = re.compile(r" [-–—|/•] (?!\d{1,2}(?:[.:]\d\d)?(?: uhr)?\b)", re.IGNORECASE)
_END = re.compile(
    r" [–—|•/] | - |[)\]]|(?<=[Uu]hr)(?:!|[.:;](?= |$))|(?<=\d{4})[.:;](?= |$)|(?<=[a-zäöüß]{4})\. (?=[A-ZÄÖÜ„\"])"
)
_SENTENCE_END = re.compile(r"(?<=[^\W\d]{3}[.!?]) (?=[A-ZÄÖÜ])")
_RANGE = re.compile(r" (?:[–—]|-) \d{1,2}(?:[.:]\d\d|(?:[.:]\d\d)? ?uhr)", re.IGNORECASE)
_EVENT = re.compile(
    r"\W+(?:[\w-]*(?:beginn|ende|anfang|eröffnung|konferenz|sitzung|rede|termin|verleihung|übergabe)|spätestens|sonst)\b",
    re.IGNORECASE,
)
# What no line lacks that states one, in small letters: asked first, since few lines do. The letters that all of these
# have come before the pattern, as they are found in a tenth of its time.
_LETTERS = (
    "sper", "speer", "frei", "embargo", "veröffentlich", "publi", "release", "vertraulich", "confidential",
    "verschluss", "abdruck", "verwend", "no ", "not ", "hold", "nicht vor",
)  # fmt: skip
_HINT = re.compile(
    r"spee?r|frei|gesperrt|embargo|veröffentlich|publi[csz]|release|vertraulich|confidential|verschluss|abdruck|verwend|"
    r"n(?<=\bn)ot? |hold|nicht vor"
)
_EDGE = " :–—-*_"


class Statement(NamedTuple):
    """What a line says of an embargo: the words of its end, else its label; `rest` is what else the line says."""

    said: str
    rest: str = ""


def statement(line: str) -> Statement | None:
    """The statement of a line of text; None where it has none, or the word is only mentioned.

    It opens the line, or stands in brackets, behind a dash, in a sentence or a table's cell of its own.
    """
    plain = folded(line[:_SEARCHED])
    if not _hinting([plain]):
        return None
    return _stated(plain if len(line) <= _READ else folded(line[:_READ]))


def _hinting(lines: Sequence[str]) -> frozenset[int]:
    """The places of the folded lines that may state one."""
    text = "\n".join(lines).lower()
    letters = [letters for letters in _LETTERS if letters in text]
    if not letters:
        return frozenset()
    low = map(str.lower, lines)
    return frozenset(at for at, line in enumerate(low) if any(map(line.__contains__, letters)) and _HINT.search(line))


def _stated(line: str) -> Statement | None:
    """`statement` of a line that is folded, and hints at one."""
    line = squeeze(line)
    if line.startswith("|"):
        return next((cell for _, _, cell in statements(_cells(line))), None)
    if found := _opening(bare(line)):
        return found
    for part, rest in _parts(line):
        if part != line and (found := _opening(bare(part.strip()))):
            return Statement(found.said, f"{rest} {found.rest}".strip())
    if mention.holds(line):
        return Statement(bare(line)[:LONGEST].strip(" *_|+-–—"), "" if len(line) <= _RUNNING else line)
    return None


def statements(lines: Sequence[str]) -> Iterator[tuple[int, int, Statement]]:
    """(place, lines it takes, statement) in a text: a label may have its value in the line below it."""
    plain = _folded(lines[:_MOST])
    hinting = _hinting(plain)
    at = 0
    while at < len(plain):
        found, taken = None, 1
        if len(lines[at]) > _READ:
            found = statement(lines[at])
        elif at in hinting:
            found = _stated(plain[at])
        below = lines[at + 1].strip(" *_|") if at + 1 < len(lines) else ""
        if len(lines[at]) <= _LABEL and 0 < len(below) <= LONGEST and (found is None or found.said in lines[at]):
            label = lines[at].strip(" :*!_|([")
            if found and not timing.span(found.said) and mention.lifted(below):
                found, taken = None, 2
            elif not (found and timing.span(found.said)) and (joined := _labelled(label, below)):
                found, taken = joined, 2
        if found:
            yield at, taken, found
        at += taken


def _folded(lines: Sequence[str]) -> list[str]:
    """Each line folded: all at once, as most texts have nothing to fold."""
    read = [line[:_READ] for line in lines]
    plain = folded("\n".join(read)).split("\n")
    return plain if len(plain) == len(read) else [*map(folded, read)]


def told(texts: Iterable[str | None]) -> tuple[str, ...]:
    """What the statements in some texts say, each once; a label alone only where none says more."""
    said = tuple(dict.fromkeys(found.said for found in found_in(texts)))
    return tuple(words for words in said if not is_label(words)) or said[:1]


def is_label(said: str) -> bool:
    """Are these the words of a label, without anything behind it?"""
    return any((match := label.match(said)) and not match[1].strip(_EDGE + "!.") for label in STRONG)


def find(*texts: str | None) -> str | None:
    """What the first statement in some texts (title, teaser, body) says; their lines are parted by line ends."""
    return next((found.said for found in found_in(texts)), None)


def found_in(texts: Iterable[str | None]) -> Iterator[Statement]:
    """Every statement in some texts."""
    for text in texts:
        if text:
            yield from (found for _, _, found in statements(squeezed_lines(clean(text))))


def lifted(line: str) -> bool:
    """Is it a line that says there is no embargo (`Frei ab sofort`, `Sperrfrist: keine`), and nothing else?"""
    return len(line) <= 80 and AT_ONCE.fullmatch(bare(line)) is not None


def _labelled(label: str, value: str) -> Statement | None:
    """A label and the value that stands below it, or in the next cell."""
    if not timing.span(value):
        return None
    label = folded(label)
    dashes = [*_DASH.finditer(label)]
    starts = (bare(label), label[dashes[-1].end() :] if dashes else "")
    return next((found for start in starts if start and (found := _opening(f"{start}: {value}"))), None)


def _opening(part: str) -> Statement | None:
    """The statement that opens a part of a line."""
    lead = LEAD.match(part)
    behind = part[lead.end() :] if lead else part
    for pattern in STRONG:
        if match := pattern.match(behind):
            return _strong(part, match, led=bool(lead and ANNOUNCED.search(lead[0])))
    for start in dict.fromkeys((part, behind)):
        for wording in WEAK:
            if (match := wording.pattern.match(start)) and (found := _weak(part, start, match, wording)):
                return found
    return None


def _strong(part: str, match: re.Match[str], *, led: bool) -> Statement | None:
    rest = match[1].strip(_EDGE)
    end = timing.span(rest)
    if mention.lifted(rest) or (led and not end and rest) or mention.of_others(part, rest):
        return None
    if end and (INSTEAD.match(rest, end) or CLOSES.match(rest, end)):
        closed = None if INSTEAD.match(rest, end) else CLOSES.match(rest, end)
        said, other = rest[:end], rest[closed.end() :] if closed else ""
    else:
        said = _cut(rest)
        other = rest[len(said) :] if rest.startswith(said) else ""
    said = PREPOSITION.sub("", said.strip(" ,;:–—-"))[:LONGEST] or part[
        : match.start(1) + len(part) - len(match.string)
    ].strip(" :–—-!*_")
    return Statement(said, _other(other)) if said else None


def _weak(part: str, start: str, match: re.Match[str], wording: Wording) -> Statement | None:
    rest = start[match.end() :].lstrip(" :")
    end = timing.span(rest)
    if not end or (wording.clock and not timing.clock(rest[:end])):
        return None
    behind = CLOSES.match(rest, end)
    said = rest[:end].strip(" ,;:–—-")
    if not behind or (wording.states and not behind["state"]):
        return None
    if wording.tells and not (behind["state"] or TERM.search(part[: len(part) - len(rest)])):
        return None
    return Statement(said[:LONGEST], _other(rest[behind.end() :]))


def _other(text: str) -> str:
    """What else a line says; a full stop or `bitte beachten` is nothing."""
    said = text.strip(" ,;:.!–—-*+|)]")
    return "" if BEHIND.fullmatch(said) else said


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """(part, rest) of a line: what stands in brackets, behind a dash, in a sentence, in a cell, behind a comma."""
    for match in list(_BRACKETED.finditer(text))[:20]:
        yield match[1], f"{text[: match.start()].rstrip()} {text[match.end() :].lstrip()}".strip()
    dashes = list(_DASH.finditer(text))
    for dash in (*dashes[-1:], *dashes[:3]):
        yield text[dash.end() :], text[: dash.start()]
    if len(text) > _SHORT:
        return
    pieces = _SENTENCE_END.split(text)
    for at, piece in enumerate(pieces[1:], 1):
        yield piece, " ".join((*pieces[:at], *pieces[at + 1 :]))
    if comma := re.search(r"[,;|] (?=(?:sende)?sperr(?:frist|vermerk)\b|embargo)", text, re.IGNORECASE):
        yield text[comma.end() :], text[: comma.start()]


def _cells(line: str) -> list[str]:
    """The cells of a table's row that is written with bars."""
    return [cell for raw in line.split("|") if (cell := raw.strip(" -:"))]


def _cut(rest: str) -> str:
    """The statement without the text that follows it on the line; an event behind a dash belongs to it."""
    for end in _END.finditer(rest):
        if not _RANGE.match(rest, end.start()) and not _EVENT.match(rest, end.start()):
            return rest[: end.start()]
    return rest
