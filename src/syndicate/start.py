"""The entry point: from its first moment on, a signal ends the program without a traceback, and the daemon well; SIGHUP
does not end it.

Everything else is imported later, which takes a good part of a second.
"""

import importlib
import os
import signal
import sys
from types import FrameType

from syndicate import __version__


def main() -> int:
    """As `syndicate.cli.main`. Returns the exit status."""
    if sys.argv[1:] == ["--version"] and _version_told():
        return 0
    serves = not {"run", "serve"}.isdisjoint(sys.argv[1:]) and "--once" not in sys.argv
    early = 0 if serves else 130
    if "run" in sys.argv[1:] and "--once" not in sys.argv:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # nothing has been read that could be read again

    def leave(number: int, frame: FrameType | None) -> None:
        os._exit(early)

    before = {number: signal.signal(number, leave) for number in (signal.SIGINT, signal.SIGTERM)}
    cli = importlib.import_module("syndicate.cli")
    if not serves:  # what it is told, it tells its own way
        for number, handler in before.items():
            signal.signal(number, handler)
    return int(cli.main())


def _version_told() -> bool:
    """Without what a command needs. What cannot be written is told as any command tells it."""
    try:
        sys.stdout.write(f"syndicate {__version__}\n")
        sys.stdout.flush()
    except (AttributeError, OSError):  # closed, or nobody reads it
        return False
    return True
