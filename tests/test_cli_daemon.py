"""The daemon and the server as processes: start, signals, a second one, a dropped file."""

import fcntl
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cli_site import FOLDER, LATER, ROAD, SCHOOL, SPEECH, Process, Site, answer, asked_for, free_port, waited
from servers import Reply, Server
from syndicate.app import App, system_clock
from syndicate.config import load
from syndicate.pipeline import Withdraw
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
        waited(port, "schule.atom", "Brunnau", process)
        yield process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(daemon: Process, site: Site, port: int, number: signal.Signals) -> None:
    assert daemon.ends(number) == 0
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


def test_a_dropped_file_does_not_wait_for_the_interval(daemon: Process, site: Site, port: int) -> None:
    site.put("strasse", ROAD)
    waited(port, "verkehr.atom", "Erlenstadt", daemon)


def test_the_daemons_log_does_not_tell_of_an_embargo(daemon: Process, site: Site, port: int) -> None:
    before = daemon.err.read_text()
    site.put("geheim", LATER.replace("Forstbericht", "Waldbericht"))
    until(lambda: len(site.run("releases", "list", "--state", "embargoed", "--json").json) == 2)
    site.put("strasse", ROAD)  # whatever would have been told of the other is told before this
    waited(port, "verkehr.atom", "Erlenstadt", daemon)
    log = until(lambda: (told := daemon.err.read_text().removeprefix(before)).count("published") and told)
    assert log.count("ingested") == log.count("new=1") == 1
    assert not any(words in log for words in ("geheim", "Waldbericht", "forst", "Forst"))


def test_commands_work_beside_it(daemon: Process, site: Site, port: int) -> None:
    (held,) = site.run("releases", "list", "--state", "embargoed", "--json").json
    assert site.run("releases", "lift", held["id"]).code == 0
    waited(port, "forst.json", "Forstjahr", daemon)
    assert site.run("ingest", "amt").code == 0
    assert site.run("publish").code == 0


