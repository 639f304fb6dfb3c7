"""A store on PostgreSQL seen from outside, before it is opened: is it there, and who runs on it?"""

from collections.abc import Iterator
from contextlib import contextmanager

from syndicate.errors import StoreLocked, StoreUnusable
from syndicate.store.codec import moment
from syndicate.store.locks import Say
from syndicate.store.machines import Machine
from syndicate.store.peeked import Peeked
from syndicate.store.postgresql.address import address
from syndicate.store.postgresql.leases import Leases, holder
from syndicate.store.postgresql.machines import ALONE, machines, named
from syndicate.store.postgresql.pool import Pool

# A server by the moment of its start, to the millionth of a second.
_WHICH = (
    "SELECT pg_postmaster_start_time()::text, current_schema(),"
    " (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def exists(url: str) -> bool:
    """Has it tables? True also where nobody can be asked: whoever opens it is told why."""
    with _pool(url) as pool:
        try:
            return _has(pool, "release")
        except StoreUnusable:
            return True


def peeked(url: str) -> Peeked | None:
    """None also where it cannot be asked."""
    with _pool(url) as pool:
        try:
            if not _has(pool, "meta"):
                return None
            rows = pool.asked("SELECT name, value FROM meta WHERE name IN ('mark', 'written')", ())
        except StoreUnusable:
            return None
        facts = dict(rows.fetchall())
        return Peeked(facts.get("mark"), moment(facts.get("written")))


def running(url: str) -> str | None:
    """The process of a daemon that runs on this store. StoreUnusable: nobody can be asked."""
    return next((_named(each) for each in _daemons(url) if each.lives), None)


def cut_off(url: str) -> str | None:
    """The process of a daemon that has not given its lease back, and does not run any more. StoreUnusable."""
    daemons = _daemons(url)
    return next((_named(each) for each in daemons if not any(other.lives for other in daemons)), None)


def unwritable(url: str) -> str | None:
    """It is tried by writing alone."""
    return None


def fingerprint(url: str) -> tuple[int, ...]:
    """It is no file."""
    return ()


def said(url: str) -> tuple[str, ...]:
    """Who cannot reach the store is told so by whoever looks."""
    return ()


def tried_out(url: str, *, whole: bool = False, patience: float = 2.0) -> None:
    with _pool(url, patience) as pool:
        pool.patiently(lambda: pool.asked("SELECT 1", ()))


def are_one(url: str, other: str) -> bool:
    """Both are asked: a server has many names, and which schema is meant, it knows best."""
    found = []
    for each in (url, other):
        with _pool(each) as pool:
            found.append(pool.asked(_WHICH, ()).fetchone())
    return found[0] == found[1] and None not in found[0]


@contextmanager
def daemon_lock(url: str, *, runs: bool = True) -> Iterator[Say]:
    """Several may run at once (`Connection.here`). Who only keeps them away is alone."""
    if runs:
        yield lambda _: None
        return
    with _pool(url) as pool:
        leases = Leases(pool)
        try:
            leases.begin()
            others = [] if leases.take(*ALONE) else ["unknown"]
            others += [_named(each) for each in machines(pool) if each.lives]
            if others:
                raise StoreLocked(f"{pool.name}: another syndicate is running on this store (process {others[-1]})")
            yield lambda _: None
        finally:
            leases.close()


@contextmanager
def _pool(url: str, patience: float = 0.0) -> Iterator[Pool]:
    pool = Pool(address(url), patience, 2)
    try:
        yield pool
    finally:
        pool.close()


def _has(pool: Pool, table: str) -> bool:
    return pool.asked("SELECT to_regclass($1)", (table,)).fetchone()[0] is not None


def _daemons(url: str) -> list[Machine]:
    with _pool(url) as pool:
        return [each for each in machines(pool) if each.kind == "run"] if _has(pool, "lease") else []


def _named(each: Machine) -> str:
    return named(holder(each.process))
