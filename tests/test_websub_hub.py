"""The hub as subscribers meet it: a real server, real deliveries, a subscriber that shares nothing with it.

The checks of the W3C suite (websub.rocks, Hub 100 to 106) stand here by their numbers.
"""

import http.client
import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import feedparser
import pytest

from syndicate.app import App
from syndicate.config import load
from syndicate.model import LiftDue, Poll
from syndicate.schedule import Deliveries
from syndicate.serve import Server, create_app, routes_of
from waiting import until
from websub_subscriber import Manner, Subscriber, ask, subscription

CONFIG = """
[site]
base_url = "http://127.0.0.1:{port}/"
tag = "presse.talland.example,2026"
[serve]
hub_allow_private = {private}
[[topic]]
title = "Wald"
aliases = ["forst"]
[[topic]]
title = "Schule"
[[source]]
id = "amt"
path = "releases"
"""


class House:
    """A program, its server and its deliveries; `tell` writes a release and publishes it."""

    def __init__(self, root: Path, private: str = "true") -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        (root / "releases").mkdir()
        (root / "config.toml").write_text(CONFIG.format(port=port, private=private), encoding="utf-8")
        self.root = root
        self.app = App(load(root / "config.toml"))
        self.app.prepare()
        self.base = self.app.plan.site.base_url
        self.hub = f"{self.base}hub"
        plan = self.app.plan
        pages = create_app(
            plan.publish.directory, moved=self.app.moved, routes=routes_of(self.app), hub=lambda: plan.hub
        )
        self.server = Server(pages, "127.0.0.1", port)
        self.deliveries = Deliveries(self.app)
        self._written = 0

    def tell(self, title: str, topic: str = "Wald", name: str = "", **more: str) -> None:
        fields = "".join(f"{key}: {value}\n" for key, value in more.items())
        self._written += 1
        path = self.root / "releases" / f"{name or self._written}.md"
        path.write_text(f"---\ntitle: {title}\ntopic: {topic}\n{fields}---\n{title}, sagt das Amt.\n", encoding="utf-8")
        os.utime(path, (1_700_000_000, 1_700_000_000 + self._written))
        self.app.run(Poll(None, ("amt",), "each"))
        self.app.run(LiftDue())
        self.app.publish()

    def subscribed(self, hook: str, topic: str = "wald.atom", **more: str) -> None:
        """Ask, and wait until it is so."""
        before = self.subscriptions()
        status, text = ask(self.hub, subscription(self.base + topic, hook, **more))
        assert status == 202, text
        until(lambda: self.subscriptions() != before, "nothing was verified")

    def subscriptions(self) -> list[tuple[str, str, str]]:
        return [(each.document, each.callback, str(each.expires)) for each in self.app.store.subscriptions.list()]

    def waiting(self) -> int:
        return self.app.store.subscriptions.waiting("127.0.0.1")

    def quiet(self) -> None:
        """All has been brought that is due now."""
        store = self.app.store
        until(lambda: not store.subscriptions.behind() and not store.subscriptions.pending(self.app.clock()))

    @contextmanager
    def open(self) -> Iterator[None]:
        self.tell("Das Land pflanzt Eichen")
        self.tell("Neue Schule in Hohenried", "Schule")
        self.server.start()
        self.deliveries.start()
        try:
            yield
        finally:
            self.server.stop(1)
            assert self.deliveries.stop(10)
            self.app.__exit__()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    with made.open():
        yield made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """For what changes nothing, or is the only one with its hooks."""
    made = House(tmp_path_factory.mktemp("hub"))
    with made.open():
        made.tell("Noch nicht", "Geheim", sperrfrist="2126-01-01T00:00:00+01:00")
        yield made


@pytest.fixture
def reader() -> Iterator[Subscriber]:
    with Subscriber() as running:
        yield running


def titles(body: bytes) -> list[str]:
    return [entry.title for entry in feedparser.parse(body).entries]


# --- the W3C suite ----------------------------------------------------------------------------------------------------


