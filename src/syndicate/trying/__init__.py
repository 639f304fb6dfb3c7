"""A configuration tried over everything that is held, before it acts: `syndicate try`.

chosen        what of a configuration decides what is held and shown. Pure
differences   two of them and a release → what would become of it, and why. Pure
topics        what would become of feeds. Pure
settings      keys that are another, and what each does. Pure
ruled         what rules would have dropped, and let in. Pure
identity      which releases another identity would make one, or two. Pure
asking        rules that would have let nothing in
taken         by which the store was classified last, and what a person has to take on
searching     regular expressions, over everything
trial         all of it over a store, at one moment
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.trying.chosen import Chosen, chosen, dumped, loaded
    from syndicate.trying.differences import differences
    from syndicate.trying.identity import Identities
    from syndicate.trying.ruled import let_in, why_out
    from syndicate.trying.searching import Searching
    from syndicate.trying.settings import settings
    from syndicate.trying.taken import ALARM, Untaken, accept, check, identities, not_taken, take, taken, untaken
    from syndicate.trying.topics import topic_changes
    from syndicate.trying.trial import Trial, tried
    from syndicate.trying.values import Difference, Held, Kind, Setting, TopicChange

__all__ = [
    "ALARM",
    "Chosen",
    "Difference",
    "Held",
    "Identities",
    "Kind",
    "Searching",
    "Setting",
    "TopicChange",
    "Trial",
    "Untaken",
    "accept",
    "check",
    "chosen",
    "differences",
    "dumped",
    "identities",
    "let_in",
    "loaded",
    "not_taken",
    "settings",
    "take",
    "taken",
    "topic_changes",
    "tried",
    "untaken",
    "why_out",
]

by_need(
    __name__,
    {
        "chosen": (
            "Chosen",
            "chosen",
            "dumped",
            "loaded",
        ),
        "differences": ("differences",),
        "identity": ("Identities",),
        "ruled": (
            "let_in",
            "why_out",
        ),
        "searching": ("Searching",),
        "settings": ("settings",),
        "taken": (
            "ALARM",
            "Untaken",
            "accept",
            "check",
            "identities",
            "not_taken",
            "take",
            "taken",
            "untaken",
        ),
        "topics": ("topic_changes",),
        "trial": (
            "Trial",
            "tried",
        ),
        "values": (
            "Difference",
            "Held",
            "Kind",
            "Setting",
            "TopicChange",
        ),
    },
)
