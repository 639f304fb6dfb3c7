"""Decided on what is stored, and recorded: what polls, pages, backfills and acts share.

known        what the store knows of a document
classified   the topics of what changes
record       put where it is to stand, and written
take_in      a document's releases: stored × incoming | revise | classify | place | store
"""

from syndicate.recording.classified import classified, mint, topics_fingerprint
from syndicate.recording.known import known_of
from syndicate.recording.record import record
from syndicate.recording.take_in import Heard, take_in

__all__ = ["Heard", "classified", "known_of", "mint", "record", "take_in", "topics_fingerprint"]
