"""A CDN is told what has changed, so that it asks for it again: by a POST to an address, or by a command.

What is to be told is kept in memory: a start tells it of all that stands at the head, once.
"""

import json
import shlex
import subprocess
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from syndicate import client
from syndicate.client import reason_alone
from syndicate.errors import ClientClosed, FetchError, StoreError
from syndicate.model import Delivered, Errand, Event, Plan, Published, Undelivered
from syndicate.store import Store
from syndicate.websub import pause

_BATCH = 30  # addresses of one request: as many as the least of them takes
_DEADLINE = 60.0  # seconds that a command may take
_ALARM = 3  # failures in a row, which take some minutes
_HEADERS = {"Content-Type": "application/json"}
_FIRST = "index.html"
_MOST = 10_000  # that happened between two looks


class Purged(NamedTuple):
    """Of which documents (as of which change) it was told, and why not of all; empty where it was."""

    told: Mapping[str, int]
    reason: str


class Purges:
    """A kind of errand (`errands_of`), which hears what is published; what others publish the versions tell."""

    def __init__(self, store: Store, posting: Callable[[], "client.Client"], tell: Callable[[Event], object]) -> None:
        self._store = store
        self._client = posting
        self._tell = tell
        self._guard = threading.Lock()
        self._changes = 0
        self._changed: dict[str, int] = {}  # document → the number of its last change
        self._seen: int | None = None  # the last version that was looked at; None: none, since a start
        self._told = 0  # the last of what happened that was looked at
        self._again: datetime | None = None
        self._failures = 0

    def heard(self, event: Event) -> None:
        """From any thread."""
        if isinstance(event, Published):
            mine = {document.path for document in event.documents}
            self._add(mine)
            with suppress(StoreError):  # it is looked for once more, then
                self._know(mine)

    def _know(self, mine: Collection[str]) -> None:
        """What this process has published needs no look of its own, where nobody else has published since."""
        last, happened = self._store.versions.last(), self._store.happened.last()
        if self._seen is not None and {*self._store.versions.documents_since(self._seen)} <= {*mine}:
            self._seen, self._told = last, happened

    def due(self, plan: Plan, now: datetime) -> Iterator[Errand]:
        if not plan.publish.purge:
            with self._guard:
                self._changed.clear()
            self._well()
            return
        self._look()
        with self._guard:
            changed = dict(self._changed)
        if changed and not (self._again and now < self._again):
            yield Errand(key="purge", act=partial(self._purge, plan, changed))

    def _look(self) -> None:
        before, self._seen = self._seen, self._store.versions.last()
        if before is None:
            self._told = self._store.happened.last()
            self._add(row.path for row in self._store.outputs.within(""))
        elif before != self._seen:
            self._add(self._published_since(before))

    def _published_since(self, before: int) -> Iterator[str]:
        """By whomever: documents of feeds, pages beside them, and those of releases that something happened to."""
        for path in self._store.versions.documents_since(before):
            yield from (path, f"{path.partition('.')[0]}.html")
        yield _FIRST
        happened = self._store.happened.since(self._told, limit=_MOST)
        self._told = happened[-1].id if happened else self._told
        for release in dict.fromkeys(each.release for each in happened):
            yield from (row.path for row in self._store.outputs.written("release", release))

    def _add(self, paths: Iterable[str]) -> None:
        with self._guard:
            self._changes += 1
            self._changed |= dict.fromkeys(paths, self._changes)

    def _purge(self, plan: Plan, changed: Mapping[str, int]) -> Purged:
        paths = sorted(changed)
        if not _is_address(plan.publish.purge):
            fault = _run(plan.publish.purge, _addresses(plan, paths))
            return Purged({} if fault else changed, fault)
        told = dict[str, int]()
        for first in range(0, len(paths), _BATCH - 1):  # the first page has two addresses
            some = paths[first : first + _BATCH - 1]
            if fault := self._post(plan.publish.purge, _addresses(plan, some)):
                return Purged(told, fault)
            told |= {path: changed[path] for path in some}
        return Purged(told, "")

    def _post(self, url: str, files: Sequence[str]) -> str:
        """Why it was not taken. Whoever names an address in config.toml vouches for it: it may be on this network."""
        body = json.dumps({"files": files}).encode()
        try:
            return self._client().post(url, body, _HEADERS, allow_private=True, most=0).fault
        except ClientClosed:
            raise
        except FetchError as error:
            return reason_alone(error)

    def record(self, outcomes: Sequence[Purged], now: datetime) -> bool:
        """In a transaction. Whether something is due now that was not."""
        for told, fault in outcomes:
            with self._guard:
                for path, change in told.items():
                    if self._changed.get(path) == change:
                        del self._changed[path]
            if told:
                self._tell(Delivered(what="purge", of="", number=len(told)))
            if fault:
                self._failed(fault, now)
            else:
                self._well()
        return bool(self._changed)

    def _failed(self, fault: str, now: datetime) -> None:
        self._failures += 1
        self._again = now + pause(self._failures)
        failures = self._failures
        self._tell(Undelivered(what="purge", host="", of="", reason=fault, again=self._again, failures=failures))
        if failures >= _ALARM:
            self._store.alarms.ring("purge", "", f"the CDN is not told of what changes: {fault}", now)

    def _well(self) -> None:
        self._failures, self._again = 0, None
        self._store.alarms.end("purge", "")

    def next(self) -> datetime | None:
        return self._again


def _is_address(purge: str) -> bool:
    return urlsplit(purge).scheme in ("http", "https")


def _addresses(plan: Plan, paths: Iterable[str]) -> list[str]:
    base = plan.site.base_url
    return [each for path in paths for each in ((base,) if path == _FIRST else ()) + (f"{base}{quote(path)}",)]


def _run(command: str, lines: Iterable[str]) -> str:
    """Why it did not do it; empty where it did. No shell has a part in it."""
    text = "".join(f"{line}\n" for line in lines)
    try:
        done = subprocess.run(  # noqa: S603 - what an operator has put into config.toml
            shlex.split(command), input=text, capture_output=True, text=True, timeout=_DEADLINE, check=False
        )
    except OSError as error:
        return f"the command cannot be run: {error.strerror}"
    except subprocess.TimeoutExpired:
        return f"the command took longer than {_DEADLINE:.0f} seconds"
    return f"the command ended with status {done.returncode}" if done.returncode else ""