def test_a_slow_source_does_not_hold_up_the_end(tmp_path: Path, port: int) -> None:
    with Server() as server:
        slow = server.answers("/langsam", Reply(after=threading.Event()))  # never
        site = Site(tmp_path, sources=FOLDER + SLOW.format(url=slow), port=port, schule=SCHOOL)
        with Process(site, "run") as process:
            waited(port, "schule.atom", "Brunnau", process)
            asked(server, process)
            assert process.ends(signal.SIGTERM) == 0
    # It was not the source's fault, so nothing is held against it: it is simply asked again, a minute later.
    state = {s["id"]: s for s in site.run("status", "--json").json["sources"]}["langsam"]
    assert (state["failures"], state["error"]) == (0, None)
    waits = datetime.fromisoformat(state["next_poll"]) - datetime.fromisoformat(state["last_attempt"])
    assert waits == timedelta(minutes=1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_cycle_ends_at_once_on_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    with Server() as server:
        slow = server.answers("/langsam", Reply(after=threading.Event()))  # never
        site = Site(tmp_path, sources=SLOW.format(url=slow))
        with Process(site, "run", "--once") as process:
            asked(server, process)
            assert process.ends(number) == 130
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
        waited(port, "schule.atom", "Brunnau", process)
        assert answer(port, "readyz")
        assert process.ends(signal.SIGTERM) == 0
    assert site.tells("Erlenstadt") == []
    assert not [told for told in site.run("releases", "list", "--json").json if "Erlenstadt" in told["title"]]
    assert process.err.read_text() == ""


@pytest.mark.sqlite
@pytest.mark.parametrize("damage", [slice(0, 100), slice(8192 * 8, None)], ids=["its head", "its body"])
def test_serve_gives_readers_the_folder_whatever_the_store_has(damage: slice, site: Site, port: int) -> None:
    assert site.run("run", "--once").code == 0
    store = site.folder / "syndicate.db"
    was = bytearray(store.read_bytes())
    was[damage] = b"x" * len(was[damage])
    store.write_bytes(was)
    with Process(site, "serve") as process:
        waited(port, "schule.atom", "Brunnau", process)
        assert answer(port, "readyz")
        assert answer(port, "index.html")
        assert process.ends(signal.SIGTERM) == 0
    assert "Traceback" not in process.err.read_text()
    assert store.read_bytes() == was


@pytest.mark.sqlite
def test_serve_without_a_store_answers_and_makes_none(site: Site, port: int) -> None:
    assert site.run("run", "--once").code == 0
    release = site.release("--topic", "schule")["id"]
    assert site.run("releases", "withdraw", release).code == 0
    for path in site.folder.glob("syndicate.db*"):
        path.unlink()
    with Process(site, "serve"):
        waited(port, "schule.atom", "deleted-entry")
        # Nobody is there to ask, but the page is the notice all the same.
        status, _, body = asked_for(port, f"releases/{release}.html")
        assert (status, b"noindex" in body, b"Brunnau" in body) == (200, True, False)
    assert not [*site.folder.glob("syndicate.db*")]


def test_without_serving(site: Site, port: int) -> None:
    with Process(site, "run", "--no-serve") as process:
        until((site.feeds / "schule.atom").is_file)
        assert answer(port, "schule.atom") is None
        assert process.ends(signal.SIGTERM) == 0
    assert process.out.read_text().splitlines() == [f"Publishing to {site.feeds} – Ctrl-C ends it.", "Stopped."]


@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_port_that_is_named_is_served_on(command: str, site: Site, port: int) -> None:
    assert site.run("run", "--once").code == 0
    with Process(site, command, "--port", "0") as process:
        until(lambda: "base_url" in process.out.read_text())  # the second line
        told = process.out.read_text().splitlines()
        chosen = int(told[0].partition("127.0.0.1:")[2].partition("/")[0])
        assert chosen != port
        assert answer(chosen, "schule.atom")
        assert answer(port, "schule.atom") is None
        assert told[1] == "The feeds name themselves below http://127.0.0.1:8000/ ([site] base_url)."
        assert process.ends(signal.SIGTERM) == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--once"], "--port goes without --once: nothing is served then"),
        (["--no-serve"], "--port goes without --no-serve: nothing is served then"),
    ],
)
def test_a_port_is_of_use_where_something_is_served(given: list[str], said: str, site: Site) -> None:
    done = site.run("run", *given, "--port", "8080")
    assert (done.code, said in done.err) == (2, True)
    assert site.run("run", "--port", "65536").code == 2


def test_at_a_hangup_it_reads_the_configuration_again(daemon: Process, site: Site, port: int) -> None:
    """One that cannot be used is refused, with its faults in the log; the next one is not."""
    good = site.config.read_text("utf-8")
    site.config.write_text(good + "[fetch]\ninterval = 'abc'\n", "utf-8")
    daemon.told(signal.SIGHUP)
    until(lambda: "is not a duration" in daemon.err.read_text())
    site.put("strasse", ROAD)
    waited(port, "verkehr.atom", "Erlenstadt", daemon)
    site.config.write_text(good.replace('title = "Presse Talland"', 'title = "Presse Neuland"'), "utf-8")
    daemon.told(signal.SIGHUP)
    waited(port, "index.html", "Presse Neuland", daemon)
    assert "Traceback" not in daemon.err.read_text()
    assert daemon.ends(signal.SIGTERM) == 0


def test_a_hangup_while_it_ends_has_no_effect(daemon: Process) -> None:
    daemon.told(signal.SIGTERM)
    until(lambda: daemon.told(signal.SIGHUP) or not daemon.running)
    assert daemon.ends(signal.SIGHUP) == 0
    assert "Traceback" not in daemon.err.read_text()


def test_a_source_that_is_added_beside_it_is_asked_without_a_start(daemon: Process, site: Site, port: int) -> None:
    body = b"<rss version='2.0'><channel><title>P</title><item><title>Moor bei Steinach</title><guid>a1</guid></item>"
    with Server() as server:
        xml = {"Content-Type": "application/rss+xml"}
        url = server.answers("/rss", Reply(body=body + b"</channel></rss>", headers=xml))
        done = site.run("sources", "add", url, "--allow-private", "--id", "portal")
        assert done.code == 0
        assert f"The daemon (process {daemon.pid}) reads the configuration again now." in done.out
        waited(port, "all.atom", "Moor bei Steinach", daemon)
        assert site.run("sources", "remove", "portal", "--yes").code == 0
        until(lambda: daemon.err.read_text().count("configuration read again") == 2)
    waited(port, "all.atom", "Moor bei Steinach", daemon)  # what it brought stays


