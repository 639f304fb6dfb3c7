"""Of a document that is known, only what is new is read; what it comes to is what reading all of it would come to.

cut | which entries have changed | read those | what else they could concern: read that, too | kept for the next poll
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from syndicate import rules
from syndicate.errors import WorkerLost
from syndicate.fulltext import with_known_pages
from syndicate.model import (
    Capture,
    Change,
    FetchResult,
    FetchState,
    Known,
    LastDocument,
    Piece,
    Rhythm,
    Source,
)
from syndicate.parse import Cut, cut
from syndicate.pipeline.learnt import GoodPoll
from syndicate.reading import Difference, Reading, Run, Told, name, read, reader_of, signature, signatures
from syndicate.recording import known_ahead
from syndicate.revise import Incoming, joint, without_shared_keys
from syndicate.store import Store
from syndicate.text import digest

_LARGE = 1_000_000  # bytes: what is larger is cut where its reader has limits
_LIST = "list"  # the head of a document of headlines: what those say is all of it
_BRIEF = 30_000  # characters of entries: whatever they hold, that is read within half a second
_ROUNDS = 3  # in which what was read turns out to concern more; then all is read
_MOST_GONE = 1_000  # of one document: of more, the first alone count


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked, where and when; `run` calls the parsers where a document cannot harm us."""

    source: Source
    before: FetchState
    store: Store
    now: datetime
    max_bytes: int
    run: Run | None

    @property
    def reader(self) -> str:
        """Of all that decides what an entry comes to."""
        return digest(reader_of(self.source), str(self.source.priority), length=16)


@dataclass(frozen=True, slots=True)
class News:
    """What was read of a poll. `cut`: of a document, by which it was told what is new; None: all was read.

    `last` is what is kept of the one before, `difference` what of that has changed since; `held`: what is known of what
    was read, where it had to be looked up.
    """

    reading: Reading
    reader: str
    cut: Cut | None = None
    last: LastDocument | None = None
    difference: Difference | None = None
    held: Known | None = None

    @property
    def passed(self) -> int:
        """How many entries were not read."""
        return self.difference.passed if self.difference else 0

    @property
    def none(self) -> bool:
        """Is nothing new in it?"""
        return self.difference is not None and not self.difference.chosen and not self.difference.lost

    def document(
        self, incoming: Sequence[Incoming], decided: Sequence[Change], dropped: Collection[str] = ()
    ) -> LastDocument | None:
        """What is to be kept, once it is recorded what these were decided to be. `dropped`: hashes of entries."""
        if self.cut is None or len(self.reading.gone) >= _MOST_GONE:
            return None
        told, signed = {each.digest: each for each in self.reading.told}, _signed(incoming, decided)
        chosen = self.difference.chosen if self.difference else range(len(self.cut.entries))
        before = {piece.digest: piece for piece in (self.last.pieces if self.last else ())}
        pieces = tuple(
            _piece(found, told.get(found or ""), signed, dropped) if place in chosen else before[found]
            for place, found in enumerate(self.cut.entries)
        )
        return LastDocument(self.reader, self.cut.head, pieces)


def read_news(asked: Asked, result: FetchResult) -> News:
    """Raises as `reading.read`."""
    (capture,) = result.captures if len(result.captures) == 1 else (None,)
    if capture is None or capture.url is None or (result.delta and not result.pushed):
        return News(_read(result.captures, asked), asked.reader)
    found = _cut(capture, asked)
    last = asked.store.documents.last(asked.source.id)
    if last and (last.reader, last.head) != (asked.reader, found.head if found else _LIST):
        last = None
    if found is None:
        return _read_list(capture, last, asked)
    if last is None:
        return News(_read((capture,), asked), asked.reader, found)
    difference = Difference(last.pieces, found.entries, _resting(last, asked), alone=bool(asked.source.fulltext))
    news = News(Reading(form=found.form, rhythm=found.rhythm, links=found.links), asked.reader, found, last, difference)
    if not news.none:
        reading, held = _read_what_is_new(capture, found, difference, asked)
        news = replace(news, reading=reading, held=held)
    news.reading.entries = (news.reading.entries or 0) + difference.passed
    return news


def keep(news: News, document: LastDocument | None, poll: GoodPoll, store: Store) -> None:
    """What the next poll is to know of this document. In the transaction that records it."""
    if poll.result.pushed:  # what is kept is of the last that was asked for: a push may hold only what is new
        return
    if poll.source.url and poll.result.captures and (document is None or document != news.last):
        store.documents.keep(poll.source.id, document)


def _cut(capture: Capture, asked: Asked) -> Cut | None:
    run = asked.run if len(capture.body) > _LARGE else None
    media_type, form = capture.media_type, asked.source.format
    cutting = partial(cut, capture.body, url=capture.url, media_type=media_type, format=form)
    try:
        found: Cut | None = run(cutting) if run else cutting()
    except WorkerLost:
        return None
    return found


