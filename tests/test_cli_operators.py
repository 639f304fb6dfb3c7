"""The status address of a daemon."""

import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from cli_site import SCHOOL, Process, Site, asked_for, free_port, waited
from waiting import until

DEFAULT = 8001


@pytest.fixture
def status() -> int:
    return free_port()


@pytest.fixture
def site(tmp_path: Path, status: int) -> Site:
    return Site(tmp_path, port=free_port(), status=f"127.0.0.1:{status}", schule=SCHOOL)


@contextmanager
def taken(port: int) -> Iterator[None]:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            other.bind(("127.0.0.1", port))
            other.listen()
        except OSError:
            pass  # by somebody else: as good
        yield


@pytest.mark.parametrize("arguments", [["run"], ["run", "--no-serve"]])
def test_a_daemon_tells_how_everything_is(arguments: list[str], site: Site, status: int) -> None:
    with Process(site, *arguments) as process:
        waited(status, "", "Nothing needs you", process)
        until(lambda: f"How everything is: http://127.0.0.1:{status}/" in process.out.read_text())


def test_one_that_is_stated_and_taken_is_told_with_2(site: Site, status: int) -> None:
    with taken(status):
        done = site.run("run")
    assert (done.code, done.out) == (2, "")
    told = f'syndicate: port {status} on 127.0.0.1 is in use (another: status in [serve]; "" for none)'
    assert done.err.splitlines()[-1] == told


def test_the_usual_one_may_be_taken_by_another_site(site: Site, status: int) -> None:
    site.config.write_text(site.config.read_text("utf-8").replace(f'status = "127.0.0.1:{status}"\n', ""), "utf-8")
    with taken(DEFAULT), Process(site, "run", "--port", str(port := free_port())) as process:
        waited(port, "schule.atom", "Brunnau", process)
        told = f"warning: no page for operators and no /metrics: port {DEFAULT} on 127.0.0.1 is in use"
        assert told in process.err.read_text()
        assert "How everything is" not in process.out.read_text()


def test_who_says_nothing_does_not_hold_up_the_end(site: Site, status: int) -> None:
    with Process(site, "run", "--no-serve") as process, ExitStack() as idle:
        waited(status, "metrics", "syndicate_store_up 1", process)
        for begin in (b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"POST / HTTP/1.1\r\nHost: x\r\n"):
            connection = idle.enter_context(socket.create_connection(("127.0.0.1", status)))
            connection.sendall(begin)
        assert asked_for(status, "metrics")[0] == 200
        assert process.ends(signal.SIGTERM) == 0


def test_a_single_cycle_has_none(site: Site, status: int) -> None:
    with taken(status):
        assert site.run("run", "--once").code == 0


def test_a_word_that_changes_is_asked_for_without_a_start(site: Site, status: int) -> None:
    with Process(site, "run") as process:
        waited(status, "", "Nothing needs you", process)
        text = site.config.read_text("utf-8").replace("[serve]", '[serve]\nstatus_password = "acht Birken am Weg"')
        site.config.write_text(text, "utf-8")
        process.told(signal.SIGHUP)
        until(lambda: asked_for(status, "")[0] == 401)
