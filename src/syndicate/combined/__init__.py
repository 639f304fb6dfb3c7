"""Feeds of several topics, or of what is found in them, made when they are asked for; and searches for people.

asked       what is asked for, in one form however it is put
feeds       the feed of that, remembered as long as nothing of it changes
searching   what is found, as people look through it
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.combined.asked import FEED, MOST_TOPICS, SEARCH, Asked, asked
    from syndicate.combined.feeds import Feeds
    from syndicate.combined.searching import Searches

__all__ = ["FEED", "MOST_TOPICS", "SEARCH", "Asked", "Feeds", "Searches", "asked"]

by_need(
    __name__,
    {
        "asked": ("FEED", "MOST_TOPICS", "SEARCH", "Asked", "asked"),
        "feeds": ("Feeds",),
        "searching": ("Searches",),
    },
)
