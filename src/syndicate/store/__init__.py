"""The only database code. SQLite through sqlite-utils; speaks in the nouns of `model`.

store.open(url)         the one way in; what is asked later is asked of what it returns

store.transaction()     find → revise → classify → record, under one BEGIN IMMEDIATE
store.releases          find, get, resolve, list, revisions, editions, due, …
store.topics            feeds, their slots, what is dirty
store.sources           fetch states, files, quarantine
store.hosts             servers that asked to be left alone
store.links             corrections, related blocks
store.outputs           what we have written, media
store.page_queue            pages of releases that are followed, walks to the old end
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from syndicate.model import Capture, Changes, Known, Sought
from syndicate.placement import ALL, Placement
from syndicate.store.address import SUPPORTED, daemon_lock, exists, folder_of, lies_in, located, made, running, shown
from syndicate.store.alarms import Alarm, Alarms
from syndicate.store.changes import ChangeWriter
from syndicate.store.claims import claim
from syndicate.store.codec import moment, stamp
from syndicate.store.connection import PATIENCE, Connection
from syndicate.store.history import Event, History, Revision
from syndicate.store.hosts import Hosts
from syndicate.store.links import Link, Links
from syndicate.store.lookup import known
from syndicate.store.outputs import Outputs, Written
from syndicate.store.page_queue import Counted, PageQueue, QueuedPage, Walk, server
from syndicate.store.positions import Positions
from syndicate.store.releases import Releases
from syndicate.store.sources import Quarantined, Sources
from syndicate.store.topics import Mark, TopicRow, Topics, tombstone

__all__ = [
    "ALL",
    "SUPPORTED",
    "Alarm",
    "Counted",
    "Event",
    "Link",
    "Mark",
    "Quarantined",
    "QueuedPage",
    "Revision",
    "Store",
    "TopicRow",
    "Walk",
    "Written",
    "daemon_lock",
    "exists",
    "folder_of",
    "lies_in",
    "located",
    "open",
    "running",
    "server",
    "shown",
    "tombstone",
]


def open(url: str, *, patience: float = PATIENCE) -> "Store":
    """The store at this address (`located`), made where there is none. StoreError where that cannot be.

    `patience`: for how many seconds another process that writes is waited for.
    """
    return Store(made(url), patience=patience)


class Store:
    """What `open` returns. StoreUnusable from whatever is asked where the file cannot be read or written."""

    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        self._connection = Connection(path, patience)
        self._path = path
        self.releases = Releases(self._connection)
        self._changes = ChangeWriter(self._connection, self.releases)
        self._history = History(self._connection)
        self.positions = Positions(self._connection)
        self.topics = Topics(self._connection)
        self.sources = Sources(self._connection)
        self.hosts = Hosts(self._connection)
        self.alarms = Alarms(self._connection)
        self.outputs = Outputs(self._connection)
        self.links = Links(self._connection)
        self.page_queue = PageQueue(self._connection)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._connection.transaction():
            yield

    @contextmanager
    def claim(self, source: str) -> Iterator[bool]:
        """Whether this source is ours to ask, within the block: nobody else does then, in no thread and no process."""
        with claim(self._path, source) as mine:
            yield mine

    def __str__(self) -> str:
        return str(self._path)

    @property
    def lost(self) -> bool:
        """Was its file taken away under our hands?"""
        return not self._path.is_file()

    @property
    def size(self) -> int:
        """Bytes, with what is not yet written back into the file."""
        parts = (self._path, self._path.with_name(f"{self._path.name}-wal"))
        return sum(part.stat().st_size for part in parts if part.exists())

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def known(self, sought: Sought) -> Known:
        """What is held of that. Call it in the transaction that records what is decided."""
        return known(self._connection, self.releases, sought)

    def record(
        self, changes: Changes, placement: Placement, *, captures: Iterable[Capture] = (), now: datetime
    ) -> None:
        """Write what was decided: what is held from now on, and where it stands. In the transaction that found it."""
        with self._connection.transaction() as db:
            self._changes.yield_ids(changes.changes)
            for change in changes.changes:
                self._changes.write(change, now)
            self.positions.write(placement, now)
            self._history.keep(changes, captures, now)
            db.execute(
                "INSERT INTO meta VALUES ('written', ?)"
                " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
                (stamp(now),),
            )

    def ask_reload(self, token: str) -> None:
        """Whoever has changed config.toml wants the daemon to read it again: `token` is another one each time."""
        with self._connection.transaction() as db:
            db.execute(
                "INSERT INTO meta VALUES ('reload', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (token,),
            )

    def reload_asked(self) -> str | None:
        """The last token."""
        row = self._connection.db.execute("SELECT value FROM meta WHERE name = 'reload'").fetchone()
        return str(row[0]) if row else None

    def adopts(self, now: datetime) -> None:
        """From now on it holds what another store had published. In the transaction that records that."""
        self._connection.db.execute("INSERT OR REPLACE INTO meta VALUES ('adopted', ?)", (stamp(now),))

    def adopted(self) -> datetime | None:
        """When it took over what another store had published."""
        row = self._connection.db.execute("SELECT value FROM meta WHERE name = 'adopted'").fetchone()
        return moment(row[0]) if row else None

    def last_write(self) -> datetime | None:
        """When something was last recorded, by the clock of that time."""
        row = self._connection.db.execute("SELECT value FROM meta WHERE name = 'written'").fetchone()
        return moment(row[0]) if row else None
