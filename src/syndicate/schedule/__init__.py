"""What is due, carried by APScheduler: jobs a second apart that ask the store, and a pool that carries what they find.

The store knows what is due (`next_poll`, the ends of embargoes, what is dirty), so a restart forgets nothing and a job
that comes late loses nothing. Folders are watched besides: a dropped file does not wait for its interval.
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.schedule.carried import carry
    from syndicate.schedule.deliveries import Deliveries
    from syndicate.schedule.engine import Deferred, Engine
    from syndicate.schedule.pendulum import Pendulum
    from syndicate.schedule.schedule import Schedule
    from syndicate.schedule.share import Share
    from syndicate.schedule.watch import Watchers
    from syndicate.schedule.worker import Worker

__all__ = ["Deferred", "Deliveries", "Engine", "Pendulum", "Schedule", "Share", "Watchers", "Worker", "carry"]

by_need(
    __name__,
    {
        "carried": ("carry",),
        "deliveries": ("Deliveries",),
        "engine": ("Deferred", "Engine"),
        "pendulum": ("Pendulum",),
        "schedule": ("Schedule",),
        "share": ("Share",),
        "watch": ("Watchers",),
        "worker": ("Worker",),
    },
)
