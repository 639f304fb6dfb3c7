"""What a source's rules say of an entry, and what was dropped by them."""

from datetime import datetime
from typing import NamedTuple

NO_KEEP = "keep"  # by what an entry is dropped that no rule of `keep` matches


class Ruled(NamedTuple):
    """`drop`: the rule that it matches; `kept`: does it match one of `keep`, or is there none?

    `related`: a release announces it, and is dropped with what it announces.
    """

    drop: str | None
    kept: bool
    related: bool = False

    @property
    def out(self) -> bool:
        return self.drop is not None or not self.kept


class Dropped(NamedTuple):
    """An entry of which nothing is held, by that `rule`: one of `drop`, or "keep" where it matches none of those.

    `key` is by what it is known again, `id` its source's own, or the path of its file.
    """

    key: str
    title: str
    url: str | None
    id: str | None
    rule: str
    source: str = ""
    at: datetime | None = None  # when it was dropped; None: only now
