"""How many threads carry jobs."""

import threading
from collections.abc import Callable

import pytest

from syndicate.app import carry_each


def always() -> bool:
    return True


def never() -> bool:
    return False


@pytest.mark.parametrize(
    ("waits", "most", "threads"),
    [
        (never, 8, 1),  # it computes: another thread would be in its way
        (always, 1, 1),
        (always, 3, 3),
    ],
)
def test_another_thread_is_begun_where_those_there_are_only_wait(
    waits: Callable[[], bool], most: int, threads: int
) -> None:
    seen, together = set[int](), threading.Barrier(threads)

    def work(number: int) -> int:
        seen.add(threading.get_ident())
        if number < threads:  # nobody goes on before so many are there
            together.wait(60)
        return number * number

    assert [*carry_each(work, range(20), most, waits)] == [number * number for number in range(20)]
    assert len(seen) == threads


def test_what_is_raised_ends_it_and_who_stops_asking_ends_it() -> None:
    done = list[int]()

    def work(number: int) -> int:
        done.append(number)
        if number == 2:
            raise TimeoutError("of the work")
        return number

    found = list[int]()
    with pytest.raises(TimeoutError, match="of the work"):
        found.extend(carry_each(work, [0, 1, 2], 1, never))
    assert found == [] or found == [0, 1]
    done.clear()
    gate = threading.Event()

    def waits(number: int) -> int:
        done.append(number)
        if number:
            gate.wait(60)
        return number

    asked = carry_each(waits, range(1000), 1, never)
    assert next(asked) == 0
    threading.Timer(0.1, gate.set).start()
    asked.close()
    assert len(done) < 1000


def test_nothing_is_nothing() -> None:
    assert [*carry_each(str, [])] == []
