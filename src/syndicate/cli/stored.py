"""How a command comes to its configuration and to what is stored."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from syndicate import store as stores
from syndicate.app import Lines, looked_at
from syndicate.cli.options import UNSET
from syndicate.cli.terminal import aside
from syndicate.config import load
from syndicate.model import Plan
from syndicate.store import Store, Upgrade

_DEFAULT = Path("config.toml")


def configured(path: Path, port: int | None = None) -> Plan:
    """ConfigError has a line for each thing that is wrong in the file. `port`: of an option, over that of the file."""
    return load(place_of(path), port)


def on_port(plan: Plan, port: int | None) -> Plan:
    """The same, served there (0: wherever there is room), without that its addresses follow; None: as it says."""
    return plan if port is None else replace(plan, serve=replace(plan.serve, port=port))


def place_of(path: Path) -> Path:
    """Where the configuration stands, or would."""
    return _DEFAULT if path == UNSET else path


def converting() -> Upgrade:
    """For whoever opens the store: a command that converts an earlier program's says so on a terminal."""
    return Lines(logging.ERROR, aside=aside).converting()


@contextmanager
def existing(config: Plan) -> Iterator[Store | None]:
    """The store, if there is one: for commands that make none."""
    if not stores.exists(config.store):
        yield None
        return
    with stores.open(config.store, told=converting()) as store:
        yield store


@contextmanager
def stored(path: Path) -> Iterator[tuple[Plan, Store]]:
    """For commands that only look: no client is made for them, and no store. One that is lost is told: StoreMissing."""
    config = configured(path)
    with looked_at(config, told=converting()) as store:
        yield config, store
