"""What is told of what takes minutes."""

import logging
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from cli_site import SCHOOL, Site
from older import as_it_was
from syndicate.app import Lines, log
from syndicate.model import Delivered, Event, Requested, Undelivered, Verified
from worlds import NOW


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([(200, 200)], ["200 of 200"]),
        ([(200, 100_000), (400, 100_000), (9_999, 100_000), (10_000, 100_000)], ["200 of 100000", "10000 of 100000"]),
        ([(60_000, 100_000), (80_000, 100_000)], ["60000 of 100000", "80000 of 100000"]),  # it goes on
        ([(0, 0)], ["0 of 0"]),
        ([], []),
    ],
)
def test_how_far_it_is_at_each_tenth(steps: list[tuple[int, int]], told: list[str]) -> None:
    aside = list[str]()
    for least, quiet in ((logging.ERROR, True), (logging.INFO, False)):
        tell = Lines(least, aside=aside.append).converting().converted
        with capture_logs() as lines:
            for done, of in steps:
                tell(done, of)
        assert [f"{line['done']} of {line['of']}" for line in lines] == ([] if quiet else told)
        assert {line["event"] for line in lines} <= {"store is converted"}
        assert {line["log_level"] for line in lines} <= {"info"}
    assert aside == [f"store is converted: {each}" for each in told]


BROUGHT = {"what": "push", "host": "reader.example", "of": "wald.atom", "reason": "answered 500"}


@pytest.mark.parametrize(
    ("event", "level", "line"),
    [
        (Requested(mode="subscribe", host="h", document="wald.atom"), "debug", "asks to subscribe"),
        (Verified(mode="unsubscribe", host="h", document="wald.atom"), "debug", "unsubscribed"),
        (Delivered(what="push", of="wald.atom", number=7), "info", "push delivered"),
        (Undelivered(**BROUGHT, again=NOW, failures=1), "warning", "push not delivered"),  # type: ignore[arg-type]
        (Undelivered(**BROUGHT, again=NOW, failures=2), "debug", "push not delivered"),  # type: ignore[arg-type]
        (Undelivered(**BROUGHT, failures=9), "warning", "push not delivered"),  # type: ignore[arg-type]
        (Undelivered(**BROUGHT, by_stranger=True), "debug", "push not delivered"),  # type: ignore[arg-type]
    ],
)
def test_what_is_brought_to_others(event: Event, level: str, line: str) -> None:
    """What any stranger may bring about fills no log."""
    with capture_logs() as lines:
        log(event, Lines())
    assert [(told["log_level"], told["event"]) for told in lines] == [(level, line)]


def test_whoever_converts_a_store_tells_of_it(tmp_path: Path) -> None:
    site = Site(tmp_path, schule=SCHOOL)
    site.run("run", "--once")
    store = tmp_path / "syndicate.db"
    as_it_was(store)
    assert 'event="store is converted" done=1 of=1' in site.run("publish", "--verbose").err
    as_it_was(store)
    assert site.run("releases", "list").err == ""  # no terminal
