"""The only database code. SQLite through sqlite-utils; speaks in the nouns of `model`.

store.back_up(url, to)    a copy of one moment, looked through, while it is in use
store.copy_into(url, to)    the same from one kind of database into the other
store.open(url)         the one way in; what is asked later is asked of what it returns

store.transaction()     find → revise → classify → record, under one BEGIN IMMEDIATE
store.together(unit)    the same for a callable, in one commit with those of other threads
store.decided(…)        the same, where all but the recording is done outside of the transaction
store.releases          what is held: by whatever it is known, who says it, what was done to it, what is due
store.feeds             what stands where, what links to what, what is dirty
store.sources           fetch states, files, quarantine; servers that asked to be left alone
store.days              what came of each source day by day
store.pages             pages of releases that are followed, walks to the old end
store.readings          by what words were read, and the bytes that they were found in
store.documents         what is kept of each source's last document, so that only what is new is read
store.dropped           entries that sources' rules have dropped
store.callbacks         what we have asked hubs to push, and what they have pushed
store.robots            what servers' robots.txt say
store.outputs           what we have written, media
store.fragments         the lines of entries that stand in heads
store.versions          the versions of feeds' documents, by what their ETag says
store.happened          what publishes have shown to happen to releases
store.holds             how many hold which version, by what they call themselves
store.search            what readers search in, and apart from it what operators do
store.subscriptions     who subscribes to which head at our hub, and what another hub was told
store.webhooks          what is to be sent to each, in its order
store.alarms            what a person should look at
store.acts              what was done that nobody tells again, for the journal beside the store
store.readback          what the folder of feeds tells, for a store that was restored
store.newsrooms         who has access of its own
store.narrowed          the feed of everything, of some topics alone
store.advances          what embargoed newsrooms have of releases before their end

It finds, and writes rows that it is handed: what a change is, `revise` decides, and what it comes to in feeds,
`placement`. Two rules stand in the SQL too, as a second line: a key names one release, a slot is taken once.
"""

from syndicate.placement import ALL
from syndicate.store.acts import Act, Journal
from syndicate.store.address import (
    SUPPORTED,
    cut_off,
    daemon_lock,
    exists,
    file_of,
    fingerprint,
    is_on_server,
    lies_in,
    located,
    may_be_told,
    peeked,
    running,
    said,
    shown,
    tried_out,
    unwritable,
    waiting,
)
from syndicate.store.alarms import OF_SOURCES, Alarm
from syndicate.store.backup import Copied, belongs_to, copy, examined, take
from syndicate.store.codec import dump_field, load_field
from syndicate.store.connection import PATIENCE
from syndicate.store.conversion import Told, nobody
from syndicate.store.copies import back_up, copy_into
from syndicate.store.done import Later
from syndicate.store.driver import is_damage
from syndicate.store.feeds import Head, Mark, Shown, TopicRow, shown_of, tombstone
from syndicate.store.fragments import Fragment
from syndicate.store.happened import Happened
from syndicate.store.history import Captured, Event, History, Revision, packed
from syndicate.store.links import Link, Links
from syndicate.store.listing import Line, Listing
from syndicate.store.locks import fell, let_go
from syndicate.store.machines import Heard, Machine, Role, Waiting
from syndicate.store.migrations import KNOWN
from syndicate.store.migrations import migrations as MIGRATIONS
from syndicate.store.newsrooms import Done, Fetched, Recorded
from syndicate.store.outputs import Written, named_by
from syndicate.store.page_queue import NO_PAGES, Counted, Walk, server
from syndicate.store.peeked import Peeked
from syndicate.store.queued import KnownPages, QueuedPage
from syndicate.store.readback import Chain
from syndicate.store.releases import ByHand
from syndicate.store.search import Entry, Filter, Found, Standing
from syndicate.store.sources import Quarantined
from syndicate.store.store import Noted, Store, of_file, open
from syndicate.store.subscriptions import Behind, Brought, Pending, Subscription
from syndicate.store.upgrade import NOBODY, Upgrade
from syndicate.store.versions import MOST, Made, Version
from syndicate.store.webhooks import Hook, Queued

__all__ = [
    "ALL",
    "KNOWN",
    "MIGRATIONS",
    "MOST",
    "NOBODY",
    "NO_PAGES",
    "OF_SOURCES",
    "PATIENCE",
    "SUPPORTED",
    "Act",
    "Alarm",
    "Behind",
    "Brought",
    "ByHand",
    "Captured",
    "Chain",
    "Copied",
    "Counted",
    "Done",
    "Entry",
    "Event",
    "Fetched",
    "Filter",
    "Found",
    "Fragment",
    "Happened",
    "Head",
    "Heard",
    "History",
    "Hook",
    "Journal",
    "KnownPages",
    "Later",
    "Line",
    "Link",
    "Links",
    "Listing",
    "Machine",
    "Made",
    "Mark",
    "Noted",
    "Peeked",
    "Pending",
    "Quarantined",
    "Queued",
    "QueuedPage",
    "Recorded",
    "Revision",
    "Role",
    "Shown",
    "Standing",
    "Store",
    "Subscription",
    "Told",
    "TopicRow",
    "Upgrade",
    "Version",
    "Waiting",
    "Walk",
    "Written",
    "back_up",
    "belongs_to",
    "copy",
    "copy_into",
    "cut_off",
    "daemon_lock",
    "dump_field",
    "examined",
    "exists",
    "fell",
    "file_of",
    "fingerprint",
    "is_damage",
    "is_on_server",
    "let_go",
    "lies_in",
    "load_field",
    "located",
    "may_be_told",
    "named_by",
    "nobody",
    "of_file",
    "open",
    "packed",
    "peeked",
    "running",
    "said",
    "server",
    "shown",
    "shown_of",
    "take",
    "tombstone",
    "tried_out",
    "unwritable",
    "waiting",
]
