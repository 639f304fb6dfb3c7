"""What is right: of each thing that the made web has to say, what readers must see of it, may see, and must not.

It knows nothing of the program. What a source has said and the program has surely read is `acked`; what it has been
told and may have read (it was killed, or the document was cut) is `since`. Readers must see what both agree on.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime

from simulation.documents import Said


@dataclass(eq=False)
class Truth:
    """One release. Its words have the mark `wNx`, those of its version K `wNvKx`, a title by hand `wNhKx`."""

    number: int
    sources: list[str]
    said: list[Said] = field(default_factory=list)  # its versions, as it will be told
    acked: Said | None = None
    since: list[Said] = field(default_factory=list)
    public: set[str] = field(default_factory=set)  # the marks that readers may have seen
    lifted: bool = False  # a person has ended its embargo
    gone: bool = False  # surely taken back, and published so
    going: bool = False  # perhaps
    by_person: bool = False  # it was a person
    hands: list[str] = field(default_factory=list)  # titles by hand that may be seen, the last is the one
    by_hand: bool = False  # the last one surely is
    shown: bool = False  # it was to be seen
    loose: datetime | None = None  # until then an earlier version may be the one
    parts: int = 1  # releases that it may be

    @property
    def mark(self) -> str:
        return f"w{self.number}x"

    def is_in(self, words: str) -> bool:
        return re.search(rf"\bw{self.number}(?:[vth]\d+)?x\b", words) is not None

    def hears(self, said: Said, now: datetime) -> None:
        """The program is told this, and may have read it."""
        self.passes(now)
        if not self._told() or self._told()[-1] != said:
            self.since.append(said)
        self.passes(now)

    def surely(self, said: Said, now: datetime) -> None:
        """The program has read this, and recorded it."""
        self.passes(now)
        if self.acked and said.version < self.acked.version:
            return  # a stale copy
        self.acked, self.since = said, []
        self.passes(now)

    def passes(self, now: datetime) -> None:
        """Time goes by: what may be seen by now."""
        for said in self._told():
            if said.taken_back:
                self.going = True
            elif self._is_out(said, now):
                self.public |= said.marks

    def ends(self, now: datetime) -> bool:
        """Does its embargo end just now?"""
        return self.acked is not None and self.acked.held is not None and self.acked.held.until == now

    def is_due(self, now: datetime) -> bool:
        """Must readers see it?"""
        if self.gone or self.going or self.acked is None or self.acked.taken_back:
            return False
        return self.shown or all(self._is_out(said, now) for said in self._told())

    def may(self) -> set[str]:
        """The marks that may be read anywhere."""
        if self.gone:
            return set()
        return {*self.public, *self.hands} if self.public else set()

    def newest(self, now: datetime) -> Said | None:
        """The version that readers must have, where that is sure."""
        if (
            self.acked is None
            or self.acked.taken_back
            or self.since
            or (self.loose and now < self.loose)
            or not self._is_out(self.acked, now)
        ):
            return None
        return self.acked

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

    def was_lifted(self) -> None:
        pass

    def _told(self) -> tuple[Said, ...]:
        return (*([self.acked] if self.acked else []), *self.since)

    def _is_out(self, said: Said, now: datetime) -> bool:
        return self.lifted or said.held is None or (said.held.until is not None and said.held.until <= now)
