"""The order of things, and nothing else: each of the three is one screen.

source | fetch | parse | normalise | revise | classify | place | store        = ingest
what a clock or a person does | revise | classify | place | store             = amend
topic  | store | paginate | render | publish                                  = syndicate
"""

from syndicate.pipeline._alarms import MOMENTS, delivered, observe, usual
from syndicate.pipeline._following import followed
from syndicate.pipeline._pace import Pace
from syndicate.pipeline._pages import ACCEPT_PAGE
from syndicate.pipeline.amend import Act, Edit, Lift, Restore, Settle, Split, Withdraw, amend, reclassify
from syndicate.pipeline.backfill import Backfill, Step, Walker, backfill
from syndicate.pipeline.classified import mint
from syndicate.pipeline.complete import Completion, complete, complete_all
from syndicate.pipeline.discovery import Sample, Scout, beside
from syndicate.pipeline.ingest import ingest, note_failure
from syndicate.pipeline.record import record
from syndicate.pipeline.syndicate import mark_missing, prepare, syndicate
from syndicate.reading import items_of, read, understood

__all__ = [
    "ACCEPT_PAGE",
    "MOMENTS",
    "Act",
    "Backfill",
    "Completion",
    "Edit",
    "Lift",
    "Pace",
    "Restore",
    "Sample",
    "Scout",
    "Settle",
    "Split",
    "Step",
    "Walker",
    "Withdraw",
    "amend",
    "backfill",
    "beside",
    "complete",
    "complete_all",
    "delivered",
    "followed",
    "ingest",
    "items_of",
    "mark_missing",
    "mint",
    "note_failure",
    "observe",
    "prepare",
    "read",
    "reclassify",
    "record",
    "syndicate",
    "understood",
    "usual",
]
