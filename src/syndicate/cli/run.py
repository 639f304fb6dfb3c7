"""`syndicate run`: the daemon, or with `--once` one full cycle."""

import logging
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from zoneinfo import ZoneInfo

import typer

from syndicate import schedule as schedules
from syndicate.app import App
from syndicate.cli.daemon import AGAIN, leave_at_once_on_signals, serve_until_signal
from syndicate.cli.opened import opened
from syndicate.cli.operators import Figures
from syndicate.cli.options import UNSET, ConfigPath, Json, Port, Verbose, WrongUse, command_app, examples
from syndicate.cli.stored import configured, on_port
from syndicate.cli.summary import follow, progress, rows_of, show, show_alarms, show_json, show_published
from syndicate.cli.supervisor import Supervisor
from syndicate.model import Event, Expire, Failed, LiftDue, Plan, Poll, Recovered, SettleDue
from syndicate.polling import Call
from syndicate.store import daemon_lock

app = command_app()
_OTHERS = 30.0  # seconds that another process may write: then it is told, and what was to be done waits for its turn
_DELIVERIES = 15.0  # seconds that what was published is brought to subscribers
_NO_HUB = (
    'each feed names a hub that --no-serve does not serve: `syndicate serve` beside it does, or set [serve] hub = ""'
)


@app.command(
    epilog=examples(
        "syndicate run",
        "syndicate run --port 8080",
        "syndicate run --once",
        "syndicate run --no-serve   # another web server serves the folder",
    )
)
def run(
    config: ConfigPath = UNSET,
    once: bool = typer.Option(False, "--once", help="Ask every source once, publish, print a summary and end."),
    no_serve: bool = typer.Option(False, "--no-serve", help="Do not serve the feeds over HTTP."),
    port: Port = None,
    adopt: bool = typer.Option(False, "--adopt", help="First take over what a store that was lost has published."),
    as_json: Json = False,
    verbose: Verbose = False,
) -> int:
    """Poll the sources, publish what changed at once, and serve it, until Ctrl-C or SIGTERM.

    One at a time for each store: a second one names the first and exits with 2. `--json` goes with `--once`. `--adopt`
    goes with an empty store beside a folder of feeds that another one wrote.
    """
    if as_json and not once:
        raise WrongUse("--json goes with --once: the daemon has nothing to print at its end")
    if port is not None and (once or no_serve):
        raise WrongUse(f"--port goes without {'--once' if once else '--no-serve'}: nothing is served then")
    supervisor, figures, least = Supervisor(), Figures(), logging.ERROR if once else logging.INFO

    def carried(*, adopt: bool) -> int:
        with (
            leave_at_once_on_signals(130 if once else 0),  # a daemon has ended well also before it serves
            nullcontext(configured(config, port)) as plan,
            daemon_lock(plan.store) as say,
            opened(plan, verbose, least, beside=supervisor.starts) as program,
        ):
            program.listen(lambda event: _carry(event, program, say))
            if adopt:
                _adopt(program)
            supervisor.starts("looks what has changed since it ended")
            program.check_taken()
            program.prepare()
            if once:
                return _once(program, as_json)
            return _daemon(on_port(program.plan, port), program, supervisor, figures, serving=not no_serve)

    while (done := carried(adopt=adopt)) == AGAIN:
        adopt = False
    return done


def _carry(event: Event, program: App, say: Callable[[Iterable[str]], None]) -> None:
    """What the store cannot carry itself is said beside it, for `status`."""
    if isinstance(event, Failed | Recovered):
        say(trouble.text for trouble in program.troubles if trouble.kind == "store")


def _adopt(program: App) -> None:
    releases, directory = program.adopt(), program.plan.publish.directory
    taken = f"adopted {releases} releases" if releases is not None else "is this store's own: there is nothing to adopt"
    typer.echo(f"{directory}: {taken}", err=True)


def _once(program: App, as_json: bool) -> int:
    zone = ZoneInfo(program.plan.site.timezone)
    sources = [source for source in program.plan.sources if source.enabled]
    with leave_at_once_on_signals(), progress(len(sources)) as on_done:
        jobs = [Poll(None, (source.id,), "each") for source in sources]
        rows = rows_of(program.run_each(jobs, on_done), program)
        program.run_or_raise(LiftDue())
        program.run_or_raise(SettleDue())
        program.run_or_raise(Expire())
    if not as_json:
        show(rows, zone)
    with leave_at_once_on_signals():
        documents = program.publish()
        documents += follow(sources, program, Call.EACH)
    if as_json:
        show_json(rows, documents, program, zone)
    else:
        show_published(documents, program)
    with leave_at_once_on_signals():
        schedules.Deliveries(program).once(_DELIVERIES)
    needs_you = show_alarms(program)
    return 0 if all(row.fine for row in rows) and not needs_you else 1


def _daemon(plan: Plan, program: App, supervisor: Supervisor, figures: Figures, *, serving: bool) -> int:
    program.stay_ready()
    program.store.wait_for_others(_OTHERS)
    schedule = schedules.Schedule(program, serves=serving)
    if not serving and program.plan.has_own_hub:
        typer.echo(f"warning: {_NO_HUB}", err=True)
    return serve_until_signal(
        plan,
        program,
        schedule=schedule,
        serving=serving,
        supervisor=supervisor,
        figures=figures,
    )
