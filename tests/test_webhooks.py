"""Signed webhooks: each event once, in its order, to each hook that wants it; whatever a receiver does."""

import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import pytest

from servers import Reply, Request, Server
from syndicate.app import state_of
from syndicate.client import Client, Limits
from syndicate.model import Delivered, Event, Plan, Topic, Undelivered, Webhook
from syndicate.pipeline import Edit, Lift, Restore, Withdraw
from syndicate.webhooks import Notices
from worlds import NOW, World

SECRET = "ein langes Geheimnis"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TEXT = "---\ntitle: {}\ntopic: {}\n{}---\nÜber die Talle führt wieder eine Brücke aus Stein, bei {}.\n"


class Hooks:
    """A world, and what carries its events; `rounds` are looks of one kind of errand, without threads."""

    def __init__(self, world: World, server: Server) -> None:
        self.world, self.server = world, server
        self.client = Client(Limits("syndicate/test", 5, 10_000))
        self.told = list[Event]()
        self.notices = Notices(world.store, lambda: self.client, self.told.append)

    def configure(self, *paths: str, **fields: Any) -> None:
        defaults: dict[str, Any] = {"secret": SECRET, "allow_private": True}
        hooks = tuple(Webhook(url=self.server.answers(path, Reply(204)), **(defaults | fields)) for path in paths)
        self.world.plan = replace(self.world.plan, webhooks=hooks)
        self.round(NOW)

    def restart(self) -> None:
        self.notices = Notices(self.world.store, lambda: self.client, self.told.append)

    def round(self, now: datetime) -> int:
        """One look, and what came of it."""
        outcomes = [errand.act() for errand in self.notices.due(self.world.plan, now)]
        with self.world.store.transaction():
            self.notices.record(outcomes, now)
        return len(outcomes)

    def rounds(self, now: datetime) -> None:
        while self.round(now):
            pass

    def requests(self, path: str = "/hook") -> list[Request]:
        return [request for request in self.server.requests if request.path == path]

    def events(self, path: str = "/hook") -> list[Any]:
        return [json.loads(request.body) for request in self.requests(path)]


@pytest.fixture
def hooks(tmp_path: Path) -> Iterator[Hooks]:
    world = World(tmp_path, topics=(Topic("bau", "Bau", kickers=("Bau",)), Topic("wald", "Wald", kickers=("Wald",))))
    with Server() as server:
        found = Hooks(world, server)
        yield found
        found.client.close()
    world.close()


def release(hooks: Hooks, title: str, topic: str = "Bau", head: str = "", now: datetime = NOW) -> str:
    """One more, published. Its id."""
    hooks.world.write(f"{title}.md", TEXT.format(title, topic, head, title))
    (change,) = hooks.world.poll(now).changes
    hooks.world.publish(now)
    return change.release.id


def test_what_is_sent_and_how_it_is_signed(hooks: Hooks) -> None:
    hooks.configure("/hook")
    identifier = release(hooks, "Neue Brücke")
    before = datetime.now(UTC).timestamp()
    hooks.rounds(NOW)
    (request,) = hooks.requests()
    told = json.loads(request.body)
    page = f"https://presse.talland.example/releases/{identifier}.html"
    known = {name: told[name] for name in ("event", "at", "topics", "revision", "url")}
    assert known == {
        "event": "published",
        "at": "2026-06-01T14:00:00+02:00",
        "topics": ["bau"],
        "revision": 1,
        "url": page,
    }
    assert (told["release"]["id"], told["release"]["title"]) == (identifier, "Neue Brücke")
    assert "Brücke aus Stein" in told["release"]["text"]
    assert (request.method, request.headers["Content-Type"]) == ("POST", "application/json")
    assert request.headers["X-Syndicate-Id"] == told["id"]
    assert (request.headers["X-Syndicate-Event"], request.headers["X-Syndicate-Version"]) == ("published", "1")
    moment, digest = request.headers["X-Syndicate-Signature"].split(",")
    seconds = int(moment.removeprefix("t="))
    assert before - 1 <= seconds <= datetime.now(UTC).timestamp()
    expected = hmac.new(SECRET.encode(), f"{seconds}.".encode() + request.body, sha256).hexdigest()
    assert digest == f"sha256={expected}"
    assert [event for event in hooks.told if isinstance(event, Delivered)] == [
        Delivered(what="webhook", of="published")
    ]


