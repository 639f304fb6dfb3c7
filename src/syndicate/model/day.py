"""What came of a source on one day."""

from typing import NamedTuple


class Day(NamedTuple):
    """`day`: its date in the site's time zone (`2026-03-14`). How often it was asked, how often in vain, and how many
    releases were new, corrected and withdrawn by what it said.
    """

    day: str
    polls: int = 0
    failures: int = 0
    new: int = 0
    corrected: int = 0
    withdrawn: int = 0
