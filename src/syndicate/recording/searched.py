"""What is searched in: of what readers see what they are shown, once it is published; of all else for operators alone.

The one is written in the transaction of the publish that shows it: so nothing is found that is not there yet, and what
is withdrawn goes with its page. A search looks at states besides, so what is withdrawn is not found from then on. The
other is written where it is recorded. No poll that brings nothing for it touches either.
"""

from collections.abc import Collection
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple
from zoneinfo import ZoneInfo

from syndicate.doors import ByName
from syndicate.model import Changes, Plan, Release
from syndicate.placement import Dirty, Placement
from syndicate.search import MADE_BY, tokens
from syndicate.store import Entry, Standing, Store

said = ByName("syndicate.search", "said")  # what has nothing new needs no HTML


class Searched(NamedTuple):
    """Rows that are to be others, and releases that are to have none."""

    entries: tuple[Entry, ...]
    gone: tuple[str, ...]


def apart(changes: Changes, plan: Plan) -> dict[str, str | None]:
    """What operators alone find of these, as `search.keep_private` takes it."""
    found = dict[str, str | None]()
    for change in changes.changes:
        if change.tells and (_is_apart(change.release, plan) or not change.is_first):
            found[change.release.id] = _tokens(change.release) if _is_apart(change.release, plan) else None
    return found


def searched(plan: Plan, published: Collection[Standing], failed: Collection[str] = ()) -> Searched:
    """What is otherwise by a publish of these releases. `failed`: those of them that could not be shown.

    Works out tokens: outside of the transaction that `Search.publish` wants.
    """
    seen = [each for each in published if each.position is not None and each.shown.load().visible]
    there = {each.shown.id: each for each in seen if each.shown.id not in failed}
    entries = (_entry(each, each.position, plan) for each in there.values() if each.position is not None)
    gone = (each.shown.id for each in published if each.shown.id not in there and each.key is not None)
    return Searched(tuple(filter(None, entries)), tuple(gone))


def make_searched(store: Store, plan: Plan, *, now: datetime) -> None:
    """At start: where tokens were made by other rules, or none yet, all are made, in steps. Those of what readers see
    by the publish that follows, as if each of them had changed.
    """
    made_by = f"{MADE_BY} {sorted(plan.republished.items())}"
    if store.recalled("searched") == made_by:
        return
    last = ""
    while step := store.search.apart(last, plan.republished):
        found = {each.id: _tokens(each.load()) for each in step}
        with store.transaction():
            store.search.keep_private(found)
        last = step[-1].id
    with store.transaction():
        marks = (Dirty("release", release) for release in store.releases.with_page())
        store.feeds.write(Placement(dirty=tuple(marks), again=True), now)
        store.remember("searched", made_by)


def _is_apart(release: Release, plan: Plan) -> bool:
    """Do readers not see it, or not all of it?"""
    return not (release.visible and plan.content_of(release) == "full")


def _entry(standing: Standing, position: int, plan: Plan) -> Entry | None:
    """None where what it has is made of this already."""
    release = standing.shown.load()
    whole = plan.content_of(release) == "full"
    year = release.published.astimezone(ZoneInfo(plan.site.timezone)).year
    made_of = blake2b(repr((MADE_BY, whole, position, standing.feeds, year)).encode(), digest_size=16)
    made_of.update(standing.shown.data)
    if made_of.digest() == standing.key:
        return None
    words, is_held = _tokens(release, whole=whole), standing.key is not None
    return Entry(release.id, position, made_of.digest(), words, standing.feeds, year, is_held)


def _tokens(release: Release, *, whole: bool = True) -> str:
    return " ".join(tokens(said(release, whole=whole)))