def test_hub_100_a_typical_request(house: House, reader: Subscriber) -> None:
    """Mode, topic and callback alone; what is delivered is not signed, and says where it is from."""
    hook = reader.hook("100")
    house.subscribed(hook)
    (question,) = reader.questions(hook)
    asked = dict(question.query)
    assert len(asked.pop("hub.challenge")) == 64
    assert asked == {"hub.mode": "subscribe", "hub.topic": f"{house.base}wald.atom", "hub.lease_seconds": "864000"}
    assert question.headers["User-Agent"].startswith("syndicate/")
    house.tell("Buchen für den Bergwald")
    until(lambda: reader.pushes(hook))
    house.quiet()
    (push,) = reader.pushes(hook)
    assert push.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert push.headers["Link"] == f'<{house.hub}>; rel="hub", <{house.base}wald.atom>; rel="self"'
    assert push.headers["X-Hub-Signature"] is None
    assert titles(push.body)[0] == "Buchen für den Bergwald"


def test_hub_101_a_secret(house: House, reader: Subscriber) -> None:
    hook = reader.hook("101")
    house.subscribed(hook, secret="geheim ü")
    house.tell("Buchen für den Bergwald")
    until(lambda: reader.pushes(hook))
    assert reader.pushes(hook)[0].signed("geheim ü")


def test_hub_102_additional_parameters(house: House, reader: Subscriber) -> None:
    hook = reader.hook("102")
    house.subscribed(hook, foo="hub.bar", verify="async", verify_token="t&k")
    assert reader.questions(hook)[0].query["hub.verify_token"] == "t&k"
    house.tell("Buchen für den Bergwald")
    until(lambda: reader.pushes(hook))


def test_hub_103_a_renewal_before_the_end(house: House, reader: Subscriber) -> None:
    """It updates what there is, and keeps secret and subscription until it is verified."""
    manner = Manner(asked=threading.Event())
    hook = reader.hook("103", manner)
    manner.asked.set()  # type: ignore[union-attr]
    house.subscribed(hook, secret="eins", lease_seconds="3600")
    manner.asked.clear()  # type: ignore[union-attr]
    ask(house.hub, subscription(f"{house.base}wald.atom", hook, secret="zwei", lease_seconds="7200"))
    until(lambda: len(reader.questions(hook)) == 2)
    house.tell("Buchen für den Bergwald")
    until(lambda: reader.pushes(hook))
    assert reader.pushes(hook)[0].signed("eins")
    before = house.subscriptions()
    manner.asked.set()  # type: ignore[union-attr]
    until(lambda: house.subscriptions() != before)
    assert len(house.subscriptions()) == 1
    house.tell("Linden für die Stadt")
    until(lambda: len(reader.pushes(hook)) == 2)
    assert reader.pushes(hook)[1].signed("zwei")


def test_hub_104_an_unsubscription(house: House, reader: Subscriber) -> None:
    hook, other = reader.hook("104"), reader.hook("other")
    house.subscribed(hook)
    house.subscribed(other)
    house.subscribed(hook, mode="unsubscribe")
    assert [got.query["hub.mode"] for got in reader.questions(hook)] == ["subscribe", "unsubscribe"]
    house.tell("Buchen für den Bergwald")
    until(lambda: reader.pushes(other))
    house.quiet()
    assert reader.pushes(hook) == []


def test_hub_105_a_topic_in_another_format(house: House, reader: Subscriber) -> None:
    """The suite has plain text, which we do not publish; it is about the media type and the bytes of the topic."""
    hook = reader.hook("105")
    house.subscribed(hook, "wald.rss")
    house.tell("Buchen für den Bergwald")
    until(lambda: reader.pushes(hook))
    (push,) = reader.pushes(hook)
    assert push.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert titles(push.body)[0] == "Buchen für den Bergwald"


def test_hub_106_a_topic_in_json(house: House, reader: Subscriber) -> None:
    hook = reader.hook("106")
    house.subscribed(hook, "all.json")
    house.tell("Buchen für den Bergwald", "Schule")
    until(lambda: reader.pushes(hook))
    (push,) = reader.pushes(hook)
    assert push.headers["Content-Type"] == "application/feed+json"
    feed = json.loads(push.body)
    assert feed["hubs"] == [{"type": "WebSub", "url": house.hub}]
    assert feed["items"][0]["title"] == "Buchen für den Bergwald"
    assert push.headers["Link"].endswith(f'<{feed["feed_url"]}>; rel="self"')


