"""The whole program, for commands that ask sources or publish."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from syndicate.app import App
from syndicate.cli import log
from syndicate.cli.stored import configured


@contextmanager
def opened(path: Path, verbose: bool, level: int = logging.ERROR) -> Iterator[App]:
    """The program, and the log from `level` on; with `verbose` all of it.

    By default a fault of ours only: what came of each source, the command itself prints.
    """
    config = configured(path)
    log.configure(logging.DEBUG if verbose else level)
    with App(config) as program:
        yield program
