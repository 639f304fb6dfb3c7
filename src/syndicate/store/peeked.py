"""What a store is seen to be without opening it."""

from datetime import datetime
from typing import NamedTuple


class Peeked(NamedTuple):
    """What is where a store is to be: what its folder of feeds knows it by, when something was last recorded there
    (None: never), and what tells a file from another.
    """

    mark: str | None
    written: datetime | None
    file: tuple[int, ...] = ()
