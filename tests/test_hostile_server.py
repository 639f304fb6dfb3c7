# ruff: noqa: SIM117  # the world needs the wire's port
"""Servers that are slow, broken, hostile or impatient: each poll ends in time, and says what was wrong."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hostile import answers
from hostile.answers import DEADLINE, NAMES, REDIRECTS, Told, http
from hostile.check import expect_sound
from hostile.wire import Wire
from hostile.world import HostileWorld, Run, Watched, ask, workers
from servers import Server
from syndicate.errors import FetchError, SourceGone
from syndicate.model import Source
from worlds import NOW, SITE


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with workers() as started:
        yield started


def source(url: str, *, private: bool = True) -> Source:
    return Source(id="quelle", url=url, tag=SITE.tag, allow_private=private)


@pytest.mark.parametrize("told", answers.ANSWERS, ids=str)
def test_answer(told: Told, tmp_path: Path, server: Server, run: Run) -> None:
    with Wire(told.say) as wire:
        with HostileWorld(tmp_path, server, Watched(server.port, wire.port), run=run, timeout=DEADLINE) as world:
            ask(world, world.neighbour, seconds=10)
            heard = ask(world, source(wire.url), seconds=told.seconds)
            said = f"{heard.outcome}, {len(heard.releases)} releases in {heard.seconds:.2f} s: {heard.reason}"
            if told.outcome != "either":
                assert (heard.outcome, len(heard.releases)) == (told.outcome, told.kept), said
                assert re.search(told.words, heard.reason), said
            assert "\x1b" not in heard.reason
            assert len(heard.reason) < 2000
            assert heard.seconds < DEADLINE + 1.5, said
            assert 0 < len(wire.requests) <= told.asks, said
            state = world.store.sources.state("quelle")
            assert (state.error is None) == (heard.outcome == "read"), state.error
            assert state.next_poll is not None
            assert state.next_poll > NOW
            if told.retry_after:
                waits = (state.not_before - NOW).total_seconds() if state.not_before else 0.0
                assert told.retry_after[0] <= waits <= told.retry_after[1], waits
            assert b"NIEMALS" not in b"".join(expect_sound(world).values())


def test_410_is_an_end(tmp_path: Path, server: Server, run: Run) -> None:
    with Wire(answers.raw(http(b"", status="410 Gone"))) as wire:
        with HostileWorld(tmp_path, server, Watched(server.port, wire.port), run=run) as world:
            assert isinstance(ask(world, source(wire.url), seconds=3).error, SourceGone)


@pytest.mark.parametrize(
    ("location", "words"), REDIRECTS, ids=[r[0][:40].encode("unicode_escape").decode() for r in REDIRECTS]
)
def test_redirect(location: str, words: str | None, tmp_path: Path, server: Server, run: Run) -> None:
    """Of a public source; whoever it leads to is not dialled. None: it is asked again, and again a redirect."""
    answer = http(b"", status="302 Found").replace(b"\r\n\r\n", b"\r\nLocation: " + location.encode() + b"\r\n\r\n")
    with Wire(answers.raw(answer)) as wire:
        names = {name: list(stands_for) for name, stands_for in NAMES.items()}
        network = Watched(names=names, leads_to=wire.port)
        with HostileWorld(tmp_path, server, network, run=run, timeout=DEADLINE) as world:
            heard = ask(world, source("http://quelle.example/feed", private=False), seconds=3)
            assert isinstance(heard.error, FetchError), heard
            assert re.search(words or "", heard.reason), heard.reason
            assert {host for host, _ in network.dialled} == {"93.184.216.34"}, network.dialled
            assert len(wire.requests) == (1 if words is not None else 6)
            assert not any(b"\nX-Injected" in request for request in wire.requests)
            assert "passw" not in heard.reason.replace("/etc/passwd", "")


def test_a_name_that_changes_its_mind(tmp_path: Path, server: Server, run: Run) -> None:
    """The address that is dialled is the one that was judged; at the next poll it is judged again."""
    with Wire(answers.raw(http())) as wire:
        network = Watched(names={"wechsel.example": list(NAMES["wechsel.example"])}, leads_to=wire.port)
        with HostileWorld(tmp_path, server, network, run=run) as world:
            changing = source("http://wechsel.example/feed", private=False)
            assert ask(world, changing, seconds=3).outcome == "read"
            heard = ask(world, changing, seconds=3, now=NOW + timedelta(hours=1))
            assert "loopback" in heard.reason or heard.outcome == "read"
            assert {host for host, _ in network.dialled} == {"93.184.216.34"}


def test_a_loop_of_redirects_ends(tmp_path: Path, server: Server, run: Run) -> None:
    with Wire(answers.raw(http(b"", "Location: /feed", status="301 Moved"))) as wire:
        with HostileWorld(tmp_path, server, Watched(server.port, wire.port), run=run) as world:
            assert "redirects" in ask(world, source(wire.url), seconds=3).reason
            assert len(wire.requests) == 6


def test_credentials_do_not_follow_a_redirect(tmp_path: Path, server: Server, run: Run) -> None:
    """Neither to another host, nor into what is said of it."""
    with Wire(answers.raw(http(b"", "Location: http://x:y@anders.example/feed", status="302 Found"))) as wire:
        names = {"quelle.example": ["93.184.216.34"], "anders.example": ["93.184.216.35"]}
        network = Watched(names=names, leads_to=wire.port)
        with HostileWorld(tmp_path, server, network, run=run, timeout=DEADLINE) as world:
            told = replace(
                source("http://presse:geheim@quelle.example/feed", private=False), headers=(("X-Key", "geheim2"),)
            )
            heard = ask(world, told, seconds=3)
            assert heard.error is not None
            assert "geheim" not in heard.reason
            assert b"Authorization: Basic" in wire.requests[0]
            for request in wire.requests:
                if b"Host: anders.example" in request:
                    assert b"Authorization" not in request
                    assert b"geheim2" not in request


def test_it_may_come_back(tmp_path: Path, server: Server, run: Run) -> None:
    """A source that was broken in every way is read as soon as it is well, and keeps what it had."""
    broken = [http(b""), b"", http(status="500 Oh"), http(answers.FEED[:900]), answers.page("Wartungsarbeiten")]
    now, replies = NOW, iter([http(), *broken, http()])
    with Wire(lambda line: line.send(next(replies))) as wire:
        with HostileWorld(tmp_path, server, Watched(server.port, wire.port), run=run) as world:
            ask(world, world.neighbour, seconds=10)
            first = ask(world, source(wire.url), seconds=3)
            assert len(first.releases) == 2
            for _ in broken:
                now += timedelta(days=1)
                assert ask(world, source(wire.url), seconds=3, now=now).outcome == "refused"
                world.publish(now)
                assert len(world.entries()) == 4
            heard = ask(world, source(wire.url), seconds=3, now=now + timedelta(days=1))
            assert heard.error is None
            expect_sound(world)
