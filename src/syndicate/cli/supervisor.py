"""What whoever started us is told, if it listens (sd_notify(3)): that we serve, what we do, that we live and end.

Nothing is sent where `NOTIFY_SOCKET` names none. What is sent goes lost where nobody takes it: it never holds us up.
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import closing, contextmanager, suppress

_MORE = 600  # seconds: a start that tells how far it is may take as long again
_UNITS = 1_000_000  # µs


class Supervisor:
    """`environment` loses what names it, so that no process of ours speaks for us. For threads and signal handlers."""

    def __init__(self, environment: MutableMapping[str, str] = os.environ) -> None:
        self._address = _address(environment.pop("NOTIFY_SOCKET", ""))
        asked = environment.pop("WATCHDOG_USEC", "")
        of = environment.pop("WATCHDOG_PID", "")
        self._watchdog = int(asked) / _UNITS if asked.isdecimal() and of in ("", str(os.getpid())) else 0.0
        self.trusts = False  # that we serve, and have not been told to end

    def starts(self, status: str) -> None:
        """What a start is at, where that may take longer than one usually does."""
        self._send(f"STATUS={_line(status)}", f"EXTEND_TIMEOUT_USEC={_MORE * _UNITS}")

    def ready(self, status: str) -> None:
        """We serve; or the configuration has been read again, or could not be."""
        self.trusts = True
        self._send("READY=1", f"STATUS={_line(status)}")

    def says(self, status: str) -> None:
        self._send(f"STATUS={_line(status)}")

    def reloads(self) -> None:
        """Until `ready`."""
        self._send("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stops(self) -> None:
        self.trusts = False
        self._send("STOPPING=1", "STATUS=ends")

    @contextmanager
    def watched(self, lives: Iterable[Callable[[], bool]]) -> Iterator[None]:
        """Within the block it is told that we live, as often as it wants to be: each time that all of these say so.

        One that does not return is none that lives: nothing is told any more then, and we are started again.
        """
        ended, checks = threading.Event(), tuple(lives)

        def watch() -> None:
            while not ended.wait(self._watchdog / 3):
                if all(check() for check in checks):
                    self._send("WATCHDOG=1")

        if self._watchdog:
            threading.Thread(target=watch, name="watchdog", daemon=True).start()
        try:
            yield
        finally:
            ended.set()

    def _send(self, *lines: str) -> None:
        if not self._address:
            return
        with suppress(OSError), closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)) as to:
            to.sendto("\n".join(lines).encode(), self._address)


def _address(named: str) -> str:
    """A path, or with `@` in front a name of the abstract kind. Another kind is none of ours."""
    if named.startswith("@"):
        return f"\0{named[1:]}"
    return named if named.startswith("/") else ""


def _line(status: str) -> str:
    return " ".join(status.split())
