"""May a source be asked now, and why not. Pure: what is known of it and of its host is handed in.

Who calls waives some of the reasons (`Call`); what a server asked for is waived by nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from syndicate.model import FetchState, Source
from syndicate.polling.location import recalled

LONGEST_BACKOFF = timedelta(days=7)  # nobody is sent away for longer: what says so is of a clock that was ahead
CLOCK_AHEAD = timedelta(days=1)  # nobody was asked so long from now


class Why(StrEnum):
    """Why a source is not asked, the first reason that holds; the words are for people."""

    DISABLED = "not enabled"
    PAUSED = "paused"
    GONE = "gone (410)"
    NOT_BEFORE = "was asked to wait"  # by a Retry-After of its own
    HOST_RESTS = "its host asked to be left alone"
    BEING_ASKED = "is being asked by another process"
    ELSEWHERE = "is another machine's"
    EARLY = "its next poll is to come"


class Call(StrEnum):
    """Who asks: the daemon and `ingest` whom is due, `run --once` and `check` each one, a person one by name."""

    DUE = "due"
    EACH = "each"
    NAMED = "named"


WAIVED = {
    Call.DUE: frozenset[Why](),
    Call.EACH: frozenset({Why.EARLY}),
    Call.NAMED: frozenset({Why.DISABLED, Why.PAUSED, Why.GONE, Why.EARLY}),
}
_FOR_A_PERSON = frozenset({Why.DISABLED, Why.PAUSED, Why.GONE})


@dataclass(frozen=True, slots=True)
class Turn:
    """`why` it may not be asked now; None: it may.

    `waits`: until when it or its host asked to be left alone. `next`: its next poll, no earlier than that; None: at
    once, or not before a person says so.
    """

    why: Why | None
    waits: datetime | None = None
    next: datetime | None = None


def turn(
    source: Source,
    state: FetchState,
    *,
    now: datetime,
    call: Call = Call.DUE,
    host_rests: datetime | None = None,
    being_asked: bool = False,
) -> Turn:
    """`state` as it is stored; `host_rests`: until when the host at its address (`location.address`) rests."""
    state = recalled(state, source)
    told, rests = believed(state.not_before, now), believed(host_rests, now)
    waits = max(filter(None, (told, rests)), default=None)
    poll = state.next_poll if _is_true(state, now) else None
    reasons = _that_hold(
        (Why.DISABLED, not source.enabled),
        (Why.PAUSED, state.paused),
        (Why.GONE, state.gone),
        (Why.NOT_BEFORE, told is not None),
        (Why.HOST_RESTS, rests is not None),
        (Why.BEING_ASKED, being_asked),
        (Why.EARLY, poll is not None and poll > now),
    )
    for_a_person = any(why in _FOR_A_PERSON for why in reasons)
    later = None if for_a_person else max(filter(None, (poll, waits)), default=None)
    return Turn(_first(reasons, call), waits, later)


def page_turn(
    source: Source,
    state: FetchState,
    *,
    now: datetime,
    call: Call = Call.DUE,
    host_rests: datetime | None = None,
    being_asked: bool = False,
) -> Turn:
    """As `turn`, of a page of one of its releases that is due: `host_rests` is of the page's host.

    What the source's own address said (410, Retry-After, its next poll) is no word about other addresses; that its host
    rests is.
    """
    reasons = _that_hold(
        (Why.DISABLED, not source.enabled),
        (Why.PAUSED, state.paused),
        (Why.HOST_RESTS, believed(host_rests, now) is not None),
        (Why.BEING_ASKED, being_asked),
    )
    return Turn(_first(reasons, call), believed(host_rests, now))


def _that_hold(*reasons: tuple[Why, bool]) -> list[Why]:
    return [why for why, holds in reasons if holds]


def _first(reasons: Iterable[Why], call: Call) -> Why | None:
    """The first reason that who calls does not waive."""
    return next((why for why in reasons if why not in WAIVED[call]), None)


def follows_pages(source: Source) -> bool:
    """Are there pages of its releases that may be asked at all?"""
    return source.url is not None and source.fulltext is not False


def believed(until: datetime | None, now: datetime) -> datetime | None:
    """A time before which nobody asks; None where it has passed, or cannot be meant."""
    return until if until and now < until <= now + LONGEST_BACKOFF else None


def _is_true(state: FetchState, now: datetime) -> bool:
    """A clock that was far ahead for a while puts nobody off."""
    return state.last_attempt is None or state.last_attempt < now + CLOCK_AHEAD
