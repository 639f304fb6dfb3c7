"""When each source was to be asked, as the program itself has said last, and when it was."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from benchmarks.day.world import BEGIN
from syndicate.model import Day, FetchState


class Late(NamedTuple):
    seconds: float
    source: str
    at: float


class Ledger:
    """What is put off because the program died of it, or because its answer was thrown away, is late."""

    def __init__(self) -> None:
        self.polls = 0
        self.late = Counter[int]()  # seconds → polls
        self.worst = list[Late]()  # each that was later than all before it, by the hour
        self._due = dict[str, float]()

    def saved(self, state: FetchState, came: Day | None) -> None:
        """A poll has ended. One that begins promises nothing; but who fails is put off by that, too."""
        if came or state.failures:
            self.promised(state)

    def promised(self, state: FetchState) -> None:
        told = [_seconds(at) for at in (state.next_poll, state.not_before) if at]
        self._due[state.source] = max(told, default=0.0)

    def asked(self, source: str, now: float, rests: float) -> None:
        """`rests`: until when its host wanted to be left alone."""
        self.polls += 1
        late = max(0.0, now - max(self._due[source], rests))
        self.late[round(late)] += 1
        hour = int(now // 3600)
        if len(self.worst) <= hour:
            self.worst += [Late(0, "", 0)] * (hour + 1 - len(self.worst))
        if late > self.worst[hour].seconds:
            self.worst[hour] = Late(late, source, now)

    def share(self, part: float) -> int:
        """Of so many polls none was later than that, in seconds."""
        left = part * self.late.total()
        for late, number in sorted(self.late.items()):
            left -= number
            if left <= 0:
                return late
        return max(self.late, default=0)

    def waits(self, source: str, now: float, rests: float) -> float:
        """For how long it has been due by now."""
        return max(0.0, now - max(self._due[source], rests))


def _seconds(at: datetime) -> float:
    return (at - BEGIN).total_seconds()
