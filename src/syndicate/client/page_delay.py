"""A pause between two pages of one host, whoever asks them."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class PageDelay:
    """All threads share one. `delay`: seconds between the end of one page and the next of the same host."""

    def __init__(
        self,
        delay: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._delay = delay
        self._clock = clock
        self._sleep = sleep
        self._guard = threading.Lock()
        self._next: dict[str, float] = {}  # when a host may be asked again
        self._busy: set[str] = set()
        self._longer: dict[str, float] = {}

    def longer(self, host: str, delay: float | None) -> None:
        """From now on at least so many seconds for this host, as it asked for; None: as for any other."""
        with self._guard:
            self._longer.pop(host, None)
            if delay and delay > self._delay:
                self._longer[host] = delay

    @contextmanager
    def turn(self, host: str) -> Iterator[bool]:
        """Is it this host's turn? Then nobody else has it until the block ends."""
        with self._guard:
            mine = self._free(host)
            if mine:
                self._busy.add(host)
        try:
            yield mine
        finally:
            if mine:
                with self._guard:
                    self._busy.discard(host)
                    now = self._clock()
                    self._next = {name: at for name, at in self._next.items() if at > now}
                    self._next[host] = now + self._longer.get(host, self._delay)

    def free(self, host: str) -> bool:
        """Would it be this host's turn?"""
        with self._guard:
            return self._free(host)

    @contextmanager
    def waited(self, host: str) -> Iterator[None]:
        """As `turn`, but waits for it."""
        while True:
            with self.turn(host) as mine:
                if mine:
                    yield
                    return
            self.rest((host,))

    def rest(self, hosts: tuple[str, ...]) -> None:
        """Sleep until one of these hosts could be asked."""
        with self._guard:
            now = self._clock()
            waits = [0.05 if host in self._busy else self._next.get(host, now) - now for host in hosts]
        self._sleep(max(0.01, min(waits, default=0.05)))

    def _free(self, host: str) -> bool:
        return host not in self._busy and self._clock() >= self._next.get(host, 0.0)
