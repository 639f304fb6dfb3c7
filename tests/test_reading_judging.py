"""A regular expression has its time, wherever it is searched for."""

import re
import signal
import threading
from datetime import UTC, datetime

import pytest

from syndicate.model import Capture, Source
from syndicate.reading import OFTEN, Judge, read, within
from syndicate.workers import Limits, Workers

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SOURCE = Source(id="amt", url="https://amt.example/")
LONG = "a" * 60 + "!"
HOSTILE = [
    "(a+)+$",
    "(a*)*$",
    "(a|a)*$",
    "(a|aa)+$",
    "([a-z]+)*$",
    "(?:a{0,20}){0,20}$",
    "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)[0-9]",
    r"(\w+\s?)*$",
    "(?=(a+)+$)b",
    r"^(?:(?:a+)+)+\1?$",
]


@pytest.mark.parametrize("pattern", [each for each in HOSTILE if "\\1" not in each])
def test_one_that_hangs_is_given_up(pattern: str) -> None:
    before = signal.getsignal(signal.SIGVTALRM)
    judge = Judge(SOURCE)
    assert judge.match(re.compile(pattern), LONG) is None
    assert judge.hung == {pattern: None}
    assert judge.match(re.compile("a!"), LONG)
    assert judge.match(re.compile("b"), LONG) is False
    assert judge.hung == {pattern: None}
    assert signal.getsignal(signal.SIGVTALRM) is before
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)


def test_after_some_times_it_has_had_its_time() -> None:
    judge, pattern = Judge(SOURCE), re.compile("(a+)+$")
    for _ in range(OFTEN):
        assert judge.search(pattern, LONG) is None
    assert judge.search(pattern, "aaa") is None  # which would have been found
    assert judge.search(re.compile("a"), "aaa")


def test_what_goes_wrong_within_is_told() -> None:
    with pytest.raises(ZeroDivisionError):
        within(1, lambda: 1 // 0)
    with pytest.raises(TimeoutError):
        within(0.01, lambda: re.search("(a+)+$", LONG))
    assert within(1, lambda: 7) == 7


def test_in_another_thread_it_is_called_as_it_is() -> None:
    found = list[int]()
    thread = threading.Thread(target=lambda: found.append(within(1, lambda: 7)))
    thread.start()
    thread.join()
    assert found == [7]


def feed(*texts: str) -> bytes:
    entries = "".join(
        f"<entry><id>urn:{n}</id><title>T {n}</title><content>{text}</content></entry>" for n, text in enumerate(texts)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:f</id><title>F</title>{entries}</feed>'.encode()


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$"])
def test_in_a_process_that_reads_and_never_in_ours(pattern: str) -> None:
    """Though the capture is so small that it would be read here, in whichever thread asks."""
    source = Source(id="amt", url="https://amt.example/", drop=(f"text:/{pattern}/", "text:fort"))
    capture = Capture(body=feed(LONG, "bleibt", "fort", *[LONG] * 20), url=source.url, brief=True)
    readings = []
    with Workers(Limits(seconds=60, memory=1_000_000_000), modules=["syndicate.reading.read"]) as workers:
        asking = threading.Thread(
            target=lambda: readings.append(read((capture,), source, now=NOW, run=workers.run)), daemon=True
        )
        asking.start()
        asking.join(60)
    (reading,) = readings
    assert [bool(each and each.out) for each in reading.ruled[:3]] == [False, False, True]
    assert not any(each and each.out for each in reading.ruled[3:])
    assert reading.hung == {pattern: None}


def test_an_identity_that_hangs_is_none() -> None:
    source = Source(id="amt", url="https://amt.example/", identity="((a+)+)$")
    body = feed("eins", "zwei").replace(b"urn:0", b"urn:" + LONG.encode()).replace(b"urn:1", b"urn:aaa")
    reading = read((Capture(body=body, url=source.url),), source, now=NOW)
    ids = [next(key.value for key in release.keys if key.kind == "id") for release, _ in reading.incoming]
    assert ids == [f"urn:{LONG}", "identity:aaa"]
    assert reading.hung == {source.identity: None}
