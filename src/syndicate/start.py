"""The entry point: from its first moment on, a signal ends the program without a traceback, and the daemon well.

Everything else is imported later, which takes a good part of a second.
"""

import importlib
import os
import signal
import sys
from types import FrameType


def main() -> int:
    """As `syndicate.cli.main`. Returns the exit status."""
    serves = not {"run", "serve"}.isdisjoint(sys.argv[1:]) and "--once" not in sys.argv
    early = 0 if serves else 130

    def leave(number: int, frame: FrameType | None) -> None:
        os._exit(early)

    before = {number: signal.signal(number, leave) for number in (signal.SIGINT, signal.SIGTERM)}
    cli = importlib.import_module("syndicate.cli")
    if not serves:  # what it is told, it tells its own way
        for number, handler in before.items():
            signal.signal(number, handler)
    return int(cli.main())
