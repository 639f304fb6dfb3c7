"""What is right: of each thing that the made web has to say, what readers must see of it, may see, and must not.

It knows nothing of the program. Of each source: what it has said and the program has surely read is `acked`; what the
program has been told and may have read (it was killed, or the document was cut) is `since`. Readers must see what both
agree on.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from simulation.documents import Said


@dataclass(eq=False)
class Told:
    """What one source has said of a truth."""

    acked: Said | None = None
    since: list[Said] = field(default_factory=list)

    def all(self) -> tuple[Said, ...]:
        return (*([self.acked] if self.acked else []), *self.since)

    @property
    def surely_gone(self) -> bool:
        return self.acked is not None and all(said.taken_back for said in self.all())


@dataclass(eq=False)
class Truth:
    """One release. Its words have the mark `wNx`, those of its version K `wNvKx`, its titles `wNtKx`, by hand `wNhKx`.

    `said`: its versions, as its own source has them. `flickers`: its source counts its readers in its words.
    """

    number: int
    said: list[Said] = field(default_factory=list)
    flickers: bool = False
    instead: "Truth | None" = None  # whose id it has
    told: dict[str, Told] = field(default_factory=dict)  # by source
    public: set[str] = field(default_factory=set)  # the marks that readers may have seen
    lifted: bool = False  # a person has ended its embargo
    gone: bool = False  # surely taken back, and published so
    going: bool = False  # perhaps taken back: by a person, or with what has its id
    by_person: bool = False  # it was a person
    hands: list[str] = field(default_factory=list)  # titles by hand that may be seen, the last is the one
    by_hand: bool = False  # the last one surely is
    shown: bool = False  # it was to be seen
    loose: datetime | None = None  # until then an earlier version may be the one
    parts: int = 1  # releases that it may be

    @property
    def mark(self) -> str:
        return f"w{self.number}x"

    @property
    def acked(self) -> bool:
        """Has the program surely read it?"""
        return any(told.acked for told in self.told.values())

    @property
    def is_held(self) -> bool:
        """Has nobody seen it, and is it in the store?"""
        # What took another one's id, and was taken back before it was read, is told to be gone under that one's words.
        nowhere = self.instead is not None and self.is_over()
        return self.acked and not self.public and not self.going and not nowhere

    def is_in(self, words: str) -> bool:
        return re.search(rf"\bw{self.number}(?:[vth]\d+)?x\b", words) is not None

    def hears(self, source: str, said: Said, now: datetime) -> None:
        """The program is told this, and may have read it."""
        self.passes(now)
        told = self.told.setdefault(source, Told())
        if not told.all() or told.all()[-1] != said:
            told.since.append(said)
        self.passes(now)

    def surely(self, source: str, said: Said, now: datetime) -> None:
        """The program has read this, and recorded it."""
        self.passes(now)
        told = self.told.setdefault(source, Told())
        if told.acked is None or said.version >= told.acked.version:  # else a stale copy
            told.acked, told.since = said, []
        self.passes(now)

    def passes(self, now: datetime) -> None:
        """Time goes by: what may be seen by now."""
        for said in self._all():
            if self._is_out(said, now):
                self.public |= said.marks

    def ends(self, now: datetime) -> bool:
        """Does its embargo end just now?"""
        return any(said.held is not None and said.held.until == now for said in self._all())

    def is_due(self, now: datetime) -> bool:
        """Must readers see it?"""
        if self.gone or self.going or not self.acked:
            return False
        live = [told for told in self.told.values() if told.acked and not any(said.taken_back for said in told.all())]
        out = any(all(self._is_out(said, now) for said in told.all()) for told in live)
        return out or (self.shown and bool(live))

    def is_over(self) -> bool:
        """Have all its sources taken it back?"""
        return self.acked and all(told.surely_gone for told in self.told.values())

    def may(self) -> set[str]:
        """The marks that may be read anywhere."""
        return {*self.public, *self.hands} if self.public and not self.gone else set()

    def newest(self, now: datetime) -> list[set[str]]:
        """One of these has the marks of the text that readers must have; none: it is not sure."""
        if self.loose and now < self.loose:
            return []
        sure = list[set[str]]()
        for told in self.told.values():
            if told.since or told.acked is None or not (told.acked.taken_back or self._is_out(told.acked, now)):
                return []
            sure += [] if told.acked.taken_back else [told.acked.marks]
        # A title by hand stands in the place of its source's.
        return [{mark for mark in marks if "t" not in mark} if self.hands else marks for marks in sure]

    # What a person does: `is_…` as it begins, `was_…` when it is published.

    def is_withdrawn(self) -> None:
        self.going = True

    def was_withdrawn(self) -> None:
        self.gone = self.by_person = True

    def is_restored(self) -> None:
        self.gone = False

    def was_restored(self) -> None:
        self.going = self.by_person = False

    def is_edited(self, mark: str) -> None:
        if mark not in self.hands:
            self.hands.append(mark)
        self.by_hand = False

    def was_edited(self) -> None:
        self.by_hand = True

    def is_lifted(self) -> None:
        self.lifted = True

    def is_split(self) -> None:
        self.parts = 2

    def _all(self) -> Iterator[Said]:
        for told in self.told.values():
            yield from told.all()

    def _is_out(self, said: Said, now: datetime) -> bool:
        if said.taken_back:
            return False
        return self.lifted or said.held is None or (said.held.until is not None and said.held.until <= now)
