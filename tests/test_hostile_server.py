# ruff: noqa: SIM117  # the world needs the wire's port
"""Servers that are slow, broken, hostile or impatient: each poll ends in time, and says what was wrong."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest

from hostile import answers, statuses
from hostile.answers import Told, http
from hostile.check import expect_sound
from hostile.redirects import NAMES, REDIRECTS
from hostile.wire import Wire
from hostile.world import HostileWorld, Run, Watched, ask, workers
from servers import Server
from syndicate.errors import FetchError, SourceGone
from syndicate.model import Source
from waiting import PATIENCE
from worlds import NOW, SITE

PUBLIC = "93.184.216.34"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with workers() as started:
        yield started


@contextmanager
def opened(folder: Path, server: Server, run: Run, timeout: float = answers.PATIENCE) -> Iterator[HostileWorld]:
    """A world that has its neighbour, and is looked at when it ends."""
    with HostileWorld(folder, server, Watched(server.port), run=run, timeout=timeout) as world:
        ask(world, world.neighbour, seconds=10)
        yield world
        assert b"NIEMALS" not in b"".join(expect_sound(world).values())


@pytest.fixture(scope="module")
def common(tmp_path_factory: pytest.TempPathFactory, server: Server, run: Run) -> Iterator[HostileWorld]:
    """For all that is refused: nothing of it is held, so nothing tells one case from the next."""
    with opened(tmp_path_factory.mktemp("common"), server, run) as world:
        yield world


def source(url: str, *, private: bool = True, name: str = "quelle") -> Source:
    return Source(id=name, url=url, tag=SITE.tag, allow_private=private)


@pytest.mark.parametrize("told", statuses.ALL, ids=str)
def test_answer(told: Told, tmp_path: Path, server: Server, run: Run, common: HostileWorld) -> None:
    with Wire(told.say) as wire:
        if not told.alone:
            expect_told(told, common, wire)
            return
        with opened(tmp_path, server, run, told.timeout) as world:
            expect_told(told, world, wire)


def expect_told(told: Told, world: HostileWorld, wire: Wire) -> None:
    held, world.cases = world.held, world.cases + 1
    asked = source(wire.url, name=f"quelle-{world.cases}")
    world.network.answers_at(wire.port)
    heard = ask(world, asked, seconds=told.timeout + PATIENCE)
    said = f"{heard.outcome}, {len(heard.releases)} releases in {heard.seconds:.2f} s: {heard.reason}"
    assert (heard.outcome, len(heard.releases), world.held - held) == (told.outcome, told.kept, told.kept), said
    assert re.search(told.words, heard.reason), said
    assert heard.reason.isprintable(), said
    assert len(heard.reason) < 300, said
    assert 0 < len(wire.requests) <= told.asks, said
    assert world.network.strayed == [], said
    state = world.store.sources.state(asked.id)
    assert (state.error is None) == (heard.outcome == "read"), state.error
    assert len(state.error or "") < 300, state.error
    assert state.next_poll is not None
    assert state.next_poll > NOW
    if told.retry_after:
        waits = (state.not_before - NOW).total_seconds() if state.not_before else 0.0
        assert told.retry_after[0] <= waits <= told.retry_after[1], waits


def test_410_is_an_end(tmp_path: Path, server: Server, run: Run) -> None:
    with Wire(answers.raw(http(b"", status="410 Gone"))) as wire:
        with HostileWorld(tmp_path, server, Watched(server.port, wire.port), run=run) as world:
            assert isinstance(ask(world, source(wire.url), seconds=3).error, SourceGone)


def to(location: str, status: str) -> bytes:
    return http(b"", status=status).replace(b"\r\n\r\n", b"\r\nLocation: " + location.encode() + b"\r\n\r\n")


@pytest.mark.parametrize(
    ("location", "words"), REDIRECTS, ids=[r[0][:40].encode("unicode_escape").decode() for r in REDIRECTS]
)
def test_redirect(location: str, words: str | None, tmp_path: Path, server: Server, run: Run) -> None:
    """Of a public source; whoever it leads to is not dialled, nor remembered: a restart does not dial it either."""
    replies = cycle([to(location, "302 Found"), to(location, "301 Moved"), to(location, "308 Moved")])
    with Wire(lambda line: line.send(next(replies))) as wire:
        names = {name: list(stands_for) for name, stands_for in NAMES.items()}
        network = Watched(names=names, leads_to=wire.port)
        now = NOW
        for _ in ("begun", "begun again"):
            with HostileWorld(tmp_path, server, network, run=run) as world:
                for _ in range(2):
                    wire.requests.clear()
                    heard = ask(world, source("http://quelle.example/feed", private=False), seconds=5, now=now)
                    assert isinstance(heard.error, FetchError), heard
                    assert re.search(words or "more than 5 redirects", heard.reason), heard.reason
                    assert set(network.dialled) == {(PUBLIC, 80)}, network.dialled
                    assert len(wire.requests) == (1 if words else 6)
                    assert all(request.startswith(b"GET /") for request in wire.requests)
                    assert not any(b"\nX-Injected" in request for request in wire.requests)
                    assert "passw" not in heard.reason.replace("/etc/passwd", "")
                    assert heard.reason.isprintable()
                    assert len(heard.reason) < 300, heard.reason
                    now += timedelta(days=1)


def test_a_name_that_changes_its_mind(tmp_path: Path, server: Server, run: Run) -> None:
    """The address that is dialled is the one that was judged; at the next poll, on a new line, it is judged again."""
    with Wire(answers.raw(http(answers.FEED, "Connection: close"))) as wire:
        network = Watched(names={"wechsel.example": list(NAMES["wechsel.example"])}, leads_to=wire.port)
        changing = source("http://wechsel.example/feed", private=False)
        with HostileWorld(tmp_path, server, network, run=run) as world:
            assert ask(world, changing, seconds=3).outcome == "read"
            assert "loopback" in ask(world, changing, seconds=3, now=NOW + timedelta(hours=1)).reason
        assert network.dialled == [(PUBLIC, 80)]


def test_a_remembered_address_is_judged_again(tmp_path: Path, server: Server, run: Run) -> None:
    """Where a permanent redirect has led is asked after a restart, unless it now stands for another address."""
    moved = to("http://neu.example/feed", "301 Moved")
    whole = http(answers.FEED, "Connection: close")
    with Wire(lambda line: line.send(moved if b"Host: quelle." in wire.requests[-1] else whole)) as wire:
        names = {"quelle.example": [PUBLIC], "neu.example": ["93.184.216.35", "93.184.216.35", "10.0.0.1"]}
        network = Watched(names=names, leads_to=wire.port)
        asked = source("http://quelle.example/feed", private=False)
        reasons = []
        for day in range(12):  # after how many polls it is remembered is not what this is about
            with HostileWorld(tmp_path, server, network, run=run) as world:
                reasons.append(ask(world, asked, seconds=3, now=NOW + timedelta(days=day)).reason)
        assert reasons[0] == ""
        assert any("private" in reason for reason in reasons)
        assert {host for host, _ in network.dialled} == {PUBLIC, "93.184.216.35"}


def test_what_may_be_private_may_not_lead_elsewhere(tmp_path: Path, server: Server, run: Run) -> None:
    """`allow_private` is for the source's own host, not for another one of that house."""
    replies = cycle([to("http://10.0.0.2/feed", "301 Moved"), to("http://10.0.0.2/feed", "302 Found")])
    with Wire(lambda line: line.send(next(replies))) as wire:
        network = Watched(leads_to=wire.port)
        for day in range(4):
            with HostileWorld(tmp_path, server, network, run=run) as world:
                heard = ask(world, source("http://10.0.0.1/feed"), seconds=3, now=NOW + timedelta(days=day))
                assert "10.0.0.2 is a private address" in heard.reason
        assert network.dialled == [("10.0.0.1", 80)] * 4


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
        with HostileWorld(tmp_path, server, network, run=run) as world:
            told = replace(
                source("http://presse:geheim@quelle.example/feed", private=False), headers=(("X-Key", "geheim2"),)
            )
            heard = ask(world, told, seconds=3)
            assert heard.error is not None
            assert "geheim" not in heard.reason
            assert b"Authorization: Basic" in wire.requests[0]
            assert list(dict.fromkeys(host for host, _ in network.dialled)) == [PUBLIC, "93.184.216.35"]
            assert len(wire.requests) == 6
            for request in wire.requests[1:]:
                assert b"Host: anders.example" in request
                assert b"Authorization" not in request
                assert b"geheim" not in request


def test_it_may_come_back(tmp_path: Path, server: Server, run: Run) -> None:
    """A source that was broken in every way is read as soon as it is well, and keeps what it had."""
    broken = [http(b""), b"", http(status="500 Oh"), http(answers.FEED[:900]), statuses.page("Wartungsarbeiten")]
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
