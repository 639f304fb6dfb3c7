"""The journal of acts, `STORE.acts` beside the store: what a backup of before does not know and nothing tells again.

JSON, a line for each: what it is, then `{"id": 7, "at": "…", "act": "withdraw", …}`, and `{"done": 7}` once the store
has recorded all until then. An act is appended, and has reached the disk, before the transaction is committed that
records it; the store keeps its number in that same transaction. So a kill in between loses none, and what was appended
and never recorded is told apart: the next one takes its number, or the next `done` is of one before it. A last line
that the power cut off is none.
"""

import errno
import json
import os
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol

from syndicate.disk import beside, sync_all
from syndicate.errors import StoreUnusable

_MOST = 16 * 2**20  # bytes; then the older half goes: a backup of before that is restored as without the journal
_BLOCK = 8192  # bytes, from the end on, in which the last `done` is looked for
_KIND = "acts of a store of syndicate"
_KNOWN = "SELECT value FROM meta WHERE name = 'acts'"
KNOWS = "INSERT INTO meta VALUES ('acts', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"


class Act(NamedTuple):
    """What was done, as it is done again: `kind` is withdraw, restore, lift, edit, split, revoke or drop; `at`: when,
    RFC 3339; `of`: the first of those that were recorded at once. Not `sure`: power or process failed where it was to
    be recorded, so perhaps it was not.
    """

    id: int
    at: str
    kind: str
    data: Mapping[str, Any]
    of: int
    sure: bool = True

    @property
    def line(self) -> Mapping[str, Any]:
        return {"id": self.id, "of": self.of, "at": self.at, "act": self.kind, **self.data}


class Told(NamedTuple):
    """What a journal holds: whose it is, which backups it is whole for (those that know the act `since`, or a later
    one), the acts, and the last that is known to be recorded.
    """

    mark: str
    since: int
    acts: tuple[Act, ...]
    done: int


class Asked(Protocol):
    """A connection."""

    def execute(self, sql: str, values: Sequence[object] = (), /) -> Any: ...
    def executemany(self, sql: str, rows: Iterable[Any], /) -> Any: ...


class Acting(threading.local):
    """`done`: what the transaction of a thread has done so far. `quiet`: that stands in the journal already.

    `facts`: of the whole (`meta`), written with the commit: of several that share it, the last says what holds.
    """

    quiet = False

    def __init__(self) -> None:
        self.done: list[tuple[str, str, Mapping[str, Any]]] = []
        self.facts: dict[str, str] = {}