def _read(captures: Iterable[Capture], asked: Asked) -> Reading:
    max_bytes, form = asked.max_bytes, asked.before.form
    return read(captures, asked.source, now=asked.now, max_bytes=max_bytes, run=asked.run, form=form)


def _read_list(capture: Capture, last: LastDocument | None, asked: Asked) -> News:
    """What is in a list is known once it was read: what rests of the last one is passed over then.

    What is neither a list nor can be cut is read whole; so is a list where that turns out to concern more.
    """
    resting = _resting(last, asked) if last else frozenset()
    passed = frozenset(piece.digest for piece in resting if piece.digest)
    reading = _read((replace(capture, passed=passed),), asked)
    if reading.listed is None:
        return News(reading, asked.reader)
    found = Cut(reading.form or "", _LIST, reading.listed, Rhythm())
    if last is None:
        return News(reading, asked.reader, found)
    difference = Difference(last.pieces, found.entries, resting, alone=True)
    difference.take({known for each in reading.told for known in each.names})
    held = _held(reading, asked) if difference.passed and reading.incoming else None
    difference.take(_concerned(held, asked) if held else ())
    if not passed.isdisjoint(found.entries[place] for place in difference.chosen):
        return _read_list(capture, None, asked)
    return News(reading, asked.reader, found, last, difference, held)


def _read_what_is_new(
    capture: Capture, found: Cut, difference: Difference, asked: Asked
) -> tuple[Reading, Known | None]:
    """And what is known of it."""
    for _ in range(_ROUNDS):
        chosen = frozenset(difference.chosen)
        reading = _read((replace(capture, only=chosen, brief=_is_brief(capture, found, chosen)),), asked)
        if difference.take({known for each in reading.told for known in each.names}):
            continue
        if reading.gone and not rules.by_own_id(asked.source):
            break  # whether an entry of what is taken back stands under another id, its names do not say
        held = _held(reading, asked) if difference.passed and reading.incoming else None
        if held is None or not difference.take(_concerned(held, asked)):
            return reading, held
    difference.take_all()
    return _read((capture,), asked), None


def _is_brief(capture: Capture, found: Cut, chosen: Collection[int]) -> bool:
    """May these entries be read where there are no limits?"""
    if len(capture.body) > _LARGE or not found.sizes:
        return False
    return sum(found.sizes[place] for place in chosen) <= _BRIEF


def _held(reading: Reading, asked: Asked) -> Known:
    """What is known of it; by their pages, entries may be known as others."""
    store, source = asked.store, asked.source
    said = without_shared_keys(reading.incoming)
    held = _known(said, asked)
    if source.fulltext or any(release.headline for release, _ in said):
        pages = store.pages.known(source.id, (release for release, _ in said))
        held = held.with_more(_known(with_known_pages(pages, source, said, asked.now), asked))
    return held


def _known(said: Iterable[Incoming], asked: Asked) -> Known:
    return known_ahead(asked.store, (release for release, _ in said), tag=asked.source.tag)


def _concerned(held: Known, asked: Asked) -> frozenset[str]:
    """Of which releases what was read could be: an entry that was not read and tells one is read from now on."""
    source = asked.source.id
    mine = (e.said for told in held.editions.values() for e in told if e.source == source)
    signed = signatures((edition.entry, edition.reader) for edition in mine)
    return signed | {*map(name, asked.store.documents.names(held.releases))}


def _resting(last: LastDocument, asked: Asked) -> frozenset[Piece]:
    """Of what is kept, what still stands as it was recorded: nobody has said anything else since."""
    store, source = asked.store, asked.source.id
    told = {piece.told for piece in last.pieces if piece.told}
    signed = signatures(store.documents.signed(source, (each.partition(" ")[0] for each in told))) if told else ()
    gone = {piece.gone for piece in last.pieces if piece.gone}
    standing = store.documents.standing(source, gone) if gone else ()
    return frozenset(
        piece
        for piece in last.pieces
        if piece.told in signed or (piece.gone and piece.gone not in standing) or piece.dropped
    )


def _signed(incoming: Sequence[Incoming], decided: Sequence[Change]) -> Mapping[str, str]:
    """By what entries each entry's release is told from now on, those of one release by all of them."""
    together = dict[str, list[tuple[str, str]]]()
    for (release, _), change in zip(incoming, decided, strict=True):
        if release.entry and release.reader:
            together.setdefault(change.release.id, []).append((release.entry, release.reader))
    signed = dict[str, str]()
    for told in together.values():
        by = signature(joint(sorted(entry for entry, _ in told)), told[0][1])
        signed |= {entry.partition("+")[0]: by for entry, _ in told if by}
    return signed


def _piece(found: str | None, told: Told | None, signed: Mapping[str, str], dropped: Collection[str]) -> Piece:
    if told is None or found is None:
        return Piece(found)
    if found in dropped:
        return Piece(found, told.names, dropped=True)
    return Piece(found, told.names, signed.get(found) if told.rests and not told.gone else None, told.gone)
