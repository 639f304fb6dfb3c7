"""Decided on what is stored, and recorded: what polls, pages, backfills and acts share.

known        what the store knows of a document
classified   the topics of what changes
record       put where it is to stand, and written
marks        what is to be rendered again, though no release has changed
again        what another reader has read before
searched     what is searched in
take_in      a document's releases: stored × incoming | revise | classify | place | store
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.recording.again import read_again
    from syndicate.recording.classified import classified, mint, topics_fingerprint
    from syndicate.recording.known import known_ahead, known_of, release_of, sight
    from syndicate.recording.marks import expire, forget_raw, mark_all
    from syndicate.recording.record import record
    from syndicate.recording.searched import make_searched, searched
    from syndicate.recording.take_in import Heard, decide, take_in

__all__ = [
    "Heard",
    "classified",
    "decide",
    "expire",
    "forget_raw",
    "known_ahead",
    "known_of",
    "make_searched",
    "mark_all",
    "mint",
    "read_again",
    "record",
    "release_of",
    "searched",
    "sight",
    "take_in",
    "topics_fingerprint",
]

by_need(
    __name__,
    {
        "again": ("read_again",),
        "classified": ("classified", "mint", "topics_fingerprint"),
        "known": ("known_ahead", "known_of", "release_of", "sight"),
        "marks": ("expire", "forget_raw", "mark_all"),
        "record": ("record",),
        "searched": ("make_searched", "searched"),
        "take_in": ("Heard", "decide", "take_in"),
    },
)
