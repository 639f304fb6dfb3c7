"""What is told of what takes minutes."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
import structlog
from structlog.testing import capture_logs

from cli_site import SCHOOL, Site
from older import as_it_was
from syndicate.app import Lines, log
from syndicate.cli import log as command_log
from syndicate.errors import PublishError
from syndicate.model import (
    Asked,
    BackedUp,
    Backfilled,
    Change,
    Changes,
    Completed,
    Delivered,
    Document,
    Embargo,
    Event,
    Failed,
    Lifted,
    Polled,
    Publish,
    Published,
    Pushed,
    Received,
    Recorded,
    Recovered,
    Rejected,
    Release,
    Reloaded,
    Requested,
    Settled,
    Step,
    Subscribed,
    Undelivered,
    Verified,
)
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
SHOWN = Release(
    id="brunnau", title="Werkstattpreis", language="de", published=NOW, updated=NOW, first_seen=NOW, issued=NOW
)
HELD = replace(SHOWN, id="waldrain", title="Waldbericht", issued=None, embargo=Embargo())
NEW = Change(verdict="new", release=SHOWN)
MANY = tuple(replace(NEW, release=replace(SHOWN, id=f"nr{n}")) for n in range(7))
FEED = {"source": "amt", "seconds": 1.25}
PAGE = {**FEED, "url": "https://amt.example/1"}
LINES: list[tuple[Event, str]] = [
    (
        Polled(**FEED, changes=Changes(changes=(NEW,))),  # type: ignore[arg-type]
        "info ingested source=amt new=1 corrected=0 withdrawn=0 release=brunnau seconds=1.25",
    ),
    (
        Polled(**FEED, changes=Changes(changes=MANY)),  # type: ignore[arg-type]
        "info ingested source=amt new=7 corrected=0 withdrawn=0 release=nr0,nr1,nr2,nr3,nr4,+2 seconds=1.25",
    ),
    (Polled(**FEED, changes=Changes()), "debug nothing new source=amt seconds=1.25"),  # type: ignore[arg-type]
    (Polled(**FEED, error="answered 500"), "warning source failed source=amt seconds=1.25 reason=answered 500"),  # type: ignore[arg-type]
    (
        Polled(**FEED, error="x", fault=KeyError("k")),  # type: ignore[arg-type]
        "error source failed by a fault of ours source=amt seconds=1.25 exc_info='k'",
    ),
    (
        Polled(**FEED, error="locked", unstored=OSError()),  # type: ignore[arg-type]
        "debug source not stored source=amt seconds=1.25 reason=locked",
    ),
    (Polled(source="amt", waits=NOW), "debug source not asked source=amt reason=waits until 2026-06-01T12:00:00Z"),
    (Polled(source="amt", skipped="is paused"), "debug source not asked source=amt reason=is paused"),
    (Recorded(source="amt", read=3, left=4), "debug files recorded source=amt read=3 left=4"),
    (
        Completed(**PAGE, changes=Changes(changes=(replace(NEW, verdict="completed"),))),  # type: ignore[arg-type]
        "info completed source=amt release=brunnau seconds=1.25",
    ),
    (Completed(**PAGE), "debug page read source=amt seconds=1.25 url=https://amt.example/1"),  # type: ignore[arg-type]
    (
        Completed(**PAGE, asked=False),  # type: ignore[arg-type]
        "debug page not asked source=amt seconds=1.25 url=https://amt.example/1",
    ),
    (
        Completed(**PAGE, error="answered 500"),  # type: ignore[arg-type]
        "debug page not read source=amt seconds=1.25 url=https://amt.example/1 reason=answered 500",
    ),
    (
        Completed(**PAGE, error="x", fault=KeyError("k")),  # type: ignore[arg-type]
        "error page failed by a fault of ours source=amt seconds=1.25 exc_info='k'",
    ),
    (Asked(url="https://amt.example/1"), "debug page asked url=https://amt.example/1"),
    (Step(number=1, url="https://amt.example/"), ""),  # a part of what is told of the walk
    (
        Backfilled(**FEED, steps=(Step(number=1, url="https://amt.example/"),)),  # type: ignore[arg-type]
        "info backfilled source=amt seconds=1.25 pages=1 ended=True",
    ),
    (
        Backfilled(**FEED, error="answered 500"),  # type: ignore[arg-type]
        "warning backfill stopped source=amt seconds=1.25 pages=0 reason=answered 500",
    ),
    (Pushed(source="amt"), "debug pushed source=amt"),
    (Received(**FEED), "debug nothing new source=amt seconds=1.25"),  # type: ignore[arg-type]
    (Received(**FEED, error="no feed"), "warning push not read source=amt seconds=1.25 reason=no feed"),  # type: ignore[arg-type]
    (
        Received(**FEED, error="x", fault=KeyError("k")),  # type: ignore[arg-type]
        "error push failed by a fault of ours source=amt seconds=1.25 exc_info='k'",
    ),
    (Subscribed(**FEED), "debug hub asked source=amt seconds=1.25"),  # type: ignore[arg-type]
    (Subscribed(**FEED, error="no"), "warning hub not asked source=amt seconds=1.25 reason=no"),  # type: ignore[arg-type]
    (Lifted(release="brunnau"), "info embargo ended release=brunnau"),
    (Settled(release="waldrain"), "debug settled release=waldrain"),
    (Published(documents=(Document("a.atom", "", b""),), seconds=0.5), "info published documents=1 seconds=0.5"),
    (Published(documents=()), "debug published documents=0 seconds=0.0"),
    (Requested(mode="subscribe", host="h", document="w.atom"), "debug asks to subscribe host=h document=w.atom"),
    (Verified(mode="unsubscribe", host="h", document="w.atom"), "debug unsubscribed host=h document=w.atom"),
    (Delivered(what="push", of="w.atom", number=7), "info push delivered document=w.atom number=7"),
    (
        Undelivered(**BROUGHT, again=NOW, failures=1),  # type: ignore[arg-type]
        "warning push not delivered host=reader.example document=wald.atom reason=answered 500"
        " again=2026-06-01T12:00:00Z",
    ),
    (
        Undelivered(**BROUGHT, again=NOW, failures=2),  # type: ignore[arg-type]
        "debug push not delivered host=reader.example document=wald.atom reason=answered 500"
        " again=2026-06-01T12:00:00Z",
    ),
    (
        Undelivered(**BROUGHT, failures=9),  # type: ignore[arg-type]
        "warning push not delivered host=reader.example document=wald.atom reason=answered 500",
    ),
    (  # what any stranger may bring about fills no log
        Undelivered(**BROUGHT, by_stranger=True),  # type: ignore[arg-type]
        "debug push not delivered host=reader.example document=wald.atom reason=answered 500",
    ),
    (BackedUp(path="/backups/1.db", size=3), "info backup made path=/backups/1.db bytes=3"),
    (Reloaded(), "info configuration read again"),
    (Reloaded(error="port"), "error configuration not read again, the one before goes on reason=port"),
    (
        Failed(job=Publish(), error="disk full", cause=PublishError("disk full")),
        "error not published job=publish reason=disk full",
    ),
    (
        Failed(job=Publish(), error="disk full", cause=PublishError("disk full"), again=True),
        "debug not published, still job=publish reason=disk full",
    ),
    (Failed(job=None, error="x", cause=KeyError("k")), "error job failed, by a fault of ours exc_info='k'"),
    (Recovered(kind="store"), "info works again what=store"),
]


def told_of(event: Event) -> list[str]:
    with capture_logs() as lines:
        log(event, Lines())
    words = [{**line} for line in lines]
    begins = [f"{line.pop('log_level')} {line.pop('event')}" for line in words]
    ends = ["".join(f" {name}={value}" for name, value in line.items()) for line in words]
    return [begin + end for begin, end in zip(begins, ends, strict=True)]


@pytest.mark.parametrize(("event", "line"), LINES)
def test_an_event_is_one_line(event: Event, line: str) -> None:
    assert told_of(event) == [line] * bool(line)


def test_each_kind_of_event_has_its_line() -> None:
    assert {type(event) for event, _ in LINES} == {*get_args(Event)}


def test_what_is_refused_is_counted_and_named_only_on_demand() -> None:
    """The name of a file, and what is wrong with it, can betray what is to be held."""
    bad = tuple(Rejected(f"geheim{n}.md", "no title") for n in range(2))
    assert told_of(Polled(**FEED, changes=Changes(rejected=bad))) == [  # type: ignore[arg-type]
        "debug not read source=amt where=geheim0.md reason=no title",
        "debug not read source=amt where=geheim1.md reason=no title",
        "warning refused source=amt number=2 see=syndicate status",
        "debug nothing new source=amt seconds=1.25",
    ]


HIDDEN = Changes(
    source="amt",
    changes=(
        Change(verdict="new", release=HELD),
        Change(verdict="held", release=SHOWN, pending=HELD),
        Change(verdict="withdrawn", release=replace(HELD, withdrawn=NOW)),
    ),
    rejected=(Rejected("waldbericht.md", "Waldbericht"),),
    notes=(Rejected("waldbericht.md", "Waldbericht"),),
)


@pytest.mark.parametrize(
    "event",
    [
        Polled(**FEED, changes=HIDDEN),  # type: ignore[arg-type]
        Received(**FEED, changes=HIDDEN),  # type: ignore[arg-type]
        Completed(source="amt", url="https://amt.example/waldbericht", changes=HIDDEN),
        Completed(source="amt", url="https://amt.example/waldbericht", error="waldbericht: answered 500"),
        Settled(release="waldrain"),
        Asked(url="https://amt.example/waldbericht"),
        Backfilled(source="amt", steps=(Step(number=1, url="https://amt.example/waldbericht", new=3),)),
    ],
    ids=lambda event: type(event).__name__,
)
def test_nothing_of_what_is_held_stands_at_info(event: Event) -> None:
    loud = [line for line in told_of(event) if not line.startswith("debug")]
    assert not [line for line in loud if any(word in line.casefold() for word in ("wald", "brunnau", "held", "new="))]


@pytest.mark.sqlite
def test_whoever_converts_a_store_tells_of_it(tmp_path: Path) -> None:
    site = Site(tmp_path, schule=SCHOOL)
    site.run("run", "--once")
    store = tmp_path / "syndicate.db"
    as_it_was(store)
    assert 'event="store is converted" done=1 of=1' in site.run("publish", "--verbose").err
    as_it_was(store)
    assert site.run("releases", "list").err == ""  # no terminal


# --- a line as it is written ---


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("https://user:geheim@amt.example/feed: answered 500", "https://amt.example/feed: answered 500"),
        ("see https://amt.example/feed?token=geheim&page=2.", "see https://amt.example/feed?page=2."),
        ("smtp://presse:geheim@mail.example:587", "smtp://mail.example:587"),
        ("sent Authorization: Basic Z2VoZWltOmdlaGVpbQ==", "sent Authorization: Basic …"),
        ("bearer geheimgeheim refused", "bearer … refused"),
        ("a\rlevel=error", "a\\rlevel=error"),
        ("\x1b[2Jgone\x00", "\\x1b[2Jgone\\x00"),
        ("a\u2028b\u202ec", "a\\u2028b\\u202ec"),
        ("Mühle „im Wald“ – größer", "Mühle „im Wald“ – größer"),
        ("x" * 5_000, "x" * 1_000 + "…" + "x" * 1_000),
    ],
)
def test_what_anybody_wrote_is_safe_in_a_line(said: str, written: str) -> None:
    assert command_log.safe(said) == written


def test_a_line_is_one_line_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    """Of ours and of a library, with what a stranger wrote and with a traceback."""
    try:
        command_log.configure(logging.DEBUG)
        log(Polled(source="amt", error='no "feed"\nlevel=error\r\x1b[2J https://u:geheim@amt.example/?sig=geheim'))
        log(Failed(job=None, error="x", cause=ValueError("https://u:geheim@amt.example/\nlevel=error")))
        logging.getLogger("somebody").error("failed for %s\nlevel=x", "https://u:geheim@amt.example/")
    finally:
        structlog.reset_defaults()
        logging.basicConfig(handlers=[], force=True)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("time=") and "geheim" not in line for line in lines)
    assert ["level=error" in line.split(" ", 2)[1] for line in lines] == [False, True, True]
