"""Incoming × stored → Changes: the only place that decides. Pure; `now` and the source of new ids are handed in.

Rules: semantics, Identity, Dates, Embargo, Correction and Withdrawal.
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.revise.acts import ByHand, edit, lift, restore, split, withdraw
    from syndicate.revise.adopted import until_lifted, waits_for_a_person
    from syndicate.revise.again import Again
    from syndicate.revise.claims import Incoming, without_shared_keys
    from syndicate.revise.complete import completed, joint, overlaid, tells_of_another
    from syndicate.revise.decide import SourceContext, too_many
    from syndicate.revise.editions import Edits, hides, said_of, says_the_same, shown, with_edition
    from syndicate.revise.embargoes import emerge, retire, revise, yielded
    from syndicate.revise.first_sight import Sight, dropped_key, first_sight
    from syndicate.revise.likeness import MAY_BE_ALIKE, alike, plainly_other, sketch, sketched
    from syndicate.revise.naming import naming
    from syndicate.revise.settle import settle
    from syndicate.revise.sought import scoped, sought, still_sought
    from syndicate.revise.span import common, spans, within, words_at
    from syndicate.revise.unseen import keys_in_store, unseen

__all__ = [
    "MAY_BE_ALIKE",
    "Again",
    "ByHand",
    "Edits",
    "Incoming",
    "Sight",
    "SourceContext",
    "alike",
    "common",
    "completed",
    "dropped_key",
    "edit",
    "emerge",
    "first_sight",
    "hides",
    "joint",
    "keys_in_store",
    "lift",
    "naming",
    "overlaid",
    "plainly_other",
    "restore",
    "retire",
    "revise",
    "said_of",
    "says_the_same",
    "scoped",
    "settle",
    "shown",
    "sketch",
    "sketched",
    "sought",
    "spans",
    "split",
    "still_sought",
    "tells_of_another",
    "too_many",
    "unseen",
    "until_lifted",
    "waits_for_a_person",
    "with_edition",
    "withdraw",
    "within",
    "without_shared_keys",
    "words_at",
    "yielded",
]

by_need(
    __name__,
    {
        "acts": ("ByHand", "edit", "lift", "restore", "split", "withdraw"),
        "adopted": ("until_lifted", "waits_for_a_person"),
        "again": ("Again",),
        "complete": ("completed", "joint", "overlaid", "tells_of_another"),
        "decide": ("SourceContext", "too_many"),
        "editions": ("Edits", "hides", "said_of", "says_the_same", "shown", "with_edition"),
        "embargoes": ("emerge", "retire", "revise", "yielded"),
        "naming": ("naming",),
        "first_sight": ("Sight", "dropped_key", "first_sight"),
        "likeness": ("MAY_BE_ALIKE", "alike", "plainly_other", "sketch", "sketched"),
        "claims": ("Incoming", "without_shared_keys"),
        "settle": ("settle",),
        "sought": ("scoped", "sought", "still_sought"),
        "span": ("common", "spans", "within", "words_at"),
        "unseen": ("keys_in_store", "unseen"),
    },
)
