"""`syndicate ingest`: ask sources now. Works beside a daemon."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from syndicate.cli.daemon import leave_at_once_on_signals
from syndicate.cli.opened import opened
from syndicate.cli.options import UNSET, ConfigPath, Json, Verbose, command_app, examples, known
from syndicate.cli.summary import follow, progress, rows_of, show, show_alarms, show_json, show_published
from syndicate.cli.terminal import console, local
from syndicate.polling import Call
from syndicate.service import Service, clock, turn_of

app = command_app()


@app.command(epilog=examples("syndicate ingest", "syndicate ingest examples portal --json"))
def ingest(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE]...", help="Ids; asked also when not due, not enabled, paused or gone."),
    ] = None,
    config: ConfigPath = UNSET,
    as_json: Json = False,
    verbose: Verbose = False,
) -> int:
    """Ask the sources that are due, or those named also when not; publish what changed.

    Nobody is asked before a Retry-After has passed. Exit status 1: a source failed, or something of it is refused.
    """
    with opened(config, verbose) as service:
        zone = ZoneInfo(service.plan.site.timezone)
        named = known("source", sources or (), service.plan.by_id)
        asked = [service.plan.by_id[i] for i in named] if named else service.due()
        call = Call.NAMED if named else Call.DUE
        service.prepare()
        with leave_at_once_on_signals():
            with progress(len(asked)) as on_done:
                rows = rows_of(service.cycle(asked, on_done, call=call), service)
            if not as_json:
                show(rows, zone) if rows else _nothing_due(service, zone)
            documents = service.publish()
            documents += follow(asked, service, call)
        if as_json:
            show_json(rows, documents, service, zone)
        elif rows or documents:
            show_published(documents, service)
        needs_you = show_alarms(service)
    return 0 if all(row.fine for row in rows) and not needs_you else 1


def _nothing_due(service: Service, zone: ZoneInfo) -> None:
    store = service.store
    turns = {s.id: turn_of(s, store.sources.state(s.id, files=False), store, clock()) for s in service.plan.sources}
    polls = [(turn.next, source) for source, turn in turns.items() if turn.next]
    when = f"; {min(polls)[1]} is next, at {local(min(polls)[0], zone)}" if polls else ""
    console().print(f"No source is due{when}. `syndicate ingest SOURCE` asks one all the same.", soft_wrap=True)
