"""The whole text of releases, from their own pages, and the past of a source: asked politely, recorded as a poll is.

policy     which releases have pages that are asked, and what a poll makes of what those said
page       one page, asked and read as what it is
robots     which of them a server's robots.txt permits
outcome    what is known of a page after it was asked, and when it is asked again
complete   the pages that are due, one at a time
pages      those of one release
backfill   a list or feed walked from page to page towards its old end
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.fulltext.backfill import backfill
    from syndicate.fulltext.complete import complete, complete_all, hosts_due
    from syndicate.fulltext.pages import leave, pages_of
    from syndicate.fulltext.policy import followed, with_known_pages

__all__ = [
    "backfill",
    "complete",
    "complete_all",
    "followed",
    "hosts_due",
    "leave",
    "pages_of",
    "with_known_pages",
]

by_need(
    __name__,
    {
        "backfill": ("backfill",),
        "complete": ("complete", "complete_all", "hosts_due"),
        "pages": ("leave", "pages_of"),
        "policy": ("followed", "with_known_pages"),
    },
)