def test_a_life_in_events_without_words_where_it_ends(hooks: Hooks) -> None:
    hooks.configure("/hook")
    identifier = release(hooks, "Neue Brücke")
    for n, act in enumerate((Edit(identifier, {"title": "Andere Brücke"}), Withdraw(identifier, "Ein Fehler."))):
        hooks.world.act(act, NOW + (n + 1) * HOUR)
        hooks.world.publish(NOW + (n + 1) * HOUR)
        hooks.rounds(NOW + (n + 1) * HOUR)
    hooks.world.act(Restore(identifier), NOW + 3 * HOUR)
    hooks.world.publish(NOW + 3 * HOUR)
    hooks.rounds(NOW + 3 * HOUR)
    assert [told["event"] for told in hooks.events()] == ["published", "corrected", "withdrawn", "published"]
    assert len({told["id"] for told in hooks.events()}) == 4
    gone = hooks.events()[2]
    assert (gone["release"]["state"], gone["release"]["reason"]) == ("withdrawn", "Ein Fehler.")
    assert gone["release"].keys() >= hooks.events()[0]["release"].keys()
    assert "Brücke" not in json.dumps(gone, ensure_ascii=False)
    assert gone["url"] == hooks.events()[0]["url"]


def test_what_is_told_late_has_no_words_of_what_was_withdrawn_since(hooks: Hooks) -> None:
    hooks.configure("/hook")
    hooks.server.answers("/hook", Reply(500), Reply(204))
    identifier = release(hooks, "Neue Brücke")
    hooks.round(NOW)
    hooks.world.act(Withdraw(identifier), NOW + MINUTE)
    hooks.world.publish(NOW + MINUTE)
    hooks.rounds(NOW + HOUR)
    tries = hooks.events()
    assert [told["event"] for told in tries] == ["published", "published", "withdrawn"]
    assert tries[0]["id"] == tries[1]["id"]  # a receiver knows the second try again
    assert "Brücke" not in json.dumps(tries[1:], ensure_ascii=False)


@pytest.mark.parametrize("content", ["full", "teaser"])
def test_what_corrects_a_withdrawn_one_has_no_word_of_it(hooks: Hooks, content: Literal["full", "teaser"]) -> None:
    hooks.world.plan = replace(hooks.world.plan, sources=(replace(hooks.world.source, content=content),))
    hooks.configure("/hook")
    earlier = release(hooks, "Zwölf Zitronenfalter")
    later = release(hooks, "Neuer Steg", head="corrects: Zwölf Zitronenfalter\n")
    hooks.rounds(NOW)
    assert hooks.events()[-1]["release"]["corrects"] == "Zwölf Zitronenfalter"
    hooks.world.act(Withdraw(earlier), NOW + HOUR)
    hooks.world.act(Edit(later, {"teaser": "Er steht."}), NOW + HOUR)
    hooks.world.publish(NOW + HOUR)
    hooks.rounds(NOW + HOUR)
    told = {each["event"]: each for each in hooks.events()[2:]}
    assert told.keys() == {"withdrawn", "corrected"}
    assert told["corrected"]["release"]["title"] == "Neuer Steg"
    assert "Zitronenfalter" not in json.dumps([*told.values()], ensure_ascii=False)


def test_nothing_is_told_of_what_is_held_until_its_end(hooks: Hooks) -> None:
    hooks.configure("/hook")
    held = release(hooks, "Geheime Brücke", head="embargo: 2026-06-02T10:00:00+02:00\n")
    hooks.rounds(NOW)
    assert hooks.events() == []
    hooks.world.act(Lift(held), NOW + HOUR)
    hooks.world.publish(NOW + HOUR)
    hooks.rounds(NOW + HOUR)
    assert [(told["event"], told["release"]["id"]) for told in hooks.events()] == [("lifted", held)]


