"""What is brought to others' servers, and what it is brought with: one row for each kind."""

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from syndicate import client
from syndicate.app.purges import Purges
from syndicate.app.telling import Telling
from syndicate.model import Errand, Event, Fetching, Plan
from syndicate.store import Store
from syndicate.webhooks import Notices
from syndicate.websub import Pings, Pushes, Questions

_DEADLINE = 10.0  # seconds of a whole exchange
_ANSWER = 4_096  # bytes that are read of what they say
_OF_HOST = 10_000  # at once: the lanes bound them


class Errands(Protocol):
    """A kind. `due` and `record` are called by one thread, and may use the store."""

    def due(self, plan: Plan, now: datetime) -> Iterable[Errand]:
        """What is to be brought now, what is under way included: it is not begun twice. What waits to be begun is
        brought as the last look says, and not at all where that does not name it.
        """

    def record(self, outcomes: Sequence[Any], now: datetime) -> bool:
        """What came of it, in a transaction; called again where that was not written. Whether something may be due now
        that was not. Here alone a kind tells of anything: that is heard once it is written.
        """

    def next(self) -> datetime | None:
        """When something that failed may be tried again."""


@runtime_checkable
class Hears(Protocol):
    """A kind that is told of what happens, too."""

    def heard(self, event: Event) -> None:
        """In the thread that tells it, which may be any."""


class Posting:
    """What dials, with a plan's user agent; made when somebody has an errand, closed with the program."""

    def __init__(self, fetch: Callable[[], Fetching]) -> None:
        self._fetch = fetch
        self._guard = threading.Lock()
        self._agent = ""
        self._opened: list[client.Client] = []

    def client(self) -> client.Client:
        with self._guard:
            agent = self._fetch().user_agent
            if not self._opened or agent != self._agent:  # what is under way ends with the one that it began with
                limits = client.Limits(agent, _DEADLINE, _ANSWER, _OF_HOST)
                self._agent = agent
                self._opened.append(client.Client(limits))
            return self._opened[-1]

    def close(self) -> None:
        with self._guard:
            for each in self._opened:
                each.close()


def errands_of(
    store: Store, posting: Callable[[], client.Client], tell: Callable[[Event], object]
) -> tuple[Errands, ...]:
    """Of every kind."""
    kinds = (Questions, Pushes, Pings, Purges, Telling, Notices)  # hooks hear at once of what needs a person
    return tuple(kind(store, posting, tell) for kind in kinds)
