"""The process that others are forked from, as the program sees it."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable

from syndicate.workers.process import NUMBER
from syndicate.workers.worker import Limits, Worker

_START = 60.0  # seconds that it may take until it can be asked
_PROGRAM = "from syndicate.workers.process import prepare; prepare({fd}, {memory}, {seconds}, {modules})"


class Prepared:
    """Begun at once; `fork` waits until it has imported its modules. All threads share one."""

    def __init__(self, limits: Limits, modules: Iterable[str]) -> None:
        self._guard = threading.Lock()
        ours, theirs = socket.socketpair()
        with theirs:
            code = _PROGRAM.format(
                fd=theirs.fileno(), memory=limits.memory, seconds=limits.seconds, modules=tuple(modules)
            )
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, with code of our own
                [sys.executable, "-P", "-c", code],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                process_group=0,  # Ctrl-C is for the program, which ends us
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},  # the modules that we have
            )
        self._control = ours
        ours.settimeout(_START)

    def fork(self) -> Worker:
        """A new process. OSError where there can be none."""
        ours, theirs = socket.socketpair()
        end, told = os.pipe()
        try:
            with self._guard, theirs:
                try:
                    socket.send_fds(self._control, [b"f"], [theirs.fileno(), told])
                finally:
                    os.close(told)
                said, handles, _, _ = socket.recv_fds(self._control, NUMBER.size, 1)
            (process,) = NUMBER.unpack(said) if said else (0,)
            if not process:
                raise BlockingIOError(None, "it could not be forked")
        except BaseException as error:
            os.close(end)
            ours.close()
            if isinstance(error, TimeoutError):  # what it still says would be taken for the answer to another one
                self._process.kill()
            raise
        return Worker(process, ours, end, handles[0] if handles else None)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """It, and with it all that were forked from it."""
        self._control.close()
        try:
            self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:  # it is still importing
            self._process.kill()
            self._process.wait()
