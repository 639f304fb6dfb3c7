"""A document that costs something to make, for however many ask for it."""

import asyncio
import time
from collections.abc import Callable

_SELDOM, _MOST = 9, 10.0  # times as long as that took, but at most so many seconds, until it is made again


class Made:
    """The event loop's. Made in a thread, once for all who ask meanwhile, and not again at once: however many ask, no
    more than a tenth of the time is spent on it.
    """

    def __init__(
        self, make: Callable[[], bytes], clock: Callable[[], float] = time.monotonic, *, least: float = 0.0
    ) -> None:
        self._make = make
        self._least = least  # seconds until it is made again, however soon it is
        self._clock = clock
        self._making: asyncio.Task[bytes] | None = None
        self._last = b""
        self._until = float("-inf")

    async def get(self) -> bytes:
        """Raises what making it raises."""
        if self._making is None:
            if self._clock() < self._until:
                return self._last
            self._making = asyncio.create_task(self._made())
            self._making.add_done_callback(self._over)
        return await asyncio.shield(self._making)  # who hangs up does not end it for the others

    async def _made(self) -> bytes:
        began = self._clock()
        self._last = await asyncio.to_thread(self._make)
        ended = self._clock()
        self._until = ended + min(max(_SELDOM * (ended - began), self._least), _MOST)
        return self._last

    def _over(self, task: asyncio.Task[bytes]) -> None:
        self._making = None
        if not task.cancelled():
            task.exception()  # whoever waited was told
