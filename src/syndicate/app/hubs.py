"""How sources' hubs do, for people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from syndicate.model import Callback, FetchState, Source
from syndicate.urls import without_secrets

_STATES = ("active", "asked", "denied")  # of several subscriptions the first that is so tells how things are


@dataclass(frozen=True, slots=True)
class HubState:
    """How a source's hub does. `state`: none where it was not asked, or is to end. `missed`: only polls found them."""

    address: str  # without credentials
    topic: str
    state: Literal["none", "asked", "active", "denied"]
    since: datetime | None = None
    until: datetime | None = None
    pushes: int = 0
    pushed: datetime | None = None
    refused: int = 0
    missed: int = 0
    error: str | None = None


def hub_of(source: Source, state: FetchState, mine: Collection[Callback], now: datetime) -> HubState | None:
    """Of the subscriptions of a source; None where it has no hub, or is not to be pushed."""
    if state.hub is None or not source.hub:
        return None
    topic, missed = without_secrets(state.hub.topic), state.pushes.missed
    found = next((each for wanted in _STATES for each in mine if each.state == wanted), None)
    if found is None:
        return HubState(without_secrets(state.hub.hubs[0]), topic, "none", missed=missed)
    lapsed = found.until is not None and found.until <= now
    return HubState(
        address=without_secrets(found.hub),
        topic=topic,
        state="asked" if lapsed or found.state == "ending" else found.state,
        since=None if lapsed else found.since,
        until=found.until,
        pushes=found.pushes,
        pushed=found.pushed,
        refused=found.refused,
        missed=missed,
        error=found.error,
    )
