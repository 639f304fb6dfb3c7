"""What changes do to feeds: positions, tombstones, pages that close, and what is to be rendered again. Pure.

The law is semantics.md, Position, head and archive. `Standing` is what stands where before, `Placement` the rows that
are to be written.
"""

from syndicate.placement.place import new_feed, place
from syndicate.placement.values import (
    ALL,
    Dirty,
    Ends,
    Head,
    Held,
    Named,
    NewFeed,
    Page,
    Placement,
    Slot,
    Standing,
)

__all__ = [
    "ALL",
    "Dirty",
    "Ends",
    "Head",
    "Held",
    "Named",
    "NewFeed",
    "Page",
    "Placement",
    "Slot",
    "Standing",
    "new_feed",
    "place",
]
