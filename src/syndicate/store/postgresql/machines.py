"""Who shares the store, each with a lease of its own, and what the engine has for them."""

import json
from datetime import timedelta

from syndicate.errors import StoreLocked
from syndicate.store.machines import ROLES, Machine, Waiting
from syndicate.store.postgresql.leases import Holder, Leases, Said, holder, me, term
from syndicate.store.postgresql.pool import Pool

KINDS = ("run", "worker")
ALONE = ("daemon", "")  # who may be the only one
_ENDED = (
    "DELETE FROM lease WHERE kind = ANY($1) AND (until < clock_timestamp() - interval '1 hour'"
    " OR (kind = $2 AND until < clock_timestamp()))"
)
_ALL = (
    "SELECT kind, name, holder, until, until >= clock_timestamp(), said FROM lease"
    " WHERE holder != '' AND kind = ANY($1) ORDER BY kind, name"
)
_JOBS = (
    "SELECT coalesce(lock, ''), status::text,"
    " (SELECT min(at) FROM procrastinate_events WHERE job_id = job.id AND type = 'deferred')"
    " FROM procrastinate_jobs AS job WHERE status IN ('todo', 'doing')"
)


def here(pool: Pool, leases: Leases, kind: str, said: str) -> None:
    """This process is there, as one of those that share the store. StoreLocked where somebody wants to be alone."""
    process = str(me())
    if not leases.lasts(kind, process):
        pool.asked(_ENDED, [[*KINDS], kind if kind == "run" else ""])
    leases.kept(kind, process, said)
    other = leases.holder(*ALONE)
    if other and other.lasts and not other.holder.is_dead:
        raise StoreLocked(f"{pool.name}: another syndicate needs this store alone (process {named(other.holder)})")


def leave(leases: Leases) -> None:
    """This process ends as it was told to, without anything being closed."""
    for kind in KINDS:
        leases.leave(kind, str(me()))


def machines(pool: Pool) -> tuple[Machine, ...]:
    found, roles = list[Machine](), dict[str, list[str]]()
    for kind, name, by, until, lasts, said in pool.asked(_ALL, [[*KINDS, *ROLES]]).fetchall():
        lives = lasts and not holder(by).is_dead
        if kind in ROLES:
            roles.setdefault(by if lives else "", []).append(kind)
            continue
        told = json.loads(said or "{}")
        last = until - timedelta(seconds=term(kind).lasts)
        where = told.get("name") or holder(by).machine
        found.append(Machine(where, name, kind, last, (), lives, told.get("waits", ""), bool(told.get("off"))))
    return tuple(each._replace(roles=tuple(roles.get(each.process, ()))) for each in found)


def jobs(pool: Pool) -> Waiting:
    rows = pool.asked(_JOBS, ()).fetchall()
    waiting = [at for _, status, at in rows if status == "todo"]
    return Waiting(len(waiting), min(filter(None, waiting), default=None), {lock: status for lock, status, _ in rows})


def said(leases: Leases, kind: str) -> Said | None:
    """What who has that role now has said with it."""
    found = leases.holder(kind, "")
    return found if found and found.lasts and not found.holder.is_dead else None


def named(by: Holder) -> str:
    return str(by.process) if by.is_here else f"{by.process} on {by.machine}"
