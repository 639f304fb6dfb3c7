"""Processes that read what others wrote, and that can be killed: a poisoned document costs its own reading, no more.

    run(function, *arguments)   an idle process, or a new one; its answer, or WorkerLost when it outlives its limits

Each has a pipe of its own and limits on memory and processor time (RLIMIT_AS, RLIMIT_CPU); the deadline is kept
outside. All are forked from one that has imported what they need, so that they share it, and that one is started from
nothing: never is a daemon with threads forked. All end with the program: one that is killed leaves none behind.

pool        Workers: as many as there are processors, and none that nobody needs
worker      one of them, as the program sees it
prepared    what they are forked from, as the program sees it
process     what runs in them
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.workers.pool import Workers
    from syndicate.workers.worker import Limits

__all__ = ["Limits", "Workers"]

by_need(
    __name__,
    {
        "pool": ("Workers",),
        "worker": ("Limits",),
    },
)
