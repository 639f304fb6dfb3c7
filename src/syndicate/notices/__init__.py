"""What press offices print, one lexicon: embargoes, corrections, withdrawals, kinds, contacts, dates, excerpts.

Pure functions over lines of plain text and over values of fields. Every parser and `normalise` ask here, so that a
statement means the same in every format and at every place (law 44). A new wording is a row in its table, and a row in
the table of statements that the tests try everywhere.
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.notices import (
        capitals,
        closings,
        contact,
        correction,
        datelines,
        dates,
        embargo,
        ends,
        excerpt,
        keys,
        kind,
        labels,
        months,
    )
    from syndicate.notices.fields import embargo_of, is_embargo_field, is_embargo_key, says_embargo, stated_embargo
    from syndicate.notices.lines import LONGEST, any_of, whole
    from syndicate.notices.withdrawal import reason, status, takes_back

__all__ = [
    "LONGEST",
    "any_of",
    "capitals",
    "closings",
    "contact",
    "correction",
    "datelines",
    "dates",
    "embargo",
    "embargo_of",
    "ends",
    "excerpt",
    "is_embargo_field",
    "is_embargo_key",
    "keys",
    "kind",
    "labels",
    "months",
    "reason",
    "says_embargo",
    "stated_embargo",
    "status",
    "takes_back",
    "whole",
]

by_need(
    __name__,
    {
        "fields": ("embargo_of", "is_embargo_field", "is_embargo_key", "says_embargo", "stated_embargo"),
        "lines": ("LONGEST", "any_of", "whole"),
        "withdrawal": ("reason", "status", "takes_back"),
    },
)
