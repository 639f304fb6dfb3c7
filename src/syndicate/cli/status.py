"""`syndicate status`: is everything well, and if not, what is to be done?"""

from zoneinfo import ZoneInfo

from syndicate.app import Embargoed, SourceState, State, commands, name_of_field, of_alarm, state_of
from syndicate.cli.hub_json import hub_json
from syndicate.cli.listing import Marked
from syndicate.cli.options import UNSET, ConfigPath, Json, command_app, examples
from syndicate.cli.stored import configured
from syndicate.cli.terminal import console, now, print_json, table
from syndicate.store import Machine
from syndicate.text import age, count, local, on_one_line, rfc3339

app = command_app()


@app.command(epilog=examples("syndicate status", "syndicate status --json", "syndicate status > /dev/null || notify"))
def status(config: ConfigPath = UNSET, as_json: Json = False) -> int:
    """Each source's last success, age and next poll; topics; embargoes; what is refused; the store.

    Exit status 1 if something needs a person: a source that failed or is gone, a refused file or entry, a release that
    waits, a run that ended without being told to, a store or a folder of feeds that cannot be read or written, an alarm
    (a source fell silent, lost half of its entries or its umlauts, a selector finds nothing, too much would be
    withdrawn at once, the clock went back, something cannot be rendered or published).
    """
    settings = configured(config)
    zone, state = ZoneInfo(settings.site.timezone), state_of(settings, now())
    if as_json:
        print_json(_json(state, zone))
    else:
        _show(state, zone)
    return 1 if state.needs else 0


def _show(state: State, zone: ZoneInfo) -> None:
    screen = console()
    releases = ", ".join(f"{number} {name}" for name, number in sorted(state.releases.items())) or "no releases"
    screen.print(f"Store    {state.store} ({state.store_bytes / 1e6:,.1f} MB): {releases}", soft_wrap=True)
    screen.print(f"Daemon   {_daemon(state)}")
    if state.dirty:
        screen.print(f"Feeds    {count(state.dirty, 'document')} to be rendered at the next publish")
    for machine in state.machines:
        roles = f": {', '.join(machine.roles)}" if machine.roles else ""
        lives = "lives" if machine.lives else f"was last heard of {local(machine.last, zone)}"
        screen.print(f"Machine  {machine.name}, {machine.kind} {lives}{roles}", soft_wrap=True)
    if state.queue:
        since = f", the oldest since {local(state.oldest_job, zone)}" if state.oldest_job else ""
        screen.print(f"Queue    {count(state.queue, 'job')}{since}")
    if state.sources:
        _show_sources(state, zone)
    if state.topics:
        _show_topics(state, zone)
    _show_embargoes(state, zone)
    screen.print()
    if not state.needs:
        screen.print("Nothing needs a person.", style="green")
    for line in state.noted:
        screen.print(Marked("noted      ", "dim", on_one_line(line)), soft_wrap=True)
    for line in state.needs:
        screen.print(Marked("needs you  ", "bold red", on_one_line(line)), soft_wrap=True)


def _daemon(state: State) -> str:
    if state.is_unknown:
        return "unknown: who runs is told by the store, and that cannot be reached"
    return f"runs (process {state.daemon})" if state.daemon else "does not run"


def _show_sources(state: State, zone: ZoneInfo) -> None:
    listing = table("Source", "Last success", "Age", "Next poll", "Refused", "State", numbers=["Refused"])
    for source in state.sources:
        listing.add_row(
            source.id,
            local(source.last_success, zone, "never"),
            age(source.age) if source.age is not None else "–",
            local(source.next_poll, zone, "now") if source.asked else "–",
            str(len(source.refused)),
            source.condition,
        )
    console().print()
    console().print(listing)


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
        "daemon": {"running": None if state.is_unknown else state.daemon is not None, "process": state.daemon},
        "store": {"path": str(state.store), "bytes": state.store_bytes, "releases": state.releases},
        "dirty": state.dirty,
        "machines": [_machine_json(machine, zone) for machine in state.machines],
        "queue": state.queue,
        "oldest_job": rfc3339(state.oldest_job, zone),
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
            {"kind": a.kind, "subject": a.subject, "text": of_alarm(a).text, "since": rfc3339(a.at, zone)}
            for a in state.alarms
        ],
        "hidden": [
            {"id": h.id, "title": h.title, "field": name_of_field(h.field), "source": h.source} for h in state.hidden
        ],
        "waiting": list(state.waiting),
        "spread": list(state.spread),
        "faults": list(state.faults),
        "noted": list(state.noted),
        "needs": list(state.needs),
        "to_mend": [
            {"kind": n.kind, "subject": n.subject, "what": n.fact, "remedy": n.remedy, "commands": commands(n.remedy)}
            for n in state.each_need
        ],
    }


def _machine_json(machine: Machine, zone: ZoneInfo) -> dict[str, object]:
    return {
        "name": machine.name,
        "kind": machine.kind,
        "process": machine.process.rpartition(" ")[2],
        "last": rfc3339(machine.last, zone),
        "lease": ", ".join(machine.roles) or None,
        "lives": machine.lives,
        "waits": machine.waits or None,
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
        "hub": hub_json(source.hub, zone),
        "failures": source.failures,
        "error": source.error,
        "refused": [{"where": q.where, "reason": q.reason, "since": rfc3339(q.at, zone)} for q in source.refused],
        "pages": {name: getattr(source.pages, name) for name in ("waiting", "read", "failed")},
        "gone_pages": [page._asdict() | {"since": rfc3339(page.since, zone)} for page in source.gone_pages],
        "notes": [{"where": q.where, "reason": q.reason, "since": rfc3339(q.at, zone)} for q in source.notes],
    }
