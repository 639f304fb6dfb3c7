"""What has become of a release: who says it, what a person changed, what it corrects, every revision."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from syndicate.app import hidden, name_of_field
from syndicate.cli.release import embargo_in_words, image_in_words
from syndicate.cli.terminal import console, table
from syndicate.model import Contact, Edition, Embargo, Image, Note, Release, Site
from syndicate.normalise import plain
from syndicate.release_json import embargo_json, notes_json, release_json
from syndicate.store import Event, Link, Revision, Store
from syndicate.text import local, local_second, rfc3339, squeeze

_JSON = {"assigned": "topics", "stated": "date"}  # keys of `edits` that have another name
_SHOWN = 60  # characters of what a person changed


@dataclass(frozen=True)
class History:
    """`waits`: its version under an embargo, while readers keep what they have."""

    release: Release
    revisions: Sequence[Revision]
    events: Sequence[Event]
    editions: Sequence[Edition]
    edits: Mapping[str, Any]
    links: Sequence[Link]
    waits: Release | None
    hides: Mapping[str, str]  # field → the source of which it hides something newer


def history(identifier: str, store: Store) -> History:
    """StoreError where there is no such release."""
    release = store.releases.resolve(identifier)
    done = store.releases.history(release.id)
    return History(
        release=release,
        revisions=done.revisions,
        events=done.events,
        editions=store.releases.editions(release.id),
        edits=store.releases.edits(release.id),
        links=store.feeds.links([release]).corrections.get(release.id, ()),
        waits=next(iter(store.releases.waits(release.id)), None),
        hides={h.field: h.source for h in hidden(store, store.releases.edited(release.id))},
    )


def show_history(told: History, zone: ZoneInfo) -> None:
    screen = console()
    lines = [*_lines(told, zone)]
    for line in ("", *lines) if lines else ():
        screen.print(line, soft_wrap=True)
    screen.print()
    listing = table("Revision", "At", "Verdict", "What changed", numbers=["Revision"])
    for done in _done(told):
        changed = ", ".join(done.fields) or "–"
        if isinstance(done, Revision):
            note = f": {newest.text}" if "note" in done.fields and (newest := _newest(done.release)) else ""
            listing.add_row(str(done.number), local_second(done.at, zone), done.verdict, changed + note)
        else:
            listing.add_row("–", local_second(done.at, zone), done.verdict, changed)
    screen.print(listing)


def _done(told: History) -> list[Revision | Event]:
    """Each revision, and what was done that made none: it was withdrawn, restored, lifted, …; the first first.

    In the order in which it was done, whatever the clock said. Of revisions of long ago no more was kept.
    """
    made = {(revision.at, revision.verdict): revision for revision in told.revisions}
    done = [made.pop((event.at, event.verdict), event) for event in told.events]
    return [*made.values(), *done]


def _lines(told: History, zone: ZoneInfo) -> Iterator[str]:
    release = told.release
    if release.withdrawn:
        yield f"withdrawn {local_second(release.withdrawn, zone)}" + (f": {release.reason}" if release.reason else "")
    for note in release.notes:
        yield f"note of {local(note.at, zone)}: {note.text}"
    for link in told.links:
        yield f"{link.kind.replace('_', ' ')} {link.id} „{link.title}“"
    for edition in told.editions if len(told.editions) > 1 else ():
        gone = ", withdrawn" if edition.said.withdrawn else ""
        yield f"edition of {edition.source} (priority {edition.priority}{gone}): {edition.said.title}"
    for field, value in told.edits.items():
        over = f" (hides a newer one of {told.hides[field]})" if field in told.hides else ""
        yield f"changed by hand: {name_of_field(field)}: {_in_words(value, zone)}{over}"
    if told.waits:
        yield f"a new version waits {embargo_in_words(told.waits.embargo, zone)}"


def _newest(release: Release) -> Note | None:
    return next(iter(release.notes), None)


def _in_words(value: Any, zone: ZoneInfo) -> str:
    match value:
        case Embargo():
            return embargo_in_words(value, zone)
        case datetime():
            return local(value, zone)
        case Contact():
            words = ", ".join(filter(None, asdict(value).values()))
        case tuple():
            words = ", ".join(image_in_words(each) if isinstance(each, Image) else each for each in value)
        case _:
            words = squeeze(plain(value or ""))
    return "(none)" if not words else words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"


def told_json(identifier: str, store: Store, site: Site) -> dict[str, Any]:
    """The release as `releases list` has it, and its history."""
    zone = ZoneInfo(site.timezone)
    told = history(identifier, store)
    return release_json(told.release, zone, site) | _history_json(told, zone)


def _edit_json(value: Any, zone: ZoneInfo) -> Any:
    match value:
        case Embargo():
            return embargo_json(value, zone)
        case datetime():
            return rfc3339(value, zone)
        case Contact():
            return asdict(value)
        case tuple():
            return [asdict(each) if isinstance(each, Image) else each for each in value]
        case _:
            return value


def _history_json(told: History, zone: ZoneInfo) -> dict[str, Any]:
    release = told.release
    return {
        "withdrawn": rfc3339(release.withdrawn, zone),
        "reason": release.reason,
        "note": newest.text if (newest := _newest(release)) else None,
        "notes": notes_json(release, zone),
        "linked": [{"kind": link.kind, "id": link.id, "url": link.url, "title": link.title} for link in told.links],
        "editions": [
            {
                "source": edition.source,
                "priority": edition.priority,
                "title": edition.said.title,
                "withdrawn": rfc3339(edition.said.withdrawn, zone),
            }
            for edition in told.editions
        ],
        "edits": {_JSON.get(field, field): _edit_json(value, zone) for field, value in told.edits.items()},
        "hides": {_JSON.get(field, field): source for field, source in told.hides.items()},
        "waits": embargo_json(told.waits.embargo, zone) if told.waits else None,
        "revisions": [
            {
                "number": revision.number,
                "at": rfc3339(revision.at, zone),
                "verdict": revision.verdict,
                "fields": list(revision.fields),
                "title": revision.release.title,
                "note": newest.text if "note" in revision.fields and (newest := _newest(revision.release)) else None,
                "updated": rfc3339(revision.release.updated, zone),
                "capture": revision.capture,
            }
            for revision in told.revisions
        ],
    }
