"""The system's clock. Nothing below this layer reads it: `now` is handed down."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

A_MOMENT = timedelta(seconds=5)  # by which two clocks may differ that agree


def system_clock() -> datetime:
    """Now, in UTC and in whole seconds as feeds state them."""
    return datetime.now(UTC).replace(microsecond=0)


class Clock:
    """No later than that of a database which several share: what has come by this one has come by both.

    `skew`: by how much the database's is ahead.
    """

    def __init__(self, system: Callable[[], datetime]) -> None:
        self._system = system
        self.skew = timedelta()

    def __call__(self) -> datetime:
        now = self._system()
        return now if self.skew >= -A_MOMENT else (now + self.skew).replace(microsecond=0)


def apart(skew: timedelta) -> str:
    """How our clock differs from the database's, which is so much ahead, in words; empty where they agree."""
    if abs(skew) <= A_MOMENT:
        return ""
    how = "behind" if skew > timedelta() else "ahead of"
    return f"{abs(skew).total_seconds():.0f} s {how} the database's"
