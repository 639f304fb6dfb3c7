"""The processes that share a store, and the jobs that wait for them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple

# What one process alone does: say what is due, write the feeds, bring what was published to subscribers.
Role = Literal["clock", "publisher", "hub"]
ROLES: tuple[Role, ...] = ("clock", "publisher", "hub")
Heard = Literal["marked", "published"]
HEARD: tuple[Heard, ...] = ("marked", "published")


class Machine(NamedTuple):
    """A process: `kind` is run or worker, `last` when it was last heard of, `roles` what is its alone.

    `waits`: why it takes no jobs. `is_off`: its clock differs from the database's.
    """

    name: str
    process: str
    kind: str
    last: datetime
    roles: tuple[str, ...]
    lives: bool
    waits: str = ""
    is_off: bool = False


class Waiting(NamedTuple):
    """`waiting` jobs, the `oldest` of them; `locks`: of all that wait and are carried, by what no two are at once."""

    waiting: int
    oldest: datetime | None
    locks: Mapping[str, str]


NO_JOBS = Waiting(0, None, {})
