"""Is it a release at all? A page that shares the head need not be one: it must tell something, and look like one."""

import re
from collections.abc import Sequence

import syndicate.parse.plaintext.images as _images
from syndicate.errors import ParseError
from syndicate.parse.plaintext.blocks import Blocks
from syndicate.parse.plaintext.head import Head
from syndicate.parse.plaintext.lines import Line
from syndicate.parse.plaintext.prose import prose, statement

MOST_LINES = 20_000  # a bound on time: no release and no list page has a tenth of it

_LOG = re.compile(r"\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\w{3} +\d+ \d\d:\d\d:\d\d |\S+ (?:INFO|DEBUG|WARN(?:ING)?|ERROR)\b")
_CODE = re.compile(
    r"[{}]$|;$|^(?:def |class |import |from \w+ import|return\b|#include|//|/\*|#!|\$ |<\?|</?\w+)|=>|==|\w\(\)|"
    r"^[\w.]+ ?= ?\S"
)
_SALUTATION = re.compile(r"(?:sehr (?:geehrte|verehrte)|liebe[rs]? |hallo|guten tag|dear ).{0,120}[,!]?", re.IGNORECASE)
_CLOSING = re.compile(
    r"(?:mit )?(?:freundlichen?|besten?|herzlichen?|vielen?|lieben?|schönen?) grü(?:ß|ss)en?.{0,80}|"
    r"(?:hochachtungsvoll|yours|kind regards|best regards|sincerely).{0,40}",
    re.IGNORECASE,
)
_NO_PAGE = re.compile(
    r".{0,20}(?:seite nicht gefunden|page not found|fehler 404|404 not found|wartungsarbeiten|zugriff verweigert)"
    r".{0,40}|impressum|datenschutzerklärung|erklärung zur barrierefreiheit|sitemap|suche|anmeldung|login|lebenslauf|"
    r"stellen(?:angebot|anzeige|ausschreibung)e?",
    re.IGNORECASE,
)
_GALLERY = re.compile(
    r"(?:.*\b)?(?:mediathek|mediengalerie|(?:bilder|foto)(?:galerie|strecke|album)?|galerie|impressionen|videos?|videogalerie)"
    r"(?:\b.*)?",
    re.IGNORECASE,
)
_TOUR = re.compile(r".*(?:tour|bereisung|termine|terminkalender|unterwegs|vor ort|stationen)\b.*", re.IGNORECASE)
_DAY = re.compile(r"(?:\w+, )?(?:den )?\d{1,2}\. ?(?:\d{1,2}\.|[A-ZJ][a-zä]+)")
_PRESS = re.compile(
    r"minist(?:er|eri)|staatssekret|landtag|landesregierung|regierung|kabinett|behörde|kommun|gemeinde|landkreis|"
    r"\bland\b|landes|\bstadt\b|städte|präsident|millionen|milliarden|\beuro\b|prozent|förder|\bsagte\b|\bbetonte\b|"
    r"\berklärte\b|teilte .{0,60}mit\b|polizei|pressestelle|verordnung|gesetz|bürger|verwaltung|gericht|hochschul|"
    r"universität|klinik|feuerwehr|investi|eröffn|wettbewerb|preisträger|government|million|percent",
    re.IGNORECASE,
)


def readable(text: str) -> None:
    """Raises ParseError where the text is empty or no text at all."""
    if not text.strip():
        raise ParseError("the file is empty")
    sample = text[:100_000]
    junk = sum(1 for c in sample if c == "\ufffd" or (c < " " and c not in "\t\n\r\f\v"))
    if junk * 50 > len(sample):
        raise ParseError("it is no text: too many control characters")


def language(lines: Sequence[Line]) -> None:
    """Raises ParseError where the lines are none of a language, but of a program or a log, or far too many."""
    if len(lines) > MOST_LINES:
        raise ParseError(f"it has {len(lines)} lines, more than any release ({MOST_LINES})")
    sample = [line.text[:200] for line in lines[:2000]]
    if not sample:
        raise ParseError("there is nothing in it but page furniture")
    if 3 * sum(bool(_LOG.match(text)) for text in sample) > len(sample):
        raise ParseError("it looks like a log, not like a release")
    if 10 * sum(bool(_CODE.search(text)) for text in sample) > 3 * len(sample):
        raise ParseError("it looks like code or data, not like a release")


def release(head: Head, body: Sequence[Line], found: Blocks, lines: Sequence[Line]) -> None:
    """Raises ParseError, with the reason, where head and body make no release."""
    told = [line.text for line in body if prose(line.text)]
    told_at_all = len(told) + (1 if head.teaser else 0)
    name = head.title or head.kicker or ""
    if any(_NO_PAGE.fullmatch(text[:100]) for text in (head.title, head.kicker) if text):
        raise ParseError(f'"{name[:60]}" is a page of the site, not a release')
    _gallery(head, told)
    if not told_at_all:
        raise ParseError("it has no running text: a release has at least a sentence to tell")
    if not head.kind:
        _letter(lines, head)
        _tour(head, body, told)
    if not _signed(head, found, body, told_at_all):
        raise ParseError("nothing in it says that it is a release: no topic and title, no mark of a press page")


def _letter(lines: Sequence[Line], head: Head) -> None:
    opened = any(len(line.text) < 160 and _SALUTATION.fullmatch(line.text) for line in lines[:15])
    closed = any(len(line.text) < 160 and _CLOSING.fullmatch(line.text) for line in lines[-15:])
    if opened and closed and not head.layout:
        raise ParseError("it is a letter, not a release")


def _gallery(head: Head, told: Sequence[str]) -> None:
    named = any(text and len(text) < 200 and _GALLERY.fullmatch(text) for text in (head.kicker, head.title))
    shown = len(_images.gallery(head.pictures))
    if not told and (shown > 2 or (named and not head.teaser)):
        raise ParseError("it is a gallery of pictures, not a release")
    if named and shown > 2 and len(told) < 2 and not any(map(statement, told)):
        raise ParseError("it is a gallery of pictures, not a release")


def _tour(head: Head, body: Sequence[Line], told: Sequence[str]) -> None:
    """A page of stations or dates: many short lines, nobody speaks."""
    if any(map(statement, told)):
        return
    named = any(text and len(text) < 200 and _TOUR.fullmatch(text) for text in (head.kicker, head.title))
    dated = sum(bool(_DAY.match(line.text)) for line in body)
    stations = sum(line.bullet or len(line.text) < 60 for line in body)
    brief = sum(map(len, told)) < 250 * max(1, len(told))
    if (dated > 2 and dated >= len(told)) or (named and (dated > 1 or stations > 2) and brief):
        raise ParseError("it is a page of dates or stations, not a release")


def _signed(head: Head, found: Blocks, body: Sequence[Line], told: int) -> bool:
    """Does anything say that it comes from a press office?"""
    if head.kind or head.published or head.layout or head.corrections or found.embargo is not None or found.marked:
        return True
    if head.title and head.kicker and told > 2:
        return True
    texts = [head.kicker or "", head.title or "", head.teaser or "", *(line.text[:2000] for line in body[:50])]
    signs = {match.casefold() for text in texts for match in _PRESS.findall(text)}
    return len(signs) > (0 if head.title and (head.kicker or told > 1) else 1) and (bool(head.title) or told > 1)
