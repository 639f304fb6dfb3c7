"""`syndicate status`: is everything well, and if not, what is to be done?"""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from rich.text import Text

from syndicate.app import Embargoed, SourceState, State, gone_lines, remedied, state_of
from syndicate.cli.options import UNSET, ConfigPath, Json, command_app, examples
from syndicate.cli.stored import stored
from syndicate.cli.terminal import console, count, now, print_json, rfc3339, table
from syndicate.text import age, local, without_secrets

app = command_app()
_FEW = 5  # pages of a source that are named


@app.command(epilog=examples("syndicate status", "syndicate status --json", "syndicate status > /dev/null || notify"))
def status(config: ConfigPath = UNSET, as_json: Json = False) -> int:
    """Each source's last success, age and next poll; topics; embargoes; what is refused; the store.

    Exit status 1 if something needs a person: a source that failed or is gone, a refused file or entry, a release that
    waits, an alarm (a source fell silent, lost half of its entries or its umlauts, a selector finds nothing, too much
    would be withdrawn at once, the clock went back, something cannot be rendered).
    """
    with stored(config) as (settings, store):
        zone = ZoneInfo(settings.site.timezone)
        state = state_of(settings, store, now())
    if as_json:
        print_json(_json(state, zone))
    else:
        _show(state, zone)
    return 1 if state.needs else 0


def _show(state: State, zone: ZoneInfo) -> None:
    screen = console()
    releases = ", ".join(f"{number} {name}" for name, number in sorted(state.releases.items())) or "no releases"
    screen.print(f"Store    {state.store} ({state.store_bytes / 1e6:,.1f} MB): {releases}", soft_wrap=True)
    screen.print(f"Daemon   {'runs (process ' + state.daemon + ')' if state.daemon else 'does not run'}")
    if state.dirty:
        screen.print(f"Feeds    {count(state.dirty, 'document')} to be rendered at the next publish")
    _show_sources(state, zone)
    _show_topics(state, zone)
    _show_embargoes(state, zone)
    screen.print()
    if not state.needs:
        screen.print("Nothing needs a person.", style="green")
    for line in _noted(state):
        screen.print(Text.assemble(("noted      ", "dim"), line), soft_wrap=True)
    for line in state.needs:
        screen.print(Text.assemble(("needs you  ", "bold red"), line), soft_wrap=True)


def _noted(state: State) -> Iterator[str]:
    """What is good to know, and needs nobody."""
    for source in state.sources:
        if source.address:
            yield f"source {source.id} is asked at {source.address}: put that into config.toml if it is meant"
        if source.pages.waiting:
            yield f"source {source.id}: {count(source.pages.waiting, 'page')} of its releases to be read"
        for url, reason in source.page_failures[:_FEW]:
            page = without_secrets(url)
            yield f"source {source.id}, page {reason if page in reason else f'{page}: {reason}'}"
        yield from gone_lines(source.id, [page for page in source.gone_pages if not page.needs_person])
        for note in source.notes:
            yield f"source {source.id}, {note.where}: {note.reason}"
    yield from state.waiting


def _show_sources(state: State, zone: ZoneInfo) -> None:
    listing = table("Source", "Last success", "Age", "Next poll", "Refused", "State", numbers=["Refused"])
    for source in state.sources:
        listing.add_row(
            source.id,
            local(source.last_success, zone, "never"),
            age(source.age) if source.age is not None else "–",
            local(source.next_poll, zone, "now") if source.asked else "–",
            str(len(source.refused)),
            _condition(source),
        )
    console().print()
    console().print(listing)


def _condition(source: SourceState) -> str:
    if not source.enabled:
        return "not enabled"
    if source.gone:
        return "gone"
    if source.paused:
        return "paused"
    if source.error:
        return f"failed {count(source.failures, 'time')}" + (", waits" if source.waits else "")
    if source.waits:
        return "waits for its server"
    return "ok" if source.last_success else "not asked yet"


def _show_topics(state: State, zone: ZoneInfo) -> None:
    listing = table("Topic", "Releases", "Newest", "Title", numbers=["Releases"])
    for topic in state.topics:
        listing.add_row(topic.id, str(topic.releases), local(topic.newest, zone), topic.title)
    console().print()
    console().print(listing)


def _show_embargoes(state: State, zone: ZoneInfo) -> None:
    if not state.embargoes:
        return
    listing = table("Embargo", "Ends", "Title")
    for embargo in state.embargoes:
        listing.add_row(embargo.id, _ends(embargo, zone), embargo.title)
    console().print()
    console().print(listing)


def _ends(embargo: Embargoed, zone: ZoneInfo) -> str:
    if embargo.until:
        return local(embargo.until, zone)
    return f"when you say so ({embargo.event})" if embargo.event else "when you say so"


def _json(state: State, zone: ZoneInfo) -> dict[str, object]:
    return {
        "daemon": {"running": state.daemon is not None, "process": state.daemon},
        "store": {"path": str(state.store), "bytes": state.store_bytes, "releases": state.releases},
        "dirty": state.dirty,
        "sources": [_source_json(source, zone) for source in state.sources],
        "topics": [topic._asdict() | {"newest": rfc3339(topic.newest, zone)} for topic in state.topics],
        "embargoes": [
            {
                "id": e.id,
                "title": e.title,
                "until": rfc3339(e.until, zone),
                "event": e.event,
                "public": e.public,
                "needs_person": e.needs_person,
            }
            for e in state.embargoes
        ],
        "alarms": [
            {"kind": a.kind, "subject": a.subject, "text": remedied(a), "since": rfc3339(a.at, zone)}
            for a in state.alarms
        ],
        "waiting": list(state.waiting),
        "needs": list(state.needs),
    }


def _source_json(source: SourceState, zone: ZoneInfo) -> dict[str, object]:
    return {
        "id": source.id,
        "enabled": source.enabled,
        "paused": source.paused,
        "gone": source.gone,
        "address": source.address,
        "last_attempt": rfc3339(source.last_attempt, zone),
        "last_success": rfc3339(source.last_success, zone),
        "age": round(source.age) if source.age is not None else None,
        "next_poll": rfc3339(source.next_poll, zone),
        "waits": rfc3339(source.waits, zone),
        "failures": source.failures,
        "error": source.error,
        "refused": [{"where": q.where, "reason": q.reason, "since": rfc3339(q.at, zone)} for q in source.refused],
        "pages": {name: getattr(source.pages, name) for name in ("waiting", "read", "failed")},
        "gone_pages": [page._asdict() | {"since": rfc3339(page.since, zone)} for page in source.gone_pages],
        "notes": [{"where": q.where, "reason": q.reason, "since": rfc3339(q.at, zone)} for q in source.notes],
    }
