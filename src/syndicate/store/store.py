"""What `open` returns: the rooms of the store on one connection, and what goes for the whole."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeVar

from syndicate.errors import StoreUnusable
from syndicate.model import Capture, Changes, Known, Sought
from syndicate.placement import Placement
from syndicate.store.advances import Advances
from syndicate.store.alarms import Alarms
from syndicate.store.callbacks import Callbacks
from syndicate.store.changes import ChangeWriter
from syndicate.store.codec import moment, stamp
from syndicate.store.connection import PATIENCE, Connection
from syndicate.store.days import Days
from syndicate.store.documents import Documents
from syndicate.store.done import Acts
from syndicate.store.dropped import DroppedEntries
from syndicate.store.feeds import Feeds
from syndicate.store.fragments import Fragments
from syndicate.store.happened import Happenings
from syndicate.store.history import Rows
from syndicate.store.holds import Holds
from syndicate.store.lookup import known
from syndicate.store.narrowed import Narrowed
from syndicate.store.newsrooms import Newsrooms
from syndicate.store.opened import opened
from syndicate.store.outputs import Outputs
from syndicate.store.page_queue import PageQueue
from syndicate.store.readback import ReadBack
from syndicate.store.readings import Readings
from syndicate.store.releases import Releases
from syndicate.store.robots import RobotsFiles
from syndicate.store.search import Search
from syndicate.store.shared import Shared
from syndicate.store.sources import Sources
from syndicate.store.sqlite import SQLite
from syndicate.store.subscriptions import Subscriptions
from syndicate.store.transfer import is_unfinished
from syndicate.store.upgrade import NOBODY, Upgrade
from syndicate.store.versions import Versions
from syndicate.store.waits import Waits
from syndicate.store.webhooks import Webhooks

# What is remembered of the whole: the program that rendered last (its fingerprint), the rules that classified last, the
# last look for tombstones that have had their time (RFC 3339), who asked last that config.toml be read
# again, what the store is known by where it publishes, what made the tokens that are searched in, and who was told what
# of what needs a person (JSON), when the daemon last made a backup, by which configuration it was classified last
# (JSON), by what the releases of sources are known, where that is not the usual (JSON), and the number of whoever
# publishes to a bucket.
Noted = Literal[
    "page", "rules", "expired", "reload", "mark", "searched", "told", "backup", "chosen", "identities", "fence"
]


_T = TypeVar("_T")
_D = TypeVar("_D")


def open(url: str, *, patience: float = PATIENCE, make: bool = True, told: Upgrade = NOBODY, most: int = 10) -> "Store":
    """The store at this address (`located`), made where there is none. StoreError where that cannot be.

    `patience`: for how many seconds another process that writes is waited for. Without `make`, StoreMissing where there
    is none. `told`: what comes of a store of an earlier program, which may take minutes. `most`:
    connections to a server.
    """
    connection = opened(url, patience, make=make, told=told, most=most)
    if (of := is_unfinished(connection)) is not None:
        connection.close()
        raise StoreUnusable(
            f"{connection.name}: is an unfinished copy of {of}; `syndicate store copy` of the same goes on with it"
        )
    return Store(connection)


def of_file(path: Path, *, told: Upgrade = NOBODY) -> "Store":
    """The store in this file, made where there is none; its folder is there."""
    return Store(SQLite(path, told=told))


class Store(Shared):
    """What `open` returns. StoreUnusable from whatever is asked where the database cannot be read or written."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.releases = Releases(self._connection)
        self._changes = ChangeWriter(self._connection)
        self._history = Rows(self._connection)
        self.feeds = Feeds(self._connection)
        self.sources = Sources(self._connection)
        self.days = Days(self._connection)
        self.alarms = Alarms(self._connection)
        self.acts = Acts(self._connection)
        self.readback = ReadBack(self._connection)
        self.outputs = Outputs(self._connection)
        self.fragments = Fragments(self._connection)
        self.pages = PageQueue(self._connection)
        self.readings = Readings(self._connection)
        self.documents = Documents(self._connection)
        self.dropped = DroppedEntries(self._connection)
        self.callbacks = Callbacks(self._connection)
        self.robots = RobotsFiles(self._connection)
        self.subscriptions = Subscriptions(self._connection)
        self.newsrooms = Newsrooms(self._connection)
        self.advances = Advances(self._connection)
        self.narrowed = Narrowed(self._connection)
        self.webhooks = Webhooks(self._connection)
        self.versions = Versions(self._connection)
        self.waits = Waits(self._connection)
        self.happened = Happenings(self._connection)
        self.holds = Holds(self._connection)
        self.search = Search(self._connection)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._connection.transaction():
            yield

    def together(self, unit: Callable[[], _T], *, lasting: bool = True) -> _T:
        """What `unit` returns, called in a transaction that several threads share: one commit, one wait for the disk.

        What it does through this store is written when this returns. Another thread may call it, in our turn: it takes
        no lock that we hold. One that raises is undone alone and raises here, in its own thread. It may be called
        again where nothing of the first time was written, so what it does besides is to bear that.
        Without `lasting`, it is to outlive the process alone: no wait for the disk (as the state at a poll's begin).
        """
        return self._connection.together(unit, lasting=lasting)

    def decided(self, decide: Callable[[], _D], record: Callable[[_D], _T]) -> _T:
        """What `record` makes of what `decide` returns: decided outside the transaction, recorded in it (`together`).

        `decide` reads the store as it is at one moment, and writes nothing. Where what it was told by `known`,
        `pages.known`, `readings.of_entries` or `releases.is_free` has been written by then, it is called again, within
        the transaction; so it is where another process has recorded something. Both may be called more than once.
        """
        return self._connection.decisions.decided(decide, record)

    def ahead(self, look: Callable[[], _T]) -> _T:
        """What `look` returns, asked ahead of what is `decided` next in this thread: that is not asked again there.

        But where something of it has been written by then.
        """
        return self._connection.decisions.ahead(look)

    def __str__(self) -> str:
        return self._connection.name

    def wait_for_others(self, seconds: float) -> None:
        """For so long another process that writes is waited for, from now on."""
        self._connection.wait_for_others(seconds)

    @property
    def lost(self) -> bool:
        """Was its file taken away under our hands, or another one put in its place?"""
        return self._connection.lost

    @property
    def version(self) -> object:
        """The same as before where, by this thread's view, nobody else has written since: costs next to nothing."""
        return self._connection.version

    def looked(self, look: Callable[[], _T]) -> _T:
        """What `look` returns, of the store as it is at one moment. It writes nothing."""
        return self._connection.looked(look)

    def generation(self) -> str:
        """The same as before where nothing has been recorded since, nor marked to be rendered: by any process."""
        return self._connection.generation()

    def try_out(self, *, whole: bool = False) -> None:
        """StoreUnusable where it cannot be read and written now: found by writing; by reading the `whole` of it, too.

        The latter takes as long as the disk needs for it.
        """
        self._connection.try_out(whole=whole)
        with self._connection.transaction() as db:
            db.execute("INSERT INTO meta VALUES ('tried', '') ON CONFLICT (name) DO UPDATE SET value = excluded.value")

    @property
    def size(self) -> int:
        """Bytes, with what is not yet written back into a file."""
        return self._connection.size

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def known(self, sought: Sought) -> Known:
        """What is held of that. Call it where it is decided (`decided`), or in the transaction that records that."""
        return known(self._connection, sought)

    def record(
        self, changes: Changes, placement: Placement, *, captures: Iterable[Capture] = (), now: datetime
    ) -> None:
        """Write what was decided: what is held from now on, and where it stands. In the transaction that found it."""
        with self._connection.transaction():
            touched = self._changes.write(changes, now)
            self.feeds.write(placement, now, new={c.release.id for c in changes.changes if c.is_first})
            self._history.keep(changes, captures, now)
            if touched is None or touched.size:
                self._connection.decisions.wrote(touched)
            self.note_write(now)

    def note_write(self, now: datetime) -> None:
        """When something was recorded: `last_write` tells it."""
        self._connection.note_write(stamp(now))

    def trust_clock(self, now: datetime) -> bool:
        """What was recorded by a clock that was ahead counts as recorded now. Whether there was any."""
        with self._connection.transaction() as db:
            changed = db.execute(
                "UPDATE meta SET value = ? WHERE name = 'written' AND value > ?", (stamp(now), stamp(now))
            )
            return changed.rowcount > 0

    def keep_bytes(self, source: str, capture: Capture, now: datetime) -> None:
        """What was found, before it is recorded what it says."""
        with self._connection.transaction():
            self._history.keep_bytes(source, capture, now)

    def remember(self, name: Noted, value: str) -> None:
        """A fact about the whole."""
        with self._connection.transaction() as db:
            db.execute(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value)
            )

    def recalled(self, name: Noted) -> str | None:
        row = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def adopts(self, now: datetime) -> None:
        """From now on it holds what another store had published. In the transaction that records that."""
        self._connection.execute(
            "INSERT INTO meta VALUES ('adopted', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (stamp(now),),
        )
        self.happened.announce_all()

    def adopted(self) -> datetime | None:
        """When it took over what another store had published."""
        row = self._connection.execute("SELECT value FROM meta WHERE name = 'adopted'").fetchone()
        return moment(row[0]) if row else None

    def last_write(self) -> datetime | None:
        """When something was last recorded, by the clock of that time."""
        row = self._connection.execute("SELECT value FROM meta WHERE name = 'written'").fetchone()
        return moment(row[0]) if row else None
