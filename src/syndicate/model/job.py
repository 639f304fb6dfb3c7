"""A piece of work as a value: what is to be done, and nothing that is needed to do it.

A job names its sources, hosts and releases by their ids, so it can be written down, compared, and carried elsewhere.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Literal

from syndicate.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Poll:
    """Ask these sources, all of one `host` (None: folders), one after the other.

    `call` is who asks, and so which reasons not to ask are waived (`polling.Call`).
    """

    host: str | None
    sources: tuple[str, ...]
    call: Literal["due", "each", "named"] = "due"


@dataclass(frozen=True, slots=True)
class Complete:
    """Read one page of a `source`'s releases from this `host`."""

    host: str
    source: str


@dataclass(frozen=True, slots=True)
class Backfill:
    """Read at most so many `pages` more of the source's past; with `restart` from the first one."""

    source: str
    pages: int
    restart: bool = False


@dataclass(frozen=True, slots=True)
class Receive:
    """Read what a `source`'s hub has pushed."""

    source: str


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Ask the hub of a `source` for what is due of a subscription (`Callback.id`): to push, to go on, to end."""

    source: str
    callback: int


@dataclass(frozen=True, slots=True)
class LiftDue:
    """End the embargoes whose time has come."""


@dataclass(frozen=True, slots=True)
class SettleDue:
    """Put in what sources said and what has waited for its time."""


@dataclass(frozen=True, slots=True)
class Publish:
    """Render what is dirty, and these topics in any case."""

    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expire:
    """Mark the feeds whose tombstones or notices have had their time."""


@dataclass(frozen=True, slots=True)
class Repair:
    """Mark what was deleted under the published folder, so that it is written again."""


@dataclass(frozen=True, slots=True)
class Backup:
    """Make a backup of the store, if it is time for one."""


Job = Poll | Complete | Backfill | Receive | Subscribe | LiftDue | SettleDue | Publish | Expire | Repair | Backup
_ALL = (Poll, Complete, Backfill, Receive, Subscribe, LiftDue, SettleDue, Publish, Expire, Repair, Backup)
_KINDS = {kind.__name__.casefold(): kind for kind in _ALL}


def job_to_json(job: Job) -> dict[str, Any]:
    """As JSON has it: {"kind": "poll", …}. Tuples are lists there."""
    return {"kind": type(job).__name__.casefold(), **asdict(job)}


def job_from_json(data: dict[str, Any]) -> Job:
    """Law: `job_from_json(job_to_json(job)) == job`. KeyError or TypeError where it is none."""
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
    kind: Callable[..., Job] = _KINDS[str(values.pop("kind"))]
    return kind(**values)
