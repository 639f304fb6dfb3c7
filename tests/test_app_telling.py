"""A person is told when something comes to need one, and when nothing does: once, by mail and to webhooks."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from servers import Reply, Server
from smtp_server import SmtpServer
from syndicate.app import App, Telling
from syndicate.config import read
from syndicate.model import Alarming, Event, Undelivered, Webhook
from syndicate.pipeline import Withdraw
from syndicate.schedule import Deliveries
from waiting import until
from worlds import NOW, World

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HELD = "---\ntitle: Der Minister geht\ntopic: Bau\nembargo: nach der Rede\n---\nEr geht am Montag.\n"


class Office:
    """A world whose alarms are mailed to a real server; `look` is a round of the errand, at a time of the test's."""

    def __init__(self, world: World, server: SmtpServer) -> None:
        self.world, self.server = world, server
        self.events = list[Event]()
        alarm = Alarming(mail=("amt@talland.example",), sender="syndicate@talland.example", smtp=server.url())
        world.plan = replace(world.plan, alarm=alarm)
        self.start()

    def start(self) -> None:
        self.telling = Telling(self.world.store, lambda: self.world.client, self.events.append)
        self.look(NOW)

    def look(self, now: datetime) -> int:
        """How many mails there are after it."""
        outcomes: list[Any] = [errand.act() for errand in self.telling.due(self.world.plan, now)]
        with self.world.store.transaction():
            self.telling.record(outcomes, now)
        return len(self.server.mail)

    def ring(self, subject: str = "a") -> None:
        self.world.store.alarms.ring("silent", subject, f"{subject} fell silent", NOW)

    def calm(self, subject: str = "a") -> None:
        self.world.store.alarms.end("silent", subject)

    @property
    def last(self) -> tuple[str, str]:
        mail = self.server.mail[-1]
        return mail["Subject"], mail.get_content()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    world = World(tmp_path)
    world.plan = replace(world.plan, sources=tuple(replace(world.source, id=name) for name in ("ordner", "a", "b")))
    for source in world.plan.sources:
        world.poll(source=source)
    world.publish()
    with SmtpServer() as server:
        yield Office(world, server)
    world.close()


def test_a_mail_when_it_turns_and_one_when_it_turns_back(office: Office) -> None:
    assert office.look(NOW + 3 * MINUTE) == 0
    office.ring()
    assert office.look(NOW + 4 * MINUTE) == 1
    subject, text = office.last
    assert subject == "Pressemitteilungen: 1 thing needs you"
    assert "- a fell silent; see whether it still publishes there" in text
    mail = office.server.mail[-1]
    assert (mail["From"], mail["To"]) == ("syndicate@talland.example", "amt@talland.example")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@talland.example>")
    assert office.look(NOW + 2 * HOUR) == 1  # it has not changed
    office.calm()
    assert office.look(NOW + 3 * HOUR) == 2
    assert office.last[0] == "Pressemitteilungen: nothing needs you any more"
    assert office.look(NOW + 3.5 * HOUR) == 2


def test_mails_are_apart(office: Office) -> None:
    office.ring()
    assert office.look(NOW + 3 * MINUTE) == 1
    office.calm()
    assert office.look(NOW + 10 * MINUTE) == 1  # it may come again
    office.ring()
    assert office.look(NOW + 30 * MINUTE) == 1  # as it had been told
    office.ring("b")
    assert office.look(NOW + 40 * MINUTE) == 1
    assert office.look(NOW + 2 * HOUR) == 2  # there is more of it
    subject, text = office.last
    assert subject == "Pressemitteilungen: 2 things need you"
    lines = [line for line in text.splitlines() if line.startswith("- ")]
    assert [line.split()[1] for line in lines] == ["b", "a"]
    assert [line.endswith("(new)") for line in lines] == [True, False]
    office.calm("b")
    assert office.look(NOW + 4 * HOUR) == 2
    office.ring("b")
    assert office.look(NOW + 5 * HOUR) == 3  # what comes again is news


def test_a_mail_of_a_clock_that_was_ahead_keeps_none_from_being_sent(office: Office) -> None:
    """Not for the years until then."""
    later = NOW + timedelta(days=73 * 365)
    office.ring()
    office.look(NOW + MINUTE)
    office.look(later)
    before = office.look(later + HOUR)
    office.start()  # the clock is right again
    office.ring("b")
    assert office.look(NOW + HOUR) > before
    office.ring("c")
    before = office.look(NOW + HOUR + 2 * MINUTE)
    assert office.look(NOW + HOUR + 5 * MINUTE) == before  # and the pause between two is what it was


def test_a_start_tells_nothing_twice(office: Office) -> None:
    office.ring()
    assert office.look(NOW + 3 * MINUTE) == 1
    office.start()
    assert office.look(NOW + 3 * HOUR) == 1


