"""Who still holds the wrong version, after a correction or a withdrawal.

agents     what a client calls itself, without what could lead to a person
count      how many hold which version, by the validators that they send
take_in    what was served, as it is kept
newsrooms  which of them hold the old version, by when each last fetched
told       what became of a release's last correction or withdrawal: who holds the old version, who the new one

agents, count: pure.
"""

from syndicate.reach.agents import OTHER, UNNAMED, Agent, agent_of
from syndicate.reach.count import FRESH, KEPT, Fetch, believed, counted, gone_on, merged, strange
from syndicate.reach.newsrooms import Named, Turn
from syndicate.reach.take_in import Answered, Intake
from syndicate.reach.told import SEEN, SETTLED_AFTER, Count, Told, recent, told

__all__ = [
    "FRESH",
    "KEPT",
    "OTHER",
    "SEEN",
    "SETTLED_AFTER",
    "UNNAMED",
    "Agent",
    "Answered",
    "Count",
    "Fetch",
    "Intake",
    "Named",
    "Told",
    "Turn",
    "agent_of",
    "believed",
    "counted",
    "gone_on",
    "merged",
    "recent",
    "strange",
    "told",
]
