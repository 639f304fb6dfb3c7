"""What sources said and what waits for the clock, as `status` tells it: good to know, it needs nobody."""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from syndicate.model import Edition, Release
from syndicate.revise import words_at
from syndicate.store import Hook, Store
from syndicate.text import local
from syndicate.webhooks import named

_LONGEST = 60  # characters of a version


def waiting_lines(store: Store, zone: ZoneInfo) -> Iterator[str]:
    """One line for each edition of which something waits, or whose stale words speak."""
    for identifier, edition in store.releases.unsettled():
        release = store.releases.get(identifier)
        if release and not release.withdrawn:
            yield from _of(release, edition, zone)


def waiting_hooks(hooks: Iterable[Hook], zone: ZoneInfo) -> Iterator[str]:
    """Those that take nothing just now."""
    for hook in hooks:
        if hook.failing and hook.retry:
            since, again = local(hook.failing, zone), local(hook.retry, zone)
            yield f"webhook {named(hook.url)} takes nothing since {since}: {hook.reason}; tried again at {again}"


def _of(release: Release, edition: Edition, zone: ZoneInfo) -> Iterator[str]:
    memory, who = edition.memory, f"source {edition.source}: {release.id}"
    if memory.went_back:
        since = local(memory.went_back, zone)
        yield f"{who} is since {since} what its source had said before: nothing newer came for a day"
    if memory.waiting is None:
        return
    until, why = local(memory.waiting.due, zone), memory.waiting.why
    if why == "stale":
        yield f"{who} came as an older copy than before: ignored, unless nothing newer comes until {until}"
    elif why == "earlier":
        yield f"{who} came in the words of an earlier revision: put in at {until}, unless other words come"
    for span in memory.flickering if why == "flickers" else ():
        shown, now = (_short(words_at(said, span)) for said in (edition.said, memory.waiting.said))
        yield f"{who} changes by itself in its {span.field} (shown „{shown}“, now „{now}“): left until it has rested"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
