"""`syndicate why`: where a release came from, what was done to it, and why it is in its topics."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo

import typer
from rich.text import Text

from syndicate.classify import classify, rules_of
from syndicate.cli.dropped import show_dropped
from syndicate.cli.options import UNSET, ConfigPath, Few, Json, WrongUse, command_app, examples
from syndicate.cli.release import embargo_in_words
from syndicate.cli.stored import stored
from syndicate.cli.terminal import console, print_json
from syndicate.fulltext import pages_of
from syndicate.model import Edition, Plan, Release
from syndicate.reading import unread_date
from syndicate.store import Captured, Event, QueuedPage, Revision, Store
from syndicate.text import local, local_second, rfc3339
from syndicate.urls import without_secrets

app = command_app()


class Told(NamedTuple):
    """`by`: topic → why it is in it. `feeds`: where readers find it. `waits`: its version under an embargo.

    `pages`: its own ones that were read, or are to be.
    """

    release: Release
    by: Mapping[str, str]
    feeds: Sequence[str]
    revisions: Sequence[tuple[Revision, Captured | None]]
    events: Sequence[tuple[Event, Captured | None]]
    editions: Sequence[Edition]
    waits: Release | None
    pages: Sequence[QueuedPage]


@app.command(
    epilog=examples(
        "syndicate why 3k9f",
        "syndicate why https://www.example.org/presse/klinik --json",
        "syndicate why --dropped --source portal",
    )
)
def why(
    release: Annotated[
        str | None,
        typer.Argument(metavar="RELEASE", help="Its id, four or more first characters of it, its atom:id or URL."),
    ] = None,
    dropped: Annotated[
        bool, typer.Option("--dropped", help="Entries that are not held, and by which rule of their source.")
    ] = False,
    source: Annotated[
        list[str] | None, typer.Option("--source", metavar="SOURCE", help="Of --dropped: this source's alone.")
    ] = None,
    limit: Few = None,
    config: ConfigPath = UNSET,
    as_json: Json = False,
) -> int:
    """Where a release came from, what was done to it, why it is in its topics; or what is not held, and why."""
    if dropped:
        if release is not None:
            raise WrongUse("--dropped is of entries that are no release: no RELEASE beside it")
        return show_dropped(config, source or (), limit, as_json=as_json)
    if release is None:
        raise WrongUse("it wants a RELEASE, or --dropped")
    if source or limit is not None:
        raise WrongUse("--source and --limit go with --dropped")
    _why(release, config, as_json=as_json)
    return 0


def _why(release: str, config: Path, *, as_json: bool) -> None:
    with stored(config) as (settings, store):
        zone = ZoneInfo(settings.site.timezone)
        found = store.releases.resolve(release)
        history = store.releases.history(found.id)
        told = Told(
            release=found,
            by=_reasons(found, settings, store),
            feeds=history.feeds,
            revisions=[(r, history.captures.get(r.capture or "")) for r in history.revisions],
            events=[(e, history.captures.get(e.capture or "")) for e in history.events],
            editions=store.releases.editions(found.id),
            waits=next(iter(store.releases.waits(found.id)), None),
            pages=pages_of(store, found),
        )
    if as_json:
        print_json(_json(told, zone))
    else:
        _show(told, zone)


def _reasons(release: Release, config: Plan, store: Store) -> dict[str, str]:
    """Topic → why it is in it, by the answer that recorded it. A changed configuration moves it at the next `run`."""
    reasons = classify(release, store.releases.editions(release.id), rules_of(config))
    told = {reason.topic.id: reason.by for reason in reasons}
    return {topic: told.get(topic, "by the configuration of the last run") for topic in release.topics}


def _show(told: Told, zone: ZoneInfo) -> None:
    release, screen = told.release, console()
    screen.print(Text(release.title, style="bold"))
    screen.print(f"{release.id} · {release.state} · {release.atom_id}", soft_wrap=True)
    for heading, lines in (
        ("Where it came from, and what was done to it", _history(told, zone)),
        ("Its page", [line for page in told.pages for line in _page(page, zone)]),
        ("Editions", _editions(told.editions)),
        ("What it is known by", _keys(release)),
        ("Why it is in its topics", [f"{topic}: {by}" for topic, by in told.by.items()] or ["It is in none."]),
        ("Where readers find it", [", ".join(told.feeds) or f"Nowhere: it is {release.state}."]),
        ("Embargo", _embargo(told, zone)),
    ):
        if lines:
            screen.print(Text(f"\n{heading}", style="bold"))
        for line in lines:
            screen.print(f"  {line}", soft_wrap=True)


def _history(told: Told, zone: ZoneInfo) -> list[str]:
    lines = [f"first seen {local(told.release.first_seen, zone)}, from source {told.release.source or '–'}"]
    if told.release.unread and not told.release.stated:
        lines.append(unread_date(told.release.unread))
    for event, capture in told.events:
        fields = f" ({', '.join(event.fields)})" if event.fields else ""
        lines.append(f"{local_second(event.at, zone)}  {event.verdict}{fields}")
        if capture:
            place = capture.url or capture.path or "–"
            lines.append(f"{'':19}  {capture.source}, {place} (sha256 {capture.hash[:12]}…, {capture.program})")
    return lines


def _page(page: QueuedPage, zone: ZoneInfo) -> list[str]:
    """When it was read and is asked next, or why it is not."""
    read = f"read on {local(page.completed or page.asked, zone)}" if page.page else "not read yet"
    due = min(filter(None, (page.due, page.again)), default=None)
    lines = [
        f"{without_secrets(page.address)} (source {page.said.source})",
        f"{read}; {f'asked next on {local(due, zone)}' if due else 'asked no more'}",
    ]
    if page.error:
        lines.append(f"at the last time: {page.error}")
    return lines


def _editions(editions: Sequence[Edition]) -> list[str]:
    """What more than one source says of it; `releases split` takes one apart."""
    if len(editions) < 2:
        return []
    return [
        f"{e.source} (priority {e.priority}{', withdrawn' if e.said.withdrawn else ''}): {e.said.title}"
        for e in editions
    ]


def _keys(release: Release) -> list[str]:
    return [f"{key.kind} {key.value}" + (f" (of source {key.scope})" if key.scope else "") for key in release.keys]


def _embargo(told: Told, zone: ZoneInfo) -> list[str]:
    release = told.release
    lines = [embargo_in_words(release.embargo, zone)] if release.embargo else []
    if release.lifted:
        lines.append(f"ended {local(release.lifted, zone)}")
    if told.waits:
        lines.append(f"a new version waits {embargo_in_words(told.waits.embargo, zone)}")
    return lines


def _json(told: Told, zone: ZoneInfo) -> dict[str, Any]:
    release = told.release
    return {
        "id": release.id,
        "atom_id": release.atom_id,
        "title": release.title,
        "state": release.state,
        "source": release.source,
        "first_seen": rfc3339(release.first_seen, zone),
        "unread_date": None if release.stated else release.unread,
        "lifted": rfc3339(release.lifted, zone),
        "keys": [{"kind": key.kind, "source": key.scope or None, "value": key.value} for key in release.keys],
        "pages": [_page_json(page, zone) for page in told.pages],
        "topics": [{"id": topic, "by": by} for topic, by in told.by.items()],
        "feeds": list(told.feeds),
        "editions": [
            {
                "source": e.source,
                "priority": e.priority,
                "title": e.said.title,
                "withdrawn": e.said.withdrawn is not None,
            }
            for e in told.editions
        ],
        "events": [
            {"at": rfc3339(event.at, zone), "verdict": event.verdict, "fields": list(event.fields)}
            for event, _ in told.events
        ],
        "revisions": [
            {
                "number": revision.number,
                "at": rfc3339(revision.at, zone),
                "verdict": revision.verdict,
                "fields": list(revision.fields),
                "capture": capture and capture._asdict() | {"at": rfc3339(capture.at, zone)},
            }
            for revision, capture in told.revisions
        ],
    }


def _page_json(page: QueuedPage, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "source": page.said.source,
        "url": without_secrets(page.address),
        "read": rfc3339(page.completed or page.asked, zone) if page.page else None,
        "next": rfc3339(min(filter(None, (page.due, page.again)), default=None), zone),
        "gone": rfc3339(page.gone, zone),
        "error": page.error,
    }
