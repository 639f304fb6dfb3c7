"""What was decided of releases, written: what is held of each from now on, and what was done to it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from syndicate.model import Change, Release
from syndicate.revise import sketch
from syndicate.store.codec import dump, stamp
from syndicate.store.connection import Connection
from syndicate.store.history import History
from syndicate.store.identities import Identities
from syndicate.store.keys import Keys
from syndicate.store.releases import Releases
from syndicate.text import head


class ChangeWriter:
    """In the transaction of `record`."""

    def __init__(self, connection: Connection, releases: Releases) -> None:
        self._connection = connection
        self._releases = releases
        self._identities = Identities(connection)
        self._keys = Keys(connection)
        self._history = History(connection)

    def write(self, change: Change, now: datetime) -> None:
        """What is held of one release from now on, and what was done to it. In the transaction of `record`."""
        self._write(change, now)
        for old in change.absorbs:
            self._identities.absorb(old, change.release.id)

    def yield_ids(self, changes: Iterable[Change]) -> None:
        """What nobody has seen gets other ids, or becomes what is shown. Before anything is written."""
        for change in changes:
            for old, yielding in change.yields:
                self._identities.rename(old, yielding)
            if change.was:
                self._identities.rename(change.was, change.release)
                self._rows("DELETE FROM key WHERE release = ?", (change.release.id,))

    def _write(self, change: Change, now: datetime) -> None:
        release = change.release
        self._keys.add(release, change.keys)
        if change.verdict not in ("unchanged", "held"):
            self._put(release, takes_keys=change.verdict == "new" or change.was is not None)
        if change.edition:  # of what is unchanged: its source's words wait
            self._releases.put_edition(release.id, change.edition)
        if change.verdict == "unchanged":
            return
        if change.edition and change.capture:  # its source has said something: its files are heard again
            self._rows(
                "UPDATE key SET unheard = 0 WHERE release = ? AND kind = 'path' AND scope = ?",
                (release.id, change.edition.source),
            )
        if change.pending:
            until = change.pending.embargo.until if change.pending.embargo else None
            self._rows(
                "INSERT OR REPLACE INTO pending VALUES (?, ?, ?, ?)",
                (release.id, change.pending.source or "", stamp(until), dump(change.pending)),
            )
        elif change.edition:  # what waits goes when it is shown, or when its source says something else
            self._rows("DELETE FROM pending WHERE release = ? AND source = ?", (release.id, change.edition.source))
        if change.verdict != "held":
            self._history.put(change, now)

    def _put(self, release: Release, *, takes_keys: bool = False) -> None:
        """Write what we hold now of one release. In the transaction of `record`.

        `takes_keys`: a new release has its keys from whoever had them: a URL or a file is used again.
        """
        kicker, title = head(release.kicker, release.title)
        self._rows(
            "INSERT INTO release (id, atom_id, source, kicker, title, state, url, until, withdrawn, published, unseen,"
            " data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET source = excluded.source, kicker = excluded.kicker,"
            " title = excluded.title, state = excluded.state, url = excluded.url,"
            " until = excluded.until, withdrawn = excluded.withdrawn, published = excluded.published,"
            " unseen = excluded.unseen, data = excluded.data",
            (
                release.id,
                release.atom_id,
                release.source,
                kicker,
                title,
                release.state,
                release.url,
                stamp(release.embargo.until) if release.embargo else None,
                stamp(release.withdrawn),
                stamp(release.published),
                int(release.never_shown),
                dump(release),
            ),
        )
        self._rows("DELETE FROM sketch WHERE release = ?", (release.id,))
        for value in sketch(release):
            self._rows("INSERT OR IGNORE INTO sketch VALUES (?, ?)", (value, release.id))
        self._keys.put(release, takes=takes_keys)

    def _rows(self, sql: str, values: Sequence[object] | dict[str, object]) -> Iterable[tuple]:  # type: ignore[type-arg]  # rows of any shape
        return self._connection.db.conn.execute(sql, values)
