"""The driver: psycopg. All that it raises leaves here as a StoreError that names no password."""

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
from psycopg import pq
from psycopg.adapt import Loader
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from syndicate.errors import StoreUnusable
from syndicate.store.postgresql.address import without_hidden

_AWAY = "cannot be reached ({error}); see whether the server runs and is reachable; a daemon tries again by itself"
# By SQLSTATE, or its class of two characters (appendix A of PostgreSQL's manual): what is wrong, and what to do.
_FAULTS = {
    "28P01": "the password is wrong; see `[store] url`, PGPASSWORD or ~/.pgpass",
    "28P02": "no password was given; ~/.pgpass (for its owner alone to read) or PGPASSWORD is to say it",
    "28": "we are not let in ({error}); see pg_hba.conf, and the user in `[store] url`",
    "3D000": "there is no such database; make it (`createdb`), or see `[store] url`",
    "25006": "may only be read: a standby, or default_transaction_read_only; see `[store] url`",
    "42501": "the user may not do that ({error}); the database or its schema is to be the user's own",
    "3F000": "the user may make no tables there ({error}); the database or its schema is to be the user's own",
    "53100": "the server's disk is full; make room: what was stored is still there",
    "53300": "the server has too many connections; see max_connections there, and `[cluster] pool`",
    "53": "the server lacks what it needs ({error})",
    "57P03": "the server is starting or stopping; it is tried again by itself",
    "57": "the server ended the connection ({error}); it is tried again by itself",
    "58": "the server's disk or system fails ({error}); see its log",
    "08": _AWAY,
    "40": "was busy with what others write, for too long ({error}); try again",
    "55P03": "another process keeps it locked for too long; see pg_stat_activity there",
    "address": "is no address that libpq takes: a parameter after its ? is unknown, or its value is; see `[store] url`",
    "XX": "the server reports damage ({error}); see its log",
}
_AT_THE_DOOR = (
    ("starting up", "57P03"),
    ("shutting down", "57P03"),
    ("no password supplied", "28P02"),
    ("password", "28P01"),
    ("pg_hba.conf", "28000"),
    ("role ", "28000"),
    ('database "', "3D000"),
    ("too many clients", "53300"),
    ("remaining connection slots", "53300"),
)
_ADDRESS = "address"
_ENDED = ("57P01", "57P02", "57P03", "57P05", "25P03")
_OTHER = "cannot do what was asked ({error}); that is a fault of this program: please report it"


class _Whole(Loader):
    """Sums come as numeric: we have whole numbers only."""

    def load(self, data: Any) -> int:
        return int(bytes(data))


class Found:
    """The rows of a statement, all of them at hand; as a cursor of SQLite."""

    __slots__ = ("_result", "_rows", "rowcount")

    def __init__(self, cursor: "psycopg.RawCursor[Any]") -> None:
        self._result = cursor.pgresult
        self._rows = iter(cursor.fetchall() if self._result and self._result.nfields else ())
        self.rowcount = cursor.rowcount

    @property
    def description(self) -> Any:
        """The names alone, made where they are asked for."""
        found = self._result
        return [((found.fname(at) or b"").decode(),) for at in range(found.nfields)] if found else None

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchall(self) -> list[Any]:
        return [*self._rows]

    def __iter__(self) -> Iterator[Any]:
        return self._rows


def executed(raw: "psycopg.Connection[Any]", sql: str, values: Sequence[object]) -> Found:
    """Of several statements in one, which take no values: what the last of them found."""
    with psycopg.RawCursor(raw) as cursor:
        try:
            cursor.execute(sql, values or None)
        except (psycopg.DataError, UnicodeEncodeError):
            if (clean := [*map(keepable, values)]) == [*values]:
                raise
            cursor.execute(sql, clean)  # it was refused before it went there
        while cursor.nextset():
            pass
        return Found(cursor)


def keepable(value: object) -> object:
    """What a text can be kept as, and asked for: NUL and halves of a character stand in none."""
    if not isinstance(value, str):
        return value
    return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def connected(url: str) -> "psycopg.Connection[Any]":
    """A server that has gone without a word is missed after some seconds, at each statement."""
    usual: dict[str, Any] = {
        "application_name": "syndicate",
        "connect_timeout": 10,
        "keepalives_idle": 30,
        "tcp_user_timeout": 20_000,
    }
    try:
        given = conninfo_to_dict(url)
        raw = psycopg.connect(make_conninfo(**{**usual, **given, "client_encoding": "utf8"}), autocommit=True)
    except psycopg.Error as error:  # it quotes what it was given; a chain of errors would do so in the log
        raise type(error)(without_hidden(url, str(error))) from None
    raw.adapters.register_loader("numeric", _Whole)
    return raw


def is_idle(raw: "psycopg.Connection[Any]") -> bool:
    return raw.info.transaction_status == pq.TransactionStatus.IDLE


def told(name: str, error: Exception) -> StoreUnusable:
    """The driver's error as ours, in one line: the database, the fault, the remedy. `name` has no password."""
    said = " ".join((str(error).splitlines() or [type(error).__name__])[0].split())
    state = _state(error)
    remedy = _FAULTS.get(state) or _FAULTS.get(state[:2]) or _OTHER
    return StoreUnusable(f"{name}: {remedy.format(error=said)}")


def is_passing(error: BaseException | None) -> bool:
    """May it be otherwise in a moment? It was another one's turn, or the server is not there just now."""
    return isinstance(error, psycopg.Error) and _state(error)[:2] in ("08", "40", "57")


def is_gone(error: BaseException | None) -> bool:
    """Has the connection ended?"""
    return isinstance(error, psycopg.Error) and (_state(error) in _ENDED or _state(error)[:2] == "08")


def _state(error: Exception) -> str:
    """SQLSTATE. Who is refused at the door is told so in words alone."""
    state = getattr(error, "sqlstate", None)
    if not state and isinstance(error, psycopg.ProgrammingError):
        return _ADDRESS
    if state or not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return state or ""
    return next((code for words, code in _AT_THE_DOOR if words in str(error)), "08000")
