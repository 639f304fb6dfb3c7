"""A reading process that dies says nothing about what it read: no release is lost by it."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from servers import Reply, Server
from syndicate import store as stores
from syndicate.errors import WorkerLost, WorkersClosed
from syndicate.model import Capture, Source
from syndicate.workers import Limits, Workers
from waiting import until
from worlds import NOW, PAGE, SITE, World

GOOD = PAGE.replace("Hohenried", "Oberwiesen").replace("Bergwald", "Talwald").replace("Werkstattpreis", "Chorpreis")
FEED = (
    '<rss version="2.0"><channel><title>Presse</title><link>https://talland.example/</link><description>x</description>'
    "<item><title>Neue Brücke</title><guid>b1</guid><description>Sie ist fertig.</description></item></channel></rss>"
)
MINUTE = timedelta(minutes=1)


class Killed:
    """Workers whose process is killed from outside when it is given a document with these words, so many times."""

    def __init__(self, workers: Workers, words: str, times: int) -> None:
        self._workers, self._words, self.left = workers, words.encode(), times
        self.readings: list[tuple[str, bool]] = []  # path, in a process of its own?

    def __call__(self, function: Any, *arguments: Any, alone: bool = False) -> Any:
        capture = arguments[0]
        assert isinstance(capture, Capture)
        self.readings.append((capture.path or "", alone))
        if self.left and self._words in capture.body:
            self.left -= 1
            return self._workers.run(signal.raise_signal, signal.SIGKILL, alone=alone)
        return self._workers.run(function, *arguments, alone=alone)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(Limits(60, 1_000_000_000)) as opened:
        yield opened


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World(tmp_path)
    opened.source = replace(opened.source, headlines=False)
    yield opened
    opened.close()


def refused(world: World) -> list[tuple[str, str, bool]]:
    return [(q.where, q.reason, q.harmless) for q in world.store.sources.quarantined("ordner")]


def next_poll(world: World) -> datetime | None:
    return world.store.sources.state("ordner").next_poll


def titles(world: World) -> set[str]:
    return {release.title for release in world.store.releases.list()}


def test_a_file_is_read_again_alone_and_later(world: World, workers: Workers) -> None:
    run = Killed(workers, "Hohenried", 2)
    world.write("a.txt", PAGE)
    world.write("b.txt", GOOD)
    world.poll(run=run)
    assert titles(world) == {"Neue Notaufnahme in Oberwiesen"}  # its neighbour is not lost with it
    assert refused(world) == [("a.txt", "its reading was ended (SIGKILL); read again at 12:01 UTC", True)]
    assert next_poll(world) == NOW + MINUTE
    run.readings.clear()
    world.poll(NOW + MINUTE / 2, run=run)
    assert run.readings == []  # not sooner, whoever looks through the folder
    world.write("c.txt", GOOD.replace("Oberwiesen", "Seestadt"))
    world.poll(NOW + MINUTE, run=run)
    assert run.readings == [("c.txt", False), ("a.txt", True)]
    assert next_poll(world) == NOW + 6 * MINUTE
    world.poll(NOW + 6 * MINUTE, run=run)
    assert "Neue Notaufnahme in Hohenried" in titles(world)
    assert refused(world) == []
    assert next_poll(world) == NOW + 6 * MINUTE + world.source.interval
    run.readings.clear()
    assert world.poll(NOW + timedelta(days=1), run=run).changes == ()
    assert run.readings == []


def test_the_count_outlives_a_restart_and_ends_until_the_file_changes(
    world: World, workers: Workers, tmp_path: Path
) -> None:
    run, now = Killed(workers, "Hohenried", 99), NOW
    world.write("a.txt", PAGE)
    for _ in range(9):
        world.poll(now, run=run)
        now += timedelta(hours=1)
        world.store.close()
        world.store = stores.open(f"sqlite:///{tmp_path}/s.db")
    assert run.readings == [("a.txt", False)] + [("a.txt", True)] * 3
    ((where, reason, harmless),) = refused(world)
    assert (where, harmless) == ("a.txt", False)
    assert reason == "its reading was ended (SIGKILL), 4 times; not read again until it changes"
    run.left = 0
    world.write("a.txt", PAGE + "\n")
    world.poll(now, run=run)
    assert titles(world) == {"Neue Notaufnahme in Hohenried"}
    assert refused(world) == []


def test_a_file_that_changes_is_another_that_has_its_tries(world: World, workers: Workers) -> None:
    run = Killed(workers, "Hohenried", 4)
    for turn in range(4):
        world.write("a.txt", PAGE.replace("zwölf", f"{turn + 3}"))
        world.poll(NOW + turn * MINUTE / 10, run=run)
    assert [harmless for _, _, harmless in refused(world)] == [True]
    world.poll(NOW + 2 * MINUTE, run=run)
    assert titles(world) == {"Neue Notaufnahme in Hohenried"}


def test_a_correction_is_not_lost_and_what_is_held_stays(world: World, workers: Workers) -> None:
    world.write("a.txt", PAGE)
    world.poll()
    run = Killed(workers, "vierzehn", 1)
    world.write("a.txt", PAGE.replace("zwölf", "vierzehn"))
    world.source = replace(world.source, missing="withdraw")
    assert world.poll(NOW + MINUTE, run=run).changes == ()
    assert [c.verdict for c in world.poll(NOW + 3 * MINUTE, run=run).changes] == ["corrected"]


def test_a_feed_is_asked_again_without_validators_and_stays_where_it_is(world: World, workers: Workers) -> None:
    run = Killed(workers, "Neue Br", 9)  # its page is looked at first, then it is read
    with Server() as server:
        url = server.answers("/feed", Reply(body=FEED.encode(), headers={"ETag": '"1"', "Content-Type": "text/xml"}))
        source = Source(id="amt", url=url, tag=SITE.tag, allow_private=True)
        for turn in range(9):
            with pytest.raises(WorkerLost, match=r"/feed: .*SIGKILL|SIGKILL"):
                world.poll(NOW + timedelta(days=turn), source, run)
            if not turn:  # soon: that said nothing of the feed
                assert world.store.sources.state("amt").next_poll == NOW + MINUTE
        state = world.store.sources.state("amt")
        assert (state.etag, state.hash, state.failures) == (None, None, 9)
        assert state.error
        assert "SIGKILL" in state.error
        assert [c.verdict for c in world.poll(NOW + timedelta(days=9), source, run).changes] == ["new"]
        assert not any("if-none-match" in request.headers for request in server.requests)
        assert world.store.sources.state("amt").etag == '"1"'


def test_the_end_of_the_program_is_no_death(world: World) -> None:
    workers = Workers(Limits(60, 1_000_000_000))
    ended = list[BaseException]()

    def hang(*_: Any, **__: Any) -> Any:
        return workers.run(time.sleep, 600)

    def poll() -> None:
        try:
            world.poll(run=hang)
        except WorkersClosed as error:
            ended.append(error)

    world.write("a.txt", PAGE)
    thread = threading.Thread(target=poll)
    thread.start()
    until(lambda: workers._busy)
    workers.close()
    thread.join(60)
    assert len(ended) == 1
    assert refused(world) == []
    assert world.store.sources.state("ordner").files == {}
    world.poll()
    assert titles(world) == {"Neue Notaufnahme in Hohenried"}


def test_a_reader_that_is_killed_from_outside_while_it_reads(workers: Workers) -> None:
    process = workers.run(os.getpid)
    lost = list[BaseException]()

    def read() -> None:
        try:
            workers.run(time.sleep, 600)
        except WorkerLost as error:
            lost.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    until(lambda: workers._busy)
    os.kill(process, signal.SIGKILL)
    thread.join(60)
    assert [str(error) for error in lost] == ["its reading was ended (SIGKILL)"]


def test_alone_is_a_new_process_and_one_at_a_time(workers: Workers) -> None:
    first = workers.run(os.getpid)
    assert workers.run(os.getpid, alone=True) != first
    os.kill(first, 0)
