"""May a source be asked, when, why not, and where does it live now. Pure: values in, values out.

turn       may it be asked now: one answer for polls, pages, backfill and what tells people
queue      in which order those are asked whose turn it is
again      when a page that was read is asked again
interval   when it is polled next
robots     what a server's robots.txt is worth, and when it is asked again
location   where it is asked, after what became of its polls
pushes     what those of its hub are worth, beside what polls find
state      what is known of it while it is asked and after that failed
"""

from syndicate.polling import again, interval, location, pushes, robots
from syndicate.polling.queue import Queue
from syndicate.polling.robots import RobotsState
from syndicate.polling.state import begun, failed
from syndicate.polling.turn import (
    CLOCK_AHEAD,
    LONGEST_BACKOFF,
    Call,
    Turn,
    Why,
    believed,
    follows_pages,
    page_turn,
    turn,
)

__all__ = [
    "CLOCK_AHEAD",
    "LONGEST_BACKOFF",
    "Call",
    "Queue",
    "RobotsState",
    "Turn",
    "Why",
    "again",
    "begun",
    "believed",
    "failed",
    "follows_pages",
    "interval",
    "location",
    "page_turn",
    "pushes",
    "robots",
    "turn",
]
