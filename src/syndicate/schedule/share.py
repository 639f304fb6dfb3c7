"""A process that shares the store with others: it is known to be there, and carries jobs of the engine."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress

from syndicate.app import WORKERS, App
from syndicate.errors import StoreError
from syndicate.model import Event, Poll
from syndicate.schedule.carried import carry
from syndicate.schedule.dispatch import Dispatch
from syndicate.schedule.engine import Engine
from syndicate.schedule.pool import may_change

_EACH = 1.0  # seconds between two looks at the others


class Share:
    """`kind`: run or worker. `changed` is called where a job may have changed what is published."""

    def __init__(
        self,
        app: App,
        kind: str,
        changed: Callable[[], object] = lambda: None,
        most: int = WORKERS,
        *,
        polls: bool = True,
    ) -> None:
        self._app = app
        self._kind = kind
        self._changed = changed
        self._polls = polls
        self._over = threading.Event()
        self._engine = Engine(app.store.url, app.plan.cluster.machine, self._carry, app.fails, most)
        self.dispatch = Dispatch(app.store, self._engine)
        self._thread = threading.Thread(target=self._run, name="share", daemon=True)

    def start(self) -> None:
        self._engine.start()
        self._thread.start()

    def end(self) -> None:
        """Take no more jobs, and ask nobody more of those under way."""
        self._over.set()
        self._engine.end()

    def stop(self, seconds: float) -> bool:
        """`end`, and wait so long; whether all has ended."""
        self.end()
        return self._engine.stop(seconds)

    def _run(self) -> None:
        while True:
            with suppress(StoreError):  # its own jobs tell of it
                apart = self._app.looked_at_clocks()
                waits = self._differs() or self._is_off(apart)
                self._app.store.stand_aside(waits)
                self._engine.may = self._polls and not waits
                said = {"name": self._app.plan.cluster.machine, "waits": waits, "off": bool(apart)}
                self._app.store.here(self._kind, json.dumps(said))
            if self._over.wait(_EACH):
                return

    def _differs(self) -> str:
        """Why it takes no jobs: who says what is due has another program, or another configuration."""
        clock = self._app.store.said_by("clock")
        if clock is None or clock[1] == self._app.said:
            return ""
        what = "version" if clock[1].split(" ")[0] != self._app.said.split(" ")[0] else "configuration"
        return f"has another {what} than {clock[0]}, which has the clock"

    def _is_off(self, apart: str) -> str:
        """The same, where its clock is wrong and another one's is not, which can do what this one does.

        Where all are, the database's may be.
        """
        others = self._app.store.machines() if apart else ()
        right = any(each.lives and not each.is_off and each.kind in (self._kind, "run") for each in others)
        return f"has a clock that is {apart}" if right else ""

    def _carry(self, job: Poll) -> None:
        try:
            with self._app.store.at(job.host or f"path:{job.sources[0]}") as mine:
                if mine and self._app.works():
                    carry(job, self._app.plan, self._ask, self._over)
        except Exception as error:  # a fault of ours must not cost a place
            self._app.fails(error)

    def _ask(self, job: Poll) -> tuple[Event, ...]:
        done = self._app.run(job)
        if any(map(may_change, done)):
            self._changed()
        return done
