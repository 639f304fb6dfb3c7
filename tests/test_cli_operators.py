"""The status address of a daemon."""

import re
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from cli_site import SCHOOL, Process, Site, asked_for, free_port, waited
from syndicate.app import App
from syndicate.cli import operators
from syndicate.config import load
from syndicate.errors import ConfigError
from waiting import until


@pytest.fixture
def status() -> int:
    return free_port()


@pytest.fixture
def site(tmp_path: Path, status: int) -> Site:
    return Site(tmp_path, port=free_port(), status=f"127.0.0.1:{status}", schule=SCHOOL)


@contextmanager
def taken(port: int) -> Iterator[None]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        yield


@pytest.mark.parametrize("arguments", [["run"], ["run", "--no-serve"]])
def test_a_daemon_tells_how_everything_is(arguments: list[str], site: Site, status: int) -> None:
    with Process(site, *arguments) as process:
        waited(status, "", "Nothing needs you", process)
        until(lambda: f"How everything is: http://127.0.0.1:{status}/" in process.out.read_text())


def test_what_happens_is_counted(site: Site, status: int) -> None:
    port = int(site.config.read_text("utf-8").partition("port = ")[2].partition("\n")[0])

    def told() -> str:
        return asked_for(status, "metrics")[2].decode()

    with Process(site, "run") as process:
        waited(port, "schule.atom", "Brunnau", process)
        for path in ("wald.atom", "schule.atom", "schule.atom", "healthz"):
            asked_for(port, path)
        for line in (
            'syndicate_polls_total{result="changed"} 1.0',
            "syndicate_first_sight_to_feed_seconds_count 1.0",
            'syndicate_releases{state="public"} 1.0',
            'syndicate_requests_total{kind="feed",status="404"}',
            'syndicate_requests_total{kind="feed",status="200"}',
            'syndicate_requests_total{kind="health",status="200"} 1.0',
        ):
            until(lambda line=line: line in told(), line)  # type: ignore[misc]
        assert 'syndicate_needs_person{kind="fault"} 0.0' in told()


def test_what_was_counted_stays_where_the_program_is_opened_anew(site: Site) -> None:
    """As on a store that was put back: the process is the same, and no counter of it goes back."""
    plan, figures = load(site.config), operators.Figures()
    figures.answered.add("all.atom", 200)
    for number in (1, 2):
        with App(plan) as app, ExitStack() as ending:
            server = operators.status_server(app, figures)
            assert server
            ending.callback(server.stop)
            app.publish()
            told = asked_for(server.port, "metrics")[2].decode()
        assert f'syndicate_publishes_total{{result="nothing"}} {number}.0' in told
        assert 'syndicate_requests_total{kind="feed",status="200"} 1.0' in told


def test_a_name_that_it_is_asked_by_is_no_proxy_in_front_of_readers(site: Site, status: int) -> None:
    with Process(site, "run") as process:
        waited(status, "", "Nothing needs you", process)
        with socket.create_connection(("127.0.0.1", status)) as connection:
            connection.sendall(b"GET / HTTP/1.0\r\nHost: status.example.org\r\nX-Forwarded-For: 10.1.2.3\r\n\r\n")
            assert b" 421 " in b"".join(iter(lambda: connection.recv(65536), b""))
        assert process.ends(signal.SIGTERM) == 0
        assert "trusted_proxies" not in process.err.read_text()


def test_one_that_is_stated_and_taken_is_told_with_2(site: Site, status: int) -> None:
    with taken(status):
        done = site.run("run")
    assert (done.code, done.out) == (2, "")
    told = f'syndicate: port {status} on 127.0.0.1 is in use (another: status in [serve]; "" for none)'
    assert done.err.splitlines()[-1] == told


@pytest.mark.parametrize("stated", [False, True])
def test_the_usual_one_may_be_taken_by_another_site(
    stated: bool, site: Site, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = load(site.config)
    plan = replace(plan, serve=replace(plan.serve, is_status_stated=stated))
    told = f'port {status} on 127.0.0.1 is in use (another: status in [serve]; "" for none)'
    with taken(status), App(plan) as app:
        if stated:
            with pytest.raises(ConfigError, match=re.escape(told)):
                operators.status_server(app, operators.Figures())
        else:
            assert operators.status_server(app, operators.Figures()) is None
            assert capsys.readouterr().err == f"warning: no page for operators and no /metrics: {told}\n"


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
