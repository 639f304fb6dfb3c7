"""A CDN is told what has changed: by address or by command, again and again until it takes it."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from servers import Reply, Server
from syndicate.app import App, errands_of
from syndicate.client import Client, Limits
from syndicate.config import read
from syndicate.errors import ConfigError
from syndicate.model import Delivered, Event, Published, Undelivered
from syndicate.pipeline import Withdraw, syndicate
from syndicate.schedule import Deliveries
from waiting import until
from worlds import NOW, PAGE, SITE, World

MINUTE = timedelta(minutes=1)


class Cdn:
    """A world whose changes a CDN is told of; `rounds` are looks of that kind of errand, without threads."""

    def __init__(self, world: World, server: Server) -> None:
        self.world, self.server = world, server
        self.client = Client(Limits("syndicate/test", 5, 10_000))
        self.told = list[Event]()
        self.start()

    def start(self) -> None:
        kinds = errands_of(self.world.store, lambda: self.client, self.told.append)
        (self.purges,) = (kind for kind in kinds if type(kind).__name__ == "Purges")

    def configure(self, purge: str) -> None:
        publish = replace(self.world.plan.publish, purge=purge)
        self.world.plan = replace(self.world.plan, publish=publish)

    def publish(self, now: timedelta = timedelta()) -> list[str]:
        documents = syndicate(self.world.store, self.world.plan, now=NOW + now)
        self.purges.heard(Published(documents=documents))  # type: ignore[attr-defined]
        return [document.path for document in documents]

    def round(self, now: timedelta = timedelta()) -> int:
        outcomes = [errand.act() for errand in self.purges.due(self.world.plan, NOW + now)]
        with self.world.store.transaction():
            self.purges.record(outcomes, NOW + now)
        return len(outcomes)

    def files(self) -> list[list[str]]:
        """Of each request."""
        return [json.loads(request.body)["files"] for request in self.server.requests]

    def addresses(self) -> list[str]:
        return [address for files in self.files() for address in files]


@pytest.fixture
def cdn(tmp_path: Path) -> Iterator[Cdn]:
    world = World(tmp_path)
    with Server() as server:
        found = Cdn(world, server)
        found.configure(server.answers("/purge", Reply(204)))
        yield found
        found.client.close()
    world.close()


def test_what_changed_is_told_in_batches_and_nothing_twice(cdn: Cdn) -> None:
    cdn.round()
    for n in range(25):
        cdn.world.write(f"{n}.txt", PAGE.replace("Notaufnahme", f"Notaufnahme {n}"))
    cdn.world.poll()
    paths = cdn.publish()
    assert cdn.round() == 1
    assert cdn.round() == 0
    told = cdn.files()
    assert len(told) > 1
    assert max(map(len, told)) <= 30
    assert {*[each for files in told for each in files]} == {
        SITE.base_url,
        *(f"{SITE.base_url}{path}" for path in paths),
    }
    assert sum(event.number for event in cdn.told if isinstance(event, Delivered)) == len(paths)
    assert cdn.server.requests[0].headers["content-type"] == "application/json"


def test_after_a_start_all_heads_are_told_once(cdn: Cdn) -> None:
    cdn.world.write("a.txt", PAGE)
    cdn.world.poll()
    cdn.publish()
    cdn.start()
    assert cdn.round() == 1
    told = cdn.addresses()
    assert {f"{SITE.base_url}{name}" for name in ("all.atom", "all.json", "index.html", "topics.opml")} <= {*told}
    assert not [address for address in told if "/releases/" in address]
    assert cdn.round() == 0


def test_what_another_process_has_published_is_told(cdn: Cdn) -> None:
    cdn.round()
    cdn.world.write("a.txt", PAGE)
    cdn.world.poll()
    syndicate(cdn.world.store, cdn.world.plan, now=NOW)  # as `syndicate publish` does
    cdn.round()
    assert f"{SITE.base_url}all.atom" in cdn.addresses()


def test_the_page_of_what_another_process_has_withdrawn_is_told(cdn: Cdn) -> None:
    """A cache that keeps it would go on with what was taken back."""
    cdn.world.write("a.txt", PAGE)
    cdn.world.poll()
    cdn.publish()
    cdn.round()
    cdn.round()
    cdn.server.requests.clear()
    (line,) = cdn.world.store.releases.list(states=("public",))
    cdn.world.act(Withdraw(line.id))
    syndicate(cdn.world.store, cdn.world.plan, now=NOW + MINUTE)  # as `releases withdraw` does
    cdn.round(2 * MINUTE)
    told = {address.removeprefix(SITE.base_url) for address in cdn.addresses()}
    assert {"all.atom", "all.html", "index.html", f"releases/{line.id}.html"} <= told


def test_a_failure_is_told_and_tried_again_with_all_that_came_meanwhile(cdn: Cdn) -> None:
    cdn.round()
    cdn.server.answers("/purge", Reply(503))
    cdn.world.write("a.txt", PAGE)
    cdn.world.poll()
    before = cdn.publish()
    for minutes in range(0, 12, 2):
        cdn.round(minutes * MINUTE)
    failed = [event for event in cdn.told if isinstance(event, Undelivered)]
    assert failed[0].reason == "answered 503"
    assert failed[0].again
    assert 3 <= len(failed) < 6
    (alarm,) = cdn.world.store.alarms.list()
    assert alarm.text == "the CDN is not told of what changes: answered 503"
    cdn.server.answers("/purge", Reply(204))
    cdn.server.requests.clear()
    cdn.world.write("b.txt", PAGE.replace("Notaufnahme", "Ambulanz"))
    cdn.world.poll(NOW + 20 * MINUTE)
    after = cdn.publish(20 * MINUTE)
    cdn.round(60 * MINUTE)
    assert {f"{SITE.base_url}{path}" for path in {*before, *after}} <= {*cdn.addresses()}
    assert cdn.world.store.alarms.list() == ()


def test_what_changes_while_it_is_told_is_told_again(cdn: Cdn) -> None:
    cdn.round()
    cdn.world.write("a.txt", PAGE)
    cdn.world.poll()
    cdn.publish()
    (errand,) = cdn.purges.due(cdn.world.plan, NOW)
    outcome = errand.act()
    cdn.world.write("b.txt", PAGE.replace("Notaufnahme", "Ambulanz"))
    cdn.world.poll()
    cdn.publish()
    with cdn.world.store.transaction():
        assert cdn.purges.record([outcome], NOW)
    cdn.server.requests.clear()
    cdn.round()
    assert {f"{SITE.base_url}{name}" for name in ("all.atom", "index.html")} <= {*cdn.addresses()}


def test_a_command_gets_them_a_line_each(cdn: Cdn, tmp_path: Path) -> None:
    script = tmp_path / "purge it.py"
    script.write_text(f"import sys; open({str(tmp_path / 'told')!r}, 'w').write(sys.stdin.read())", "utf-8")
    cdn.configure(f"{sys.executable} '{script}'")
    cdn.round()
    cdn.world.write("a.txt", PAGE)
    cdn.world.poll()
    paths = cdn.publish()
    cdn.round()
    assert {*(tmp_path / "told").read_text("utf-8").splitlines()} == {
        SITE.base_url,
        *(f"{SITE.base_url}{path}" for path in paths),
    }


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("-c 'import sys; sys.exit(3)'", "the command ended with status 3"),
        ("-c 'import time; time.sleep(60)'", "the command took longer than 0 seconds"),
    ],
)
def test_a_command_that_fails_is_told(cdn: Cdn, code: str, reason: str) -> None:
    cdn.configure(f"{sys.executable} {code}")
    cdn.world.write("a.txt", PAGE)
    cdn.world.poll()
    cdn.publish()
    with patch("syndicate.app.purges._DEADLINE", 0.4 if "sleep" in code else 30):
        cdn.round()
    assert [event.reason for event in cdn.told if isinstance(event, Undelivered)] == [reason]


def test_a_command_that_is_not_there_is_told(cdn: Cdn) -> None:
    cdn.configure("/nowhere/purge --all")
    cdn.publish()
    cdn.round()
    assert [event.reason for event in cdn.told if isinstance(event, Undelivered)] == [
        "the command cannot be run: No such file or directory"
    ]


@pytest.mark.parametrize("purge", ["ftp://cdn.example.org/", "https://geheim@", "'unended"])
def test_what_cannot_be_used_is_refused_and_not_shown(tmp_path: Path, purge: str) -> None:
    with pytest.raises(ConfigError, match=r"publish\.purge: … is not an (?:absolute )?address") as raised:
        read(f'[publish]\npurge = "{purge}"\n', tmp_path / "config.toml")
    assert purge not in str(raised.value)


def test_an_address_may_stand_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PURGE", "https://key:secret@cdn.example.org/purge")
    plan = read('[publish]\npurge = "env:PURGE"\n', tmp_path / "config.toml")
    assert plan.publish.purge == "https://key:secret@cdn.example.org/purge"
    assert "secret" not in repr(plan.publish)


def test_the_daemon_tells_it(cdn: Cdn, tmp_path: Path) -> None:
    """By the threads that carry errands."""

    (tmp_path / "releases").mkdir(exist_ok=True)
    plan = replace(cdn.world.plan, store=f"sqlite:///{tmp_path}/s.db")
    with App(plan) as app:
        deliveries = Deliveries(app)
        deliveries.start()
        try:
            cdn.world.write("a.txt", PAGE)
            cdn.world.poll()
            app.publish()
            until(lambda: any("/releases/" in address for address in cdn.addresses()))
        finally:
            assert deliveries.stop(10)
