"""What is dirty, as documents that are valid.

renderer      marks → documents, from what the store holds
context       what every document of a run is made with
entries       the lines of entries: as they were kept, or made and checked now
feed_pages    a feed's head and closed pages, joined of these
site_pages    what is there once: the first page, the list of feeds, maps
deltas        what changed in a feed since a version of it
gone          what is put over a document that is published no more, in a bucket
gathered      of releases that stand together in no feed that is published
remembered    what was made when it was asked for
digests       what stands in a head, in a few characters
validation    each document is checked before it replaces the last good one
fingerprint   of what a document is made beside the releases
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.documents.context import Context
    from syndicate.documents.deltas import delta, is_news
    from syndicate.documents.fingerprint import fingerprint
    from syndicate.documents.gathered import gathered
    from syndicate.documents.gone import gone
    from syndicate.documents.linking import as_shown, without_withdrawn
    from syndicate.documents.remembered import Remembered
    from syndicate.documents.renderer import Renderer

__all__ = [
    "Context",
    "Remembered",
    "Renderer",
    "as_shown",
    "delta",
    "fingerprint",
    "gathered",
    "gone",
    "is_news",
    "without_withdrawn",
]

by_need(
    __name__,
    {
        "context": ("Context",),
        "deltas": ("delta", "is_news"),
        "fingerprint": ("fingerprint",),
        "gathered": ("gathered",),
        "gone": ("gone",),
        "linking": ("as_shown", "without_withdrawn"),
        "remembered": ("Remembered",),
        "renderer": ("Renderer",),
    },
)
