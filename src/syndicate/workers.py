"""Processes that read what others wrote, and that can be killed: a poisoned document costs its own reading, no more.

    run(function, *arguments)   an idle process, or a new one; its answer, or WorkerLost when it outlives its limits

Each has a pipe of its own and limits on memory and processor time (RLIMIT_AS, RLIMIT_CPU); the deadline is kept
outside. They are started from nothing, never forked from a daemon with threads, and end with the pipe: a daemon that is
killed leaves none behind.
"""

import contextlib
import os
import pickle
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self, TypeVar

from syndicate.errors import WorkerLost, WorkersClosed

_T = TypeVar("_T")
_IDLE = 60.0  # seconds after which a process that nobody needs is ended; the last one stays
_START = 60.0  # seconds that a process may take until it can be asked
_PROGRAM = "from syndicate.workers import serve; serve({fd}, {memory}, {seconds})"


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` of one reading, by the clock on the wall; `memory` in bytes, the program itself included."""

    seconds: float
    memory: int


class Workers:
    """At most `most` processes, begun when they are needed. All threads share one object."""

    def __init__(self, limits: Limits, most: int = 8) -> None:
        self._limits = limits
        self._places = threading.BoundedSemaphore(most)
        self._suspected = threading.Lock()
        self._guard = threading.Lock()
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._closed = False

    def run(self, function: Callable[..., _T], *arguments: Any, alone: bool = False, **named: Any) -> _T:
        """What a function of a module returns or raises, called in a process. Arguments and answer are pickled.

        WorkerLost where it takes too long, needs too much memory or dies, whoever is to blame; its process is replaced.
        `alone`: after such a death, in a new process, and no other such one beside it.
        """
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

    def close(self) -> None:
        """Ends every process; what is under way fails."""
        with self._guard:
            self._closed = True
            idle, self._idle = self._idle, []
            for worker in self._busy:  # whoever waits for it ends it
                worker.kill()
        for worker in idle:
            worker.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _take(self, *, new: bool) -> "_Worker":
        with self._guard:
            if self._closed:
                raise WorkersClosed("not read: the program ends")
            worker = self._idle.pop() if self._idle and not new else None
            if worker and not worker.alive:
                worker.end()
                worker = None
            try:
                worker = worker or _Worker(self._limits)
            except OSError as error:
                raise WorkerLost(f"not read: no process for it could be started ({error.strerror})") from error
            self._busy.add(worker)
            return worker

    def _forget(self, worker: "_Worker") -> None:
        with self._guard:
            self._busy.discard(worker)

    def _give_back(self, worker: "_Worker") -> None:
        """The last one used is taken first, so those that are too many grow old."""
        now = time.monotonic()
        worker.rests_since = now
        with self._guard:
            self._busy.discard(worker)
            old = [w for w in self._idle if now - w.rests_since > _IDLE]
            self._idle = [w for w in self._idle if w not in old]
            if self._closed:
                old.append(worker)
            else:
                self._idle.append(worker)
        for other in old:
            other.end()


class _Worker:
    """One process and its pipe; used by one thread at a time."""

    def __init__(self, limits: Limits) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            code = _PROGRAM.format(fd=theirs.fileno(), memory=limits.memory, seconds=limits.seconds)
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, with code of our own
                [sys.executable, "-P", "-c", code],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                process_group=0,  # Ctrl-C is for the program, which ends us
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},  # the modules that we have
            )
        self._pipe = Connection(ours.detach())
        self._started = False
        self.rests_since = 0.0

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, job: object, limits: Limits) -> tuple[bool, Any]:
        try:
            if not self._started:
                self._greeted()
            self._pipe.send(job)
            if not self._pipe.poll(limits.seconds):
                raise WorkerLost(f"takes longer than {limits.seconds:g} s to read")
            answer: tuple[bool, Any] = self._pipe.recv()
            return answer
        except (EOFError, OSError) as error:
            raise WorkerLost(self._fate(limits)) from error

    def _greeted(self) -> None:
        """Starting takes long on a busy machine, and is no part of a reading."""
        if not self._pipe.poll(_START):
            raise WorkerLost("not read: no process for it could be started")
        self._pipe.recv_bytes()
        self._started = True

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        """Only by the thread that uses it."""
        self.kill()
        self._process.wait()
        self._pipe.close()

    def _fate(self, limits: Limits) -> str:
        """How it died."""
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return "its reading broke off"
        if status == _TOO_LARGE:
            return f"needs more than {limits.memory / 1e6:,.0f} MB of memory to be read"
        if status == -signal.SIGXCPU:
            return f"takes longer than {limits.seconds:g} s to read"
        return f"its reading was ended ({signal.Signals(-status).name if status < 0 else f'status {status}'})"


# --- in the process ---------------------------------------------------------------------------------------------------

_TOO_LARGE = 77


def serve(fd: int, memory: int, seconds: float) -> None:
    """Answer until the pipe ends."""
    with contextlib.suppress(ValueError, OSError):  # not every system can limit memory
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        memory = memory if most == resource.RLIM_INFINITY else min(memory, most)
        resource.setrlimit(resource.RLIMIT_AS, (memory, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pipe = Connection(fd)
    with contextlib.suppress(EOFError, OSError):
        pipe.send_bytes(b"")
        while True:
            job = pipe.recv_bytes()
            _allow(seconds)
            pipe.send_bytes(_answered(job))


def _answered(job: bytes) -> bytes:
    try:
        function, arguments, named = pickle.loads(job)  # noqa: S301 - from the program itself
        return pickle.dumps((True, function(*arguments, **named)))
    except MemoryError:
        os._exit(_TOO_LARGE)
    except Exception as error:  # raised again where it was asked for
        return _told(error)


def _allow(seconds: float) -> None:
    """Processor time for one more reading: also when nobody is left to look at the clock."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)  # what the operator allows us stays
    wanted = int(used.ru_utime + used.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))


def _told(error: Exception) -> bytes:
    """An error that cannot travel is told by its words."""
    try:
        answer = pickle.dumps((False, error))
        pickle.loads(answer)  # noqa: S301 - what we have just written
    except Exception:
        return pickle.dumps((False, RuntimeError(repr(error))))
    return answer
