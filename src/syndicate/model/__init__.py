"""The nouns. Frozen values, standard library only.

Item        what a source *said*     all optional, loose
Release     what we *hold*           complete, clean, aware UTC datetimes, stable id, revision
FeedPage    what we *say*            a page of a topic's feed: releases, tombstones, links
Plan        what an operator *chose* config.toml as one frozen value, swapped whole
"""

from syndicate.model.change import Change, Changes, Verdict
from syndicate.model.edition import A_DAY, A_WEEK, Earlier, Edition, Leaving, Memory, Span, Waiting, Why
from syndicate.model.entry import Contact, Enclosure, Image, Origin, Related
from syndicate.model.item import Embargo, Item, Key, Rejected
from syndicate.model.known import Known, Sought
from syndicate.model.page import Correction, Document, FeedPage, Site, Tombstone, Topic
from syndicate.model.plan import Fetching, Plan, Publishing, Serving
from syndicate.model.release import Release, State
from syndicate.model.source import Capture, FetchResult, FetchState, FileState, Media, Rhythm, Source

__all__ = [
    "A_DAY",
    "A_WEEK",
    "Capture",
    "Change",
    "Changes",
    "Contact",
    "Correction",
    "Document",
    "Earlier",
    "Edition",
    "Embargo",
    "Enclosure",
    "FeedPage",
    "FetchResult",
    "FetchState",
    "Fetching",
    "FileState",
    "Image",
    "Item",
    "Key",
    "Known",
    "Leaving",
    "Media",
    "Memory",
    "Origin",
    "Plan",
    "Publishing",
    "Rejected",
    "Related",
    "Release",
    "Rhythm",
    "Serving",
    "Site",
    "Sought",
    "Source",
    "Span",
    "State",
    "Tombstone",
    "Topic",
    "Verdict",
    "Waiting",
    "Why",
]
