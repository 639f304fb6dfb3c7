"""What a daemon needs before it does its work: the lock, the store, and all of it prepared."""

import logging
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import partial

import typer

from syndicate.app import App
from syndicate.cli.opened import opened
from syndicate.cli.supervisor import Supervisor
from syndicate.model import Event, Failed, Plan, Recovered
from syndicate.store import daemon_lock


class Start:
    """Called once, or again and again until it does not fail; what it has got is held as long as `held` is.

    So is the lock, from the first time on that it can be had: also who waits for a store is the only one.
    """

    def __init__(self, plan: Plan, held: ExitStack, supervisor: Supervisor, *, least: int, verbose: bool) -> None:
        self.plan = plan
        self.supervisor = supervisor
        self.least = logging.DEBUG if verbose else least
        self.adopts = False
        self.port: int | None = None
        self.again = threading.Event()  # the configuration is to be read again, as soon as that can be done
        self.next = plan  # what is begun with after this
        self._held = held
        self._say: Callable[[Iterable[str]], None] | None = None

    def __call__(self, look: Callable[[], object] = lambda: None) -> App:
        """`look` is called with the lock, before the store is opened. What either raises, and what is in the way."""
        if self._say is None:
            self._say = self._held.enter_context(daemon_lock(self.plan.store))
        look()
        with ExitStack() as trying:
            program = trying.enter_context(
                opened(self.plan, self.least == logging.DEBUG, self.least, beside=self.supervisor.starts)
            )
            program.store.here("run")
            program.listen(partial(self._carry, program))
            if self.adopts:
                _adopt(program)
            self.supervisor.starts("looks what has changed since it ended")
            program.check_taken()
            program.prepare()
            self._held.push(trying.pop_all())
        self.adopts = False
        self.says(())
        return program

    def says(self, lines: Iterable[str]) -> None:
        """Beside the store, for `status`."""
        if self._say:
            self._say(lines)

    def _carry(self, program: App, event: Event) -> None:
        """What the store cannot carry itself."""
        if isinstance(event, Failed | Recovered):
            self.says(trouble.text for trouble in program.troubles if trouble.kind == "store")


def _adopt(program: App) -> None:
    releases, directory = program.adopt(), program.plan.publish.directory
    taken = f"adopted {releases} releases" if releases is not None else "is this store's own: there is nothing to adopt"
    typer.echo(f"{directory}: {taken}", err=True)
