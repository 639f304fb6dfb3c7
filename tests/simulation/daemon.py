"""The program as `syndicate run` has it, driven by the virtual clock."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import httpx

from simulation.instead import NoDeliveries, Pool, Scheduler, Watchers
from simulation.machine import Machine, Process
from simulation.web import Web
from syndicate.app import App, Lines
from syndicate.config import load
from syndicate.model import Event
from syndicate.schedule import Schedule

_SCHEDULE = "syndicate.schedule.schedule"
_DIALS = "syndicate.client.transport.Transport.handle_request"


@contextmanager
def on_the_made_web(web: Web) -> Iterator[None]:
    """Whatever is asked, that web answers; and what is scheduled is done when the clock says so."""

    def dialled(_: object, request: httpx.Request, content: bytes | None = None) -> httpx.Response:
        return web.answer(request)

    with ExitStack() as patches:
        patches.enter_context(patch(_DIALS, dialled))
        patches.enter_context(patch("syndicate.schedule.pool.ThreadPoolExecutor", Pool))
        for name, made in (("BackgroundScheduler", Scheduler), ("Deliveries", NoDeliveries), ("Watchers", Watchers)):
            patches.enter_context(patch(f"{_SCHEDULE}.{name}", made))
        yield


class Daemon:
    """It starts with that, unless it is killed. `heard` is told each event."""

    def __init__(self, config: Path, machine: Machine, heard: Callable[[Event], object]) -> None:
        self._machine = machine
        self.process = Process("daemon")
        self._app: App | None = None
        self._schedule: Any = None
        self._opened = (config, heard)

    def start(self) -> None:
        """Killed, perhaps: then it is to `vanish`."""
        config, heard = self._opened
        with self._machine.at_work(self.process):
            self._app = App(load(config), [heard], clock=self._machine.clock, lines=Lines())
            self._app.prepare()
            self._schedule = Schedule(self._app)
            self._schedule.start()

    def tick(self) -> None:
        """A second in which it looks what there is to do, and does all of that."""
        with self._machine.at_work(self.process):
            pool: Pool = self._schedule._pool._threads
            pool.drain()
            for _ in self._schedule._scheduler.run_due(self._machine.clock):
                pool.drain()

    def happened(self, folder: str) -> None:
        """Something has, in a folder that it watches."""
        self._schedule._watchers.happened(folder)

    def reload(self) -> None:
        self._schedule.reload()

    def looks_after_feeds(self) -> None:
        """With its next look: it looks whether somebody has deleted something there."""
        self._schedule._scheduler.soon()

    def vanish(self, power: Random | None = None) -> None:
        """Killed: nothing of it is left but what is on the disk."""
        self._machine.vanish(self._close, power)

    def end(self) -> None:
        """As it is told to."""
        with self._machine.at_work(self.process):
            self._schedule.stop(5)
            self._close()

    def _close(self) -> None:
        if self._app:
            self._app.__exit__(None, None, None)
