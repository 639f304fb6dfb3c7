"""What the clock or a person does to a release."""

from dataclasses import dataclass
from datetime import datetime

from syndicate.errors import StoreError
from syndicate.model import Change, Changes, Release, Source
from syndicate.normalise import headlines, normalise
from syndicate.pipeline._house import House, classified
from syndicate.revise import Teller, lift, revise
from syndicate.store import Store


@dataclass(frozen=True)
class Lift:
    """End a release's embargo now."""

    release: str


def amend(store: Store, act: Lift, *, house: House, now: datetime) -> Changes:
    """What the clock or a person does to one release, recorded as an ingest is. StoreError where it cannot be done."""
    with store.transaction():
        stored = store.releases.get(act.release)
        pending = store.releases.pending(act.release)
        if stored is None or (stored.state != "embargoed" and pending is None):
            raise StoreError(f"{act.release}: is under no embargo")
        change = lift(stored, pending, now=now)
        source = house.sources.get(change.release.source or "") or Source(id=change.release.source or "")
        waited = _headlines(change.release, source, now) if source.headlines else []
        known = store.releases.find(release for release, _ in waited)
        also = revise(waited, known, Teller(source, house.mint), now=now)
        changes = Changes(changes=tuple(classified(c, store, house, now) for c in (change, *also)))
        store.record(changes, now=now)
    return changes


def reclassify(store: Store, *, house: House, now: datetime) -> Changes:
    """Put every release where today's rules want it, where they are not those of the last time. No correction."""
    if store.outputs.fingerprint("rules") == house.fingerprint:
        return Changes()
    with store.transaction():
        moved = []
        for release in store.releases.list():
            change = classified(Change(verdict="merged", release=release), store, house, now)
            if (change.release.topics, change.release.held) != (release.topics, release.held):
                moved.append(change)
        changes = Changes(changes=tuple(moved))
        store.record(changes, now=now)
        store.outputs.made_by("rules", house.fingerprint)
    return changes


def _headlines(release: Release, source: Source, now: datetime) -> list[tuple[Release, str | None]]:
    made = (normalise(item, source, now=now) for item in headlines(release))
    return [(headline, None) for headline in made if isinstance(headline, Release)]
