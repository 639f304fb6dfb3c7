"""What systemd is told (sd_notify(3)), by a datagram socket that stands for it."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cli_site import SCHOOL, Process, Site, free_port, waited
from syndicate.app import App
from syndicate.cli import supervisor
from syndicate.config import load
from syndicate.schedule import Schedule
from waiting import PATIENCE, until

SOON = "30000"  # µs


class Listener:
    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.settimeout(PATIENCE)
        self.socket.bind(address)
        self.heard = list[str]()

    def hears(self, words: str) -> str:
        """The next datagram with these words."""
        while words not in (told := self.socket.recv(65536).decode()):
            self.heard.append(told)
        self.heard.append(told)
        return told


@pytest.fixture(params=["path", "abstract"])
def named(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """As it is bound, and as `NOTIFY_SOCKET` names it."""
    if request.param == "path":
        return (str(tmp_path / "notify"), str(tmp_path / "notify"))
    return (f"\0syndicate/{os.getpid()}", f"@syndicate/{os.getpid()}")


def test_what_is_told(named: tuple[str, str]) -> None:
    with closing(Listener(named[0]).socket) as heard:
        environment = {"NOTIFY_SOCKET": named[1], "PATH": "/bin"}
        systemd = supervisor.Supervisor(environment)
        assert environment == {"PATH": "/bin"}
        systemd.starts("store is converted: 20 of\n100")
        systemd.ready("serves")
        systemd.says("die Platte ist voll")
        systemd.reloads()
        systemd.stops()
        told = [heard.recv(65536).decode() for _ in range(5)]
    reloading, monotonic = told.pop(3).split("\n")
    assert told == [
        "STATUS=store is converted: 20 of 100\nEXTEND_TIMEOUT_USEC=600000000",
        "READY=1\nSTATUS=serves",
        "STATUS=die Platte ist voll",
        "STOPPING=1\nSTATUS=ends",
    ]
    assert reloading == "RELOADING=1"
    assert monotonic.removeprefix("MONOTONIC_USEC=").isdecimal()


@pytest.mark.parametrize("address", ["", "relative", "vsock:2:1234", "/there/is/none"])
def test_where_nobody_listens_nothing_is_told(address: str) -> None:
    systemd = supervisor.Supervisor({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": SOON})
    with systemd.watched([lambda: True]):
        systemd.ready("serves")
        systemd.stops()


def test_one_that_takes_nothing_holds_nobody_up(named: tuple[str, str]) -> None:
    with closing(Listener(named[0]).socket):
        systemd = supervisor.Supervisor({"NOTIFY_SOCKET": named[1]})
        for _ in range(5000):
            systemd.says("voll" * 100)


def test_that_we_live_is_told_while_all_say_so(named: tuple[str, str]) -> None:
    listener, lives, hangs, asked = Listener(named[0]), True, threading.Event(), threading.Event()

    def store() -> bool:
        asked.set()
        return hangs.wait(PATIENCE) if not lives else True

    with closing(listener.socket):
        systemd = supervisor.Supervisor(
            {"NOTIFY_SOCKET": named[1], "WATCHDOG_USEC": SOON, "WATCHDOG_PID": str(os.getpid())}
        )
        with systemd.watched([lambda: True, store]):
            for _ in range(3):
                assert listener.hears("WATCHDOG") == "WATCHDOG=1"
            lives = False
            asked.clear()
            assert asked.wait(PATIENCE)
            systemd.says("hier")
            listener.hears("hier")  # what was sent before it hung
            systemd.says("und hier")
            assert listener.hears("STATUS") == "STATUS=und hier"
            hangs.set()
            assert listener.hears("WATCHDOG")


@pytest.mark.parametrize("asked", [{}, {"WATCHDOG_USEC": "x"}, {"WATCHDOG_USEC": SOON, "WATCHDOG_PID": "1"}])
def test_nobody_is_told_who_does_not_want_to_be(asked: dict[str, str], named: tuple[str, str]) -> None:
    with (
        closing(Listener(named[0]).socket),
        supervisor.Supervisor({"NOTIFY_SOCKET": named[1], **asked}).watched([lambda: True]),
    ):
        until(lambda: "watchdog" not in {thread.name for thread in threading.enumerate()})  # that of an earlier test


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path, port=free_port(), schule=SCHOOL)


def test_a_daemon_from_its_start_to_its_end(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    listener = Listener(address := str(site.folder / "notify"))
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    monkeypatch.setenv("WATCHDOG_USEC", "300000")
    good = site.config.read_text("utf-8")
    with closing(listener.socket), Process(site, "run") as process:
        assert "serves http://127.0.0.1" in listener.hears("READY=1")
        assert not any("WATCHDOG" in told for told in listener.heard)
        listener.hears("WATCHDOG=1")
        site.config.write_text(good + "[fetch]\ninterval = 'abc'\n", "utf-8")
        process.told(signal.SIGHUP)
        listener.hears("RELOADING=1\nMONOTONIC_USEC=")
        assert "is not a duration" in listener.hears("READY=1")
        site.config.write_text(good, "utf-8")
        process.told(signal.SIGHUP)
        assert listener.hears("READY=1").endswith("STATUS=configuration read again")
        listener.hears("WATCHDOG=1")
        assert process.ends(signal.SIGTERM) == 0
        listener.hears("STOPPING=1")
        listener.socket.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.hears("WATCHDOG")
    assert any("published" in told for told in listener.heard)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def schedule(site: Site) -> Iterator[tuple[Schedule, Clock, App]]:
    clock = Clock()
    with App(load(site.config)) as app:
        app.prepare()
        yield Schedule(app, tick=clock), clock, app


def test_a_schedule_lives_while_its_clock_goes(schedule: tuple[Schedule, Clock, App]) -> None:
    scheduled, clock, _ = schedule
    clock.now = 100.0
    assert not scheduled.lives()  # it does not go yet
    scheduled.start()
    until(scheduled.lives)
    assert scheduled.stop(PATIENCE)
    clock.now = 200.0
    assert not scheduled.lives()


def test_a_look_that_hangs_is_no_life(schedule: tuple[Schedule, Clock, App], monkeypatch: pytest.MonkeyPatch) -> None:
    scheduled, clock, app = schedule
    hangs, under_way = threading.Event(), threading.Event()

    def works() -> bool:
        under_way.set()
        return not hangs.wait(PATIENCE)

    monkeypatch.setattr(app, "works", works)
    scheduled._scheduler.start()
    scheduled._scheduler.add_job(scheduled._look, args=(lambda: None,))
    beats = scheduled._scheduler.add_job(lambda: None, "interval", seconds=0.01)
    assert under_way.wait(PATIENCE)
    clock.now = 3000.0  # a first publish of an archive
    until(scheduled.lives)
    clock.now = 4000.0
    until(lambda: scheduled._beaten == clock.now)
    assert not scheduled.lives()
    hangs.set()
    until(scheduled.lives)
    beats.remove()
    scheduled._scheduler.shutdown()


def test_a_daemon_that_serves_alone_says_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert site.run("run", "--once").code == 0
    listener = Listener(address := str(site.folder / "notify"))
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    monkeypatch.setenv("WATCHDOG_USEC", "300000")
    port = int(site.config.read_text("utf-8").partition("port = ")[2].split()[0])
    with closing(listener.socket), Process(site, "serve") as process:
        listener.hears("READY=1")
        listener.hears("WATCHDOG=1")
        waited(port, "schule.atom", "Brunnau", process)
        assert process.ends(signal.SIGTERM) == 0
        listener.hears("STOPPING=1")
