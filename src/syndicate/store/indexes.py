"""What the two indexes of searches are to whoever asks them: each database has them in a way of its own."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

from syndicate.search import Query

Index = Literal["public", "private"]
Row = tuple[int, str]  # position, and tokens: those that are said, and in a second line those by which it is filed


class Asked(NamedTuple):
    """FROM … of an index's rows as `entry`, the condition, which takes one value (an `expression`), and by what the
    rows are in the order of their positions.
    """

    rows: str
    matches: str
    position: str


class Indexes(Protocol):
    def asked(self, index: Index) -> Asked: ...

    def put_in(self, index: Index, rows: Sequence[Row]) -> None:
        """Of rows that stand in the table beside it."""

    def take_out(self, index: Index, rows: Sequence[Row]) -> None:
        """The rows as they were put in."""

    def empty(self, index: Index) -> None:
        """Nothing is found in it."""

    def expression(self, query: Query, filed: Sequence[Sequence[str]] = ()) -> str:
        """What is asked for, and by which tokens it is filed besides: by one of each of these."""
