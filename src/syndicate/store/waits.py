"""What waits for a time that was said by a clock that was ahead: it would wait for years, so it waits no more."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from syndicate.store.codec import stamp
from syndicate.store.connection import Connection

# Longer than anything of its kind waits by itself. Each is looked for by an index, or in a table of few rows.
_TRY, _PAGE, _LOOK, _LEASE = timedelta(days=2), timedelta(days=8), timedelta(days=40), timedelta(days=31)
_WAITS: tuple[tuple[str, timedelta], ...] = (
    ("UPDATE webhook SET retry = :now WHERE retry > :far", _TRY),
    ("UPDATE subscription SET retry = :now WHERE retry > :far AND retry != ''", _TRY),
    ("UPDATE verification SET retry = :now WHERE retry > :far", _TRY),
    ("UPDATE subscription SET expires = :far WHERE expires > :far", _LEASE),
    # One of ours that was agreed upon then: its hub counts by its own clock, and has forgotten us before ours says so.
    ("UPDATE callback SET due = :now, since = NULL, until = NULL, tries = 0 WHERE since > :far AND due > :far", _TRY),
    ("UPDATE callback SET due = :now WHERE due > :far AND since IS NULL", _PAGE),
)
_PAGES = (
    ("UPDATE wanted SET due = :now WHERE due > :far", _PAGE),
    # Its looks are counted from when it was read.
    (
        "UPDATE wanted SET again = :now,"
        " completed = CASE WHEN completed > :now THEN :now ELSE completed END WHERE again > :far",
        _LOOK,
    ),
)


class Waits:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def believe(self, now: datetime) -> int:
        """For how many that was so; `now`: by the clock that is believed."""
        with self._connection.transaction():
            changed = sum(self._each(_WAITS, now))
            if pages := sum(self._each(_PAGES, now)):
                self._connection.decisions.wrote(None)
            return changed + pages

    def _each(self, these: tuple[tuple[str, timedelta], ...], now: datetime) -> Iterator[int]:
        for sql, longest in these:
            values = {"now": stamp(now), "far": stamp(now + longest)}
            yield self._connection.execute(sql, values).rowcount
