"""What was decided, put where it is to stand, and written."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from syndicate.model import Capture, Change, Changes, Plan
from syndicate.placement import advancing, concerned, place
from syndicate.recording.searched import apart
from syndicate.store import Store


def record(store: Store, changes: Changes, plan: Plan, *, captures: Iterable[Capture] = (), now: datetime) -> None:
    """Call it in the transaction in which it was found what they were decided on."""
    with store.transaction():
        standing = store.feeds.standing(changes)
        placement = place(changes, standing, page_size=plan.publish.page_size, tag=plan.site.tag, now=now)
        held = concerned(changes, standing)
        advances = advancing(changes, standing, store.advances.of(held), now=now) if held else None
        store.search.keep_private(dict.fromkeys(old for change in changes.changes for old in change.absorbs))
        kept = captures if plan.keep_raw else (replace(capture, packed=b"") for capture in captures)
        store.record(changes, placement, captures=kept, now=now)
        store.search.keep_private(apart(changes, plan))
        for change in changes.changes:
            if change.verdict == "withdrawn":
                store.acts.put_of_release("withdraw", change.release, _withdrawn(change, changes), now)
        if advances:
            store.advances.write(advances)


def _withdrawn(change: Change, changes: Changes) -> Mapping[str, object]:
    """What tells it to a store that has never seen the release. Its source may not say it again."""
    release = change.release
    return {
        "reason": release.reason,
        "kicker": release.kicker,
        "title": release.title,
        "language": release.language,
        "published": release.published.isoformat(),
        "issued": release.issued and release.issued.isoformat(),
        "by": changes.source,
    }
