"""What another configuration would do, as values."""

from typing import Any, Literal, NamedTuple

from syndicate.model import Edition, Release

# Of a release. In the order in which they are told.
Kind = Literal[
    "moved", "held", "shown", "dropped", "let in", "merged", "split", "text", "shortened", "whole", "images", "headline"
]


class Held(NamedTuple):
    """A release as it is held, and what each source last said of it."""

    release: Release
    editions: tuple[Edition, ...]


class Difference(NamedTuple):
    """What would become of a release. `before` and `after`: topics' ids, or whatever else that is of.

    Of one that is not held (`let in`), `release` and `state` are empty.
    """

    kind: Kind
    release: str
    title: str
    state: str
    source: str | None
    reason: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class Setting(NamedTuple):
    """A key of the configuration that is another, and what that does, in a line. None: it is not there."""

    key: str
    before: Any
    after: Any
    does: str


class TopicChange(NamedTuple):
    """What would become of a feed. `to`: its new id. `releases`: how many are in it now."""

    kind: Literal["new", "renamed", "retitled", "emptied"]
    id: str
    title: str
    does: str
    to: str | None = None
    releases: int = 0
