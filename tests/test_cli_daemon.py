"""The daemon and the server as processes: start, signals, a second one, a dropped file."""

import signal
import socket
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cli_site import FOLDER, LATER, ROAD, SCHOOL, SPEECH, Process, Site, answer, asked_for, free_port, waited
from servers import Reply, Server
from waiting import until

SLOW = '\n[[source]]\nid = "langsam"\nurl = "{url}"\nallow_private = true\n'


def asked(server: Server, process: Process) -> None:
    """Wait until the first request has come."""
    until(lambda: server.requests or not process.running, "nothing was asked for")
    assert process.running, process.err.read_text()


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def site(tmp_path: Path, port: int) -> Site:
    return Site(tmp_path, port=port, schule=SCHOOL, rede=SPEECH)


@pytest.fixture
def daemon(site: Site, port: int) -> Iterator[Process]:
    with Process(site, "run") as process:
        assert waited(port, "schule.atom", "Brunnau", 20), process.err.read_text()
        yield process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_within_five_seconds(
    daemon: Process, site: Site, port: int, number: signal.Signals
) -> None:
    status, seconds = daemon.ends(number)
    assert (status, seconds < 5) == (0, True)
    assert daemon.out.read_text().splitlines() == [
        f"Open http://127.0.0.1:{port}/ – Ctrl-C ends it.",
        *_named(site),
        "Stopped.",
    ]
    log = daemon.err.read_text()
    assert "Traceback" not in log
    assert all(line.startswith("time=") for line in log.splitlines())
    assert "Forstjahr" not in log
    assert site.run("status", "--json").json["daemon"]["running"] is False


def _named(site: Site) -> list[str]:
    return ["The feeds name themselves below http://127.0.0.1:8000/ ([site] base_url)."]


def test_a_second_one_names_the_first_and_exits_with_2(daemon: Process, site: Site) -> None:
    for arguments in (["run"], ["run", "--once"]):
        done = site.run(*arguments)
        assert (done.code, done.out) == (2, "")
        assert f"another syndicate is running on this store (process {daemon.pid})" in done.err
    assert site.run("status", "--json").json["daemon"] == {"running": True, "process": str(daemon.pid)}


def test_a_dropped_file_is_in_its_feed_within_two_seconds(daemon: Process, site: Site, port: int) -> None:
    time.sleep(0.5)  # the first look through the folder is over, and the watch has begun
    site.put("strasse", ROAD)
    seconds = waited(port, "verkehr.atom", "Erlenstadt", 10)
    assert seconds is not None
    assert seconds < 2


def test_the_daemons_log_does_not_tell_of_an_embargo(daemon: Process, site: Site) -> None:
    time.sleep(0.5)  # the watch has begun
    before = daemon.err.read_text()
    site.put("geheim", LATER.replace("Forstbericht", "Waldbericht"))
    held = ["releases", "list", "--state", "embargoed", "--json"]
    deadline = time.monotonic() + 10
    while len(site.run(*held).json) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(1.2)  # the next publish, if there were one
    assert daemon.err.read_text() == before


def test_commands_work_beside_it(daemon: Process, site: Site, port: int) -> None:
    (held,) = site.run("releases", "list", "--state", "embargoed", "--json").json
    assert site.run("releases", "lift", held["id"]).code == 0
    assert waited(port, "forst.json", "Forstjahr", 2) is not None
    assert site.run("ingest", "amt").code == 0
    assert site.run("publish").code == 0


def test_a_slow_source_does_not_hold_up_the_end(tmp_path: Path, port: int) -> None:
    with Server() as server:
        slow = server.answers("/langsam", Reply(delay=30))
        site = Site(tmp_path, sources=FOLDER + SLOW.format(url=slow), port=port, schule=SCHOOL)
        with Process(site, "run") as process:
            assert waited(port, "schule.atom", "Brunnau", 20)
            asked(server, process)
            status, seconds = process.ends(signal.SIGTERM)
    assert (status, seconds < 5) == (0, True)
    # It was not the source's fault, so nothing is held against it: it is simply asked again, a minute later.
    state = {s["id"]: s for s in site.run("status", "--json").json["sources"]}["langsam"]
    assert (state["failures"], state["error"]) == (0, None)
    waits = datetime.fromisoformat(state["next_poll"]) - datetime.fromisoformat(state["last_attempt"])
    assert waits == timedelta(minutes=1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_cycle_ends_at_once_on_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    with Server() as server:
        slow = server.answers("/langsam", Reply(delay=30))
        site = Site(tmp_path, sources=SLOW.format(url=slow))
        with Process(site, "run", "--once") as process:
            asked(server, process)
            status, seconds = process.ends(number)
    assert (status, seconds < 1) == (130, True)
    assert process.err.read_text() == ""


def test_a_port_in_use_is_told_with_2(site: Site, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        for command in ("run", "serve"):
            done = site.run(command)
            assert done.code == 2
            assert done.err.splitlines()[-1].startswith(
                f"syndicate: port {port} on 127.0.0.1 is in use (another: port in"
            )


def test_serve_only_serves(site: Site, port: int) -> None:
    assert site.run("run", "--once").code == 0
    site.put("strasse", ROAD)
    with Process(site, "serve") as process:
        assert waited(port, "schule.atom", "Brunnau", 20)
        assert answer(port, "readyz")
        assert waited(port, "verkehr.atom", "Erlenstadt", 1) is None
        status, seconds = process.ends(signal.SIGTERM)
    assert (status, seconds < 5) == (0, True)
    assert process.err.read_text() == ""


def test_serve_without_a_store_answers_and_makes_none(site: Site, port: int) -> None:
    assert site.run("run", "--once").code == 0
    release = site.release("--topic", "schule")["id"]
    assert site.run("releases", "withdraw", release).code == 0
    for path in site.folder.glob("syndicate.db*"):
        path.unlink()
    with Process(site, "serve"):
        assert waited(port, "schule.atom", "deleted-entry", 20)
        # Nobody is there to ask, but the page is the notice all the same.
        status, _, body = asked_for(port, f"releases/{release}.html")
        assert (status, b"noindex" in body, b"Brunnau" in body) == (200, True, False)
    assert not [*site.folder.glob("syndicate.db*")]


def test_without_serving(site: Site, port: int) -> None:
    with Process(site, "run", "--no-serve") as process:
        deadline = time.monotonic() + 20
        while not (site.feeds / "schule.atom").is_file() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert answer(port, "schule.atom") is None
        assert process.ends(signal.SIGTERM)[0] == 0
    assert process.out.read_text().splitlines() == [f"Publishing to {site.feeds} – Ctrl-C ends it.", "Stopped."]
