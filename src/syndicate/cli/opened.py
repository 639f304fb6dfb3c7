"""The whole program, for commands that ask sources or publish."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from syndicate.app import App, Lines
from syndicate.cli.stored import configured
from syndicate.cli.terminal import aside
from syndicate.doors import ByName
from syndicate.model import Plan

_CONFIGURE = ByName("syndicate.cli.log", "configure")


class _First(logging.Handler):
    """What a library has to say first makes the log ready, and is told by that."""

    def __init__(self, lines: Lines) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        logging.root.removeHandler(self)
        self._lines.ready()
        logging.root.handle(record)


@contextmanager
def opened(
    config: Path | Plan,
    verbose: bool,
    level: int = logging.ERROR,
    *,
    beside: Callable[[str], object] = lambda _: None,
) -> Iterator[App]:
    """The program of this file, or of what was read of it, and the log from `level` on; with `verbose` all of it.

    By default a fault of ours only: what came of each source, the command itself prints. `beside`: who is told besides
    how far a start is that takes minutes.
    """
    plan = configured(config) if isinstance(config, Path) else config
    least = logging.DEBUG if verbose else level
    lines = Lines(least, partial(_CONFIGURE, least), aside, beside)
    if least < logging.ERROR:
        lines.ready()
    else:  # mostly there is nothing to tell
        logging.basicConfig(handlers=[_First(lines)], level=logging.WARNING, force=True)
    with App(plan, lines=lines) as program:
        yield program