def test_whom_nobody_asked_while_nobody_ran_is_no_need_at_a_start(office: Office) -> None:
    late = NOW + 30 * HOUR
    office.telling = Telling(office.world.store, lambda: office.world.client, office.events.append)
    assert [office.look(late + minutes * MINUTE) for minutes in (0, 1, 14)] == [0, 0, 0]
    assert office.look(late + 16 * MINUTE) == 1
    assert "should have been asked" in office.last[1]


def test_a_mail_that_cannot_be_sent_is_an_alarm_and_tried_again(office: Office) -> None:
    office.server.refuses["MAIL"] = "450 later"
    office.ring()
    now, pauses = NOW + 3 * MINUTE, list[float]()
    for _ in range(8):
        office.look(now)
        told = office.events[-1]
        assert isinstance(told, Undelivered)
        assert told.again
        pauses.append((told.again - now) / MINUTE)
        assert office.look(now + timedelta(seconds=30)) == 0
        now = max(told.again, now + MINUTE)
    assert pauses == [1, 2, 5, 15, 30, 60, 60, 60]
    (ours,) = [alarm for alarm in office.world.store.alarms.list() if alarm.kind == "mail"]
    assert ours.text == "mail cannot be sent: 127.0.0.1: answers 450 later"
    del office.server.refuses["MAIL"]
    assert office.look(now) == 1
    assert "mail cannot" not in office.last[1]
    assert [alarm.kind for alarm in office.world.store.alarms.list()] == ["silent"]


def test_what_is_held_is_named_by_its_id_alone(office: Office) -> None:
    office.world.write("ruecktritt.md", HELD)
    (change,) = office.world.poll().changes
    office.world.write("ruecktritt-zwei.md", "---\nembargo: [\n---\nEr geht.\n")
    office.world.poll()
    assert office.look(NOW + 3 * MINUTE) == 1
    text = office.last[1]
    assert f"- {change.release.id} waits for your word; `syndicate releases lift {change.release.id}`" in text
    assert "source ordner: 1 file or entry refused" in text
    for word in ("Minister", "ruecktritt", "Montag", "geht"):
        assert word not in text
    office.world.act(Withdraw(change.release.id), NOW + HOUR)


def test_webhooks_are_told_of_each_that_comes_and_is_over(office: Office) -> None:
    hook = Webhook(url="https://talland.example/hook", secret="x" * 16)
    deaf = Webhook(url="https://talland.example/deaf", secret="x" * 16, events=("published",))
    office.world.plan = replace(office.world.plan, webhooks=(hook, deaf), alarm=Alarming())
    with office.world.store.transaction():
        office.world.store.webhooks.keep([hook.url, deaf.url], 0)
    office.ring()
    office.look(NOW + 3 * MINUTE)
    office.ring("b")
    office.calm()
    office.look(NOW + 5 * MINUTE)
    office.look(NOW + 7 * MINUTE)
    told = list[Any]()
    while queued := office.world.store.webhooks.due(NOW + HOUR):
        (first,) = queued
        assert (first.url, first.event) == (hook.url, "alarm")
        told.append(json.loads(first.text))
        with office.world.store.transaction():
            office.world.store.webhooks.took(first.url, first.id)
    assert [(each["kind"], each["subject"], each["state"]) for each in told] == [
        ("silent", "a", "needs a person"),
        ("silent", "b", "needs a person"),
        ("silent", "a", "over"),
    ]
    assert told[0]["text"].startswith("a fell silent; ")
    assert office.server.mail == []


def test_where_nobody_is_to_be_told_nothing_is_looked_at(office: Office) -> None:
    office.world.plan = replace(office.world.plan, alarm=Alarming())
    office.ring()
    assert office.look(NOW + HOUR) == 0
    assert office.telling.next() is None
    assert office.world.store.recalled("told") is None


def test_the_threads_that_bring_pushes_bring_it(tmp_path: Path) -> None:
    """To a hook at once, and by mail, when the clock says so."""
    now = [NOW]
    with Server() as server, SmtpServer() as post:
        hook = f'[[webhook]]\nurl = "{server.answers("/hook", Reply(204))}"\nsecret = "0123456789abcdef"\n'
        alarm = f'[alarm]\nmail = ["amt@talland.example"]\nsmtp = "{post.url()}"\n'
        plan = read(f"{hook}allow_private = true\n{alarm}", tmp_path / "config.toml")
        with App(plan, clock=lambda: now[0]) as app:
            app.prepare()
            app.store.alarms.ring("clock", "", "The clock went back", NOW)
            deliveries = Deliveries(app)
            deliveries.start()

            def told_by_now() -> bool:
                now[0] += timedelta(seconds=1)
                return bool(post.mail and server.requests)

            until(told_by_now, "nobody was told")
            assert deliveries.stop(10)
    assert "The clock went back" in post.mail[0].get_content()
    told = json.loads(server.requests[0].body)
    assert (told["event"], told["alarm"]["kind"], told["release"]) == ("alarm", "clock", None)
