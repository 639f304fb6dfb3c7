"""Today's rules over what is stored: where they are not those of the last time."""

from datetime import datetime

from syndicate.model import Change, Changes, Plan
from syndicate.recording import classified, record, topics_fingerprint
from syndicate.store import Store


def reclassify(store: Store, *, plan: Plan, now: datetime) -> Changes:
    """Put every release where today's rules want it, where they are not those of the last time. No correction."""
    if store.recalled("rules") == topics_fingerprint(plan):
        return Changes()
    with store.transaction():
        moved = []
        for release in store.releases.list():
            change = classified(Change(verdict="reclassified", release=release), store, plan, now)
            if (change.release.topics, change.release.held) != (release.topics, release.held):
                moved.append(change)
        changes = Changes(changes=tuple(moved))
        record(store, changes, plan, now=now)
        store.remember("rules", topics_fingerprint(plan))
    return changes
