"""What was done after a backup, done again in the store that was restored from it: out of the journal of acts.

An act that a store knows already changes nothing. One whose release it has never seen waits for it, and is done before
that is published; but what was withdrawn is put in as withdrawn at once, with all by which its source tells it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from syndicate.errors import StoreError, StoreUnusable
from syndicate.model import Change, Changes, Key, Plan, Release
from syndicate.pipeline.amend import Act, Edit, Lift, Restore, Split, Withdraw, amend
from syndicate.placement import Placement
from syndicate.store import Act as Done
from syndicate.store import Store, load_field

_WAITS = timedelta(days=90)  # for a release that nobody tells any more
# Done also where it is not sure whether it was: nothing is shown by it that was not.
_HARMLESS = frozenset({"withdraw", "revoke", "drop"})


def replay(store: Store, acts: Iterable[Done], plan: Plan) -> Counter[str]:
    """In their order, each at its own time and in a transaction; how many of each kind, those that `wait`, that are
    `unsure` and were left, that are `undone` by a later one, and that `fail`: they cannot be done any more.
    None is journalled again.
    """
    done, acts = Counter[str](), [*acts]
    undone = _undone(acts)
    for act in acts:
        with store.acts.quietly(), store.transaction():
            if act.id in undone and _is_nobody_s(store, act):
                done["undone"] += 1
            elif not act.sure and act.kind not in _HARMLESS:
                done["unsure"] += 1
            else:
                done[_tried(store, act, plan)] += 1
            store.acts.caught_up(act.id)
    return done


def _undone(acts: Iterable[Done]) -> set[int]:
    """Withdrawals that a person took back later."""
    found, open_ones = set[int](), dict[str, list[int]]()
    for act in acts:
        about = str(act.data.get("atom_id"))
        if act.kind == "withdraw":
            open_ones.setdefault(about, []).append(act.id)
        elif act.kind == "restore" and act.sure:
            found.update(open_ones.pop(about, ()))
    return found


def _is_nobody_s(store: Store, act: Done) -> bool:
    """Is its release not known, or only as it is published? Once withdrawn, nobody could restore its words."""
    identifier = store.acts.known_as(act)
    release = store.releases.get(identifier) if identifier else None
    return release is None or release.source is None


def replay_waiting(store: Store, plan: Plan, now: datetime) -> Counter[str]:
    """What waits for a release that has come by now; how many of each kind were done."""
    done = Counter[str]()
    for act in store.acts.waiting():
        has_come = store.acts.known_as(act) is not None
        if has_come or datetime.fromisoformat(act.at) < now - _WAITS:
            with store.acts.quietly(), store.transaction():
                store.acts.waits_no_more(act)
                if has_come:
                    done[_tried(store, act, plan)] += 1
    return done


def _tried(store: Store, act: Done, plan: Plan) -> str:
    try:
        return _again(store, act, plan)
    except StoreUnusable:
        raise
    except (StoreError, KeyError, TypeError, ValueError):  # of a later program, perhaps
        return "fail"


def _again(store: Store, act: Done, plan: Plan) -> str:
    at, data = datetime.fromisoformat(act.at), act.data
    if act.kind == "revoke":
        store.newsrooms.revoke(data["newsroom"], at)
        return act.kind
    if act.kind == "drop":
        named = (data["document"], data["callback"])
        store.subscriptions.end([s.id for s in store.subscriptions.list() if (s.document, s.callback) == named])
        return act.kind
    identifier = store.acts.known_as(act)
    release = store.releases.get(identifier) if identifier else None
    if release is None and act.kind == "withdraw":
        _stub(store, data, at)
        return act.kind
    if release is None:
        store.acts.wait(act)
        return "wait"
    again = _of_release(act, release, data)
    if isinstance(again, Edit) and release.source is None and release.updated >= at:
        # It is read back from what was published after that: it has these words, and they are a person's.
        edits = {release.id: again.fields}
        store.record(Changes(edits=edits, reverted={release.id: again.revert}), Placement(), now=at)
    elif again:
        amend(store, again, plan=plan, now=at)
    return act.kind


def _of_release(act: Done, release: Release, data: Mapping[str, Any]) -> Act | None:
    """None: it is so already."""
    match act.kind:
        case "withdraw":
            return None if release.withdrawn else Withdraw(release.id, data["reason"])
        case "restore":
            return Restore(release.id) if release.withdrawn else None
        case "lift":
            return Lift(release.id)
        case "split":
            return Split(release.id, data["source"])
        case "edit":
            return Edit(
                release.id,
                {name: load_field(name, value) for name, value in data["fields"].items()},
                note=data["note"],
                minor=data["minor"],
                no_notes=data["no_notes"],
                revert=tuple(data["revert"]),
            )
    raise ValueError(act.kind)


def _stub(store: Store, data: Mapping[str, Any], at: datetime) -> None:
    """Nothing of its words but its head: only that it was there, and that it is to stay away, whoever tells it."""
    published = datetime.fromisoformat(data["published"])
    issued = data["issued"] and datetime.fromisoformat(data["issued"])
    stub = Release(
        id=data["release"],
        atom_id=data["atom_id"],
        kicker=data["kicker"],
        title=data["title"],
        language=data["language"],
        published=published,
        updated=max(published, at),
        issued=issued,
        first_seen=published,
        withdrawn=at,
        reason=data["reason"],
        keys=tuple(Key(*key) for key in data["keys"]),
    )
    store.record(Changes(changes=(Change(verdict="adopted", release=stub),)), Placement(), now=at)
