"""What changes do to feeds: positions, tombstones, pages that close, and what is to be rendered again. Pure.

The law is semantics.md, Position, head and archive. `Standing` is what stands where before, `Placement` the rows that
are to be written.
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.placement.advances import advancing, concerned
    from syndicate.placement.happening import Announced, Happening, Stand, announcing, happening
    from syndicate.placement.links import TELLING
    from syndicate.placement.marks import everything, expiring, opened
    from syndicate.placement.place import place
    from syndicate.placement.values import (
        ALL,
        Advance,
        Advances,
        Dirty,
        Ends,
        Head,
        Held,
        Kind,
        Named,
        NewFeed,
        Outline,
        Page,
        Placement,
        Renamed,
        Slot,
        Standing,
    )

__all__ = [
    "ALL",
    "TELLING",
    "Advance",
    "Advances",
    "Announced",
    "Dirty",
    "Ends",
    "Happening",
    "Head",
    "Held",
    "Kind",
    "Named",
    "NewFeed",
    "Outline",
    "Page",
    "Placement",
    "Renamed",
    "Slot",
    "Stand",
    "Standing",
    "advancing",
    "announcing",
    "concerned",
    "everything",
    "expiring",
    "happening",
    "opened",
    "place",
]

by_need(
    __name__,
    {
        "advances": ("advancing", "concerned"),
        "happening": ("Announced", "Happening", "Stand", "announcing", "happening"),
        "links": ("TELLING",),
        "marks": ("everything", "expiring", "opened"),
        "place": ("place",),
        "values": (
            "ALL",
            "Advance",
            "Advances",
            "Dirty",
            "Ends",
            "Head",
            "Held",
            "Kind",
            "Named",
            "NewFeed",
            "Outline",
            "Page",
            "Placement",
            "Renamed",
            "Slot",
            "Standing",
        ),
    },
)
