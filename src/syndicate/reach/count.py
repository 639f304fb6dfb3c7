"""How many hold which version of a document, by the validators that they send. Pure.

A validator that we gave out is a token for a version: who sends it back holds that. So of each (document, agent) it is
counted who holds which version, without knowing who anybody is. For each copy that went out somebody either came back
with its validator (and holds the next one), or still holds it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from syndicate.model import Given, Hold

KEPT = timedelta(days=30)
FRESH = timedelta(minutes=1)  # the `max-age` of heads: nobody asks twice within it
AFRESH = timedelta(days=1)  # so old is what a row says of when it was last seen, where nothing else moves


class Fetch(NamedTuple):
    """A version that was given to an agent, or that it holds still (`unchanged`: 304) at `at`.

    `named`: what its ETags say, `held`: which versions these are, of which we know.
    """

    served: Given
    held: tuple[Given, ...]
    unchanged: bool
    at: datetime
    named: tuple[str, ...] = ()
    subscribers: int | None = None


Holds = Mapping[str, Hold]  # by version, of one document and agent


def counted(before: Holds, fetches: Iterable[Fetch], brought: Holds = MappingProxyType({})) -> dict[str, Hold | None]:
    """What these fetches, in their order, make of an agent's rows of a document: those that change; None: gone.

    `brought`: rows that it has besides, or in the place of these, and that are written nowhere yet.
    """
    rows = {**before, **brought}
    for fetch in fetches:
        _count(rows, fetch)
    changed: dict[str, Hold | None] = {v: row for v, row in rows.items() if _differs(row, before.get(v))}
    return changed | dict.fromkeys(before.keys() - rows.keys())


def _differs(row: Hold, before: Hold | None) -> bool:
    """Has something moved, or is it long ago that it was last said?"""
    if before is None or row._replace(last=before.last, fetched=before.fetched) != before:
        return True
    return row.last - before.last >= AFRESH


def _count(rows: dict[str, Hold], fetch: Fetch) -> None:
    served = fetch.served
    held = _held(rows, fetch)
    row = rows.get(served.digits) or Hold(served, 0, 0, fetch.at, whole=not fetch.unchanged)
    row = row._replace(last=fetch.at, subscribers=fetch.subscribers or row.subscribers)
    if fetch.unchanged or (held and held.digits == served.digits):  # another coding of the same: that is held as well
        row = _at_least_one(row)
    elif held is None:
        row = row._replace(plain=row.plain + 1, fetched=fetch.at)
    elif _take(rows, held.digits, fetch.at):
        row = row._replace(n=row.n + 1)
    else:
        row = _at_least_one(row)
    rows[served.digits] = row


def _held(rows: Holds, fetch: Fetch) -> Given | None:
    """The newest version that it said it holds.

    What a row tells of may be one that another has replaced without a change.
    """
    of_rows = [rows[digits].given for digits in fetch.named if digits in rows]
    return max((*fetch.held, *of_rows), key=lambda given: given.generation, default=None)


def _at_least_one(row: Hold) -> Hold:
    return row if row.n else row._replace(n=1, plain=max(0, row.plain - 1))


def _take(rows: dict[str, Hold], digits: str, at: datetime) -> bool:
    """One that held it comes back. False: all of them had, so it is one of them again, who does not keep what he gets.

    But several within a minute are several, of whom we did not know.
    """
    row = rows.get(digits)
    if row is None:  # given out before anything was counted
        return True
    if not (row.n or row.plain):
        rows[digits] = row._replace(last=at)
        return at - row.last < FRESH
    left = row._replace(n=row.n - 1, last=at) if row.n else row._replace(plain=row.plain - 1, last=at)
    if left.n or left.plain or left.whole:
        rows[digits] = left
    else:
        del rows[digits]
    return True


def strange(rows: Holds, fetches: Iterable[Fetch]) -> dict[str, int]:
    """The versions of which more come back, or are held, than this agent's rows know of, and how many at least.

    Such a program has got them under another name: that of its version before an update.
    """
    coming, given = dict[str, int](), set[str]()
    for fetch in fetches:
        held = _held(rows, fetch)
        digits = fetch.served.digits if fetch.unchanged else held.digits if held else None
        if digits and digits not in given:
            coming[digits] = coming.get(digits, 0) + (not fetch.unchanged)
        if not fetch.unchanged:
            given.add(fetch.served.digits)
    lacking = {digits: _lacking(rows.get(digits), number) for digits, number in coming.items()}
    return {digits: number for digits, number in lacking.items() if number > 0}


def _lacking(row: Hold | None, number: int) -> int:
    if row is None:
        return max(1, number)
    return 0 if row.whole else number - row.n - row.plain


def gone_on(row: Hold, most: int) -> tuple[Hold, Hold]:
    """As many of a program's copies go on under another name: the row of that, and what is left of this."""
    plain = min(row.plain, most)  # who is known to send validators stays known
    n = min(row.n, most - plain)
    mine = row._replace(n=n + plain, plain=0, fetched=None, whole=False)
    return mine, row._replace(n=row.n - n, plain=row.plain - plain)


def believed(rows: Iterable[Hold]) -> tuple[Hold, ...]:
    """The rows as they are reported: copies that went out without a validator to an agent that sends them are held.

    So where somebody of this agent has come back with one, it states no subscribers (a service asks from one place, and
    now and then as if for the first time), and all such copies are of one version: else it has clients that never do.
    """
    found = tuple(rows)
    sends = any(row.n or not row.plain for row in found)
    plain = [row for row in found if row.plain]
    if not sends or len(plain) != 1 or any(row.subscribers for row in found):
        return found
    return tuple(row._replace(n=row.n + row.plain, plain=0) for row in found)


def merged(rows: Holds, most: int, parted: Callable[[Given, Given], bool]) -> dict[str, Hold | None]:
    """Where there are more than `most` versions: the oldest go into the next one, unless they are `parted`.

    That is by a correction or a withdrawal in between. What is empty goes first. The rows that change; None: gone.
    """
    order = sorted(rows.values(), key=lambda row: row.given.generation)
    changed = dict[str, Hold | None]()
    for row in [row for row in order[:-1] if not (row.n or row.plain)][: max(0, len(order) - most)]:
        changed[row.given.digits] = None
        order.remove(row)
    left = len(order) - most
    current = {row.given.digits: row for row in order}
    for older, newer in pairwise(order):
        if left <= 0:
            break
        if parted(older.given, newer.given):
            continue
        older = current[older.given.digits]
        changed[older.given.digits] = None
        current[newer.given.digits] = changed[newer.given.digits] = _together(older, newer)
        left -= 1
    return changed


def _together(older: Hold, newer: Hold) -> Hold:
    fetched = max(filter(None, (older.fetched, newer.fetched)), default=None)
    return newer._replace(
        n=older.n + newer.n, plain=older.plain + newer.plain, last=max(older.last, newer.last), fetched=fetched
    )
