"""Whether the system's clock was moved: by a person, by the network's time, by a machine that woke up."""

import threading
import time
from collections.abc import Callable

_LOOK = 1.0  # seconds
_MOVED = 1.5  # seconds between two looks; it may be corrected by less, bit by bit


class Pendulum:
    """Calls `moved` soon after. Whoever waits for a time of day waits for another one then."""

    def __init__(
        self,
        moved: Callable[[], object],
        clock: Callable[[], float] = time.time,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._moved = moved
        self._clock = clock
        self._tick = tick
        self._apart = clock() - tick()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._swing, name="pendulum", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def look(self) -> None:
        apart = self._clock() - self._tick()
        if abs(apart - self._apart) > _MOVED:
            self._moved()
        self._apart = apart

    def _swing(self) -> None:
        while not self._stopping.wait(_LOOK):
            self.look()
