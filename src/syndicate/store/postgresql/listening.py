"""Who waits is told at once of what other processes have written.

A connection of its own listens. Whatever goes wrong with it costs a second at most: who waits looks each second anyway.
"""

import os
import select
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg

from syndicate.store.machines import HEARD, Heard
from syndicate.store.postgresql.driver import connected

_AGAIN = 5.0  # seconds between two tries to listen
_REST = 0.2  # seconds in which all that is heard is one: a hundred changes are not published one by one


class Listening:
    """From now on `heard` is called in a thread of its own, never twice at once; also of what this process writes."""

    def __init__(self, url: str, heard: Callable[[Heard], object]) -> None:
        self._url, self._heard = url, heard
        self._over = threading.Event()
        self._ended, self._end = os.pipe()
        self._thread = threading.Thread(target=self._run, name="listening", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Returns when `heard` is not called any more."""
        if self._over.is_set():
            return
        self._over.set()
        os.write(self._end, b".")
        self._thread.join()
        os.close(self._end)
        os.close(self._ended)

    def _run(self) -> None:
        while not self._over.is_set():
            with suppress(psycopg.Error), connected(self._url) as raw:  # whoever asks the store tells what is wrong
                self._listen(raw)
            self._over.wait(_AGAIN)

    def _listen(self, raw: "psycopg.Connection[Any]") -> None:
        ((schema,),) = raw.execute("SELECT current_schema()").fetchall()
        meant = {f"{each} {schema}": each for each in HEARD}
        raw.execute("LISTEN syndicate")
        ready = select.poll()
        for file in (raw.fileno(), self._ended):
            ready.register(file, select.POLLIN)
        while not self._over.is_set():
            ready.poll()
            told = {each.payload for each in raw.notifies(timeout=0)}
            for payload in sorted(told & meant.keys()):
                self._heard(meant[payload])
            self._over.wait(_REST)
