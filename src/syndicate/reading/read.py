"""One document: parse and normalise, with the files that lie beside a release. In a process with limits, mostly."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from syndicate.beside import Beside
from syndicate.doors import ByName
from syndicate.errors import UnexpectedPage
from syndicate.fetch import MAX_BYTES
from syndicate.model import Capture, Item, Rejected, Release, Rhythm, Ruled, Source
from syndicate.normalise import Named, headlines, keys, normalise
from syndicate.parse import FEEDS, charset, decode, detect, hubs_of, parse, rhythm
from syndicate.reading.judging import Judge
from syndicate.reading.told import told
from syndicate.reading.values import Reading
from syndicate.revise import sketched
from syndicate.text import digest, squeeze
from syndicate.urls import clean_url

_looks_like = ByName("syndicate.parse", "looks_like")  # of pages alone: no feed needs what tells them apart
_ONE_RELEASE = frozenset({"page", "markdown", "html"})  # formats where the file is the release
# UTF-8 that was read as Windows-1252 (Ã¤, â€ž), and what could not be read at all.
_BROKEN = {"\ufffd": "", "Ã": "[\x80-\xbf¤¶¼Ÿ„–œ]", "â€": "[\x9d\x9e\x93žœ“”™–¦]", "Â": "[\xa0«»§°]"}
_GARBLED = re.compile("|".join(begins + goes_on for begins, goes_on in _BROKEN.items()))
_NOTED = 5  # dates of one document that cannot be read, each by itself


def read_one(capture: Capture, source: Source, now: datetime, max_bytes: int, before: str | None) -> Reading:
    """One document; `before` is what the source's last one was. Raises ParseError, UnexpectedPage."""
    reading = Reading()
    place = capture.path or ""
    reading.form = form_of(capture, source)
    if reading.form == "html" and capture.url and (before in FEEDS or source.format in FEEDS):
        raise UnexpectedPage(f"a page came instead of a feed{_looks(capture)}")
    items = _items(capture, reading.form, source)
    if listed := _listed(items, capture):
        items, reading.listed = listed, tuple(item.entry or "" for item in listed)
    companions: list[tuple[str, int, int]] = []
    read = _Document(capture, capture.hash, source, now, Judge(source))  # once: it is that of the whole document
    for item in (each for each in items if each.entry not in capture.passed):
        beside = Beside(source, item, max_bytes) if item.path and source.path else None
        said = beside.attached() if beside else item
        said = said if said.entry else replace(said, entry=_entry(capture, read.hash, beside))
        if beside:
            companions += beside.states
            reading.media += beside.media
        reading.notes_at += [
            (place, Rejected(place, note)) for note in (*item.notes, *(beside.notes if beside else ()))
        ]
        said_before, gone_before = len(reading.incoming), len(reading.gone)
        out = _take(reading, said, read)
        garbled = not out and _garbled(item)
        reading.garbled += garbled
        gone = reading.gone[-1][0] if len(reading.gone) > gone_before else None
        heard = told(item, [release for release, _ in reading.incoming[said_before:]], gone, now)
        reading.told += [heard._replace(rests=heard.rests and not garbled)] if heard else []
    reading.notes_at += [(place, note) for note in reading.unread[:_NOTED]]
    if (more := len(reading.unread) - _NOTED) > 0:
        reading.notes_at.append((place, Rejected(place or capture.url or "", f"{more} more dates cannot be read")))
    if capture.state:
        reading.files.append(replace(capture.state, reason=None, lost=0, companions=tuple(dict.fromkeys(companions))))
    else:
        _hear_of_itself(reading, capture)
        reading.entries = len(items)  # what it takes back is not missing
    reading.hung = read.judge.hung
    unmatched = [set(item.unmatched) for item in items]
    reading.unmatched = dict.fromkeys(sorted(set.intersection(*unmatched))) if unmatched else {}
    return reading


def _hear_of_itself(reading: Reading, capture: Capture) -> None:
    text, form = _text(capture), reading.form or ""
    reading.rhythm = rhythm(text) if form == "feed" else Rhythm()
    reading.links = hubs_of(text, form, capture.url)


def unread_date(stated: str) -> str:
    """What is told of a date that nobody can read."""
    return f'date "{stated}" is no date, so that of first sight is shown'


def _listed(items: Sequence[Item], capture: Capture) -> tuple[Item, ...]:
    """The headlines of a page that is a list: each is known by all that it says. Empty for any other document."""
    if not (capture.url and all(item.headline for item in items)):
        return ()
    return tuple(replace(item, entry=digest(repr(item), length=16)) for item in items)


def _entry(capture: Capture, found: str, beside: Beside | None) -> str:
    """A file or a page is one entry: its bytes, with those of the files that it names, at its address."""
    files = [f"{media.hash}/{media.name}" for media in beside.media] if beside else []
    return digest(found, capture.url or "", charset(capture.media_type) or "", *files, length=16)


def form_of(capture: Capture, source: Source) -> str:
    """The key of PARSERS that a capture is read by: what the source says, else what the content tells."""
    found = detect(capture.body, media_type=capture.media_type, path=capture.path)
    page = found == "html" and capture.url and source.format in FEEDS
    return found if page or source.format == "auto" else source.format


