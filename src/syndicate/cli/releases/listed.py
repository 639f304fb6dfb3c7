"""`syndicate releases list`: what is held, the newest first."""

import sys
from collections.abc import Sequence
from itertools import islice
from typing import Annotated, Any, get_args
from zoneinfo import ZoneInfo

import typer

from syndicate.cli.options import (
    SHOWN,
    UNSET,
    ConfigPath,
    Few,
    Json,
    WrongUse,
    command_app,
    examples,
    known,
    one_of,
    source_ids,
    topic_ids,
)
from syndicate.cli.stored import stored
from syndicate.cli.terminal import console, print_json_list, print_total, table
from syndicate.doors import ByName
from syndicate.errors import SearchRefused
from syndicate.model import State
from syndicate.search import Query
from syndicate.store import Line, Listing, Store
from syndicate.text import count, local

app = command_app()
# By name: these need a good part of the house, and most lists neither.
release_json = ByName("syndicate.release_json", "release_json")
topic_named = ByName("syndicate.cli.named", "topic_named")
read = ByName("syndicate.search", "read")
_STATES = get_args(State)
_PART = 500  # of those that stand in one table, with columns of its own; more go on below it


@app.command(
    "list",
    epilog=examples(
        "syndicate releases list --limit 20",
        "syndicate releases list --state embargoed --state held",
        "syndicate releases list --topic gesundheit --json",
        "syndicate releases list --search 'klinik \"neue Betten\" -reha'",
    ),
)
def list_releases(
    config: ConfigPath = UNSET,
    states: Annotated[
        list[str] | None,
        typer.Option(
            "--state",
            metavar="STATE",
            help=f"{', '.join(_STATES)}; may be repeated.",
            autocompletion=one_of(*_STATES),
        ),
    ] = None,
    topic: Annotated[
        str | None,
        typer.Option("--topic", metavar="TOPIC", help="A topic's id or title.", autocompletion=topic_ids),
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="SOURCE", help="A source's id.", autocompletion=source_ids)
    ] = None,
    words: Annotated[
        str | None,
        typer.Option("--search", metavar="WORDS", help='Those in which they are found; "…" as it stands, -word: not.'),
    ] = None,
    limit: Few = None,
    as_json: Json = False,
) -> int:
    """Releases, newest first: 50 of them, with `--json` all."""
    wanted: list[Any] = known("state", states or (), _STATES)
    query = None if words is None else _query(words)
    with stored(config) as (settings, store):
        if source:
            known("source", [source], [s.id for s in settings.sources])
        chosen = topic_named(topic, settings, store).id if topic else None
        zone = ZoneInfo(settings.site.timezone)
        found = store.releases.listing(wanted, chosen, source, query)
        if as_json:
            print_json_list(release_json(release, zone, settings.site) for release in islice(found, limit or None))
        else:
            _show(found, SHOWN if limit is None else limit, zone, store)
    return 0


def _query(words: str) -> Query:
    try:
        query: Query = read(words)
    except SearchRefused as refused:
        raise WrongUse(f"--search {words}: {refused}") from None
    return query


def _show(found: Listing, limit: int, zone: ZoneInfo, store: Store) -> None:
    """At most so many, 0: all; a list of any length is printed as it is read."""
    lines = islice(found.lines(), limit or None)
    shown = _print([*islice(lines, _PART)], zone)
    for line in lines:
        sys.stdout.write(f"{line.id}  {local(line.published, zone)}  {line.state:<9}  {line.title}\n")
        shown += 1
    if shown and shown == limit:
        print_total(shown, len(found), "release", ", the newest; --limit 0 shows all")
    elif not shown:
        there = sum(store.releases.counts().values())
        typer.echo(f"none of {count(there, 'release')} is such a one" if there else "there are no releases yet")


def _print(lines: Sequence[Line], zone: ZoneInfo) -> int:
    if lines:
        listing = table("Release", "Published", "State", "Title")
        for line in lines:
            listing.add_row(line.id, local(line.published, zone), line.state, line.title)
        console().print(listing)
    return len(lines)
