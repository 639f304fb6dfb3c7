"""A process that carries jobs which another one says are due: no clock, no port, no folder of feeds that it needs."""

import threading
import time
from collections.abc import Callable

from syndicate.app import App
from syndicate.errors import StoreLocked, SyndicateError
from syndicate.model import Publish
from syndicate.publish import target
from syndicate.schedule.pool import Pool
from syndicate.schedule.share import Share
from syndicate.schedule.watch import Watchers

_EACH = 1.0  # seconds between two looks


class Worker:
    """`only`: poll or publish; None: both. `again`: config.toml is to be read again."""

    def __init__(self, app: App, most: int, only: str | None = None, again: threading.Event | None = None) -> None:
        app.only_carries = True
        self._app = app
        self._publishes, self._polls = only != "poll", only != "publish"
        self._again = again or threading.Event()
        self._share = Share(app, "worker", self._publish, most, polls=self._polls)
        self._pool = Pool(app, self._publish, self._share.dispatch)
        self._watchers = Watchers(self._pool.dropped)
        self._over = threading.Event()

    def run(self, ready: Callable[[], object]) -> None:
        """Until `end`. StoreLocked where another process needs the store alone."""
        self._app.store.here("worker")
        self._share.start()
        self._app.tidy()
        if self._polls:
            self._watchers.watch(self._app.folders())
        ready()
        while not self._over.wait(_EACH):
            try:
                self._look()
            except StoreLocked:
                raise
            except SyndicateError as error:
                self._app.fails(error)

    def end(self) -> None:
        """Take no more jobs; safe to be called by a signal's handler."""
        self._over.set()

    def stop(self, seconds: float) -> bool:
        """After `run`, wait so long for what is under way; whether it has ended."""
        until = time.monotonic() + seconds
        self._share.end()
        self._pool.stop()
        ending = threading.Thread(target=self._pool.wait, daemon=True)
        ending.start()
        ended = self._share.stop(seconds)
        self._watchers.watch(())
        ending.join(max(0.0, until - time.monotonic()))
        return ended and not ending.is_alive()

    def _look(self) -> None:
        if self._again.is_set():
            self._again.clear()
            if self._app.reload().error is None and self._polls:
                self._watchers.watch(self._app.folders())
        if self._app.works():
            self._pool.look(leads=False)
            self._publish()

    def _publish(self) -> None:
        """Where the folder of feeds is this store's: one that is not here is another machine's to fill."""
        store, directory = self._app.store, self._app.plan.publish.directory
        if not self._publishes or not store.feeds.marks():
            return
        mark = target(directory).owner()
        if mark is not None and mark == store.outputs.known_mark() and not self._app.troubles.rests(Publish()):
            self._app.run(Publish())
