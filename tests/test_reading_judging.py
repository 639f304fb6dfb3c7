"""A regular expression has its time, wherever it is searched for."""

import re
import signal
import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from syndicate.model import Capture, FileState, Source
from syndicate.reading import OFTEN, Judge, read, within
from syndicate.rules import may_hang, without
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
    assert judge.hung == {pattern: 1}
    assert judge.match(re.compile("a!"), LONG)
    assert judge.match(re.compile("b"), LONG) is False
    assert judge.hung == {pattern: 1}
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
    assert [*reading.hung] == [pattern]


def test_an_identity_that_hangs_is_none() -> None:
    source = Source(id="amt", url="https://amt.example/", identity="((a+)+)$")
    body = feed("eins", "zwei").replace(b"urn:0", b"urn:" + LONG.encode()).replace(b"urn:1", b"urn:aaa")
    reading = read((Capture(body=body, url=source.url),), source, now=NOW)
    ids = [next(key.value for key in release.keys if key.kind == "id") for release, _ in reading.incoming]
    assert ids == [f"urn:{LONG}", "identity:aaa"]
    assert [*reading.hung] == [source.identity]


@pytest.mark.parametrize(
    ("rules", "kept"),
    [
        ({"drop": ("/(a+)+$/", "title:t 1")}, [True, False, True]),
        ({"keep": ("/(a+)+$/", "title:t 1")}, [True, True, True]),
        ({"keep": ("title:t 1",)}, [False, True, False]),
        ({"identity": "((a+)+)$"}, [True, True, True]),
    ],
)
def test_what_is_given_up_keeps(rules: dict[str, Any], kept: list[bool]) -> None:
    source = without(replace(SOURCE, **rules), {"(a+)+$", "((a+)+)$"})
    assert not may_hang(source)
    reading = read((Capture(body=feed("a", "b", "c"), url=source.url),), source, now=NOW)
    assert [not (each and each.out) for each in reading.ruled] == kept


def test_many_files_wait_for_it_a_few_times() -> None:
    """Each is read by itself, and all have what hangs."""
    source = Source(id="amt", path="/releases", drop=("/(a+)+$/", "title:t 7"))
    captures = [
        Capture(
            body=f"---\ntitle: T {n}\n---\n{LONG}\n".encode(),
            path=f"{n}.md",
            state=FileState(path=f"{n}.md", size=1, mtime_ns=1),
        )
        for n in range(200)
    ]
    reading = read(captures, source, now=NOW)
    assert reading.hung == {"(a+)+$": OFTEN}
    assert [n for n, each in enumerate(reading.ruled) if each and each.out] == [7]