@pytest.mark.sqlite
def test_a_store_that_was_put_back_is_gone_on_with(daemon: Process, site: Site, port: int) -> None:
    """As another file, as a copy is. What stood there meanwhile is served."""
    path = site.folder / "syndicate.db"
    assert site.run("backup", str(site.folder / "backup.db")).code == 0
    for end in ("", "-wal", "-shm"):
        path.with_name(f"syndicate.db{end}").unlink()
    until(lambda: "was deleted or replaced" in daemon.err.read_text())
    assert "put it back, and the daemon goes on by itself" in site.run("status").out
    waited(port, "schule.atom", "Brunnau", daemon)
    path.write_bytes(b"")  # no store of ours: it waits on
    good = site.config.read_text("utf-8")
    site.config.write_text(good + "[fetch]\ninterval = 'abc'\n", "utf-8")  # it goes on with what it read before
    os.replace(site.folder / "backup.db", path)
    site.put("strasse", ROAD)
    waited(port, "verkehr.atom", "Erlenstadt", daemon)
    assert daemon.err.read_text().count('event="works again" what=store') == 1
    until(lambda: "is not a duration" in daemon.err.read_text())
    site.config.write_text(good, "utf-8")
    assert site.run("status", "--json").json["daemon"] == {"running": True, "process": str(daemon.pid)}
    assert "Traceback" not in daemon.err.read_text()
    assert daemon.ends(signal.SIGTERM) == 0
    assert daemon.out.read_text().splitlines()[-1] == "Stopped."


@pytest.mark.sqlite
def test_a_store_of_before_is_none_to_go_on_with(site: Site) -> None:
    """What was withdrawn since would come back: `restore` sees to that."""
    assert site.run("run", "--once").code == 0
    path, early, late = site.folder / "syndicate.db", site.folder / "early.db", site.folder / "late.db"
    assert site.run("backup", str(early)).code == 0
    with App(load(site.config), clock=lambda: system_clock() + timedelta(hours=1)) as app:
        back = sys.modules["syndicate.cli.daemon"]._Back(app)
        app.amend(Withdraw(site.release("--topic", "schule")["id"]))
        assert not back.is_there()
        assert site.run("backup", str(late)).code == 0
        for end in ("", "-wal", "-shm"):
            path.with_name(f"syndicate.db{end}").unlink()
        for other in (None, b"", b"no store", early.read_bytes()):
            if other is not None:
                path.unlink(missing_ok=True)
                path.write_bytes(other)
            assert [back.is_there() for _ in range(3)] == [False, False, False]
        path.unlink()
        path.write_bytes(late.read_bytes())
        assert [back.is_there() for _ in range(2)] == [False, True]  # it rests


def test_a_publish_that_hangs_does_not_hold_up_the_end(daemon: Process, site: Site, port: int) -> None:
    """As on a disk that does not answer: another process has the folder's lock, and does not give it back."""
    handle = os.open(site.feeds / ".lock", os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        site.put("strasse", ROAD)
        until(lambda: daemon.err.read_text().count("ingested") == 2)
        assert "Brunnau" in (answer(port, "schule.atom") or "")
        assert daemon.ends(signal.SIGTERM) == 0
    finally:
        os.close(handle)
    with Process(site, "run") as again:  # what was not published is, at the next start
        waited(port, "verkehr.atom", "Erlenstadt", again)


def test_a_second_machine_on_one_folder_is_refused(daemon: Process, site: Site, tmp_path: Path) -> None:
    """With a store of its own, on a folder that they share: it names the ways out, and touches nothing."""
    before = {path: path.read_bytes() for path in site.feeds.rglob("*.atom")}
    (tmp_path / "other").mkdir()
    other = Site(tmp_path / "other", port=free_port(), strasse=ROAD)
    other.feeds.symlink_to(site.feeds)
    done = other.run("run")
    assert done.code == 2
    assert "was published by another store" in done.err
    assert {path: path.read_bytes() for path in site.feeds.rglob("*.atom")} == before
