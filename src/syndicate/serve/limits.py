"""Who may ask how much, of all that is not answered at once: what is taken before, and given back afterwards."""

import asyncio
import time
from collections.abc import Callable
from enum import Enum

import structlog
from starlette.types import Message, Send

from syndicate.publish import Place, target
from syndicate.serve.buckets import HELD, WHOLE, Buckets

log = structlog.get_logger()

_AGAIN = 60.0  # seconds until the documents are counted again
_NAMED = 100  # characters
_SELDOM = 100  # times as long as that took, at least


class Rates(Enum):
    """What an answer is counted as."""

    DOCUMENT = "document"  # one of many that ask for the same
    MADE = "made"  # for who asks: searched, combined
    CALLBACK = "callback"  # costs nothing where it is fine: whoever we asked to tell us


class Limits:
    """The event loop's. `documents`: see `create_app`."""

    def __init__(self, documents: Callable[[], int]) -> None:
        self.buckets = Buckets()
        self._documents = documents
        self._counting: asyncio.Task[None] | None = None
        self._next = 0.0
        self._tidies = False
        self._count()

    def wait(self, who: str, path: str, rate: Rates) -> float:
        """As `Buckets.take`."""
        now = time.monotonic()
        if not self._tidies:
            self._tidies = True
            self._tidy()
        if now >= self._next and not self._counting:
            self._counting = asyncio.create_task(self._recount())
        if rate is Rates.MADE:
            return self.buckets.take_made(who, now)
        return self.buckets.take(who, _short(path), now)

    def counting(self, send: Send, who: str, path: str, rate: Rates) -> Send:
        """Gives back, as soon as it is known, what the answer does not cost."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] == 304:
                    self.buckets.give_back(who, None if rate is Rates.MADE else _short(path), WHOLE - HELD)
                elif rate is Rates.CALLBACK and message["status"] < 300:
                    self.buckets.give_back(who, _short(path), WHOLE)
            await send(message)

        return sending

    def _tidy(self) -> None:
        """Once a minute, also while nobody asks: addresses are not kept for longer than they are of use."""
        self.buckets.forget(time.monotonic())
        asyncio.get_running_loop().call_later(_AGAIN, self._tidy)

    async def _recount(self) -> None:
        await asyncio.to_thread(self._count)
        self._counting = None

    def _count(self) -> None:
        began = time.monotonic()
        try:
            self.buckets.documents = self._documents()
        except Exception as error:  # of the store, or of the disk: the number before is good enough
            log.warning("documents cannot be counted", reason=repr(error))
        now = time.monotonic()
        self._next = now + max(_AGAIN, _SELDOM * (now - began))


def _short(path: str) -> str:
    """Of what anybody may ask for, little is remembered: what is published has a short path, but for some media."""
    return path if len(path) <= _NAMED else str(hash(path))


def files_in(place: Place) -> int:
    """What is published there, where no store says how much that is."""
    return target(place).count()
