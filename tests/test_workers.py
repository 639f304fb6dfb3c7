"""Real processes, with functions that misbehave."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.doors import Brief
from syndicate.errors import FetchError, WorkerLost
from syndicate.workers import Limits, Workers
from waiting import PATIENCE, until

MB = 1_000_000


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(Limits(seconds=2.5, memory=400 * MB)) as found:
        yield found


def spin() -> None:
    while True:
        pass


def grow() -> int:
    return len([bytearray(10 * MB) for _ in range(1000)])


def refuse(retry_after: float) -> None:
    raise FetchError("it said no", retry_after=retry_after)


def break_in_a_way_that_cannot_travel() -> None:
    class Local(Exception):
        pass

    raise Local("of my own")


def not_there() -> str:
    with open("/no/such/file") as file:
        return file.read()


def nothing_that_can_travel() -> object:
    return lambda: None


def deep(levels: int) -> int:
    return 0 if levels == 0 else 1 + deep(levels - 1)


def panic(program: int) -> int:
    """As a library in Rust does: no Exception."""
    if os.getpid() == program:
        raise type("PanicException", (BaseException,), {})
    return os.getpid()


def test_what_is_brief_needs_no_process() -> None:
    with Workers(Limits(seconds=60, memory=400 * MB)) as few:
        assert few.run(Brief("os", "getpid")) == os.getpid()
        with pytest.raises(FetchError):
            few.run(Brief(__name__, "refuse"), 5.0)
        with pytest.raises(ZeroDivisionError):
            few.run(Brief("operator", "truediv"), 1, 0)  # in a process, which waits from then on
        waiting = few.run(Brief("os", "getpid"))
        assert waiting not in (os.getpid(), few.run(Brief("os", "getpid"), alone=True))


def test_what_panics_though_it_is_brief_is_called_in_a_process() -> None:
    with Workers(Limits(seconds=60, memory=400 * MB)) as few:
        assert few.run(Brief(__name__, "panic"), os.getpid()) != os.getpid()


def test_an_answer_comes_back(workers: Workers) -> None:
    assert workers.run(sorted, [3, 1, 2], reverse=True) == [3, 2, 1]


def test_it_is_another_process_and_the_same_one_again(workers: Workers) -> None:
    first, second = workers.run(os.getpid), workers.run(os.getpid)
    assert first == second != os.getpid()


def test_an_error_comes_back_as_it_was_raised(workers: Workers) -> None:
    with pytest.raises(FetchError, match="it said no") as caught:
        workers.run(refuse, 17.0)
    assert caught.value.retry_after == 17.0


@pytest.mark.parametrize(
    ("function", "kind", "said"),
    [
        (break_in_a_way_that_cannot_travel, RuntimeError, "of my own"),
        (nothing_that_can_travel, Exception, "pickle"),
        (not_there, FileNotFoundError, "No such file"),
    ],
)
def test_a_fault_of_ours_ends_no_process(workers: Workers, function: object, kind: type, said: str) -> None:
    before = workers.run(os.getpid)
    with pytest.raises(kind, match=said):
        workers.run(function)  # type: ignore[arg-type]
    assert workers.run(os.getpid) == before


def test_a_recursion_without_end_is_an_error(workers: Workers) -> None:
    with pytest.raises(RecursionError):
        workers.run(deep, 10**6)


@pytest.mark.parametrize(
    ("function", "arguments", "said"),
    [
        (spin, (), r"takes longer than 2\.5 s"),
        (time.sleep, (60,), r"takes longer than 2\.5 s"),
        (os._exit, (3,), "status 3"),
        (os.abort, (), "SIGABRT"),
        (signal.raise_signal, (signal.SIGKILL,), "SIGKILL"),
    ],
)
def test_what_outlives_its_limits_is_ended_and_the_next_one_is_read(
    workers: Workers, function: object, arguments: tuple[object, ...], said: str
) -> None:
    with pytest.raises(WorkerLost, match=said):
        workers.run(function, *arguments)  # type: ignore[arg-type]
    assert workers.run(abs, -7) == 7


def test_what_needs_too_much_memory_is_ended_and_the_next_one_is_read() -> None:
    with Workers(Limits(seconds=300, memory=400 * MB)) as patient:  # a busy machine is slow to give it
        with pytest.raises(WorkerLost, match="needs more than 400 MB"):
            patient.run(grow)
        assert patient.run(abs, -7) == 7


def test_one_that_spins_does_not_hold_up_the_others(workers: Workers) -> None:
    ended = threading.Event()

    def wait() -> None:
        with pytest.raises(WorkerLost):
            workers.run(spin)
        ended.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert [workers.run(abs, -n) for n in range(20)] == list(range(20))
    assert not ended.is_set()
    thread.join()


def test_megabytes_travel(workers: Workers) -> None:
    body = b"x" * 10 * MB
    assert workers.run(bytes.upper, body) == body.upper()


def test_no_more_than_allowed_at_once() -> None:
    with Workers(Limits(60, 400 * MB), most=2) as few:
        found: set[int] = set()
        threads = [threading.Thread(target=lambda: found.add(few.run(os.getpid))) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert 1 <= len(found) <= 2


def test_closing_ends_what_is_under_way() -> None:
    workers = Workers(Limits(60, 400 * MB))
    process = workers.run(os.getpid)
    raised: list[BaseException] = []

    def wait() -> None:
        try:
            workers.run(time.sleep, 50)
        except WorkerLost as error:
            raised.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    until(lambda: workers._busy)
    workers.close()
    thread.join(PATIENCE)
    assert len(raised) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    with pytest.raises(WorkerLost, match="the program ends"):
        workers.run(abs, -1)


def test_they_end_with_the_program_that_began_them() -> None:
    """Killed, it cannot end them; the end of the pipe does."""
    program = (
        "import os, signal; from syndicate.workers import *;"
        "print(Workers(Limits(60, 400_000_000)).run(os.getpid), flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=False)
    assert ended.returncode == -signal.SIGKILL
    process = int(ended.stdout)
    until(lambda: is_gone(process), "it lives on")


def is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def test_an_operators_own_limit_stays() -> None:
    program = (
        "import resource; resource.setrlimit(resource.RLIMIT_CPU, (600, 600)); from syndicate.workers import *;"
        "w = Workers(Limits(60, 400_000_000)); print(w.run(resource.getrlimit, resource.RLIMIT_CPU)[1]); w.close()"
    )
    ended = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True)
    assert int(ended.stdout) == 600


# --- what they are forked from ----------------------------------------------------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def has_imported(name: str) -> bool:
    return name in sys.modules


def family() -> tuple[int, int]:
    return os.getpid(), os.getppid()


def descriptors() -> int:
    return len(os.listdir("/dev/fd"))


def test_what_all_need_is_imported_once_before_they_are_forked() -> None:
    with Workers(Limits(60, 400 * MB), modules=["colorsys"]) as some:
        first, parent = some.run(family)
        assert some.run(family, alone=True) == (some.run(os.getpid), parent)
        assert some.run(has_imported, "colorsys")
        assert not some.run(has_imported, "smtplib")
        assert os.getpid() not in (first, parent)


def test_none_has_the_pipes_of_another() -> None:
    with Workers(Limits(60, 400 * MB)) as some:
        assert len({some.run(descriptors, alone=True) for _ in range(4)}) == 1


def test_what_they_are_forked_from_may_be_killed() -> None:
    with Workers(Limits(60, 400 * MB)) as some:
        process, parent = some.run(family)
        os.kill(parent, signal.SIGKILL)
        until(lambda: not (some._prepared and some._prepared.alive))
        assert some.run(family) == (process, 1) or some.run(abs, -7) == 7  # whoever is alive still answers
        assert some.run(family, alone=True)[1] != parent


def test_what_nobody_needs_is_ended() -> None:
    clock = Clock()
    with Workers(Limits(60, 400 * MB), clock=clock) as some:
        process, parent = some.run(family)
        clock.seconds = 59
        some.tidy()
        assert some.run(family) == (process, parent)
        clock.seconds = 120
        some.tidy()
        assert is_gone(process)
        assert not is_gone(parent)
        clock.seconds = 400
        some.tidy()
        assert is_gone(parent)
        assert some.run(abs, -7) == 7


def test_where_it_is_to_stay_ready_one_is_kept() -> None:
    clock = Clock()
    with Workers(Limits(60, 400 * MB), clock=clock) as some:
        some.stay_ready()
        until(lambda: some._prepared and some._prepared.alive)
        some.run(family)
        kept, parent = some.run(family, alone=True)
        clock.seconds = 1000
        some.tidy()
        assert some.run(family) == (kept, parent)
        assert not some._idle[1:]


def test_none_reads_on_for_a_program_that_was_killed() -> None:
    program = (
        "import os, signal, threading; from syndicate.workers import *; import test_workers;"
        "w = Workers(Limits(600, 400_000_000)); print(*w.run(test_workers.family), flush=True);"
        "threading.Thread(target=w.run, args=(test_workers.spin,), daemon=True).start();"
        "test_workers.until(lambda: w._busy); os.kill(os.getpid(), signal.SIGKILL)"
    )
    ours = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    ended = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, env=ours, check=False)
    assert ended.returncode == -signal.SIGKILL
    for process in map(int, ended.stdout.split()):
        until(lambda process=process: is_gone(process), "it lives on")  # type: ignore[misc]
