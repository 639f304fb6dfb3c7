"""The nouns. Frozen values, standard library only.

Item        what a source *said*     all optional, loose
Release     what we *hold*           complete, clean, aware UTC datetimes, stable id, revision
FeedPage    what we *say*            a page of a topic's feed: releases, tombstones, links
"""

from syndicate.model.change import Change, Changes, Edition, Known, Verdict
from syndicate.model.entry import Contact, Enclosure, Image, Origin, Related
from syndicate.model.item import Embargo, Item, Key, Rejected
from syndicate.model.page import Correction, Document, FeedPage, Site, Tombstone, Topic
from syndicate.model.release import Release, State
from syndicate.model.source import Capture, FetchResult, FetchState, FileState, Media, Rhythm, Source

__all__ = [
    "Capture",
    "Change",
    "Changes",
    "Contact",
    "Correction",
    "Document",
    "Edition",
    "Embargo",
    "Enclosure",
    "FeedPage",
    "FetchResult",
    "FetchState",
    "FileState",
    "Image",
    "Item",
    "Key",
    "Known",
    "Media",
    "Origin",
    "Rejected",
    "Related",
    "Release",
    "Rhythm",
    "Site",
    "Source",
    "State",
    "Tombstone",
    "Topic",
    "Verdict",
]
