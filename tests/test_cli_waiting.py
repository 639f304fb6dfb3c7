"""A daemon whose store cannot be used at its start: it serves what is published, says so, and goes on when it can."""

import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from cli_site import ROAD, SCHOOL, SPEECH, Process, Site, answer, asked_for, free_port, waited
from syndicate.app import App
from syndicate.config import load
from syndicate.serve import routes_of, routes_without_store
from test_store_connection import ALONE, another_process
from test_supervisor import Listener
from waiting import until

pytestmark = pytest.mark.sqlite


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def status() -> int:
    return free_port()


@pytest.fixture
def site(tmp_path: Path, port: int, status: int) -> Site:
    """Published, with a release that is held, and another one that no store has yet."""
    site = Site(tmp_path, port=port, status=f"127.0.0.1:{status}", schule=SCHOOL, rede=SPEECH)
    assert site.run("run", "--once").code == 0
    site.put("strasse", ROAD)
    return site


@contextmanager
def damaged(site: Site) -> Iterator[str]:
    """Its head, so that nothing of it can be read."""
    store, was = store_of(site), store_of(site).read_bytes()
    store.write_bytes(b"x" * 100 + was[100:])
    yield "is no SQLite database"
    (site.folder / "good").write_bytes(was)
    os.replace(site.folder / "good", store)


@contextmanager
def torn(site: Site) -> Iterator[str]:
    """The last pages are missing, and are written again in place, as by `cp`."""
    store, was = store_of(site), store_of(site).read_bytes()
    store.write_bytes(was[: 8192 * 3])
    yield "is damaged"
    store.write_bytes(was)


@contextmanager
def a_folder(site: Site) -> Iterator[str]:
    store, aside = store_of(site), site.folder / "aside"
    store.rename(aside)
    store.mkdir()
    yield "is no file"
    store.rmdir()
    aside.rename(store)


@contextmanager
def newer(site: Site) -> Iterator[str]:
    with closing(sqlite3.connect(store_of(site))) as raw, raw:
        columns = [name for _, name, *_ in raw.execute("PRAGMA table_info(_sqlite_migrations)")]
        row = raw.execute("SELECT * FROM _sqlite_migrations LIMIT 1").fetchone()
        values = [value if name != "name" else "from_tomorrow" for name, value in zip(columns, row, strict=True)]
        values = [None if name == "id" else value for name, value in zip(columns, values, strict=True)]
        raw.execute(f"INSERT INTO _sqlite_migrations VALUES ({','.join('?' * len(values))})", values)
    yield "newer version of syndicate (from_tomorrow)"
    with closing(sqlite3.connect(store_of(site))) as raw, raw:
        raw.execute("DELETE FROM _sqlite_migrations WHERE name = 'from_tomorrow'")


@contextmanager
def locked(site: Site) -> Iterator[str]:
    with another_process(store_of(site), ALONE):
        yield "another process keeps it locked"


FAULTS = {each.__name__: each for each in (damaged, torn, a_folder, newer, locked)}


