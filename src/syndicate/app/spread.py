"""Corrections and withdrawals that have not reached everybody, as `status` tells it: good to know, it needs nobody."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from syndicate.reach import Told, recent
from syndicate.store import Store
from syndicate.text import count, local

_FEW = 5  # releases that are named, and agents of each


def spread_lines(store: Store, now: datetime, zone: ZoneInfo) -> Iterator[str]:
    """A line for each of the last ones, until nobody who is known holds the old version, or for a week."""
    told = [*islice(recent(store, now), _FEW + 1)]
    yield from (_line(each, zone) for each in told[:_FEW])
    if len(told) > _FEW:
        yield "so it is with more releases that were corrected or withdrawn: `syndicate reach RELEASE`"


def _line(told: Told, zone: ZoneInfo) -> str:
    done = f"{told.event.kind} {local(told.event.at, zone)}" if told.event else ""
    named = [each.name for each in (*told.newsrooms, *told.subscribers) if each.old]
    named += [agent.agent for agent in told.agents if agent.old]
    who = ", ".join(named[:_FEW]) + (f" and {len(named) - _FEW} more" if len(named) > _FEW else "")
    known = count(told.old + told.new, "known copy", "known copies")
    old = f"{told.old} of {known} are still the old version ({who})"
    return f"{told.release} {done}: {old}; `syndicate reach {told.release}`"