# --- who may not ----------------------------------------------------------------------------------------------------


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("topic", "status"),
    [
        ("wald.atom", 202),
        ("forst.atom", 202),  # an earlier id of it
        ("all.rss", 202),
        ("nichts.atom", 404),
        ("wald.html", 404),
        ("wald", 404),
        ("", 404),
        ("topics.opml", 404),
        ("wald/1.atom", 404),
        ("wald.atom?x=1", 404),
        ("wald.atom#x", 404),
        ("wald%2eatom", 404),
        ("../wald.atom", 404),
        ("./wald.atom", 404),
        ("n/x/wald.atom", 404),
        ("geheim.atom", 404),  # a topic that only a held release makes
    ],
)
def test_topics_are_published_heads(shared: House, reader: Subscriber, topic: str, status: int) -> None:
    hook = reader.hook("x", Manner(echo=""))
    assert ask(shared.hub, subscription(shared.base + topic, hook))[0] == status
    assert ask(shared.hub, subscription(f"https://other.example/{topic}", hook))[0] == 404
    until(lambda: not shared.waiting())


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"hub.mode=subscribe", 400),
        (b"hub.mode=subscribe&hub.topic=%00&hub.callback=http://x.example/", 400),
        (b"hub.mode=subscribe&hub.topic=%ff&hub.callback=http://x.example/", 400),
        (b"hub.mode=subscribe&hub.mode=subscribe&hub.topic=x&hub.callback=http://x.example/", 400),
        (b"x" * 20_000, 413),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_reason(shared: House, body: bytes, status: int) -> None:
    found, text = ask(shared.hub, body)
    assert (found, bool(text.strip())) == (status, True)
    assert not shared.waiting()


@pytest.mark.sqlite
def test_a_query_another_type_and_another_method_are_refused(shared: House, reader: Subscriber) -> None:
    house = shared
    good = subscription(f"{house.base}wald.atom", reader.hook("x"))
    assert ask(f"{house.hub}?hub.mode=subscribe", good)[0] == 400
    assert ask(house.hub, good, **{"Content-Type": "application/json"})[0] == 400
    with closing(http.client.HTTPConnection("127.0.0.1", house.server.port)) as connection:
        connection.request("PUT", "/hub")
        assert connection.getresponse().status == 405


@pytest.mark.sqlite
def test_people_see_what_it_is(shared: House) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", shared.server.port)) as connection:
        connection.request("GET", "/hub")
        answer = connection.getresponse()
        text = answer.read().decode()
    assert (answer.status, "WebSub" in text) == (200, True)
    assert "default-src 'none'" in (answer.headers["Content-Security-Policy"] or "")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "manner",
    [
        Manner(echo="another challenge"),
        Manner(echo=""),
        Manner(echo="{challenge}\n"),
        Manner(echo="{challenge}{challenge}"),
        Manner(question=404),
        Manner(question=403),
        Manner(question=302, headers={"Location": "/good"}),
    ],
    ids=["another", "none", "with more", "twice", "404", "403", "redirect"],
)
def test_who_does_not_mean_it_is_not_subscribed(shared: House, reader: Subscriber, manner: Manner) -> None:
    good, hook = reader.hook("good"), reader.hook("x", manner)
    assert ask(shared.hub, subscription(f"{shared.base}wald.atom", hook))[0] == 202
    until(lambda: reader.questions(hook))
    until(lambda: not shared.waiting())
    assert (shared.subscriptions(), reader.questions(good)) == ([], [])


def test_one_question_at_a_time_for_a_host_and_ten_of_one_client_wait(house: House, reader: Subscriber) -> None:
    go = threading.Event()
    hooks = [reader.hook(f"h{n}", Manner(asked=go)) for n in range(11)]
    answers = [ask(house.hub, subscription(f"{house.base}wald.atom", hook))[0] for hook in hooks]
    assert answers == [202] * 10 + [429]
    go.set()
    until(lambda: len(house.subscriptions()) == 10)
    assert reader.busiest == 1


def test_callbacks_on_private_addresses_take_leave(tmp_path: Path, reader: Subscriber) -> None:
    house, hook = House(tmp_path, private="false"), reader.hook("x")
    with house.open():
        assert ask(house.hub, subscription(f"{house.base}wald.atom", hook))[0] == 202
        store = house.app.store.subscriptions
        until(lambda: not store.pending(house.app.clock()))
        assert (house.subscriptions(), reader.got) == ([], [])


