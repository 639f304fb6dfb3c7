"""Topics whose ids have become addresses of the program's own: another id, and the old addresses go on working.

A configured one is seen to where the configuration is read. A kicker's own has nobody who could name its earlier id:
what the store has published tells of it.
"""

from dataclasses import replace

from syndicate.classify import LATER, reserved_id
from syndicate.formats import FORMATS
from syndicate.model import Plan, Topic
from syndicate.store import Store


def with_reserved(store: Store, plan: Plan) -> Plan:
    """The plan, and a topic for each such feed that no configured one claims."""
    claimed = {name for topic in plan.topics for name in (topic.id, *topic.aliases)}
    earlier = {name: owner for name in LATER - claimed if (owner := _owner(store, name))}
    if not earlier:
        return plan
    titles = {row.id: row.title for row in store.feeds.list()}
    found = (
        Topic(owner if owner != name else reserved_id(titles[owner]), titles[owner], aliases=(name,))
        for name, owner in sorted(earlier.items())
        if owner in titles
    )
    kept = tuple(topic for topic in found if topic.id not in claimed)
    return replace(plan, topics=(*plan.topics, *kept))


def _owner(store: Store, name: str) -> str | None:
    """The topic whose feeds are published under this name: itself, as long as it is not renamed."""
    owners = (mark for row in FORMATS.values() for mark in store.outputs.of(f"{name}.{row.suffix}"))
    return next((mark.id for mark in owners if mark.kind == "topic"), None)
