"""How a command comes to its configuration, its store, or the whole service."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from syndicate.cli import _log
from syndicate.cli._options import UNSET
from syndicate.config import Config, load
from syndicate.service import Service

_DEFAULT = Path("config.toml")


def configured(path: Path) -> Config:
    """ConfigError has a line for each thing that is wrong in the file."""
    return load(_DEFAULT if path == UNSET else path)


@contextmanager
def opened(path: Path, verbose: bool, level: int = logging.CRITICAL) -> Iterator[Service]:
    """The service, and the log from `level` on.

    A command that prints what came of each source needs no log of the same; with `verbose` it has both.
    """
    config = configured(path)
    _log.configure(logging.DEBUG if verbose else level)
    with Service(config) as service:
        yield service
