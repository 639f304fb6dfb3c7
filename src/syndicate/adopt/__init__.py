"""`run --adopt`: what another store has published, taken over by an empty one as it stands in the folder.

feed      our own Atom, read back
content   the composed HTML of an entry, taken apart
page      what a release's page says besides
folder    what lies there: chains, pages, files
gather    each release once, and where it stands
take_over the whole of it, in one transaction
catch_up  the same for a store that was restored from a backup of before
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.adopt.catch_up import CaughtUp, catch_up
    from syndicate.adopt.take_over import adopt

__all__ = ["CaughtUp", "adopt", "catch_up"]

by_need(
    __name__,
    {
        "catch_up": ("CaughtUp", "catch_up"),
        "take_over": ("adopt",),
    },
)
