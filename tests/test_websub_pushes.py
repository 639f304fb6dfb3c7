"""What is brought to subscribers, and to another hub: step by step, with the clock in the test's hand."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from servers import Reply, Server
from syndicate.client import Client, Limits
from syndicate.errors import StoreError
from syndicate.formats import ATOM, FORMATS
from syndicate.model import Delivered, Document, Errand, Event, Undelivered
from syndicate.pipeline import Edit, prepare
from syndicate.store import Pending, Subscription
from syndicate.validate import faults
from syndicate.websub import Pings, Pushes, Questions, pause
from test_archives import Archives
from test_deltas import FORMS, HOUR, NAMES, STEPS, Read, Step, arrive, read
from test_store_statements import scans
from worlds import NOW, SITE

DAY = timedelta(days=1)


class Post:
    """A world with a hub, and one round of what it has to bring after the other."""

    def __init__(self, root: Path, server: Server, formats: tuple[str, ...] = FORMS, hub: str = "builtin") -> None:
        self.world = Archives(root, page_size=4)
        publish = replace(self.world.plan.publish, formats=formats, html=False)
        serve = replace(self.world.plan.serve, hub=hub, hub_allow_private=True)
        self.world.plan = replace(self.world.plan, publish=publish, serve=serve)
        prepare(self.world.store, self.world.plan, now=NOW)
        self.server, self.now, self.told = server, NOW, list[Event]()
        self.client = Client(Limits("syndicate/test", 5, 4_096, 100))
        kinds = (Questions, Pushes, Pings)
        self.kinds: list[Any] = [kind(self.world.store, lambda: self.client, self.told.append) for kind in kinds]

    def due(self) -> list[tuple[Any, Errand]]:
        return [(kind, errand) for kind in self.kinds for errand in kind.due(self.world.plan, self.now)]

    def bring(self) -> int:
        """All that is due, one after the other; how many errands that were."""
        errands = self.due()
        for kind, errand in errands:
            self.record(kind, errand.act())
        return len(errands)

    def record(self, kind: Any, outcome: object) -> None:
        with self.world.store.transaction():
            kind.record([outcome], self.now)

    def publish(self, *names: str) -> None:
        if names:
            self.world.record(*names, now=self.now)
        self.world.publish(self.now)

    def subscribe(self, document: str = "forst.atom", path: str = "/hook", lease: timedelta = DAY) -> str:
        callback = self.server.url(path)
        latest = self.world.store.versions.latest(document)
        held = latest.id if latest else 0
        asked = (document, callback, "subscribe", SITE.base_url + document, "127.0.0.1", "", lease, "", "", held)
        self.world.store.subscriptions.confirm(Pending(0, *asked), self.now)
        return callback

    @property
    def subscription(self) -> Subscription:
        (found,) = self.world.store.subscriptions.list()
        return found

    def bodies(self, path: str = "/hook") -> list[bytes]:
        return [request.body for request in self.server.requests if request.path == path]

    def close(self) -> None:
        self.client.close()
        self.world.close()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        running.answers("/hook", Reply(status=204))
        yield running


@pytest.fixture
def post(tmp_path: Path, server: Server) -> Iterator[Post]:
    made = Post(tmp_path, server)
    made.publish("n1", "n2")
    yield made
    made.close()


def said(bodies: Sequence[bytes]) -> list[list[str]]:
    return [[title for _, title, _ in read(body, "atom").entries.values()] for body in bodies]


# --- what a push is -----------------------------------------------------------------------------------------------


def test_a_push_is_what_changed_and_three_that_were_missed_are_one(post: Post) -> None:
    post.subscribe()
    assert post.bring() == 0
    post.publish("n3")
    assert (post.bring(), post.bring()) == (1, 0)
    for name in ("n4", "n5", "n6"):
        post.publish(name)
    assert (post.bring(), post.bring()) == (1, 0)
    assert said(post.bodies()) == [["Titel n3"], ["Titel n6", "Titel n5", "Titel n4"]]


def test_whoever_has_a_version_that_nobody_knows_gets_the_head(post: Post) -> None:
    post.subscribe()
    post.publish("n3")
    with post.world.store.transaction():
        post.world.store.versions.expire(NOW + DAY)
    assert post.bring() == 1
    assert post.bodies() == [(post.world.feeds / "forst.atom").read_bytes()]


def test_the_bytes_are_made_once_for_all_who_have_the_same_version(post: Post) -> None:
    for n in range(5):
        post.subscribe(path=f"/{n}")
    post.publish("n3")
    post.subscribe(path="/late")
    parcels = {id(errand.act.args[1]) for _, errand in [*post.due(), *post.due()]}  # type: ignore[attr-defined]
    assert len(parcels) == 1


def test_nothing_is_pushed_where_nothing_came(post: Post) -> None:
    """A release that left the topic is named by nobody."""
    post.subscribe()
    post.world.act(Edit("n1", {"assigned": ("schule",)}), post.now)
    post.publish()
    assert b"Titel n1" not in (post.world.feeds / "forst.atom").read_bytes()
    assert (post.bring(), post.bodies()) == (0, [])
    assert post.world.store.subscriptions.behind() == ()
    post.publish("n3")
    assert (post.bring(), said(post.bodies())) == (1, [["Titel n3"]])


def test_what_is_not_published_is_not_pushed(post: Post) -> None:
    post.subscribe()
    post.world.record("n3")
    post.world.act(Edit("n1", {"title": "Noch nicht"}), post.now)
    assert (post.bring(), post.bodies()) == (0, [])
    post.publish()
    post.world.act(Edit("n2", {"title": "Noch lange nicht"}), post.now)
    assert post.bring() == 1
    assert b"Noch lange nicht" not in post.bodies()[0]


@settings(max_examples=settings().max_examples // 5, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(NAMES), st.booleans(), st.booleans()), max_size=10),
    st.sampled_from(FORMS),
    st.lists(st.sampled_from([204, 204, 500, 200]), min_size=12, max_size=12),
)
def test_what_a_subscriber_has_put_together_of_pushes_is_what_the_head_shows(
    steps: list[tuple[Step, str, bool, bool]], form: str, answers: list[int]
) -> None:
    """Whatever failed on the way, and however much was missed."""
    with tempfile.TemporaryDirectory() as root, pytest.MonkeyPatch.context() as patch, Server() as server:
        patch.setattr("os.fsync", lambda _: None)
        post = Post(Path(root), server, (form,))
        server.answers("/hook", *(Reply(status=status) for status in [*answers, 204]))
        for name in NAMES[:3]:
            arrive(post.world, name, post.now, past=False)
        post.publish()
        held = read(_head(post, form), form)
        post.subscribe(f"forst.{form}")
        for step, name, flag, waits in [*steps, (arrive, "n5", False, False)]:
            post.now += HOUR
            with suppress(StoreError):
                step(post.world, name, post.now, flag)
            if not waits:
                post.publish()
                post.bring()
        while post.world.store.subscriptions.behind():
            post.now += HOUR * 7
            post.bring()
        for body in post.bodies():  # what was answered with 500 has come all the same, and comes again
            held = held.and_then(read(body, form))
        _is_whole(held, read(_head(post, form), form))
        post.close()


def _head(post: Post, form: str) -> bytes:
    return (post.world.feeds / f"forst.{form}").read_bytes()


def _is_whole(held: Read, head: Read) -> None:
    assert {i: held.entries.get(i) for i in head.entries} == head.entries
    assert head.gone.isdisjoint(held.entries)


# --- what goes wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [False, True], ids=["before it was brought", "before it was noted"])
def test_who_is_killed_loses_nothing_and_doubles_one_push_at_most(post: Post, made: bool) -> None:
    post.subscribe()
    post.publish("n3")
    ((_, errand),) = post.due()
    if made:
        errand.act()
    post.kinds = [Pushes(post.world.store, lambda: post.client, post.told.append)]  # the next process
    assert (post.bring(), post.bring()) == (1, 0)
    assert said(post.bodies()) == [["Titel n3"]] * (2 if made else 1)


def test_pauses_between_tries_double_up_to_six_hours_and_end_with_the_lease(post: Post, server: Server) -> None:
    post.subscribe()
    server.answers("/hook", Reply(status=500))
    post.publish("n3")
    waits = list[timedelta]()
    while post.bring():
        retry = post.subscription.retry
        assert retry is not None
        assert post.bring() == 0  # not before
        waits.append(retry - post.now)
        post.now = retry
    seconds = [wait.total_seconds() for wait in waits]
    assert seconds[:4] == [10, 20, 40, 80]
    assert seconds == sorted(seconds)
    assert max(seconds) == 6 * 3600
    assert post.world.store.subscriptions.list() == ()  # its day was over
    failed = [event for event in post.told if isinstance(event, Undelivered)]
    assert [event.failures for event in failed] == [*range(1, len(waits) + 1)]
    assert {(event.host, event.reason) for event in failed} == {("127.0.0.1", "answered 500")}


def test_after_a_failure_it_is_as_before(post: Post, server: Server) -> None:
    post.subscribe()
    server.answers("/hook", Reply(status=503), Reply(status=202))
    post.publish("n3")
    post.bring()
    assert (post.subscription.failures, post.subscription.failing) == (1, post.now)
    post.now += pause(1)
    post.bring()
    its = post.subscription
    assert (its.failures, its.failing, its.retry, its.reason, its.last) == (0, None, None, "", post.now)
    assert [event.number for event in post.told if isinstance(event, Delivered)] == [1]


def test_a_renewal_tries_at_once_and_keeps_what_he_has(post: Post, server: Server) -> None:
    post.subscribe()
    server.answers("/hook", Reply(status=500), Reply(status=204))
    post.publish("n3")
    post.bring()
    post.subscribe()
    assert post.subscription.retry is None
    assert post.bring() == 1
    assert said(post.bodies()) == [["Titel n3"]] * 2


def test_who_is_dropped_is_told_so_once(post: Post, server: Server) -> None:
    callback = post.subscribe()
    post.world.store.subscriptions.drop([post.subscription], post.now)
    server.answers("/hook", Reply(status=500))
    assert (post.bring(), post.bring()) == (1, 0)
    assert post.world.store.subscriptions.list() == ()
    (told,) = server.requests
    query = dict(parse_qsl(told.path.partition("?")[2]))
    assert (told.method, query.pop("hub.reason")) == ("GET", "the publisher has ended this subscription")
    assert query == {"hub.mode": "denied", "hub.topic": f"{SITE.base_url}forst.atom"}
    assert callback.endswith("/hook")


def test_whoever_does_not_answer_is_asked_three_times(post: Post, server: Server) -> None:
    server.answers("/hook", Reply(status=500))
    asked = ("forst.atom", server.url("/hook"), "subscribe", SITE.base_url + "forst.atom", "h", "", DAY, "", "c", 0)
    post.world.store.subscriptions.ask(Pending(0, *asked), post.now)
    for wait in (10, 60):
        assert (post.bring(), post.bring()) == (1, 0)
        post.now += timedelta(seconds=wait)
    assert (post.bring(), post.world.store.subscriptions.waiting("c")) == (1, 0)
    assert len(server.requests) == 3


def test_secrets_and_callbacks_are_in_no_event(post: Post, server: Server) -> None:
    asked = ("forst.atom", f"{server.url('/hook')}?token=geheim", "subscribe", "t", "127.0.0.1", "geheim", DAY, "", "c")
    post.world.store.subscriptions.ask(Pending(0, *asked, 0), post.now)
    post.bring()
    assert "geheim" not in repr(post.told)


@pytest.mark.parametrize("hub", ["builtin", "https://hub.example.org/push?a=1&b=2", ""])
def test_heads_name_the_hub_and_pages_behind_them_do_not(tmp_path: Path, server: Server, hub: str) -> None:
    post = Post(tmp_path, server, hub=hub)
    post.publish(*(f"n{n}" for n in range(12)))
    address = post.world.plan.hub
    assert address == (f"{SITE.base_url}hub" if hub == "builtin" else hub)
    closed = [path for path in (post.world.feeds / "forst").iterdir() if path.suffix in (".atom", ".json")]
    assert len(closed) == 4
    for form in FORMS:
        body = _head(post, form)
        assert faults(Document(f"forst.{form}", FORMATS[form].media_type, body)) == ()
        if form == "json":
            told = [each["url"] for each in json.loads(body).get("hubs", ())]
        else:
            links = etree.fromstring(body).iter(f"{{{ATOM}}}link")
            told = [link.get("href", "") for link in links if link.get("rel") == "hub"]
        assert told == ([address] if hub else [])
    assert [path for path in closed if b"hub" in path.read_bytes()] == []
    post.close()


# --- another hub ----------------------------------------------------------------------------------------------------


@pytest.fixture
def other(tmp_path: Path, server: Server) -> Iterator[Post]:
    made = Post(tmp_path, server, hub=server.answers("/hub", Reply(status=204)))
    yield made
    made.close()


def pinged(server: Server) -> list[str]:
    """The heads that it was told of, each as both of its names."""
    found = [dict(parse_qsl(r.body.decode())) for r in server.requests if r.path == "/hub"]
    assert all(form["hub.mode"] == "publish" and form["hub.url"] == form["hub.topic"] for form in found)
    return [form["hub.topic"].removeprefix(SITE.base_url) for form in found]


def test_another_hub_is_told_of_each_head_that_changes(other: Post, server: Server) -> None:
    other.publish("n1")
    assert (other.bring(), other.bring()) == (1, 0)
    assert sorted(pinged(server)) == sorted(f"{topic}.{form}" for topic in ("all", "forst") for form in FORMS)
    head = (other.world.feeds / "forst.atom").read_text("utf-8")
    assert f'<link rel="hub" href="{server.url("/hub")}"/>' in head
    server.requests.clear()
    other.publish()
    assert (other.bring(), pinged(server)) == (0, [])


def test_what_another_hub_was_not_told_of_it_is_told_later(other: Post, server: Server) -> None:
    server.answers("/hub", Reply(status=204), Reply(status=503), Reply(status=204))
    other.publish("n1")
    assert (other.bring(), other.bring()) == (1, 0)
    other.now += pause(1)
    assert (other.bring(), other.bring()) == (1, 0)
    heads = pinged(server)
    assert (len(heads), len({*heads})) == (7, 6)


def test_a_hub_that_is_not_told_for_an_hour_needs_a_person(other: Post, server: Server) -> None:
    server.answers("/hub", Reply(status=500))
    other.publish("n1")
    while not (rung := other.world.store.alarms.since("hub", "")):
        assert other.bring() == 1
        other.now = other.kinds[2].next()
    assert rung > NOW + HOUR / 2
    server.answers("/hub", Reply(status=200))
    other.bring()
    assert other.world.store.alarms.since("hub", "") is None


# --- what it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.sqlite
@pytest.mark.parametrize(("subscribers", "most"), [(0, 4), (20, 60)])
def test_a_look_asks_few_statements_and_none_reads_a_table_that_grows(post: Post, subscribers: int, most: int) -> None:
    for n in range(subscribers):
        post.subscribe(path=f"/{n}")
    post.publish("n3")
    told = list[str]()
    connection = post.world.store._connection.db.conn
    connection.set_trace_callback(told.append)
    errands = post.due()
    outcomes = [(kind, errand.act()) for kind, errand in errands]
    for kind in {kind for kind, _ in outcomes}:
        with post.world.store.transaction():
            kind.record([outcome for its, outcome in outcomes if its is kind], post.now)
    connection.set_trace_callback(None)
    assert len(errands) == subscribers
    assert len(told) <= most, "\n".join(statement[:100] for statement in told)
    assert [scan for statement in told for scan in scans(post.world, statement)] == []


def test_the_leases_end(post: Post) -> None:
    post.subscribe(lease=HOUR)
    post.now += HOUR
    post.publish("n3")
    assert (post.bring(), post.world.store.subscriptions.list()) == (0, ())
