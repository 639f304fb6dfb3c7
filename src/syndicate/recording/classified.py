"""The topics of what an ingest or an act changes, over all editions of the release."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import count

from syndicate.classify import placed, rules_of
from syndicate.model import Change, Edition, Known, Plan
from syndicate.revise import with_edition
from syndicate.store import Store
from syndicate.text import digest, release_id


def mint(store: Store, known: Known | None = None) -> Callable[[str], str]:
    """How new releases get their ids: of their atom_id, so that a lost store gives most of them again.

    What no reader has seen yields its id. `known`: of most of them, whether they are free.
    """
    given, free = set[str](), known.free if known else frozenset[str]()

    def minted(atom_id: str) -> str:
        candidates = (release_id(atom_id, n) for n in count(1))
        own = next(i for i in candidates if i not in given and (i in free or store.releases.is_free(i)))
        given.add(own)
        return own

    return minted


def topics_fingerprint(plan: Plan) -> str:
    """Of all that decides in which topics a release is."""
    given = sorted((source.id, source.topics) for source in plan.sources)
    return digest(repr(plan.topics), plan.unmapped, repr(given))


def classified(change: Change, store: Store, plan: Plan, now: datetime, known: Known | None = None) -> Change:
    """The change with its topics and their reasons, over all editions of the release; `known` may have them."""
    if not change.tells:
        return change
    release = change.release
    # What is stored under the id of one that begins is another, which yields it.
    editions = () if change.begins else _editions(release.id, store, known)
    editions = tuple(edition for edition in editions if edition.source != change.parted)
    for edition in (*change.stands_again, *([change.edition] if change.edition else [])):
        editions = with_edition(editions, edition)
    place = placed(release, editions, rules_of(plan))
    shown = not place.held and release.state not in ("withdrawn", "embargoed")
    issued = release.issued or (now if shown else None)
    release = replace(release, topics=place.topics, held=place.held, issued=issued)
    return replace(change, release=release, reasons=tuple((reason.topic, reason.by) for reason in place.reasons))


def _editions(identifier: str, store: Store, known: Known | None) -> tuple[Edition, ...]:
    told = known.editions.get(identifier) if known else None
    return store.releases.editions(identifier) if told is None else told