class Journal:
    """Beside this store. `append` and `done` are called by whoever has its turn to write."""

    def __init__(self, store: Path) -> None:
        self.path = beside(store, ".acts")

    def read(self) -> Told | None:
        """None: there is none. StoreUnusable where it is none of ours, or cannot be read."""
        try:
            with self._opened() as file:
                text = file.read().decode(errors="replace")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreUnusable(f"{self.path}: cannot be read: {error.strerror}") from error
        return told(text.split("\n"), self.path)

    def last(self) -> int | None:
        """The last act that is known to be recorded, found near its end; None: there is no journal."""
        for line in self._backwards():
            if (said := _said(line)) and ("done" in said or "journal" in said):
                return int(said.get("done", said.get("since", 0)))
        return None

    def begin(self, mark: str, since: int) -> None:
        """A new one, for a store that has none; another store's is put aside, never taken away."""
        if (first := _said(self._first())) and first.get("mark") == mark:
            return
        with self._telling():
            if os.path.lexists(self.path):
                aside = self.path.with_name(f"{self.path.name}.of-{str((first or {}).get('mark', 'nobody'))[:8]}")
                os.replace(self.path, aside)
            self._append([{"journal": _KIND, "mark": mark, "since": since}])
            sync_all([self.path.parent])

    def append(self, acts: Sequence[Act]) -> None:
        """They have reached the disk when this returns. StoreUnusable where they cannot."""
        with self._telling():
            if self.path.stat().st_size > _MOST:
                self._halve()
            self._append([act.line for act in acts])

    def done(self, number: int) -> None:
        """All until this one is recorded. Where that cannot be said now, the next one says it."""
        with suppress(OSError):
            self._append([{"done": number}], lasting=False)

    def _append(self, lines: Sequence[Mapping[str, Any]], *, lasting: bool = True) -> None:
        handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            size = os.fstat(handle).st_size
            torn = size and os.pread(handle, 1, size - 1) != b"\n"
            text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines).encode()
            left = memoryview(b"\n" + text if torn else text)
            while left:
                left = left[os.write(handle, left) :]
            if lasting:
                os.fsync(handle)
        finally:
            os.close(handle)

    def _halve(self) -> None:
        """In its place at once, so that a kill leaves the one or the other."""
        if (whole := self.read()) is None:
            return
        half = whole.acts[len(whole.acts) // 2 :]
        first = {"journal": _KIND, "mark": whole.mark, "since": half[0].id - 1 if half else whole.done}
        beside = Journal(self.path.with_name(f".{self.path.name}"))
        beside.path.unlink(missing_ok=True)
        beside._append([first, *(act.line for act in half), {"done": whole.done}])
        os.replace(beside.path, self.path)
        sync_all([self.path.parent])

    def _opened(self) -> BinaryIO:
        """To be read. OSError where it is no file: a pipe would let nobody go on."""
        if self.path.exists() and not self.path.is_file():
            raise OSError(errno.EINVAL, "it is no file", str(self.path))
        return self.path.open("rb")

    def _first(self) -> str:
        try:
            with self._opened() as file:
                return file.readline().decode(errors="replace")
        except OSError:
            return ""

    def _backwards(self) -> Iterator[str]:
        try:
            with self._opened() as file:
                size = file.seek(0, os.SEEK_END)
                block = min(_BLOCK, size)
                while True:
                    file.seek(size - block)
                    lines = file.read(block).decode(errors="replace").split("\n")
                    yield from reversed(lines if block == size else lines[1:])
                    if block == size:
                        return
                    block = min(block * 8, size)
        except OSError:
            return

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreUnusable(f"{self.path}: cannot be written: {error.strerror}; nothing was done") from error


class NoJournal(Journal):
    """Of a store that is no file: its server keeps what was written, and a copy of before is brought up by that."""

    def __init__(self) -> None:
        """Nothing lies anywhere."""

    def read(self) -> Told | None:
        return None

    def last(self) -> int | None:
        return None

    def begin(self, mark: str, since: int) -> None: ...

    def append(self, acts: Sequence[Act]) -> None: ...

    def done(self, number: int) -> None: ...


def told(lines: Sequence[str], path: Path) -> Told:
    """What these say. StoreUnusable where the first one is not that of a journal."""
    first = _said(lines[0]) if lines else None
    if first is None or first.get("journal") != _KIND:
        raise StoreUnusable(f"{path}: is no journal of acts; take it away, what it should tell is not known then")
    acts, done = dict[int, Act](), int(first["since"])
    for said in filter(None, map(_said, lines[1:])):
        if "done" in said:
            done = int(said["done"])
            acts = {number: act for number, act in acts.items() if number <= done}
        elif "id" in said:
            act = act_of(said)
            if act.id in acts:  # it was given before to what was not recorded
                acts = {number: each for number, each in acts.items() if number < act.id}
            acts[act.id] = act
    # Whoever gave the last ones their numbers knew that all before are recorded.
    until = max(done, next(reversed(acts.values())).of - 1) if acts else done
    found = (act._replace(sure=act.id <= until) for act in acts.values())
    return Told(str(first.get("mark", "")), int(first["since"]), tuple(found), done)


def act_of(line: Mapping[str, Any]) -> Act:
    """Law: `act_of(act.line) == act`, but for `sure`."""
    data = dict(line)
    number, of, at, kind = (data.pop(name) for name in ("id", "of", "at", "act"))
    return Act(number, at, kind, data, of)


def _said(line: str) -> dict[str, Any] | None:
    """None of what was cut off, or is no line of ours."""
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def journalled(db: Asked, journal: Journal, acts: Sequence[tuple[str, str, Mapping[str, Any]]]) -> int:
    """Append what the transaction under way has done, (kind, at, data) each; the number of the last one."""
    known, recorded = known_to(db), journal.last()
    last = first(known, recorded)
    if recorded is not None and recorded > last:
        raise StoreUnusable(
            f"{journal.path}: tells of acts that this store does not know: it is one of before; a start of the daemon,"
            " or `syndicate publish`, does them again, and then this can be done"
        )
    journal.begin(mark_of(db), last)
    numbered = [Act(last + n, at, kind, data, last + 1) for n, (kind, at, data) in enumerate(acts, 1)]
    db.execute(KNOWS, (str(numbered[-1].id),))
    journal.append(numbered)
    return numbered[-1].id


def first(known: int | None, recorded: int | None) -> int:
    """The number that the next one follows, beside a store that knows `known` as the last: also where no journal is
    there, which would say what is `recorded`.

    Where one was, and is no more, acts may be lost: the new one reaches back to no backup that knows as much as this
    store, so a restore from that is one without the journal, however often.
    """
    return known or 0 if recorded is not None or known is None else known + 1


def known_to(db: Asked) -> int | None:
    """The last act that this store knows; None: an earlier program wrote it, which kept no journal."""
    row = db.execute(_KNOWN).fetchone()
    return int(row[0]) if row else None


def mark_of(db: Asked) -> str:
    """As `Outputs.mark`. In a transaction."""
    known = db.execute("SELECT value FROM meta WHERE name = 'mark'").fetchone()
    if known is None:
        known = (secrets.token_hex(16),)
        db.execute("INSERT INTO meta VALUES ('mark', ?)", known)
    return str(known[0])
