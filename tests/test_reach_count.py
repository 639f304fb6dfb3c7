"""How many hold which version: what each answer tells, and a law over clients of whom everything is known."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.model import Given, Hold
from syndicate.reach import Fetch, believed, counted, gone_on, merged, strange

NOW = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
V = {name: Given(name, number) for number, name in enumerate("uvwx", 1)}


def fetch(served: str, held: str = "", unchanged: bool = False, after: float = 0, named: str = "") -> Fetch:
    known = tuple(V[name] for name in held)
    return Fetch(V[served], known, unchanged, NOW + timedelta(seconds=after), tuple(held + named))


def hold(version: str, n: int = 0, plain: int = 0, **more: object) -> Hold:
    return Hold(V[version], n, plain, NOW)._replace(**more)


def numbers(rows: dict[str, Hold]) -> dict[str, tuple[int, int]]:
    return {version: (row.n, row.plain) for version, row in rows.items()}


def after(before: dict[str, Hold], *fetches: Fetch) -> dict[str, Hold]:
    changed = counted(before, fetches)
    return {version: row for version, row in (before | changed).items() if row}


FIRST = fetch("v")  # without a validator
CASES = {
    "who fetches without a validator is counted apart": ([], [FIRST, FIRST], {"v": (0, 2)}),
    "who asks again and has it still holds it": ([], [FIRST, fetch("v", "v", True)], {"v": (1, 0)}),
    "who asks often is one": ([], [FIRST, *[fetch("v", "v", True)] * 9], {"v": (1, 0)}),
    "of two, one has said that it sends validators": ([], [FIRST, FIRST, fetch("v", "v", True)], {"v": (1, 1)}),
    "a 304 alone: at least one holds it": ([], [fetch("v", "v", True)], {"v": (1, 0)}),
    "a date alone: it holds that still": ([], [fetch("v", "", True)], {"v": (1, 0)}),
    "who held v holds w": ([("v", 3, 0)], [fetch("w", "v")], {"v": (2, 0), "w": (1, 0)}),
    "who fetched v and comes back holds w": ([("v", 0, 2)], [fetch("w", "v")], {"v": (0, 1), "w": (1, 0)}),
    "who is known to hold it comes first": ([("v", 1, 1)], [fetch("w", "v")], {"v": (0, 1), "w": (1, 0)}),
    "given out before anything was counted": ([], [fetch("w", "v"), fetch("w", "v")], {"w": (2, 0)}),
    "another coding of the same": ([], [fetch("v", "v")], {"v": (1, 0)}),
    "of several versions the newest is what it holds": (
        [("u", 1, 0), ("v", 1, 0)],
        [fetch("w", "uv")],
        {"u": (1, 0), "v": (0, 0), "w": (1, 0)},
    ),
    "a validator that nobody gave out": ([("v", 1, 0)], [fetch("w", named="z")], {"v": (1, 0), "w": (0, 1)}),
    "a version that was replaced without a change": (
        [("v", 2, 0)],
        [fetch("w", named="v")],
        {"v": (1, 0), "w": (1, 0)},
    ),
    "who does not keep what he gets is one": (
        [("v", 1, 0)],
        [fetch("w", "v", after=60 * minute) for minute in (0, 10, 20, 30)],
        {"v": (0, 0), "w": (1, 0)},
    ),
    "several within a minute are several": (
        [("v", 1, 0)],
        [fetch("w", "v", after=second) for second in range(4)],
        {"v": (0, 0), "w": (4, 0)},
    ),
    "a row that was first seen held does not stay empty": (
        [("v", 1, 0, False)],
        [fetch("w", "v"), fetch("w", "v", after=600)],
        {"w": (2, 0)},
    ),
}


@pytest.mark.parametrize(("before", "fetches", "expected"), CASES.values(), ids=CASES)
def test_a_fetch_tells(
    before: list[tuple[object, ...]], fetches: list[Fetch], expected: dict[str, tuple[int, int]]
) -> None:
    rows = {str(v): hold(str(v), *map(int, (n, plain)), whole=not more) for v, n, plain, *more in before}  # type: ignore[call-overload]
    assert numbers(after(rows, *fetches)) == expected


@pytest.mark.parametrize(
    ("fetches", "changed"),
    [
        ([fetch("v", "v", True, after=10)], set()),
        ([fetch("v", "v", True, after=86_399)], set()),
        ([fetch("v", "v", True, after=86_400)], {"v"}),  # so that it is not forgotten
        ([fetch("w", "v", after=10)], {"v", "w"}),
        ([fetch("v", after=10)], {"v"}),
    ],
)
def test_nothing_is_written_where_nothing_moves(fetches: list[Fetch], changed: set[str]) -> None:
    assert counted({"v": hold("v", 2)}, fetches).keys() == changed


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([hold("v", 1, 2)], [(3, 0)]),  # two copies went out and have not come back
        ([hold("v", 0, 2), hold("w", 3)], [(2, 0), (3, 0)]),
        ([hold("u"), hold("v", 0, 2)], [(0, 0), (2, 0)]),
        ([hold("v", 0, 2)], [(0, 2)]),  # nobody of this agent has ever sent one
        ([hold("v", 1, 2), hold("w", 1, 1)], [(1, 2), (1, 1)]),  # it has clients that never do
        ([hold("v", 1, 2, subscribers=40)], [(1, 2)]),  # one place asks
        ([], []),
    ],
)
def test_copies_that_have_not_come_back_are_held_where_an_agent_sends_validators(
    rows: list[Hold], expected: list[tuple[int, int]]
) -> None:
    assert [(row.n, row.plain) for row in believed(rows)] == expected


@pytest.mark.parametrize(
    ("rows", "border", "expected"),
    [
        ([hold("u", 1), hold("v", 2), hold("w", 3, 4)], 0, {"u": None, "v": (3, 0)}),
        ([hold("u", 1), hold("v", 2), hold("w", 3, 4)], 2, {"v": None, "w": (5, 4)}),  # v corrected what was in u
        ([hold("u", 1), hold("v"), hold("w", 3)], 0, {"v": None}),  # what is empty goes first
        ([hold("v", 2), hold("w", 3)], 0, {}),
    ],
)
def test_old_versions_are_put_together_between_corrections(
    rows: list[Hold], border: int, expected: dict[str, tuple[int, int] | None]
) -> None:
    by_version = {row.given.digits: row for row in rows}
    changed = merged(by_version, 2, lambda older, newer: older.generation < border <= newer.generation)
    assert {v: row and (row.n, row.plain) for v, row in changed.items()} == expected


@pytest.mark.parametrize(
    ("fetches", "expected"),
    [
        ([FIRST], {}),
        ([fetch("w", "v")], {}),
        ([fetch("w", "u"), fetch("w", "u")], {"u": 2}),
        ([fetch("w", "w", True)] * 3, {"w": 1}),  # one may ask often
        ([fetch("w"), fetch("w", "w", True)], {}),  # it was given that just now
        ([fetch("w", "v"), fetch("w", "w", True)], {}),
    ],
)
def test_whose_copies_came_under_another_name(fetches: list[Fetch], expected: dict[str, int]) -> None:
    assert strange({"v": hold("v", 1)}, fetches) == expected


@pytest.mark.parametrize(("whole", "lacking"), [(True, {}), (False, {"v": 2})])
def test_of_a_version_that_was_first_seen_held_more_may_come(whole: bool, lacking: dict[str, int]) -> None:
    assert strange({"v": hold("v", 1, whole=whole)}, [fetch("w", "v")] * 3) == lacking


@pytest.mark.parametrize(
    ("row", "most", "mine", "left"),
    [
        (hold("v", 3, 2), 2, (2, 0), (3, 0)),
        (hold("v", 1, 2), 3, (3, 0), (0, 0)),
        (hold("v", 1, 0), 5, (1, 0), (0, 0)),
    ],
)
def test_copies_go_on_under_another_name(row: Hold, most: int, mine: tuple[int, int], left: tuple[int, int]) -> None:
    assert [(each.n, each.plain) for each in gone_on(row, most)] == [mine, left]


@given(st.integers(0, 2**32), st.integers(0, 3), st.integers(1, 6), st.integers(1, 6))
def test_law_who_sends_validators_is_counted_exactly(seed: int, without: int, clients: int, changes: int) -> None:
    """Once each has come back with one: whatever others of the same name do that never send any."""
    chance, versions = random.Random(seed), [Given(f"v{number}", number) for number in range(changes + 1)]
    rows, held, at = dict[str, Hold](), dict[int, Given](), NOW
    moved = set[int]()
    for served in versions:
        for who in chance.choices(range(clients + without), k=clients * 3):
            at += timedelta(seconds=chance.choice((1, 100)))
            has = held.get(who) if who < clients else None
            rows = after(rows, Fetch(served, (has,) if has else (), has == served, at))
            if who < clients:
                moved |= {who} if has not in (None, served) else set()
                held[who] = served
    true = Counter(given.digits for given in held.values())
    copies = Counter({version: row.n + row.plain for version, row in rows.items()})
    assert all(copies[version] >= number for version, number in true.items())  # nobody is lost
    if not without:
        assert copies == true
    if len(moved) == len(held):
        assert Counter({version: row.n for version, row in rows.items()}) == true
