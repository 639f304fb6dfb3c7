"""A release's life as readers of the running daemon see it: withdrawn, restored, edited, renamed, under embargo."""

import re
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli_site import FOLDER, ROAD, SCHOOL, Process, Site, answer, asked_for, free_port, waited
from syndicate.cli import supervisor as supervisors
from syndicate.errors import SyndicateError
from waiting import until

TOPIC = '\n[[topic]]\nid = "verkehr"\ntitle = "Verkehr"\n'
RENAMED = '\n[[topic]]\nid = "mobil"\ntitle = "Verkehr"\naliases = ["verkehr"]\n'
SECRET = """---
title: Fledermauspark bei Steinach
topics: [Höhlen]
embargo: {end}
teaser: Zwanzig Kammern für Mausohren.
---
Der Verein Nachtflug hütet sie.
"""
WORDS = ("Fledermauspark", "Mausohren", "Nachtflug", "Höhlen", "hoehlen")


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def site(tmp_path: Path, port: int) -> Site:
    return Site(tmp_path, sources=FOLDER + TOPIC, port=port, schule=SCHOOL, strasse=ROAD)


def running(site: Site, port: int) -> Iterator[Process]:
    with Process(site, "run") as process:
        waited(port, "schule.atom", "Brunnau", process)
        yield process


@pytest.fixture
def daemon(site: Site, port: int) -> Iterator[Process]:
    yield from running(site, port)


def test_withdrawn_and_restored_beside_the_daemon(daemon: Process, site: Site, port: int) -> None:
    release = site.release("--topic", "schule")
    page = f"releases/{release['id']}.html"
    assert asked_for(port, page)[0] == 200
    assert site.run("releases", "withdraw", release["id"], "--reason", "Falscher Ort").code == 0
    status, _, body = asked_for(port, page)
    assert (status, b"Falscher Ort" in body, b"Brunnau" in body) == (410, True, False)
    for feed in ("schule.atom", "all.atom"):
        text = answer(port, feed) or ""
        assert f'at:deleted-entry ref="{release["atom_id"]}"' in text
        assert "Falscher Ort" in text
    assert site.tells("Brunnau") == site.tells("Windrad") == []
    assert site.run("ingest", "amt").code == 0
    assert site.tells("Windrad") == []
    assert site.run("releases", "restore", release["id"]).code == 0
    assert asked_for(port, page)[0] == 200
    text = answer(port, "schule.atom") or ""
    assert "Windrad" in text
    assert "deleted-entry" not in text


def test_an_edit_beside_the_daemon_reaches_the_served_feed(daemon: Process, site: Site, port: int) -> None:
    release = site.release("--topic", "schule")
    assert site.run("releases", "edit", release["id"], "--title", "Werkstattpreis für Steinach").code == 0
    waited(port, "schule.json", "für Steinach", daemon)
    # A new version of the file, which the daemon reads, does not undo it.
    site.put("schule", SCHOOL.replace("Windrad", "Wasserrad"))
    waited(port, "schule.json", "Wasserrad", daemon)
    assert "für Steinach" in (answer(port, "schule.json") or "")


@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_renamed_topic_answers_301_and_a_withdrawn_page_410(site: Site, port: int, command: str) -> None:
    assert site.run("run", "--once").code == 0
    known = re.findall("<id>(.*?)</id>", (site.feeds / "verkehr.atom").read_text("utf-8"))
    withdrawn = site.release("--topic", "schule")["id"]
    assert site.run("releases", "withdraw", withdrawn).code == 0
    site.config.write_text(site.config.read_text("utf-8").replace(TOPIC, RENAMED), "utf-8")
    assert site.run("publish").code == 0
    with Process(site, command) as process:
        waited(port, "mobil.atom", "Erlenstadt", process)
        for path, target in (("verkehr.atom", "mobil.atom"), ("verkehr.html", "mobil.html")):
            status, location, _ = asked_for(port, path)
            assert (status, location.rpartition("/")[2]) == (301, target)
        assert asked_for(port, f"releases/{withdrawn}.html")[0] == 410
        assert asked_for(port, "releases/nix.html")[0] == 404
        assert re.findall("<id>(.*?)</id>", answer(port, "mobil.atom") or "") == known


def test_an_embargo_holds_over_a_kill_and_ends_in_time(site: Site, port: int) -> None:
    """As long as this machine needs for a start and a look at everything, it holds; then it ends by itself."""
    started = time.monotonic()
    for process in running(site, port):
        patience = 2 * (time.monotonic() - started)  # the restarted one is to be up before the end
        end = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=4 + round(patience))
        site.put("geheim", SECRET.format(end=end.isoformat()))
        identifier = _held(site)
        _look(site, port, identifier, end)
        process.ends(signal.SIGKILL)
    with Process(site, "run") as process:
        while datetime.now(UTC) < end:
            _look(site, port, identifier, end)
        waited(port, "hoehlen.atom", "Fledermauspark", process)
        assert "Nachtflug" in (answer(port, f"releases/{identifier}.html") or "")


@pytest.mark.parametrize(
    ("number", "told"), [(signal.SIGKILL, ["ended"]), (signal.SIGTERM, []), (signal.SIGINT, [])], ids=lambda n: str(n)
)
def test_one_that_ended_without_being_told_to_is_told_of(
    site: Site, port: int, number: signal.Signals, told: list[str]
) -> None:
    for process in running(site, port):
        process.ends(number)
    state = site.run("status", "--json")
    assert [need["kind"] for need in state.json["to_mend"]] == told
    assert state.code == bool(told)
    assert bool(told) == ("systemctl start syndicate" in site.run("status").out)
    assert site.run("run", "--once").code == 0  # which goes on where it was
    assert site.run("status").code == 0


@pytest.mark.parametrize(("served", "stops", "told"), [(True, False, ["ended"]), (True, True, []), (False, False, [])])
def test_one_that_served_and_fell_by_itself_is_told_of(
    site: Site, monkeypatch: pytest.MonkeyPatch, served: bool, stops: bool, told: list[str]
) -> None:
    """Who could not begin has said so to whoever looked, and who was told to end is missed by nobody."""

    def falls(*_: object, supervisor: supervisors.Supervisor, **__: object) -> int:
        if served:
            supervisor.ready("serves")
        if stops:
            supervisor.stops()
        raise SyndicateError("by itself")

    monkeypatch.setattr("syndicate.cli.run.serve_until_signal", falls)
    assert site.run("run", "--no-serve").code == 1
    assert [need["kind"] for need in site.run("status", "--json").json["to_mend"]] == told


def _held(site: Site) -> str:
    def told() -> list[str]:
        return [r["id"] for r in site.run("releases", "list", "--json").json if "Fledermauspark" in r["title"]]

    return until(told)[0]


def _look(site: Site, port: int, identifier: str, end: datetime) -> None:
    """Through every published file and every served address, for what must not be told before the end."""
    told = [name for words in (*WORDS, identifier) for name in site.tells(words)]
    served = [str(path.relative_to(site.feeds)) for path in site.feeds.rglob("*") if path.is_file()]
    for path in (*served, "healthz", "readyz"):
        body = asked_for(port, path)[2]
        told += [path for words in (*WORDS, identifier) if words.encode() in body]
    hidden, unknown = asked_for(port, f"releases/{identifier}.html"), asked_for(port, "releases/talland00001.html")
    if datetime.now(UTC) < end:  # else some of it was read after the end
        assert told == []
        assert hidden == unknown or 0 in (hidden[0], unknown[0])
