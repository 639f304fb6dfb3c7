"""Thirty days of a source, small: what was new above a line, what failed below it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import sqrt
from typing import NamedTuple

from syndicate.model import Day
from syndicate.text import count

SPAN = 30  # days

WIDTH, HEIGHT = 4 * SPAN, 28  # of the picture, in units of its own
_BAR, _LINE, _BELOW = 3, 20, 22  # how wide a day is, where the line is, where what failed begins
_CAME = ("new", "corrected", "withdrawn")
_LEAST = 2  # of a bar that is to be seen


class Picture(NamedTuple):
    """Paths of SVG for what was asked, new and failed; and the same in words."""

    asked: str
    new: str
    failed: str
    words: str


def days_until(today: str) -> tuple[str, ...]:
    """The dates of the days that are shown, the oldest first."""
    last = date.fromisoformat(today)
    return tuple((last - timedelta(days=back)).isoformat() for back in reversed(range(SPAN)))


def summed(days: Iterable[Day]) -> Day:
    """Of all of these days."""
    each = [day[1:] for day in days]
    return Day("", *map(sum, zip(*each, strict=True))) if each else Day("")


def picture(days: Sequence[Day], dates: Sequence[str]) -> Picture:
    """Of those days that are among these dates: the others had nothing."""
    known: Mapping[str, Day] = {day.day: day for day in days}
    shown = [(place, known[each]) for place, each in enumerate(dates) if each in known]
    most = max((day.new for _, day in shown), default=0)
    asked = (_bar(place, _LINE, 1) for place, day in shown if day.polls)
    # By the root: on a day with one it is to be seen that there was one, beside a day with a hundred.
    new = ((place, _LINE * sqrt(day.new / most)) for place, day in shown if day.new)
    failed = ((place, (HEIGHT - _BELOW) * day.failures / max(day.polls, 1)) for place, day in shown if day.failures)
    return Picture(
        "".join(asked),
        "".join(_bar(place, _LINE - _seen(high), _seen(high)) for place, high in new),
        "".join(_bar(place, _BELOW, _seen(high)) for place, high in failed),
        words(summed(day for _, day in shown)),
    )


def words(day: Day) -> str:
    """What came of it."""
    if not (day.polls or any(day[3:])):
        return "not asked"
    asked = f"asked {count(day.polls, 'time')}" + (f", {day.failures} in vain" if day.failures else "")
    came = ", ".join(f"{number} {name}" for number, name in zip(day[3:], _CAME, strict=True) if number)
    return f"{asked}: {came or 'nothing new'}"


def _seen(high: float) -> float:
    return max(round(high, 1), _LEAST)


def _bar(place: int, top: float, high: float) -> str:
    return f"M{4 * place} {top:g}h{_BAR}v{high:g}h-{_BAR}z"
