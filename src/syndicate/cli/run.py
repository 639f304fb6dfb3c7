"""`syndicate run`: the daemon, or with `--once` one full cycle."""

import logging
from zoneinfo import ZoneInfo

import typer

from syndicate.cli.daemon import leave_at_once_on_signals, serve_until_signal
from syndicate.cli.opened import opened
from syndicate.cli.options import UNSET, ConfigPath, Json, Verbose, WrongUse, command_app, examples
from syndicate.cli.stored import configured
from syndicate.cli.summary import follow, progress, rows_of, show, show_alarms, show_json, show_published
from syndicate.polling import Call
from syndicate.schedule import Schedule
from syndicate.service import Service
from syndicate.store import daemon_lock

app = command_app()
_PATIENCE = 3.0  # seconds that a first publish may take before the address is printed all the same


@app.command(
    epilog=examples(
        "syndicate run", "syndicate run --once", "syndicate run --no-serve   # another web server serves the folder"
    )
)
def run(
    config: ConfigPath = UNSET,
    once: bool = typer.Option(False, "--once", help="Ask every source once, publish, print a summary and end."),
    no_serve: bool = typer.Option(False, "--no-serve", help="Do not serve the feeds over HTTP."),
    as_json: Json = False,
    verbose: Verbose = False,
) -> int:
    """Poll the sources, publish what changed at once, and serve it, until Ctrl-C or SIGTERM.

    One at a time for each store: a second one names the first and exits with 2. `--json` goes with `--once`.
    """
    if as_json and not once:
        raise WrongUse("--json goes with --once: the daemon has nothing to print at its end")
    with (
        daemon_lock(configured(config).store),
        opened(config, verbose, logging.ERROR if once else logging.INFO) as service,
    ):
        service.prepare()
        return _once(service, as_json) if once else _daemon(service, not no_serve)


def _once(service: Service, as_json: bool) -> int:
    zone = ZoneInfo(service.plan.site.timezone)
    sources = [source for source in service.plan.sources if source.enabled]
    with leave_at_once_on_signals(), progress(len(sources)) as on_done:
        outcomes = service.cycle(sources, on_done)
        service.lift_due()
        service.settle_due()
    rows = rows_of(outcomes, service)
    if not as_json:
        show(rows, zone)
    with leave_at_once_on_signals():
        documents = service.publish()
        documents += follow(sources, service, Call.EACH)
    if as_json:
        show_json(rows, documents, service, zone)
    else:
        show_published(documents, service)
    needs_you = show_alarms(service)
    return 0 if all(row.fine for row in rows) and not needs_you else 1


def _daemon(service: Service, serving: bool) -> int:
    schedule = Schedule(service)
    return serve_until_signal(
        service.plan,
        serving=serving,
        start=schedule.start,
        stop=schedule.stop,
        patience=_PATIENCE,
        gone=service.gone,
        moved=service.moved,
    )
