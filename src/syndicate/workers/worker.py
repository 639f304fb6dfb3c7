"""One process, as the program sees it: its pipe, how it is killed, and how it ended."""

import contextlib
import os
import select
import signal
import socket
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from syndicate.errors import WorkerLost
from syndicate.workers.process import NUMBER, TOO_LARGE

_START = 60.0  # seconds until it answers for the first time
_END = 10.0  # seconds that a killed one may take to be gone


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` of one reading, by the clock on the wall; `memory` in bytes, the program itself included."""

    seconds: float
    memory: int


class Worker:
    """Used by one thread at a time. `end` is where its parent tells how it ended, `handle` by what it is killed."""

    def __init__(self, process: int, pipe: socket.socket, end: int, handle: int | None) -> None:
        self._process, self._end, self._handle = process, end, handle
        self._pipe = Connection(pipe.detach())
        self._started = False
        self.rests_since = 0.0

    @property
    def alive(self) -> bool:
        return not self._ended_within(0)

    def ask(self, job: object, limits: Limits) -> tuple[bool, Any]:
        """Whether it did not fail, and its answer or the error. WorkerLost when it outlives its limits."""
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

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self._handle is not None:
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            elif self.alive:
                os.kill(self._process, signal.SIGKILL)

    def end(self) -> None:
        """Only by the thread that uses it."""
        self.kill()
        self._ended_within(_END)
        self._pipe.close()
        os.close(self._end)
        if self._handle is not None:
            os.close(self._handle)

    def _greeted(self) -> None:
        """Starting takes long on a busy machine, and is no part of a reading."""
        if not self._pipe.poll(_START):
            raise WorkerLost("not read: no process for it could be started")
        self._pipe.recv_bytes()
        self._started = True

    def _ended_within(self, seconds: float) -> bool:
        """Is there something to be read of its end? That stays there until it is read."""
        waits = select.poll()
        waits.register(self._end, select.POLLIN)
        return bool(waits.poll(seconds * 1000))

    def _fate(self, limits: Limits) -> str:
        """How it died."""
        told = os.read(self._end, NUMBER.size) if self._ended_within(1) else b""
        if not told:
            return "its reading broke off"
        status = os.waitstatus_to_exitcode(*NUMBER.unpack(told))
        if status == TOO_LARGE:
            return f"needs more than {limits.memory / 1e6:,.0f} MB of memory to be read"
        if status == -signal.SIGXCPU:
            return f"takes longer than {limits.seconds:g} s to read"
        return f"its reading was ended ({signal.Signals(-status).name if status < 0 else f'status {status}'})"
