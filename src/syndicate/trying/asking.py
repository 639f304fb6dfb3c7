"""Rules that would have let nothing in of what is held of a source: a person is asked whether that is meant."""

from datetime import datetime
from itertools import islice

from syndicate import rules
from syndicate.model import Plan, Source
from syndicate.store import Store
from syndicate.trying.chosen import Chosen
from syndicate.trying.ruled import ruled_otherwise, why_out
from syndicate.trying.searching import Searching
from syndicate.trying.taken import ALARM

_LOOKED, _LEAST = 50, 10  # of the newest releases of a source: so many are judged, if there are at least so many


def ask(store: Store, plan: Plan, before: Chosen, now: datetime) -> None:
    """Ring where other rules than before would have let nothing in of what is held of a source."""
    for source in plan.sources:
        if ruled_otherwise(before.by_id.get(source.id), source):
            if text := _lets_none_in(store, source):
                store.alarms.ring(ALARM, source.id, text, now)
            else:
                store.alarms.end(ALARM, source.id)


def _lets_none_in(store: Store, source: Source) -> str | None:
    if not rules.of(source):
        return None
    search, looked = Searching().search, 0
    for release in islice(store.releases.listing(source=source.id), _LOOKED):
        said = next((e.said for e in store.releases.editions(release.id) if e.source == source.id), None)
        if said is None or said.withdrawn:
            continue
        if not why_out(said, source, search):
            return None
        looked += 1
    if looked < _LEAST:
        return None
    return f"{source.id}: its new rules would have let in none of the {looked} newest releases that are held of it"
