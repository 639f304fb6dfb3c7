"""What documents come to."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime

from syndicate.errors import WorkerLost
from syndicate.model import NO_LINKS, FileState, HubLinks, Key, Media, Rejected, Release, Rhythm, Ruled
from syndicate.polling import interval
from syndicate.reading.told import Told


@dataclass
class Reading:
    """What the captures of one poll come to, in document order."""

    incoming: list[tuple[Release, str | None]] = field(default_factory=list)
    ruled: list[Ruled | None] = field(default_factory=list)  # what its rules say of each of `incoming`
    hung: Counter[str] = field(default_factory=Counter)  # how often an operator's regular expression took too long
    gone: list[tuple[Key, str | None]] = field(default_factory=list)  # what the source takes back, and why
    files: list[FileState] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    rejected_at: list[tuple[str, Rejected]] = field(default_factory=list)  # with the file, or "" for a feed
    notes_at: list[tuple[str, Rejected]] = field(default_factory=list)
    form: str | None = None  # of the last document: a key of parse.PARSERS
    rhythm: Rhythm | None = None  # how often it wants to be asked; None: there was no document
    links: HubLinks = NO_LINKS  # its hubs, as it says itself
    entries: int | None = None  # how many it has
    listed: tuple[str, ...] | None = None  # `Item.entry` of each, where it is a list of headlines; all of its order
    garbled: int = 0  # entries whose letters are broken
    unread: list[Rejected] = field(default_factory=list)  # entries whose date nobody can read
    unmatched: dict[str, None] = field(default_factory=dict)  # the operator's selectors that found nothing in any
    told: list[Told] = field(default_factory=list)  # of entries, what the next poll is to know

    @property
    def rejected(self) -> tuple[Rejected, ...]:
        return tuple(r for _, r in self.rejected_at)

    @property
    def notes(self) -> tuple[Rejected, ...]:
        return tuple(r for _, r in self.notes_at)

    def lose(self, place: str, state: FileState, error: WorkerLost, now: datetime) -> None:
        """A reader died at a file: one more tries later; the last leaves it refused until it changes."""
        lost = state.lost + 1
        again = interval.after_lost(lost, now)
        if again:
            self.notes_at.append((place, Rejected(place, f"{error}; read again at {again:%H:%M} UTC")))
        else:
            self.rejected_at.append((place, Rejected(place, f"{error}, {lost} times; not read again until it changes")))
        self.files.append(replace(state, reason=str(error), lost=lost, again=again))

    def add(self, part: "Reading") -> None:
        """One more document."""
        self.incoming += part.incoming
        self.ruled += part.ruled
        self.hung += part.hung
        self.gone += part.gone
        self.files += part.files
        self.media += part.media
        self.rejected_at += part.rejected_at
        self.notes_at += part.notes_at
        self.form, self.rhythm, self.entries = part.form, part.rhythm, part.entries
        self.links, self.listed = part.links, part.listed
        self.garbled += part.garbled
        self.unread += part.unread
        self.unmatched |= part.unmatched
        self.told += part.told
