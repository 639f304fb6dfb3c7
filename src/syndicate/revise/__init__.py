"""Incoming × stored → Changes: the only place that decides. Pure; `now` and the source of new ids are handed in.

Rules: semantics, Identity, Dates, Embargo, Correction and Withdrawal.
"""

from syndicate.revise._editions import Edits, says_the_same, waits, with_edition
from syndicate.revise._likeness import alike, may_be_alike, plainly_other, sketch
from syndicate.revise._match import Incoming, atom_ids, without_shared_keys
from syndicate.revise.acts import edit, lift, restore, split, withdraw
from syndicate.revise.complete import completed, overlaid, tells_of_another
from syndicate.revise.decide import Teller, retire, revise, too_many

__all__ = [
    "Edits",
    "Incoming",
    "Teller",
    "alike",
    "atom_ids",
    "completed",
    "edit",
    "lift",
    "may_be_alike",
    "overlaid",
    "plainly_other",
    "restore",
    "retire",
    "revise",
    "says_the_same",
    "sketch",
    "split",
    "tells_of_another",
    "too_many",
    "waits",
    "with_edition",
    "withdraw",
    "without_shared_keys",
]
