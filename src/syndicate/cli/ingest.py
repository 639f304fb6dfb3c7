"""`syndicate ingest`: ask sources now. Works beside a daemon."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from syndicate.app import App, turn_of
from syndicate.cli.opened import opened
from syndicate.cli.options import UNSET, ConfigPath, Json, Verbose, command_app, examples, known, source_ids
from syndicate.cli.signals import leave_at_once_on_signals
from syndicate.cli.summary import follow, progress, rows_of, show, show_alarms, show_json, show_published
from syndicate.cli.terminal import console
from syndicate.model import Poll
from syndicate.polling import Call
from syndicate.text import local

app = command_app()


@app.command(epilog=examples("syndicate ingest", "syndicate ingest examples portal --json"))
def ingest(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE]...",
            help="Ids; asked also when not due, not enabled, paused or gone.",
            autocompletion=source_ids,
        ),
    ] = None,
    config: ConfigPath = UNSET,
    as_json: Json = False,
    verbose: Verbose = False,
) -> int:
    """Ask the sources that are due, or those named also when not; publish what changed.

    Nobody is asked before a Retry-After has passed. Exit status 1: a source failed, or something of it is refused.
    """
    with opened(config, verbose) as program:
        zone = ZoneInfo(program.plan.site.timezone)
        named = known("source", sources or (), program.plan.by_id)
        jobs = [Poll(None, (i,), "named") for i in named] if named else program.due()
        asked = [program.plan.by_id[i] for job in jobs for i in job.sources]
        call = Call.NAMED if named else Call.DUE
        program.check_taken()
        program.prepare()
        with leave_at_once_on_signals():
            with progress(len(asked)) as on_done:
                rows = rows_of(program.run_each(jobs, on_done), program)
            if not as_json:
                show(rows, zone) if rows else _nothing_due(program, zone)
            documents = program.publish()
            documents += follow(asked, program, call)
        if as_json:
            show_json(rows, documents, program, zone)
        elif rows or documents:
            show_published(documents, program)
        needs_you = show_alarms(program)
    return 0 if all(row.fine for row in rows) and not needs_you else 1


def _nothing_due(program: App, zone: ZoneInfo) -> None:
    store, sources, now = program.store, program.plan.sources, program.clock()
    turns = {s.id: turn_of(s, store.sources.state(s.id, files=False), store, now) for s in sources}
    polls = [(turn.next, source) for source, turn in turns.items() if turn.next]
    when = f"; {min(polls)[1]} is next, at {local(min(polls)[0], zone)}" if polls else ""
    console().print(f"No source is due{when}. `syndicate ingest SOURCE` asks one all the same.", soft_wrap=True)