def store_of(site: Site) -> Path:
    return site.folder / "syndicate.db"


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_published_is_served_until_the_store_can_be_used(
    fault: str, site: Site, port: int, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = Listener(address := str(site.folder / "notify"))
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    before = {path: path.read_bytes() for path in site.feeds.rglob("*") if path.is_file()}
    with closing(listener.socket), FAULTS[fault](site) as told:
        process = Process(site, "run")
        try:
            assert told in listener.hears("READY=1")
            waited(port, "schule.atom", "Brunnau", process)
            assert [asked_for(port, path)[0] for path in ("healthz", "readyz", "n/x/all.atom")] == [200, 503, 503]
            assert told in (answer(status, "") or "")
            assert "syndicate_store_up 0.0" in (answer(status, "metrics") or "")
            state = site.run("status")
            assert (state.code, told in state.out, f"process {process.pid}" in state.out) == (1, True, True)
            assert {path: path.read_bytes() for path in before} == before
        except BaseException:
            process.__exit__()
            raise
    with process:
        waited(port, "verkehr.atom", "Erlenstadt", process)
        until(lambda: asked_for(port, "readyz")[0] == 200)
        waited(status, "metrics", "syndicate_store_up 1.0", process)
        log = process.err.read_text()
        assert [log.count('event="store cannot be used"'), log.count('event="works again"')] == [1, 1]
        assert "Traceback" not in log
        assert site.run("status").code == 1  # the speech waits
        assert "store " not in site.run("status").out.partition("needs you")[2]
        assert process.ends(signal.SIGTERM) == 0


def test_it_ends_at_a_signal_and_a_second_one_is_refused(site: Site, port: int) -> None:
    with damaged(site), Process(site, "run") as process:
        waited(port, "schule.atom", "Brunnau", process)
        done = site.run("run", "--port", str(free_port()))
        assert (done.code, f"running on this store (process {process.pid})" in done.err) == (2, True), done.err
        assert process.ends(signal.SIGTERM) == 0
        assert process.out.read_text().splitlines()[-1] == "Stopped."


@pytest.mark.parametrize("arguments", [["run", "--once"], ["run", "--no-serve"]])
def test_who_serves_nothing_ends_as_ever(arguments: list[str], site: Site) -> None:
    with damaged(site) as told:
        done = site.run(*arguments)
    assert (done.code, told in done.err) == (1, True)


def test_a_store_that_is_gone_is_not_made_anew(site: Site, port: int) -> None:
    """Also not by who waits: it is put back."""
    with damaged(site):
        process = Process(site, "run")
        try:
            waited(port, "schule.atom", "Brunnau", process)
            store_of(site).unlink()
            until(lambda: "put it back, and the daemon goes on by itself" in process.err.read_text())
            assert not store_of(site).exists()
        except BaseException:
            process.__exit__()
            raise
    with process:
        waited(port, "verkehr.atom", "Erlenstadt", process)


def test_another_store_in_its_place_is_none_to_go_on_with(site: Site, port: int) -> None:
    """An exit would be for ever, for who is supervised: it goes on serving what readers have."""
    (site.folder / "other").mkdir()
    other = Site(site.folder / "other", strasse=ROAD)
    assert other.run("run", "--once").code == 0
    with damaged(site), Process(site, "run") as process:
        waited(port, "schule.atom", "Brunnau", process)
        os.replace(store_of(other), store_of(site))
        until(lambda: "another store publishes here" in process.err.read_text())
        assert answer(port, "schule.atom")
        assert process.running


def test_at_a_hangup_another_configuration_is_begun_with(site: Site, port: int) -> None:
    good = site.config.read_text("utf-8")
    with damaged(site), Process(site, "run") as process:
        waited(port, "schule.atom", "Brunnau", process)
        site.config.write_text(good + "[fetch]\ninterval = 'abc'\n", "utf-8")
        process.told(signal.SIGHUP)
        until(lambda: "is not a duration" in process.err.read_text())
        assert answer(port, "schule.atom")
        elsewhere = '[store]\nurl = "sqlite:///elsewhere.db"\n[publish]\ndirectory = "others"\n'
        site.config.write_text(good.replace("[[topic]]", f"{elsewhere}[[topic]]", 1), "utf-8")
        process.told(signal.SIGHUP)
        waited(port, "verkehr.atom", "Erlenstadt", process)
        assert process.ends(signal.SIGTERM) == 0


def test_one_whose_rights_do_not_reach_it_waits(site: Site, port: int) -> None:
    """Also where root tests: what opens all to it is taken from the daemon."""
    powers = "-dac_override,-dac_read_search"
    lesser = ("setpriv", f"--bounding-set={powers}", f"--inh-caps={powers}") if os.geteuid() == 0 else ()
    store_of(site).chmod(0)
    if lesser and subprocess.run([*lesser, "true"], check=False, capture_output=True).returncode:
        pytest.skip("root, and its powers cannot be taken away")
    with Process(site, "run", through=lesser) as process:
        waited(port, "schule.atom", "Brunnau", process)
        until(lambda: 'event="store cannot be used"' in process.err.read_text())
        store_of(site).chmod(0o600)
        waited(port, "verkehr.atom", "Erlenstadt", process)


def test_every_address_that_asks_the_store_answers_later(site: Site) -> None:
    with App(load(site.config)) as app:
        known = {(route.path, route.below) for route in routes_of(app)}
    without = routes_without_store()
    assert {(route.path, route.below) for route in without} == known
    for route in without:
        assert route.refused
        answers = [route.handle(None), route.refused("")]  # type: ignore[arg-type]
        assert all(each and each.status == 503 and (b"retry-after", b"60") in each.headers for each in answers)
