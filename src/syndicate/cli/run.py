"""`syndicate run`: the daemon, or with `--once` one full cycle."""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from zoneinfo import ZoneInfo

import typer

from syndicate import schedule as schedules
from syndicate.app import App
from syndicate.cli.daemon import AGAIN, serve_until_signal
from syndicate.cli.operators import Figures
from syndicate.cli.options import UNSET, ConfigPath, Json, Port, Verbose, WrongUse, command_app, examples
from syndicate.cli.signals import handled, leave_at_once_on_signals
from syndicate.cli.starting import Start
from syndicate.cli.stored import configured, on_port
from syndicate.cli.summary import follow, progress, rows_of, show, show_alarms, show_json, show_published
from syndicate.cli.supervisor import Supervisor
from syndicate.doors import ByName
from syndicate.model import Expire, LiftDue, Poll, SettleDue
from syndicate.polling import Call
from syndicate.store import fell

app = command_app()
_OTHERS = 30.0  # seconds that another process may write: then it is told, and what was to be done waits for its turn
_BEGUN = ByName("syndicate.cli.waiting", "begun")  # which brings the log with it
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
    done, adopts, again = AGAIN, adopt, threading.Event()
    with (
        leave_at_once_on_signals(130 if once else 0),  # a daemon has ended well also before it serves
        handled(None if once else again.set, signal.SIGHUP),  # also while it ends, where nothing comes of it
    ):
        plan = configured(config, port)
        while done == AGAIN:
            with ExitStack() as held, _trusted(supervisor):
                start = Start(plan, held, supervisor, least=least, verbose=verbose)
                start.adopts, start.port, start.again = adopts, port, again
                begun = start() if once or no_serve else _BEGUN(start)
                adopts, plan = start.adopts, start.next
                if isinstance(begun, int):
                    done = begun
                elif once:
                    done = _once(begun, as_json)
                else:
                    done = _daemon(start, begun, figures, serving=not no_serve)
                    plan = begun.plan  # one that cannot be used by now ends nothing, and is told of
                    again.set()
    return done


@contextmanager
def _trusted(supervisor: Supervisor) -> Iterator[None]:
    """Who has served, and ends by a fault, tells nobody who looks: `status` does."""
    try:
        yield
    except Exception:
        if supervisor.trusts:
            fell()
        raise


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


def _daemon(start: Start, program: App, figures: Figures, *, serving: bool) -> int:
    program.stay_ready()
    program.store.wait_for_others(_OTHERS)
    schedule = schedules.Schedule(program, serves=serving, again=start.again)
    if not serving and program.plan.has_own_hub:
        typer.echo(f"warning: {_NO_HUB}", err=True)
    return serve_until_signal(
        on_port(program.plan, start.port),
        program,
        schedule=schedule,
        serving=serving,
        supervisor=start.supervisor,
        figures=figures,
    )