# --- pushes -----------------------------------------------------------------------------------------------------------


def test_what_fails_is_tried_again_later_and_410_ends_it(house: House, reader: Subscriber) -> None:
    failing, gone, moved = (
        reader.hook("500", Manner(push=[500])),
        reader.hook("410", Manner(push=[410])),
        reader.hook("302", Manner(push=[302])),
    )
    for hook in (failing, gone, moved):
        house.subscribed(hook)
    house.tell("Buchen für den Bergwald")
    store = house.app.store.subscriptions
    until(lambda: all(each.failures for each in store.list()) and len(store.list()) == 2)
    told = {each.callback: each.reason for each in store.list()}
    assert told == {failing: "answered 500", moved: "answered 302"}
    assert all(each.retry and each.retry > house.app.clock() for each in store.list())


def test_who_does_not_answer_delays_nobody(house: House, reader: Subscriber) -> None:
    never = threading.Event()
    slow = [reader.hook(f"slow{n}", Manner(waits=never)) for n in range(20)]
    quick = [reader.hook(f"quick{n}") for n in range(3)]
    for hook in (*slow, *quick):
        house.subscribed(hook)
    house.tell("Buchen für den Bergwald")
    until(lambda: all(reader.pushes(hook) for hook in quick))
    house.tell("Linden für die Stadt")
    until(lambda: all(len(reader.pushes(hook)) == 2 for hook in quick))
    assert all(len(reader.pushes(hook)) <= 1 for hook in slow)
    never.set()
    house.quiet()


def test_an_end_does_not_wait_for_who_does_not_answer_and_notes_no_failure(tmp_path: Path, reader: Subscriber) -> None:
    house, hook = House(tmp_path), reader.hook("slow", Manner(waits=threading.Event()))
    with house.open():
        house.subscribed(hook)
        house.tell("Buchen für den Bergwald")
        until(lambda: reader.pushes(hook))
    with App(load(tmp_path / "config.toml")) as again:
        (left,) = again.store.subscriptions.list()
        assert (left.failures, left.last, len(again.store.subscriptions.behind())) == (0, None, 1)


def test_a_push_names_the_address_that_was_subscribed_to(house: House, reader: Subscriber) -> None:
    hook = reader.hook("forst")
    house.subscribed(hook, "forst.atom")  # an earlier id of it
    house.tell("Buchen für den Bergwald")
    until(lambda: reader.pushes(hook))
    assert reader.pushes(hook)[0].headers["Link"].endswith(f'<{house.base}forst.atom>; rel="self"')


def test_a_push_comes_after_the_publish_that_shows_it(house: House, reader: Subscriber) -> None:
    hook = reader.hook("x")
    house.subscribed(hook, "all.atom")
    house.tell("Noch nicht", sperrfrist="2126-01-01T00:00:00+01:00")
    house.tell("Buchen für den Bergwald")
    until(lambda: reader.pushes(hook))
    house.quiet()
    assert [b"Noch nicht" in push.body for push in reader.pushes(hook)] == [False]


def test_a_new_release_elsewhere_is_no_push(house: House, reader: Subscriber) -> None:
    hook, other = reader.hook("wald"), reader.hook("schule")
    house.subscribed(hook, "wald.atom")
    house.subscribed(other, "schule.atom")
    house.tell("Werkstattpreis vergeben", "Schule")
    until(lambda: reader.pushes(other))
    house.quiet()
    assert reader.pushes(hook) == []


def test_the_loss_of_a_process_loses_no_push(tmp_path: Path, reader: Subscriber) -> None:
    """What is published while nothing is brought is due at the next start."""
    house = House(tmp_path)
    hook = reader.hook("x")
    with house.open():
        house.subscribed(hook)
    with App(load(tmp_path / "config.toml")) as again:
        (tmp_path / "releases" / "neu.md").write_text("---\ntitle: Buchen\ntopic: Wald\n---\nText.\n", encoding="utf-8")
        again.run(Poll(None, ("amt",), "each"))
        again.publish()
    assert reader.pushes(hook) == []
    with App(load(tmp_path / "config.toml")) as third:
        Deliveries(third).once(30)
        assert third.store.subscriptions.behind() == ()
    assert [titles(push.body)[0] for push in reader.pushes(hook)] == ["Buchen"]
