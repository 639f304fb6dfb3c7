"""List pages: dated bullets, "NNNN Ergebnisse gefunden" with nested bullets, flat lines."""

import re
from collections.abc import Sequence

import syndicate.parse.plaintext.dated as _dated
import syndicate.parse.plaintext.entries as _entries
import syndicate.parse.plaintext.images as _images
import syndicate.parse.plaintext.marks as marks
from syndicate.errors import ParseError
from syndicate.notices import LONGEST, contact
from syndicate.parse.plaintext.entries import Entry
from syndicate.parse.plaintext.lines import Line
from syndicate.parse.plaintext.prose import full_stop, paragraph, prose

_COUNT = re.compile(
    r"(?:es wurden )?(\d[\d.]*) (?:ergebnisse?|treffer|meldungen|pressemitteilungen|einträge)"
    r"(?: (?:gefunden|von .*|für .*))?\.?|"
    r"(?:ergebnisse?|treffer|meldungen) \d[\d.]* ?(?:bis|[–-]) ?\d[\d.]* von (\d[\d.]*)\.?",
    re.IGNORECASE,
)
_PAGER = re.compile(
    r"[\d …|‹›«»<>]+|(?:nächste|vorherige|erste|letzte)(?: seite)?|zurück|weiter|mehr laden|filter.{0,40}", re.I
)


def read(lines: Sequence[Line]) -> list[Entry] | None:
    """The entries of a list page; None where the page is none. Raises ParseError where a list has no entry."""
    kept = [line for line in lines if not _furniture(line.text)]
    counted = next((match for line in lines[:15] if (match := _count(line.text))), None)
    if counted:
        found = _dated.read(kept) or _nested(kept, sure=True) or _flat(kept, sure=True)
        if not found:
            raise ParseError("it is a list page without entries")
        return found
    return _dated.read(kept) or _nested(kept, sure=False) or _bulleted(kept) or _flat(kept, sure=False)


def _count(text: str) -> re.Match[str] | None:
    return _COUNT.fullmatch(text) if len(text) <= 100 else None


def _furniture(text: str) -> bool:
    if len(text) > LONGEST:
        return False
    pager = _PAGER.fullmatch(text) if len(text) <= 60 else None
    return bool(_count(text) or pager) or (marks.noise(text) and not marks.more(text))


def _nested(lines: Sequence[Line], *, sure: bool) -> list[Entry] | None:
    """Outer bullets carry the picture, inner ones topic, title and teaser."""
    at = next((at for at, line in enumerate(lines) if line.bullet), len(lines))
    if at > 6 or any(prose(line.text) or marks.anchor(line.text) for line in lines[: at + 1]):
        return None
    lines = lines[at:]
    outer = min((line.indent for line in lines if line.bullet), default=0)
    inner = [at for at, line in enumerate(lines) if line.bullet and line.indent > outer]
    if not inner and sure:  # the blanks were lost: a bullet right above another one carries a picture
        inner = [at for at, line in enumerate(lines) if line.bullet and at and lines[at - 1].bullet]
    if len(inner) < (1 if sure else 2):
        return None
    starts = [at - 1 if at and lines[at - 1].bullet and at - 1 not in inner else at for at in inner]
    found = []
    for start, begin, end in zip(starts, inner, [*starts[1:], len(lines)], strict=True):
        entry = _entries.single(lines[begin:end], pictures=[line.text for line in lines[start:begin]])
        if entry is None:
            return None
        found.append(entry)
    return found


def _bulleted(lines: Sequence[Line]) -> list[Entry] | None:
    """Each bullet is a title, and what stands below it its teaser; above them nothing but the list's own title."""
    at = next((at for at, line in enumerate(lines) if line.bullet), len(lines))
    if not at or not any(marks.list_title(line.text) for line in lines[:at]):
        return None
    if not all(_above(line.text) or marks.list_title(line.text) for line in lines[:at]):
        return None
    starts = [start for start, line in enumerate(lines) if line.bullet]
    if len(starts) < 2 or any(line.indent != lines[at].indent for line in lines if line.bullet):
        return None
    found = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        below = [line.text for line in lines[start + 1 : end]]
        if full_stop(lines[start].text) or len(below) > 2 or not all(map(prose, below)):
            return None
        found.append(Entry(lines[start].text, teaser=" ".join(below) or None))
    return found if any(entry.teaser for entry in found) else None


def _above(text: str) -> bool:
    """The title of the list itself."""
    return marks.related(text) or marks.site(text) or marks.list_title(text)


def _flat(lines: Sequence[Line], *, sure: bool) -> list[Entry] | None:
    """Topic, title, teaser, again and again, without marks: unless it is `sure` a list, each must be plain."""
    marked = sum(marks.more(line.text) or line.text.endswith(" Mehr") for line in lines)
    kept = [line for line in lines if not marks.more(line.text)]
    while kept and (_above(kept[0].text) or _torn(kept)):
        kept = kept[1:]
    if len(kept) < 2 or any(marks.anchor(line.text) or contact.opens(line.text) for line in kept):
        return None
    if (not sure and len(kept) < 6) or max(len(line.text) for line in kept) > 700:
        return None
    if not sure and 5 * sum(prose(line.text) for line in kept) > 3 * len(kept):
        return None
    found, cost = _entries.divide(kept, teasers=True)
    if sure or marked >= len(found) > 1:
        return found if cost < 4 * len(found) else None
    complete = all(entry.topic and entry.teaser and not full_stop(entry.title) for entry in found)
    return found if complete and len(found) > 1 and cost < 1.5 * len(found) else None


def _torn(lines: Sequence[Line]) -> bool:
    """Does the capture begin in the middle of an entry, with the text of one whose title is not there?"""
    return paragraph(lines[0].text) and not _images.plainly(lines[0].text)