def test_of_some_sources_the_teaser_alone(hooks: Hooks) -> None:
    hooks.world.plan = replace(hooks.world.plan, sources=(replace(hooks.world.source, content="teaser"),))
    hooks.configure("/hook")
    release(hooks, "Neue Brücke", head="teaser: Sie steht.\n")
    hooks.rounds(NOW)
    (told,) = hooks.events()
    assert (told["release"]["title"], told["release"]["teaser"]) == ("Neue Brücke", "Sie steht.")
    assert "Stein" not in json.dumps(told)


def test_topics_and_events_that_a_hook_wants(hooks: Hooks) -> None:
    hooks.configure("/hook")
    (one,) = hooks.world.plan.webhooks
    other = replace(one, url=hooks.server.answers("/wald", Reply(204)), topics=("wald",), events=("withdrawn",))
    hooks.world.plan = replace(hooks.world.plan, webhooks=(one, other))
    hooks.round(NOW)
    ids = [release(hooks, "Brücke", "Bau"), release(hooks, "Eiche", "Wald", now=NOW + MINUTE)]
    for n, identifier in enumerate(ids):
        hooks.world.act(Withdraw(identifier), NOW + (n + 1) * HOUR)
        hooks.world.publish(NOW + (n + 1) * HOUR)
    hooks.rounds(NOW + DAY)
    assert [(told["event"], told["release"]["id"]) for told in hooks.events("/wald")] == [("withdrawn", ids[1])]
    assert len(hooks.events()) == 4


def test_a_new_hook_hears_nothing_of_the_past_and_one_that_went_is_forgotten(hooks: Hooks) -> None:
    release(hooks, "Alt")
    hooks.configure("/hook")
    release(hooks, "Neu", now=NOW + MINUTE)
    hooks.configure("/other")  # /hook is gone, with what it had to hear
    hooks.configure("/hook", "/other")
    hooks.rounds(NOW + HOUR)
    release(hooks, "Neuer", now=NOW + 2 * HOUR)
    hooks.rounds(NOW + 2 * HOUR)
    for path in ("/hook", "/other"):
        assert [told["release"]["title"] for told in hooks.events(path)] == ["Neuer"]


def test_each_event_is_there_after_a_kill_between_any_two_steps(hooks: Hooks) -> None:
    hooks.configure("/hook")
    ids = [release(hooks, f"Nr. {n}", now=NOW + n * MINUTE) for n in range(3)]
    hooks.restart()  # before anything was looked at
    errands = hooks.notices.due(hooks.world.plan, NOW + HOUR)
    next(errands).act()  # it was taken, and nobody has noted that
    hooks.restart()
    hooks.rounds(NOW + HOUR)
    told = hooks.events()
    assert [each["release"]["id"] for each in told] == [ids[0], *ids]
    assert told[0]["id"] == told[1]["id"]
    hooks.restart()
    hooks.rounds(NOW + DAY)
    assert len(hooks.events()) == 4


def test_who_refuses_is_asked_again_later_and_later_and_holds_up_no_other(hooks: Hooks) -> None:
    hooks.configure("/hook", "/other")
    hooks.server.answers("/hook", Reply(503, b"x" * 100_000))
    release(hooks, "Eins")
    release(hooks, "Zwei", now=NOW + MINUTE)
    hooks.rounds(NOW + MINUTE)
    assert (len(hooks.events()), len(hooks.events("/other"))) == (1, 2)
    pauses, now = [], NOW + MINUTE
    while not hooks.world.store.alarms.list():
        later = hooks.world.store.webhooks.next()
        assert later
        assert hooks.round(later - timedelta(seconds=1)) == 0
        pauses.append(later - now)
        now = later
        hooks.round(now)
        assert hooks.notices.due(hooks.world.plan, now) is not None
    assert [pause / MINUTE for pause in pauses] == [*(2**n for n in range(11)), 24 * 60]
    (alarm,) = hooks.world.store.alarms.list()
    assert alarm.kind == "webhook"
    assert "answered 503" in alarm.text
    assert "/hook" not in alarm.text  # an address may be a secret
    first = next(event for event in hooks.told if isinstance(event, Undelivered))
    assert (first.host, first.reason, first.again) == (
        f"127.0.0.1:{hooks.server.port}",
        "answered 503",
        NOW + 2 * MINUTE,
    )
    hooks.server.answers("/hook", Reply(200))
    hooks.rounds(now + 2 * DAY)
    assert hooks.world.store.alarms.list() == ()
    assert [told["release"]["title"] for told in hooks.events()[-2:]] == ["Eins", "Zwei"]