def _looks(capture: Capture) -> str:
    kind = _looks_like(_text(capture))
    return f" (it looks like a {kind})" if kind else ""


def _text(capture: Capture) -> str:
    return decode(capture.body, charset(capture.media_type))


def _garbled(item: Item) -> bool:
    texts = [text for text in (item.title, item.teaser, item.content) if text]
    return any(_GARBLED.search(text) for text in texts if any(map(text.__contains__, _BROKEN)))  # few texts have one


def items_of(capture: Capture, source: Source) -> tuple[Item, ...]:
    """What a capture says. A file that is one release is known by its path."""
    return _items(capture, form_of(capture, source), source)


def understood(
    capture: Capture, source: Source, now: datetime
) -> tuple[list[Release], list[Rejected], tuple[str, ...]]:
    """For a look at a document by itself: each item's release followed by its headlines; what was refused; notes."""
    items = items_of(capture, source)
    found, rejected = list[Release](), list[Rejected]()
    notes = list[str]()
    for item in items:
        if item.withdrawn and not (item.title or item.content):
            notes.append(f"takes back {item.id or item.url or 'what this file held before'}")
            continue
        release = normalise(item, source, now=now)
        if isinstance(release, Rejected):
            rejected.append(release)
            continue
        beside = Beside(source, item, MAX_BYTES) if item.path and source.path else None
        notes += beside.missing() if beside else ()
        made = (normalise(head, source, now=now) for head in headlines(release))
        found += [release, *(headline for headline in made if isinstance(headline, Release))]
    notes += [*(note for item in items for note in item.notes)]
    notes += [f"{release.title}: {unread_date(release.unread)}" for release in found if release.unread]
    notes += [f"selects nothing: {name}" for item in items for name in item.unmatched]
    return found, rejected, tuple(dict.fromkeys(notes))


def _items(capture: Capture, form: str, source: Source) -> tuple[Item, ...]:
    items = parse(
        capture.body,
        url=capture.url,
        path=capture.path,
        media_type=capture.media_type,
        format=form,
        select=source.select,
        headline=capture.headline,
        only=capture.only,
    )
    if capture.path and form in _ONE_RELEASE:
        return tuple(item if item.headline else replace(item, path=capture.path) for item in items)
    if capture.url:
        return tuple(_from(item, capture.url) for item in items)
    return items


def _from(item: Item, url: str) -> Item:
    return replace(item, origin=replace(item.origin, url=url)) if item.origin else item


class _Document(NamedTuple):
    """What is read: the capture and its hash, whose it is, when, and who puts the source's rules to it."""

    capture: Capture
    hash: str
    source: Source
    now: datetime
    judge: Judge


def _take(reading: Reading, item: Item, read: _Document) -> bool:
    """Take in what an item comes to. Do rules rule it out? Of such a one nobody is told what could not be read."""
    source, capture = read.source, read.capture
    followed = source.url and source.fulltext is not False
    if item.headline and not source.headlines and not followed:
        return False
    if item.withdrawn and not (item.title or item.content):
        _take_back(reading, item, read)
        return False
    release = normalise(item, source, now=read.now, match=read.judge.match)
    if isinstance(release, Rejected):
        reading.rejected_at.append((capture.path or "", release))
        return False
    if release.withdrawn and item.path and not item.title:  # but a notice is left, in which no word is the release's
        _take_back(reading, replace(item, reason=item.reason or release.reason), read)
        return False
    ruled = _add(reading, sketched(release), read)
    if source.headlines and release.visible and not capture.known:  # what waits keeps its own headlines waiting
        for head in headlines(release):
            made = normalise(head, source, now=read.now)
            if isinstance(made, Release):
                _add(reading, replace(made, entry=item.entry), read, related=True)
    if ruled and ruled.out:
        return True
    _note_date(reading, item, release, read)
    return False


def _add(reading: Reading, release: Release, read: _Document, *, related: bool = False) -> Ruled | None:
    ruled = read.judge.of(release, related=related)
    reading.incoming.append((release, read.hash))
    reading.ruled.append(ruled)
    return ruled


def _note_date(reading: Reading, item: Item, release: Release, read: _Document) -> None:
    """What a person should know of it."""
    source, capture = read.source, read.capture
    asked = item.path or any(name == "date" for name, _ in source.select)
    where = capture.path or item.url or release.title
    if release.unread:
        reading.unread.append(Rejected(where, unread_date(release.unread)))
    elif asked and item.published and release.published != release.stated and release.state != "embargoed":
        why = f'date "{item.published}" is in the future, so that of first sight is shown'
        reading.notes_at.append((capture.path or "", Rejected(where, why)))


def _take_back(reading: Reading, item: Item, read: _Document) -> None:
    """A tombstone names what it means by its id, else by its address; a file, else, what it held before.

    Where the source's `identity` makes another name of that, by both: a release may have been recorded by either.
    """
    named = Named(item.id, clean_url(item.url, item.base) if item.url else None, item.path)
    found = keys(named, read.source, (), match=read.judge.match)
    for key in dict.fromkeys((*found[:1], *(key for key in found if key.kind == "id"))):
        reading.gone.append((key, squeeze(item.reason or "") or None))
