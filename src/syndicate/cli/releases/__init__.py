"""`syndicate releases`: what is held: list, show; and what a person does to it."""

import sys
from collections.abc import Sequence
from itertools import islice
from typing import Annotated, Any, get_args
from zoneinfo import ZoneInfo

import typer

from syndicate.cli.options import (
    UNSET,
    ConfigPath,
    Json,
    Reference,
    command_app,
    examples,
    known,
    needs_command,
)
from syndicate.cli.release import show_release
from syndicate.cli.release_json import release_json
from syndicate.cli.releases.acts import app as acts
from syndicate.cli.releases.edit import app as editing
from syndicate.cli.releases.history import history, show_history, told_json
from syndicate.cli.releases.keep import app as keeping
from syndicate.cli.stored import stored
from syndicate.cli.terminal import console, print_json, print_json_list, table
from syndicate.model import Plan, State
from syndicate.store import ALL, Line, Store
from syndicate.text import local

__all__ = ["app"]

app = command_app()
_STATES = get_args(State)
_SHOWN = 50  # releases of a list, where no limit is given
_PART = 500  # of those that stand in one table, with columns of its own; more go on below it


@app.callback(
    invoke_without_command=True,
    epilog=examples(
        "syndicate releases list --limit 20", "syndicate releases show 3k9f", "syndicate releases withdraw 3k9f"
    ),
)
def releases(ctx: typer.Context, config: ConfigPath = UNSET) -> int:
    """What is held, and what a person does to it.

    RELEASE is an id, four or more first characters of one, an atom:id or a URL.
    """
    return needs_command(ctx)


@app.command(
    "list",
    epilog=examples(
        "syndicate releases list --limit 20",
        "syndicate releases list --state embargoed --state held",
        "syndicate releases list --topic gesundheit --json",
    ),
)
def list_releases(
    config: ConfigPath = UNSET,
    states: Annotated[
        list[str] | None, typer.Option("--state", metavar="STATE", help=f"{', '.join(_STATES)}; may be repeated.")
    ] = None,
    topic: Annotated[str | None, typer.Option("--topic", metavar="TOPIC", help="A topic's id.")] = None,
    source: Annotated[str | None, typer.Option("--source", metavar="SOURCE", help="A source's id.")] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, max=2**31, metavar="N", help="At most so many; 0: all. Default: 50.")
    ] = None,
    as_json: Json = False,
) -> int:
    """Releases, newest first: 50 of them, with `--json` all."""
    wanted: list[Any] = known("state", states or (), _STATES)
    with stored(config) as (settings, store):
        if source:
            known("source", [source], [s.id for s in settings.sources])
        if topic:
            known("topic", [topic], _topic_ids(settings, store))
        zone = ZoneInfo(settings.site.timezone)
        found = store.releases.listing(wanted, topic, source)
        if as_json:
            print_json_list(release_json(release, zone, settings.site) for release in islice(found, limit or None))
            return 0
        most = _SHOWN if limit is None else limit or None
        lines = islice(found.lines(), most)
        of = len(found) if limit is None else 0
        shown = _print([*islice(lines, _PART)], zone)
        for line in lines:  # a list of any length is printed as it is read
            sys.stdout.write(f"{line.id}  {local(line.published, zone)}  {line.state:<9}  {line.title}\n")
            shown += 1
    if limit is None and shown < of:
        typer.echo(f"{shown} of {of} releases, the newest; --limit 0 shows all")
    return 0


def _print(lines: Sequence[Line], zone: ZoneInfo) -> int:
    listing = table("Release", "Published", "State", "Title")
    for line in lines:
        listing.add_row(line.id, local(line.published, zone), line.state, line.title)
    console().print(listing)
    return len(lines)


def _topic_ids(config: Plan, store: Store) -> list[str]:
    return [*dict.fromkeys((ALL, *(t.id for t in config.topics), *(row.id for row in store.feeds.list())))]


@app.command(epilog=examples("syndicate releases show 3k9f", "syndicate releases show 3k9f --json"))
def show(release: Reference, config: ConfigPath = UNSET, as_json: Json = False) -> int:
    """One release with all its fields, who says it, what was done to it, and its revisions."""
    with stored(config) as (settings, store):
        if as_json:
            print_json(told_json(release, store, settings.site))
            return 0
        zone = ZoneInfo(settings.site.timezone)
        told = history(release, store)
    show_release(told.release, zone)
    show_history(told, zone)
    return 0


for part in (acts, editing, keeping):
    app.add_typer(part)
