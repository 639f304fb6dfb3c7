"""A configuration tried over everything that is held, before it acts: `syndicate try`.

chosen        what of a configuration decides what is held and shown. Pure
differences   two of them and a release → what would become of it, and why. Pure
topics        what would become of feeds. Pure
settings      keys that are another, and what each does. Pure
taken         by which the store was classified last
trial         all of it over a store, at one moment
"""

from syndicate.trying.chosen import Chosen, chosen, dumped, loaded
from syndicate.trying.differences import differences
from syndicate.trying.settings import settings
from syndicate.trying.taken import take, taken
from syndicate.trying.topics import topic_changes
from syndicate.trying.trial import Trial, tried
from syndicate.trying.values import Difference, Held, Kind, Setting, TopicChange

__all__ = [
    "Chosen",
    "Difference",
    "Held",
    "Kind",
    "Setting",
    "TopicChange",
    "Trial",
    "chosen",
    "differences",
    "dumped",
    "loaded",
    "settings",
    "take",
    "taken",
    "topic_changes",
    "tried",
]
