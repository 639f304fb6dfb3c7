"""`syndicate reach`: who still holds the wrong version, after a correction or a withdrawal."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from syndicate.cli.options import UNSET, ConfigPath, Json, Reference, command_app, examples
from syndicate.cli.stored import stored
from syndicate.cli.terminal import console, now, print_json, table
from syndicate.model import Release
from syndicate.reach import KEPT, SEEN, SETTLED_AFTER, Named, Told, told
from syndicate.text import count, local, local_second, rfc3339

app = command_app()
_MOST = 50  # rows of a table; who holds the old version is first


@app.command(epilog=examples("syndicate reach 3k9f", "syndicate reach 3k9f --json"))
def reach(release: Reference, config: ConfigPath = UNSET, as_json: Json = False) -> int:
    """Who has fetched which version since a correction or withdrawal: per newsroom, subscriber, user agent.

    "Old" is a version of a feed from before it in which readers had the release, "new" one from after it. What another
    server gives out (nginx, a CDN, a bucket) is not seen.
    """
    with stored(config) as (settings, store):
        zone = ZoneInfo(settings.site.timezone)
        found = store.releases.resolve(release)
        what = told(store, found.id)
    if as_json:
        print_json(_json(what, zone, now()))
    else:
        _show(what, found, zone, now())
    return 0


def _show(what: Told, release: Release, zone: ZoneInfo, moment: datetime) -> None:
    screen = console()
    screen.print(
        f"Seen: {SEEN}; what nginx, a CDN or a bucket gives out is not seen. Numbers of agents are estimates by the"
        " validators that they send back, and a request can forge them; newsrooms and subscribers are known by name.",
        soft_wrap=True,
    )
    screen.print(f"\n{release.id}  {release.title}", soft_wrap=True)
    if not what.event:
        screen.print(
            f"It has been neither corrected nor withdrawn before readers' eyes in the last {KEPT.days} days: nobody can"
            " hold a wrong version.",
            soft_wrap=True,
        )
        return
    in_advance = what.event.generation is None
    before = " before its end: only newsrooms that get it in advance have seen it" * in_advance
    who = "they" if in_advance else "readers"
    since = f"; {who} had the old version from {local(what.since, zone)} on" if what.since else ""
    screen.print(f"{what.event.kind.capitalize()} {local_second(what.event.at, zone)}{before}{since}", soft_wrap=True)
    if what.again:
        screen.print(f"It was shown again {local_second(what.again, zone)}.")
    _show_named("Newsroom", what.newsrooms, zone)
    _show_named("Subscriber", what.subscribers, zone)
    _show_agents(what, zone)
    screen.print(f"\n{_verdict(what, moment)}", soft_wrap=True)


def _show_named(heading: str, rows: Sequence[Named], zone: ZoneInfo) -> None:
    if rows:
        listing = table(heading, "Holds", "Last")
        for row in rows[:_MOST]:
            listing.add_row(row.name, _version(row) or "–", local(row.last, zone))
        console().print()
        console().print(listing)
        if len(rows) > _MOST:
            console().print(f"{_MOST} of {len(rows)}; --json has all")


def _show_agents(what: Told, zone: ZoneInfo) -> None:
    if not what.agents:
        return
    numbers = ["Old", "New", "Without validators", "Subscribers"]
    listing = table("Agent", *numbers, "Last", numbers=numbers)
    for agent in what.agents[:_MOST]:
        plain = f"{agent.plain} ({agent.plain_old} old)" if agent.plain_old else str(agent.plain)
        stated = str(agent.subscribers) if agent.subscribers else "–"
        listing.add_row(agent.agent, str(agent.old), str(agent.new), plain, stated, local(agent.last, zone))
    console().print()
    console().print(listing)
    if len(what.agents) > _MOST:
        console().print(f"{_MOST} of {len(what.agents)}; --json has all")


def _verdict(what: Told, moment: datetime) -> str:
    known, days = what.old + what.new, SETTLED_AFTER.days
    if not known and not what.agents:
        return "Nobody has been seen to hold either version."
    if not what.old:
        return f"Settled: nobody who is known holds the old version any more.{_unknown(what.unknown)}"
    of = f"{what.old} of {count(known, 'copy', 'copies')} that are known are old"
    return (f"Settled by time ({days} days): {of}." if what.settled(moment) else f"Not settled: {of}.") + _unknown(
        what.unknown
    )


def _unknown(copies: int) -> str:
    """Of the old version, without validators."""
    return (
        f" It was fetched {count(copies, 'time')} without a validator: who has it still, nobody can say."
        if copies
        else ""
    )


def _version(row: Named) -> str | None:
    return None if row.old is None else "old" if row.old else "new"


def _json(what: Told, zone: ZoneInfo, moment: datetime) -> dict[str, object]:
    return {
        "release": what.release,
        "event": what.event.kind if what.event else None,
        "at": rfc3339(what.event.at if what.event else None, zone),
        "since": rfc3339(what.since, zone),
        "again": rfc3339(what.again, zone),
        "seen": SEEN,
        "settled": what.settled(moment),
        "newsrooms": [
            {"name": row.name, "holds": _version(row), "last": rfc3339(row.last, zone)} for row in what.newsrooms
        ],
        "subscribers": [
            {"host": row.name, "delivered": _version(row), "last": rfc3339(row.last, zone)} for row in what.subscribers
        ],
        "agents": [
            {
                "agent": agent.agent,
                "old": agent.old,
                "new": agent.new,
                "without_validators": agent.plain,
                "without_validators_old": agent.plain_old,
                "subscribers": agent.subscribers,
                "last": rfc3339(agent.last, zone),
            }
            for agent in what.agents
        ],
    }
