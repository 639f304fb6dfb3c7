"""Newsrooms' own feeds: what each may read, made when it is asked for, and never in the folder of feeds.

tokens      what a newsroom shows to be let in
access      who asks, and who has failed too often
uses        when a newsroom was last let in, and whose token was where it may be kept; written beside requests
advances    what embargoed newsrooms have before its end
marked      a release as it is shown there
feeds       the documents of a room, joined of these and of what everybody has
rooms       of one program: by their addresses, remembered as long as nothing is recorded
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.rooms import tokens
    from syndicate.rooms.access import Access, Refused
    from syndicate.rooms.rooms import Made, Rooms
    from syndicate.rooms.uses import Uses

__all__ = ["Access", "Made", "Refused", "Rooms", "Uses", "tokens"]

by_need(
    __name__,
    {
        "access": ("Access", "Refused"),
        "rooms": ("Made", "Rooms"),
        "uses": ("Uses",),
    },
)
