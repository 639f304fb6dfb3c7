"""What was learnt of a source and no SQL asks for, as JSON has it."""

from datetime import timedelta
from typing import Any

from syndicate.model import FetchState, Hub, Pushes, Rhythm
from syndicate.store.codec import moment, stamp

_LEARNT = ("address", "configured", "form", "moved", "moves", "entries", "reader")


def learnt_of(state: FetchState) -> dict[str, Any]:
    """What no SQL asks for."""
    rhythm = state.rhythm
    return {
        **{name: getattr(state, name) for name in _LEARNT},
        "delivered": [stamp(at) for at in state.delivered],
        "whole": stamp(state.whole),
        "every": rhythm.every.total_seconds() if rhythm.every else None,
        "skip_hours": sorted(rhythm.skip_hours),
        "skip_days": sorted(rhythm.skip_days),
        **_of_hub(state),
    }


def _of_hub(state: FetchState) -> dict[str, Any]:
    """Nothing of the many that have none."""
    hub, pushes = state.hub, state.pushes
    said = {"hub": [hub.hubs, hub.topic, hub.place]} if hub else {}
    return said | ({"pushes": [pushes.brought, pushes.agreed, pushes.missed]} if pushes != Pushes() else {})


def recalled(learnt: dict[str, Any]) -> dict[str, Any]:
    if not learnt:
        return {}
    every, hub = learnt["every"], learnt.get("hub")
    return {
        **{name: learnt[name] for name in _LEARNT if name in learnt},
        "delivered": tuple(moment(at) for at in learnt["delivered"]),
        "whole": moment(learnt.get("whole")),
        "rhythm": Rhythm(
            timedelta(seconds=every) if every else None,
            frozenset(learnt["skip_hours"]),
            frozenset(learnt["skip_days"]),
        ),
        "hub": Hub(tuple(hub[0]), *hub[1:]) if hub else None,
        "pushes": Pushes(*learnt.get("pushes", ())),
    }
