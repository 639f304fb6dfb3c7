"""How a command comes to its configuration and to what is stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from syndicate import store as stores
from syndicate.app import looked_at
from syndicate.cli.options import UNSET
from syndicate.config import load
from syndicate.model import Plan
from syndicate.store import Store

_DEFAULT = Path("config.toml")


def configured(path: Path) -> Plan:
    """ConfigError has a line for each thing that is wrong in the file."""
    return load(_DEFAULT if path == UNSET else path)


@contextmanager
def existing(config: Plan) -> Iterator[Store | None]:
    """The store, if there is one: for commands that make none."""
    if not stores.exists(config.store):
        yield None
        return
    with stores.open(config.store) as store:
        yield store


@contextmanager
def stored(path: Path) -> Iterator[tuple[Plan, Store]]:
    """For commands that only look: no client is made for them, and no store. One that is lost is told: StoreMissing."""
    config = configured(path)
    with looked_at(config) as store:
        yield config, store
