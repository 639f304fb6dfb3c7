"""How much one client may ask: arithmetic, with a clock handed in."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.serve import HELD, WHOLE, Buckets

A, B = "192.0.2.7", "2001:db8:2::/64"
FEED = "gesundheit.atom"
NOW = 1_000_000.3


def asked(buckets: Buckets, times: int, now: float, *, client: str = A, path: str = FEED, cost: float = WHOLE) -> int:
    """How many of so many are answered, all at one moment."""
    return sum(buckets.take(client, path, now, cost) == 0 for _ in range(times))


@pytest.mark.parametrize(
    ("steps", "answered"),
    [
        # (after so many seconds, so often, at this cost) …
        ([(0, 130, WHOLE)], [120]),
        ([(0, 120, WHOLE), (0.5, 5, WHOLE)], [120, 0]),
        ([(0, 120, WHOLE), (1, 5, WHOLE)], [120, 1]),
        ([(0, 121, WHOLE), (10, 20, WHOLE), (1000, 200, WHOLE)], [120, 10, 120]),
        ([(0, 1300, HELD)], [1200]),
        ([(0, 110, WHOLE), (0, 200, HELD)], [110, 100]),
        ([(0, 119, WHOLE), (0, 5, HELD), (0, 5, WHOLE), (0.5, 5, WHOLE)], [119, 5, 0, 1]),
    ],
)
def test_of_one_document(steps: Sequence[tuple[float, int, float]], answered: list[int]) -> None:
    buckets, now, found = Buckets(10), NOW, []
    for seconds, times, cost in steps:
        now += seconds
        found.append(asked(buckets, times, now, cost=cost))
    assert found == answered


def test_another_document_and_another_client_have_their_own() -> None:
    buckets = Buckets(10)
    assert asked(buckets, 200, NOW) == 120
    assert asked(buckets, 200, NOW, path="forst.atom") == 120
    assert asked(buckets, 200, NOW, client=B) == 120


@pytest.mark.parametrize("documents", [0, 10, 5000])
def test_of_all_documents_together(documents: int) -> None:
    buckets, most = Buckets(documents), 2 * documents + 1000
    assert sum(asked(buckets, 1, NOW, path=f"{n}.atom") for n in range(most + 50)) == most
    assert sum(asked(buckets, 1, NOW + 60, path=f"x{n}.atom") for n in range(most)) == most // 30
    assert sum(asked(buckets, 1, NOW + 60 + 1800, path=f"y{n}.atom") for n in range(most + 50)) == most


def test_when_to_come_back() -> None:
    buckets = Buckets(10)
    asked(buckets, 120, NOW)
    wait = buckets.take(A, FEED, NOW)
    assert wait == pytest.approx(1)
    assert buckets.take(A, FEED, NOW, HELD) == pytest.approx(0.1)
    assert buckets.take(A, FEED, NOW + wait) == 0
    assert buckets.take(A, FEED, NOW + wait) == pytest.approx(1)


def test_who_is_refused_pays_nothing() -> None:
    buckets = Buckets(10)
    asked(buckets, 120, NOW)
    assert asked(buckets, 10_000, NOW) == 0
    assert asked(buckets, 2000, NOW, path="forst.atom") == 120
    assert buckets.take(A, FEED, NOW + 1) == 0


def test_what_an_answer_did_not_cost_is_given_back() -> None:
    buckets = Buckets(10)
    for _ in range(1000):
        assert buckets.take(A, FEED, NOW) == 0
        buckets.give_back(A, FEED, WHOLE)
    assert asked(buckets, 200, NOW) == 120
    buckets.give_back(B, FEED, WHOLE)  # of one that is forgotten
    assert asked(buckets, 200, NOW, client=B) == 120


def test_what_is_made_has_two_a_second_besides() -> None:
    buckets = Buckets(10)
    assert sum(buckets.take_made(A, NOW) == 0 for _ in range(100)) == 60
    assert sum(buckets.take_made(A, NOW + 5) == 0 for _ in range(100)) == 10
    assert asked(buckets, 200, NOW) == 120
    assert sum(buckets.take_made(B, NOW) == 0 for _ in range(100)) == 60


def test_the_idlest_is_forgotten() -> None:
    buckets = Buckets(10, most=20)
    asked(buckets, 120, NOW)
    for n in range(9):
        asked(buckets, 1, NOW, client=f"192.0.2.{n + 100}")
        assert buckets.take(A, FEED, NOW) > 0
    for n in range(20):
        asked(buckets, 1, NOW, client=f"198.51.100.{n}")
    assert asked(buckets, 200, NOW) == 120


def test_of_who_asks_no_more_nothing_is_left() -> None:
    buckets = Buckets(10)
    asked(buckets, 1, NOW)
    asked(buckets, 2000, NOW, client=B)
    assert len(buckets) == 4
    buckets.forget(NOW + 10)
    assert len(buckets) == 2
    buckets.forget(NOW + 1800)
    assert len(buckets) == 0


@given(
    documents=st.integers(0, 400),
    hours=st.lists(st.tuples(st.floats(3600, 7200), st.booleans()), min_size=1, max_size=5),
    start=st.floats(0, 1e9),
)
def test_an_hourly_look_at_every_document_is_never_refused(
    documents: int, hours: list[tuple[float, bool]], start: float
) -> None:
    """All at once, whole or held: law of the door for honest readers."""
    buckets, now = Buckets(documents), start
    for seconds, whole in hours:
        for n in range(documents):
            assert buckets.take(A, f"{n}.atom", now, WHOLE if whole else HELD) == 0
        now += seconds


@given(st.lists(st.tuples(st.floats(0, 20), st.sampled_from([WHOLE, HELD])), max_size=400))
def test_no_pattern_of_asking_gets_more_than_its_rate(steps: list[tuple[float, float]]) -> None:
    buckets, now, got = Buckets(10), NOW, 0.0
    for seconds, cost in steps:
        now += seconds
        got += cost if buckets.take(A, FEED, now, cost) == 0 else 0
        assert got <= 120 + (now - NOW) + 1e-3
