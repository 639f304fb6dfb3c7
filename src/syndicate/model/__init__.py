"""The nouns. Frozen values, standard library only.

Item        what a source *said*     all optional, loose
Release     what we *hold*           complete, clean, aware UTC datetimes, stable id, revision
FeedPage    what we *say*            a page of a topic's feed: releases, tombstones, links
ReleasePage what we *say*            a release on its own page, and what stands beside it
Newsroom    who has *access of its own*
Plan        what an operator *chose* config.toml as one frozen value, swapped whole
Job         what is *to be done*     poll, complete, publish, …
Event       what *was done*          polled, completed, published, …
"""

from syndicate.model.callback import Callback, CallbackState, Push
from syndicate.model.change import Change, Changes, Verdict
from syndicate.model.edition import A_DAY, A_WEEK, Earlier, Edition, Leaving, Memory, Span, Waiting, Why
from syndicate.model.entry import Contact, Enclosure, Image, Origin, Related
from syndicate.model.errand import Errand
from syndicate.model.event import (
    Asked,
    Backfilled,
    Completed,
    Delivered,
    Event,
    Failed,
    Lifted,
    Polled,
    Published,
    Pushed,
    Received,
    Recorded,
    Recovered,
    Reloaded,
    Requested,
    Settled,
    Step,
    Subscribed,
    Undelivered,
    Verified,
)
from syndicate.model.hold import Copies, Given, Hold
from syndicate.model.item import Embargo, Item, Key, Rejected
from syndicate.model.job import (
    Backfill,
    Complete,
    Expire,
    Job,
    LiftDue,
    Poll,
    Publish,
    Receive,
    Repair,
    SettleDue,
    Subscribe,
    job_from_json,
    job_to_json,
)
from syndicate.model.known import Known, Sought
from syndicate.model.newsroom import Newsroom
from syndicate.model.page import NEWS_SPAN, Correction, Document, FeedPage, Mark, ReleasePage, Site, Tombstone, Topic
from syndicate.model.piece import LastDocument, Piece
from syndicate.model.plan import BUILTIN, HUB, Fetching, Icon, Plan, Publishing, Serving
from syndicate.model.release import VISIBLE, Note, Release, Sketch, State
from syndicate.model.source import (
    NO_LINKS,
    Capture,
    FetchResult,
    FetchState,
    FileState,
    Hub,
    HubLinks,
    Media,
    Pushes,
    Rhythm,
    Source,
)
from syndicate.model.values import dataclass
from syndicate.model.webhook import EVENTS, Alarming, Webhook

__all__ = [
    "A_DAY",
    "A_WEEK",
    "BUILTIN",
    "EVENTS",
    "HUB",
    "NEWS_SPAN",
    "NO_LINKS",
    "VISIBLE",
    "Alarming",
    "Asked",
    "Backfill",
    "Backfilled",
    "Callback",
    "CallbackState",
    "Capture",
    "Change",
    "Changes",
    "Complete",
    "Completed",
    "Contact",
    "Copies",
    "Correction",
    "Delivered",
    "Document",
    "Earlier",
    "Edition",
    "Embargo",
    "Enclosure",
    "Errand",
    "Event",
    "Expire",
    "Failed",
    "FeedPage",
    "FetchResult",
    "FetchState",
    "Fetching",
    "FileState",
    "Given",
    "Hold",
    "Hub",
    "HubLinks",
    "Icon",
    "Image",
    "Item",
    "Job",
    "Key",
    "Known",
    "LastDocument",
    "Leaving",
    "LiftDue",
    "Lifted",
    "Mark",
    "Media",
    "Memory",
    "Newsroom",
    "Note",
    "Origin",
    "Piece",
    "Plan",
    "Poll",
    "Polled",
    "Publish",
    "Published",
    "Publishing",
    "Push",
    "Pushed",
    "Pushes",
    "Receive",
    "Received",
    "Recorded",
    "Recovered",
    "Rejected",
    "Related",
    "Release",
    "ReleasePage",
    "Reloaded",
    "Repair",
    "Requested",
    "Rhythm",
    "Serving",
    "SettleDue",
    "Settled",
    "Site",
    "Sketch",
    "Sought",
    "Source",
    "Span",
    "State",
    "Step",
    "Subscribe",
    "Subscribed",
    "Tombstone",
    "Topic",
    "Undelivered",
    "Verdict",
    "Verified",
    "Waiting",
    "Webhook",
    "Why",
    "dataclass",
    "job_from_json",
    "job_to_json",
]
