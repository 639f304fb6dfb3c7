"""The order of things, and nothing else: each of the four is one screen.

source | fetch | parse | normalise | revise | classify | place | store        = ingest
hub    | parse | normalise | revise | classify | place | store                = receive
what a clock or a person does | revise | classify | place | store             = amend
topic  | store | paginate | render | validate | publish                       = syndicate
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.pipeline.amend import Act, Edit, Lift, Restore, Settle, Split, Withdraw, amend, as_lifted
    from syndicate.pipeline.bucketed import drop_mirrors
    from syndicate.pipeline.ingest import ingest, note_failure
    from syndicate.pipeline.publisher import take_over
    from syndicate.pipeline.receive import receive
    from syndicate.pipeline.reclassify import reclassify
    from syndicate.pipeline.replay import replay, replay_waiting
    from syndicate.pipeline.reserved import with_reserved
    from syndicate.pipeline.syndicate import is_ours, leave, mark_missing, open_feeds, outdate, prepare, syndicate
    from syndicate.reading import items_of, read, understood
    from syndicate.recording import mint, record

__all__ = [
    "Act",
    "Edit",
    "Lift",
    "Restore",
    "Settle",
    "Split",
    "Withdraw",
    "amend",
    "as_lifted",
    "drop_mirrors",
    "ingest",
    "is_ours",
    "items_of",
    "leave",
    "mark_missing",
    "mint",
    "note_failure",
    "open_feeds",
    "outdate",
    "prepare",
    "read",
    "receive",
    "reclassify",
    "record",
    "replay",
    "replay_waiting",
    "syndicate",
    "take_over",
    "understood",
    "with_reserved",
]

by_need(
    __name__,
    {
        "amend": ("Act", "Edit", "Lift", "Restore", "Settle", "Split", "Withdraw", "amend", "as_lifted"),
        "bucketed": ("drop_mirrors",),
        "ingest": ("ingest", "note_failure"),
        "publisher": ("take_over",),
        "receive": ("receive",),
        "reclassify": ("reclassify",),
        "replay": ("replay", "replay_waiting"),
        "reserved": ("with_reserved",),
        "syndicate": ("is_ours", "leave", "mark_missing", "open_feeds", "outdate", "prepare", "syndicate"),
        "syndicate.reading": ("items_of", "read", "understood"),
        "syndicate.recording": ("mint", "record"),
    },
)