def test_what_nobody_takes_for_three_days_is_given_up(hooks: Hooks) -> None:
    hooks.configure("/hook")
    hooks.server.answers("/hook", Reply(500))
    release(hooks, "Alt")
    hooks.round(NOW + 4 * DAY)  # the daemon was away
    assert hooks.world.store.webhooks.list()[0].lost == 1
    release(hooks, "Neu", now=NOW + 5 * DAY)
    hooks.server.answers("/hook", Reply(204))
    hooks.rounds(NOW + 6 * DAY)
    assert [told["release"]["title"] for told in hooks.events()] == ["Alt", "Neu"]
    assert hooks.world.store.alarms.list() == ()


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (Reply(302, headers={"Location": "http://127.0.0.1:1/"}), "answered 302"),
        (Reply(307, headers={"Location": "/other"}), "answered 307"),
        (Reply(raw=b"what?\r\n\r\n"), ""),
        (Reply(raw=b""), ""),
        (Reply(410), "answered 410"),
    ],
)
def test_hostile_receivers(hooks: Hooks, reply: Reply, fault: str) -> None:
    hooks.configure("/hook", "/other")
    hooks.server.answers("/hook", reply)
    release(hooks, "Neu")
    hooks.rounds(NOW)
    (told,) = [event for event in hooks.told if isinstance(event, Undelivered)]
    assert told.reason == fault or (not fault and told.reason)
    assert len(hooks.requests()) == 1
    assert len(hooks.requests("/other")) == 1  # nobody followed


def test_a_private_address_takes_leave(hooks: Hooks) -> None:
    hooks.configure("/hook", allow_private=False)
    release(hooks, "Neu")
    hooks.rounds(NOW)
    assert hooks.requests() == []
    assert [event for event in hooks.told if isinstance(event, Undelivered)]


@pytest.mark.sqlite
def test_what_a_look_costs(hooks: Hooks) -> None:
    def statements() -> int:
        found = list[str]()
        connection = hooks.world.store._connection.db.conn  # what the store asks is counted where it is asked
        connection.set_trace_callback(found.append)
        list(hooks.notices.due(hooks.world.plan, NOW))
        connection.set_trace_callback(None)
        return len(found)

    hooks.round(NOW)
    assert statements() == 0
    hooks.configure("/hook", "/other")
    assert statements() <= 3


@pytest.mark.sqlite
def test_nothing_that_grows_is_read_through(hooks: Hooks) -> None:
    found = list[str]()
    connection = hooks.world.store._connection.db.conn
    hooks.configure("/hook")
    release(hooks, "Neu")
    connection.set_trace_callback(found.append)
    hooks.rounds(NOW)
    connection.set_trace_callback(None)
    said = [sql for sql in found if "notification" in sql or "happened" in sql]
    assert len(said) >= 4
    plans = [row[3] for sql in said for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert [plan for plan in plans if plan.startswith(("SCAN notification", "SCAN happened", "SCAN first"))] == []


def test_status_says_what_is_not_taken(hooks: Hooks) -> None:
    hooks.configure("/hook")
    hooks.server.answers("/hook", Reply(500))
    release(hooks, "Neu")
    hooks.rounds(NOW)
    (line,) = [line for line in state_of(planned(hooks), NOW).noted if line.startswith("webhook")]
    assert line == (
        f"webhook 127.0.0.1:{hooks.server.port} takes nothing since 2026-06-01 14:00: answered 500;"
        " tried again at 2026-06-01 14:01"
    )


def planned(hooks: Hooks) -> Plan:
    return replace(hooks.world.plan, store=hooks.world.url)
