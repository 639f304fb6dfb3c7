"""`syndicate worker`: carries jobs of a store that several machines share."""

import logging
import signal
import threading
from typing import Annotated

import typer

from syndicate import schedule as schedules
from syndicate import store as stores
from syndicate.app import WORKERS
from syndicate.cli.opened import opened
from syndicate.cli.options import UNSET, ConfigPath, Verbose, WrongUse, command_app, examples, one_of, whole_number
from syndicate.cli.signals import handled, stopped
from syndicate.cli.stored import configured
from syndicate.cli.supervisor import Supervisor

app = command_app()
_ENDS = 30.0  # seconds that jobs under way may take at the end
_KINDS = ("poll", "publish")


@app.command(epilog=examples("syndicate worker", "syndicate worker --concurrency 4", "syndicate worker --only poll"))
def worker(
    config: ConfigPath = UNSET,
    concurrency: Annotated[
        int | None,
        typer.Option(
            "--concurrency", parser=whole_number(1, 256), metavar="N", help=f"So many jobs at once; default: {WORKERS}."
        ),
    ] = None,
    only: Annotated[
        str,
        typer.Option("--only", metavar="KIND", help="poll or publish; default: both.", autocompletion=one_of(*_KINDS)),
    ] = "",
    verbose: Verbose = False,
) -> int:
    """Carry jobs of a store on PostgreSQL, until Ctrl-C or SIGTERM: on any machine, beside a `run` on some machine.

    It needs no port. Ended by a signal it ends its jobs first; one that is killed costs those, and half a minute for
    their hosts. One that has another configuration or version than the `run` that has the clock waits, and `status`
    says so.
    """
    if only and only not in _KINDS:
        raise WrongUse(f'--only "{only}": is neither of {" and ".join(_KINDS)}')
    plan = configured(config)
    if stores.file_of(plan.store) is not None:
        raise WrongUse(
            f"{stores.shown(plan.store)}: is a file, which one machine has; a worker needs [store] url ="
            ' "postgresql://…"'
        )
    supervisor, again, over = Supervisor(), threading.Event(), threading.Event()
    with (
        handled(over.set),
        handled(again.set, signal.SIGHUP),
        stores.daemon_lock(plan.store),
        opened(plan, verbose, logging.INFO, beside=supervisor.starts) as program,
    ):
        carrier = schedules.Worker(program, concurrency or WORKERS, only or None, again)
        with handled(carrier.end):
            if not over.is_set():
                carrier.run(lambda: _ready(supervisor, plan.cluster.machine))
            supervisor.stops()
            if not carrier.stop(_ENDS):
                stopped()
    typer.echo("Stopped.")
    return 0


def _ready(supervisor: Supervisor, machine: str) -> None:
    supervisor.ready("carries jobs")
    typer.echo(f"Carries jobs as {machine} – Ctrl-C ends it.")
