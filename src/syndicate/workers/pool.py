"""The processes that a program has for reading: begun when they are needed, ended when nobody needs them any more."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self, TypeVar

from syndicate.doors import Brief
from syndicate.errors import SyndicateError, WorkerLost, WorkersClosed
from syndicate.workers.prepared import Prepared
from syndicate.workers.worker import Limits, Worker

_T = TypeVar("_T")
_IDLE = 60.0  # seconds after which a process that nobody needs is ended
_PREPARED = 300.0  # seconds after which what they are forked from is


class Workers:
    """At most `most` processes, as many as there are processors by default. All threads share one object.

    `modules`: what all of them need; it is imported once, before they are forked.
    """

    def __init__(
        self,
        limits: Limits,
        most: int | None = None,
        *,
        modules: Iterable[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits, self._modules, self._clock = limits, tuple(modules), clock
        self._places = threading.BoundedSemaphore(most or _processors())
        self._suspected, self._brief = threading.Lock(), threading.Lock()
        self._guard = threading.Lock()
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._prepared: Prepared | None = None
        self._used = 0.0  # when a process was last asked for
        self._stays = False
        self._closed = False
        self._timer: threading.Timer | None = None

    def run(self, function: Callable[..., _T], *arguments: Any, alone: bool = False, **named: Any) -> _T:
        """What a function of a module returns or raises, called in a process. Arguments and answer are pickled.

        WorkerLost where it takes too long, needs too much memory or dies, whoever is to blame; its process is replaced.
        `alone`: after such a death, in a new process, and no other such one beside it. What is `Brief` is called here
        where no process waits for it, one at a time; what goes wrong with it then goes wrong again in a process.
        """
        if isinstance(function, Brief) and not (alone or self._idle or self._closed):
            try:
                with self._brief:
                    brief: _T = function(*arguments, **named)
                    return brief
            except (SyndicateError, KeyboardInterrupt, SystemExit):
                raise
            except BaseException:  # noqa: S110 - also what is no Exception: a library's panic. A process tells of it
                pass
        with self._suspected if alone else contextlib.nullcontext(), self._places:
            worker = self._take(new=alone)
            try:
                fine, answer = worker.ask((function, arguments, named), self._limits)
            except BaseException as error:
                self._forget(worker)
                worker.end()
                if self._closed and isinstance(error, WorkerLost):
                    raise WorkersClosed("not read: the program ends") from error
                raise
            self._give_back(worker)
        if fine:
            result: _T = answer
            return result
        raise answer

    def stay_ready(self) -> None:
        """From now on one process is kept, and what it is forked from: who asks need not wait for them."""
        with self._guard:
            self._stays = True
            if not self._closed and self._prepared is None:
                with contextlib.suppress(OSError):  # who asks will be told
                    self._prepared = Prepared(self._limits, self._modules)

    def tidy(self) -> None:
        """End what has not been needed for a while. Done by itself, from time to time."""
        now = self._clock()
        with self._guard:
            old = [worker for worker in self._idle if now - worker.rests_since >= _IDLE]
            if self._stays and old and len(old) == len(self._idle) and not self._busy:
                old.pop()
            self._idle = [worker for worker in self._idle if worker not in old]
            prepared = None
            if not (self._stays or self._idle or self._busy) and now - self._used >= _PREPARED:
                prepared, self._prepared = self._prepared, None
        for worker in old:
            worker.end()
        if prepared:
            prepared.end()

    def close(self) -> None:
        """Ends every process; what is under way fails."""
        with self._guard:
            self._closed = True
            idle, self._idle = self._idle, []
            prepared, self._prepared = self._prepared, None
            if self._timer:
                self._timer.cancel()
            for worker in self._busy:  # whoever waits for it ends it
                worker.kill()
        for worker in idle:
            worker.end()
        if prepared:
            prepared.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _take(self, *, new: bool) -> Worker:
        with self._guard:
            if self._closed:
                raise WorkersClosed("not read: the program ends")
            self._used = self._clock()
            worker = self._idle.pop() if self._idle and not new else None
        if worker and not worker.alive:
            worker.end()
            worker = None
        try:
            worker = worker or self._ready().fork()
        except OSError as error:
            why = error.strerror or "it does not answer"
            raise WorkerLost(f"not read: no process for it could be started ({why})") from error
        with self._guard:
            if not self._closed:
                self._busy.add(worker)
                return worker
        worker.end()
        raise WorkersClosed("not read: the program ends")

    def _ready(self) -> Prepared:
        """What they are forked from; another one where somebody has killed it."""
        with self._guard:
            if self._closed:
                raise WorkersClosed("not read: the program ends")
            if self._prepared and not self._prepared.alive:
                self._prepared.end()
                self._prepared = None
            self._prepared = self._prepared or Prepared(self._limits, self._modules)
            return self._prepared

    def _forget(self, worker: Worker) -> None:
        with self._guard:
            self._busy.discard(worker)

    def _give_back(self, worker: Worker) -> None:
        """The last one used is taken first, so those that are too many grow old."""
        with self._guard:
            self._busy.discard(worker)
            closed = self._closed
            if not closed:
                worker.rests_since = self._used = self._clock()
                self._idle.append(worker)
                self._wake()
        if closed:
            worker.end()

    def _wake(self) -> None:
        """Look again after a while, as long as there is something to be ended."""
        if self._timer is None:
            self._timer = threading.Timer(_IDLE, self._looked)
            self._timer.daemon = True
            self._timer.start()

    def _looked(self) -> None:
        self.tidy()
        with self._guard:
            self._timer = None
            if self._prepared and not self._closed and not (self._stays and len(self._idle) <= 1):
                self._wake()


def _processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
