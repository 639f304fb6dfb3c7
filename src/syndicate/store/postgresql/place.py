"""A store on PostgreSQL seen from outside, before it is opened: is it there, and who runs on it?"""

from collections.abc import Iterator
from contextlib import contextmanager

from syndicate.errors import StoreLocked, StoreUnusable
from syndicate.store.codec import moment
from syndicate.store.locks import Say, noted
from syndicate.store.peeked import Peeked
from syndicate.store.postgresql.address import address
from syndicate.store.postgresql.leases import Holder, Leases
from syndicate.store.postgresql.pool import Pool

_DAEMON = ("daemon", "")


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
    """The process of the daemon that runs on this store; None: there is none, or nobody can be asked."""
    daemon = _daemon(url)
    return _named(daemon[0]) if daemon and daemon[1] and not daemon[0].is_dead else None


def cut_off(url: str) -> str | None:
    """The process of a daemon that has not given its lease back, and does not run any more."""
    daemon = _daemon(url)
    return _named(daemon[0]) if daemon and (not daemon[1] or daemon[0].is_dead) else None


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


@contextmanager
def daemon_lock(url: str, *, runs: bool = True) -> Iterator[Say]:
    with _pool(url) as pool:
        leases = Leases(pool)
        try:
            leases.begin()
            if leases.take(*_DAEMON) is None:
                other = leases.holder(*_DAEMON)
                named = _named(other[0]) if other else "unknown"
                raise StoreLocked(f"{pool.name}: another syndicate is running on this store (process {named})")
            with noted() as stands:
                try:
                    yield lambda _: None
                finally:
                    if not stands():
                        leases.lapse(*_DAEMON)
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


def _daemon(url: str) -> tuple[Holder, bool] | None:
    with _pool(url) as pool:
        try:
            return Leases(pool).holder(*_DAEMON) if _has(pool, "lease") else None
        except StoreUnusable:
            return None


def _named(holder: Holder) -> str:
    return str(holder.process) if holder.is_here else f"{holder.process} on {holder.machine}"
