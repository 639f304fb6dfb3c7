"""Sources with a hub, asked and pushed over real connections on loopback.

The checks that the W3C's suite has of a subscriber stand here by their numbers: 100 to 104 (discovery), 200 to 205
(subscribing), 300 to 302 (what is pushed).
"""

import gzip
import hmac
import http.client
import logging
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from structlog.testing import capture_logs

from servers import Reply, Server
from syndicate import serve
from syndicate.app import App, hub_of, state_of
from syndicate.config import load
from syndicate.model import Callback, FetchState, Poll, Pushed, Received, Subscribed
from syndicate.schedule import Schedule
from waiting import PATIENCE, until
from worlds import NOW

CONFIG = """
[site]
title = "Presse Talland"
tag = "presse.talland.example,2026"
[[source]]
id = "amt"
url = "{url}"
interval = "1h"
allow_private = true
"""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EICHEN, WERKSTATT = ("a1", "Eichen für den Bergwald"), ("a2", "Werkstattpreis vergeben")
ATOM, RSS, JSON, HTML = "application/atom+xml", "application/rss+xml", "application/feed+json", "text/html"


def entry(id: str, title: str, more: str = "") -> str:
    return (
        f"<entry><id>urn:amt:{id}</id><title>{title}</title><link href='https://amt.example/{id}'/>"
        f"<published>2026-05-30T08:00:00Z</published><updated>2026-05-30T08:00:00Z</updated>"
        f"<category term='Forst'/><summary>Das Land meldet: {title}.</summary>{more}</entry>"
    )


def atom(*entries: tuple[str, str], links: str = "", more: str = "") -> bytes:
    told = "".join(entry(*each) for each in entries)
    return (
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:at='http://purl.org/atompub/tombstones/1.0'>"
        f"<id>urn:amt</id><title>Amt</title><updated>2026-05-30T08:00:00Z</updated>{links}{told}{more}</feed>"
    ).encode()


class World:
    """A press office with a hub, and the program that is pushed, at a time of the test's own."""

    def __init__(self, root: Path, office: Server) -> None:
        self.office, self.now, self.topic = office, NOW, office.url("/feed")
        (root / "config.toml").write_text(CONFIG.format(url=self.topic), encoding="utf-8")
        self.app = App(load(root / "config.toml"), clock=lambda: self.now)
        self.app.prepare()
        pages = serve.create_app(root / "feeds", routes=serve.routes_of(self.app))
        self.server = serve.Server(pages, "127.0.0.1", 0)
        self.server.start()
        site = replace(self.app.plan.site, base_url=f"http://127.0.0.1:{self.server.port}/")
        self.app.plan = replace(self.app.plan, site=site)

    def close(self) -> None:
        self.server.stop(PATIENCE)
        self.app.__exit__()

    def says(self, *entries: tuple[str, str], path: str = "/feed", hub: str = "/hub", more: str = "") -> None:
        """The office publishes these, and names its hub in a header."""
        links = f'<{self.office.url(hub)}>; rel="hub", <{self.office.url(path)}>; rel="self"'
        headers = {"Content-Type": ATOM, "Link": links}
        self.office.answers(path, Reply(body=atom(*entries, more=more), headers=headers))

    def poll(self) -> Any:
        (polled,) = self.app.run(Poll(None, ("amt",), "named"))
        return polled

    def work(self, *, everyone: bool = True) -> list[Any]:
        """All that is due."""
        hubs = [*self.app.hubs_due(everyone=everyone)]
        return [event for job in (*self.app.pushes_due(), *hubs) for event in self.app.run(job)]

    @property
    def state(self) -> FetchState:
        return self.app.store.sources.state("amt")

    @property
    def callback(self) -> Callback:
        """Its subscription, which there is one of."""
        (found,) = self.app.store.callbacks.of_source("amt")
        return found

    def asked(self, path: str = "/hub") -> list[dict[str, str]]:
        """The forms that the hub has got."""
        posted = [each for each in self.office.requests if each.method == "POST" and urlsplit(each.path).path == path]
        return [dict(parse_qsl(each.body.decode())) for each in posted]

    def request(self, method: str, token: str, query: str = "", body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        try:
            said = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, f"/websub/{token}{query}", body=body, headers=said)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def asks_back(self, form: dict[str, str] | None = None, **other: str) -> tuple[int, bytes]:
        """As the hub does, of the last form that it has got, with these values instead."""
        form = form or self.asked()[-1]
        said = {"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": "c0ffee"}
        said |= {"hub.lease_seconds": "86400"} | {f"hub.{name}": value for name, value in other.items()}
        callback = urlsplit(form["hub.callback"])
        return self.request("GET", callback.path.rpartition("/")[2], f"?{urlencode(said)}")

    def subscribe(self) -> None:
        """To the end."""
        self.office.answers("/hub", Reply(status=202))
        self.poll()
        self.work()
        assert self.asks_back() == (200, b"c0ffee")

    def push(self, body: bytes, method: str = "sha256", sign: bytes | None = None, **headers: str) -> int:
        """As the hub does; `sign`: what is signed instead."""
        form = next(form for form in reversed(self.asked()) if "hub.secret" in form)
        signed = hmac.new(form["hub.secret"].encode(), body if sign is None else sign, method).hexdigest()
        said = {"Content_Type": ATOM, "X_Hub_Signature": f"{method}={signed}"} | headers
        token = urlsplit(form["hub.callback"]).path.rpartition("/")[2]
        status, _ = self.request("POST", token, body=body, **{name: text for name, text in said.items() if text})
        return status

    @property
    def titles(self) -> list[str]:
        """Of what readers see."""
        return sorted(release.title for release in self.app.store.releases.listing() if release.visible)


@pytest.fixture
def office() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def world(tmp_path: Path, office: Server) -> Iterator[World]:
    opened = World(tmp_path, office)
    yield opened
    opened.close()


FEED = "<link rel='hub' href='/hub'/><link rel='self' href='{topic}'/>"
CHANNEL = (
    "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>A</title><link>https://amt.example/</link>"
    "<description>x</description><atom:link rel='self' href='{topic}'/><atom:link rel='hub' href='/hub'/>"
    "<item><guid>a1</guid><title>Eichen</title></item></channel></rss>"
)
PAGE = (
    "<!doctype html><html><head><title>Amt</title><link rel=hub href=/hub><link rel='self' href='{topic}'></head><body>"
    "<main><ul>"
    + "".join(f"<li><a href='/m/{n}'>Meldung {n} des Amtes für Forst</a> 0{n}.05.2026" for n in range(1, 6))
    + "</ul></main></body></html>"
)
ITEMS = (
    '{{"version": "https://jsonfeed.org/version/1.1", "title": "A", "feed_url": "{topic}",'
    ' "hubs": [{{"type": "rssCloud", "url": "/cloud"}}, {{"type": "WebSub", "url": "/hub"}}],'
    ' "items": [{{"id": "a1", "title": "Eichen"}}]}}'
)


@pytest.mark.parametrize(
    ("media_type", "body", "link"),
    [  # the number of the check; what the office answers
        pytest.param(ATOM, atom(EICHEN).decode(), '<{hub}>; rel="hub", <{topic}>; rel="self"', id="100 header"),
        pytest.param(HTML, PAGE, "", id="101 page"),
        pytest.param(ATOM, atom(EICHEN, links=FEED).decode(), "", id="102 Atom"),
        pytest.param(RSS, CHANNEL, "", id="103 RSS"),
        pytest.param(
            ATOM,
            atom(EICHEN, links="<link rel='hub' href='/wrong'/><link rel='self' href='/wrong'/>").decode(),
            "<{hub}>; rel=hub, <{topic}>; rel=self",
            id="104 headers first",
        ),
        pytest.param(JSON, ITEMS, "", id="JSON Feed"),
    ],
)
def test_a_poll_finds_the_hub(world: World, media_type: str, body: str, link: str) -> None:
    said = {"topic": world.topic, "hub": world.office.url("/hub")}
    headers = {"Content-Type": media_type} | ({"Link": link.format(**said)} if link else {})
    text = body.format(**said) if "{topic}" in body else body
    world.office.answers("/feed", Reply(body=text.encode(), headers=headers))
    world.office.answers("/hub", Reply(status=202))
    assert world.poll().error is None
    assert not world.asked()  # a poll asks nobody else
    world.work()
    (form,) = world.asked()
    assert form["hub.mode"] == "subscribe"
    assert form["hub.topic"] == world.topic
    assert int(form["hub.lease_seconds"]) > 3600
    assert len(form["hub.secret"].encode()) <= 200
    assert form["hub.callback"].startswith(f"http://127.0.0.1:{world.server.port}/websub/")
    assert world.asks_back() == (200, b"c0ffee")
    assert (world.callback.state, world.callback.until) == ("active", NOW + DAY)


def test_200_a_topic_is_what_it_says_of_itself(world: World) -> None:
    world.office.answers("/hub", Reply(status=202))
    other = world.office.url("/feed?self=other&utm_source=x")
    links = f'<{world.office.url("/hub")}>; rel="hub", <{other}>; rel="self"'
    world.office.answers("/feed", Reply(body=atom(EICHEN), headers={"Content-Type": ATOM, "Link": links}))
    world.poll()
    world.work()
    assert [form["hub.topic"] for form in world.asked()] == [other]


@pytest.mark.parametrize(("number", "status"), [(201, 302), (202, 301)])
def test_201_202_a_topic_that_has_moved(world: World, number: int, status: int) -> None:
    world.office.answers("/hub", Reply(status=202))
    world.office.answers("/feed", Reply(status=status, headers={"Location": "/new"}))
    world.says(EICHEN, path="/new")
    world.poll()
    world.work()
    assert [form["hub.topic"] for form in world.asked()] == [world.office.url("/new")]


@pytest.mark.parametrize(("number", "status"), [(203, 307), (204, 308)])
def test_203_204_a_hub_that_has_moved(world: World, number: int, status: int) -> None:
    world.office.answers("/old", Reply(status=status, headers={"Location": "/hub"}))
    world.office.answers("/hub", Reply(status=202))
    world.says(EICHEN, hub="/old")
    world.poll()
    world.work()
    assert world.asked("/hub") == world.asked("/old") != []
    assert world.asks_back(world.asked("/hub")[-1]) == (200, b"c0ffee")
    assert world.callback.state == "active"


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": "https://amt.example/other"},
        {"topic": ""},
        {"mode": "unsubscribe"},
        {"mode": "publish"},
        {"challenge": ""},
        {"challenge": "x" * 5_000},
    ],
)
def test_205_what_was_not_asked_for_is_not_confirmed(world: World, wrong: dict[str, str]) -> None:
    world.office.answers("/hub", Reply(status=202))
    world.says(EICHEN)
    world.poll()
    world.work()
    assert world.asks_back(None, **wrong)[0] == 404
    assert world.callback.state == "asked"


def test_a_question_may_come_before_the_answer(world: World) -> None:
    answered = Event()
    world.office.answers("/hub", Reply(status=202, after=answered))
    world.says(EICHEN)
    world.poll()
    working = Thread(target=world.work)
    working.start()
    until(world.asked)
    assert world.asks_back() == (200, b"c0ffee")
    answered.set()
    working.join(PATIENCE)
    assert (world.callback.state, world.callback.tries, world.callback.due) == ("active", 0, NOW + 0.75 * DAY)


def test_a_challenge_is_text_whatever_it_looks_like(world: World) -> None:
    world.office.answers("/hub", Reply(status=202))
    world.says(EICHEN)
    world.poll()
    world.work()
    assert world.asks_back(None, challenge="<script>ä</script>") == (200, "<script>ä</script>".encode())


# --- what is pushed ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_300_what_is_signed_is_taken(world: World, method: str) -> None:
    world.says(EICHEN)
    world.subscribe()
    heard = list[object]()
    world.app.listen(heard.append)
    assert world.push(atom(WERKSTATT), method) == 202
    assert heard == [Pushed(source="amt")]
    assert world.titles == [EICHEN[1]]  # not within the request
    world.work()
    assert world.titles == sorted([EICHEN[1], WERKSTATT[1]])
    assert (world.callback.pushes, world.callback.refused) == (1, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"sign": b"something else"}, id="301 a wrong signature"),
        pytest.param({"X_Hub_Signature": ""}, id="302 none"),
        pytest.param({"X_Hub_Signature": "sha256="}, id="an empty one"),
        pytest.param({"X_Hub_Signature": "md5=d41d8cd98f00b204e9800998ecf8427e"}, id="another method"),
        pytest.param({"Link": '<https://other.example/feed>; rel="self"'}, id="another topic"),
    ],
)
def test_301_302_what_is_not_signed_for_this_topic_is_refused(world: World, wrong: dict[str, Any]) -> None:
    world.says(EICHEN)
    world.subscribe()
    assert world.push(atom(WERKSTATT), **wrong) == 403
    world.work()
    assert world.titles == [EICHEN[1]]
    assert (world.callback.pushes, world.callback.refused) == (0, 1)


def test_of_a_push_nothing_is_missing(world: World) -> None:
    many = [
        (f"m{n}", f"Meldung {n}: {word}") for n, word in enumerate(("Eichen", "Schule", "Brücke", "Museum", "Theater"))
    ]
    world.says(*many)
    world.subscribe()
    before = world.state
    world.push(atom(WERKSTATT))
    world.work()
    assert world.titles == sorted([*(title for _, title in many), WERKSTATT[1]])
    assert [alarm.kind for alarm in world.app.store.alarms.list()] == []
    after = world.state
    same = replace(after, delivered=before.delivered, pushes=before.pushes)
    assert same == before  # what the next poll asks for, and when


def test_a_push_and_a_poll_of_the_same_come_to_the_same(world: World) -> None:
    world.says(EICHEN)
    world.subscribe()
    whole = atom(EICHEN, WERKSTATT)
    for _ in range(2):  # the second time it is a replay
        assert world.push(whole) == 202
        world.work()
    seen = world.app.store.releases.history
    ids = [release.id for release in world.app.store.releases.listing()]
    told = [seen(each) for each in ids]
    world.says(EICHEN, WERKSTATT)
    polled = world.poll()
    assert {change.verdict for change in polled.changes.changes} <= {"unchanged"}
    assert [release.id for release in world.app.store.releases.listing()] == ids
    assert [len(seen(each).events) for each in ids] == [len(each.events) for each in told]


def test_what_is_pushed_under_embargo_is_held(world: World) -> None:
    world.says(EICHEN)
    world.subscribe()
    held = entry("a3", "Neue Klinik", "").replace("Das Land", "Sperrfrist: 5. Juni 2026, 10 Uhr\n\nDas Land")
    world.push(atom(more=held))
    with capture_logs() as told:
        world.work()
    assert [release.title for release in world.app.store.releases.listing(("embargoed",))] == ["Neue Klinik"]
    assert world.titles == [EICHEN[1]]
    assert "Klinik" not in repr([each for each in told if each["log_level"] != "debug"])


def test_a_withdrawal_is_pushed_as_a_tombstone(world: World) -> None:
    world.says(EICHEN, WERKSTATT)
    world.subscribe()
    world.push(atom(more="<at:deleted-entry ref='urn:amt:a1' when='2026-06-01T10:00:00Z'/>"))
    world.work()
    assert world.titles == [WERKSTATT[1]]


def test_a_packed_push_is_unpacked_within_bounds(world: World) -> None:
    world.says(EICHEN)
    world.subscribe()
    assert world.push(gzip.compress(atom(WERKSTATT)), Content_Encoding="gzip") == 202
    assert world.push(gzip.compress(b" " * 100_000_000), Content_Encoding="gzip") == 202
    *_, bomb = [event for event in world.work() if isinstance(event, Received)]
    assert "larger than" in (bomb.error or "")
    assert world.titles == sorted([EICHEN[1], WERKSTATT[1]])


@pytest.mark.parametrize("body", [b"", b"<feed", b"<html><body>Wartung</body></html>", b"\0\xff" * 500])
def test_what_cannot_be_read_changes_nothing(world: World, body: bytes) -> None:
    world.says(EICHEN)
    world.subscribe()
    before = world.state
    assert world.push(body) == 202
    (done,) = [event for event in world.work() if isinstance(event, Received)]
    assert done.error
    assert (world.titles, world.state) == ([EICHEN[1]], before)
    assert world.app.store.callbacks.pushed() == []  # it is not tried again


def test_a_push_larger_than_a_document_may_be_is_refused(world: World) -> None:
    world.says(EICHEN)
    world.subscribe()
    with suppress(ConnectionError):  # the server need not wait for the rest of it
        assert world.push(b" " * (world.app.plan.fetch.max_bytes + 1)) == 413
    assert world.app.store.callbacks.pushed() == []


def test_nobody_sends_much_to_nobody(world: World) -> None:
    with socket.create_connection(("127.0.0.1", world.server.port), timeout=PATIENCE) as raw:
        raw.sendall(b"POST /websub/%s HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\nx" % (b"A" * 43))
        said = raw.recv(1000)  # before the rest of it has come
    assert said.startswith(b"HTTP/1.1 410 ")
    assert b"connection: close" in said.lower()


def test_more_pushes_than_are_read_wait_at_their_hub(world: World) -> None:
    world.says(EICHEN)
    world.subscribe()
    said = [world.push(atom((f"b{n}", f"Titel {n}"))) for n in range(17)]
    assert said == [202] * 16 + [503]
    world.work()
    assert world.push(atom(WERKSTATT)) == 202


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "../feed", "%2e%2e"])
def test_whoever_knows_no_token_learns_nothing(world: World, token: str) -> None:
    assert world.request("GET", token, "?hub.mode=subscribe&hub.topic=x&hub.challenge=y")[0] == 404
    assert world.request("POST", token, body=b"x")[0] in (404, 405, 410)


# --- a subscription's life --------------------------------------------------------------------------------------------


def test_a_lease_is_renewed_in_time_with_the_same_secret(world: World) -> None:
    world.says(EICHEN)
    world.subscribe()
    world.now += 17 * HOUR
    world.work()
    assert len(world.asked()) == 1
    world.now += 2 * HOUR
    world.work()
    first, second = world.asked()
    assert second == first
    assert world.callback.state == "active"  # it pushes on, whatever becomes of the renewal
    assert world.push(atom(WERKSTATT)) == 202
    world.asks_back()
    assert (world.callback.until, world.callback.since) == (world.now + DAY, NOW)


def test_a_hub_that_fails_is_asked_less_and_less_often(world: World) -> None:
    world.says(EICHEN)
    world.office.answers("/hub", Reply(status=500, body=b"no", headers={"Content-Type": "text/plain"}))
    world.poll()
    pauses = list[timedelta]()
    for _ in range(6):
        (done,) = world.work()
        assert done == Subscribed(
            source="amt", error=f"{world.office.url('/hub')} answered 500 Internal Server Error: no"
        )
        due = world.callback.due
        assert due is not None
        pauses.append(due - world.now)
        assert world.work() == []
        world.now = due
    assert pauses == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE, 80 * MINUTE, 160 * MINUTE]


def test_a_hub_that_asks_for_rest_gets_it(world: World) -> None:
    world.says(EICHEN)
    world.office.answers("/hub", Reply(status=503, headers={"Retry-After": "7200"}))
    world.poll()
    world.work()
    due = world.callback.due
    assert due is not None
    assert due >= NOW + 2 * HOUR
    assert [*world.app.store.sources.resting(NOW).values()] == [due]  # its feeds rest, too
    world.app.store.callbacks.save(replace(world.callback, due=NOW))
    assert world.work() == [Subscribed(source="amt")]
    assert (len(world.asked()), world.callback.due) == (1, due)


def test_a_hub_of_this_machine_may_go_by_another_of_its_names(world: World) -> None:
    links = f'<http://localhost:{world.office.port}/hub>; rel="hub", <{world.topic}>; rel="self"'
    world.office.answers("/feed", Reply(body=atom(EICHEN), headers={"Content-Type": ATOM, "Link": links}))
    world.office.answers("/hub", Reply(status=202))
    world.poll()
    world.work()
    assert len(world.asked()) == 1


def test_of_several_hubs_the_next_is_asked_where_one_does_not_answer(world: World) -> None:
    links = ", ".join(f'<{world.office.url(hub)}>; rel="hub"' for hub in ("/dead", "/hub"))
    headers = {"Content-Type": ATOM, "Link": f'{links}, <{world.topic}>; rel="self"'}
    world.office.answers("/feed", Reply(body=atom(EICHEN), headers=headers))
    world.office.answers("/hub", Reply(status=202))
    world.poll()
    for _ in range(3):
        world.work()
        world.now = world.callback.due or world.now
    assert (len(world.asked("/dead")), len(world.asked("/hub"))) == (2, 1)


def test_a_hub_may_say_no(world: World) -> None:
    world.says(EICHEN)
    world.subscribe()
    assert world.asks_back(None, mode="denied", topic="https://other.example/", reason="no")[0] == 404
    assert world.callback.state == "active"
    assert world.asks_back(None, mode="denied", reason="not for you") == (200, b"")
    assert (world.callback.state, world.callback.error) == ("denied", "its hub will not: not for you")
    assert world.push(atom(WERKSTATT)) == 410
    world.now += DAY
    world.work()
    assert len(world.asked()) == 2  # it may have changed its mind


def removed(world: World) -> None:
    world.app.plan = replace(world.app.plan, sources=())


def switched_off(world: World) -> None:
    world.app.plan = replace(world.app.plan, sources=tuple(replace(s, hub=False) for s in world.app.plan.sources))


def disabled(world: World) -> None:
    world.app.plan = replace(world.app.plan, sources=tuple(replace(s, enabled=False) for s in world.app.plan.sources))


def paused(world: World) -> None:
    world.app.store.sources.pause("amt")


def hubless(world: World) -> None:
    world.office.answers("/feed", Reply(body=atom(EICHEN, WERKSTATT), headers={"Content-Type": ATOM}))
    world.poll()


@pytest.mark.parametrize("end", [removed, switched_off, disabled, paused, hubless])
def test_who_is_not_to_be_pushed_any_more_says_so(world: World, end: Any) -> None:
    world.says(EICHEN)
    world.subscribe()
    end(world)
    world.work(everyone=end is not paused and end is not hubless)
    *_, form = world.asked()
    assert form["hub.mode"] == "unsubscribe"
    assert form["hub.topic"] == world.topic
    assert world.push(atom(("a9", "Zu spät"))) == 410
    assert world.asks_back() == (200, b"c0ffee")
    assert world.app.store.callbacks.of_source("amt") == ()


def test_a_hub_that_does_not_let_go_is_left_alone(world: World) -> None:
    world.says(EICHEN)
    world.subscribe()
    world.office.answers("/hub", Reply(status=500))
    paused(world)
    for _ in range(9):
        world.work()
        world.now += DAY
    assert sum(form["hub.mode"] == "unsubscribe" for form in world.asked()) == 5
    assert world.app.store.callbacks.of_source("amt") == ()


def test_a_hub_that_has_moved_leaves_no_gap(world: World) -> None:
    world.says(EICHEN)
    world.subscribe()
    world.office.answers("/new", Reply(status=202))
    world.says(EICHEN, WERKSTATT, hub="/new")
    world.poll()
    world.work(everyone=False)
    assert [form["hub.mode"] for form in world.asked("/new")] == ["subscribe"]
    assert world.push(atom(("a5", "Noch vom alten"))) == 202
    assert world.asks_back(world.asked("/new")[-1]) == (200, b"c0ffee")
    world.work()
    assert [form["hub.mode"] for form in world.asked("/hub")] == ["subscribe", "unsubscribe"]
    assert world.asked("/new")[0]["hub.callback"] != world.asked("/hub")[0]["hub.callback"]


@pytest.mark.parametrize(
    ("base_url", "private", "asks"),
    [
        ("https://presse.talland.example/", False, True),
        ("http://127.0.0.1:8000/", False, False),
        ("http://presse/", False, False),
        ("http://127.0.0.1:8000/", True, True),  # in the house
    ],
)
def test_a_hub_has_to_reach_us(world: World, base_url: str, private: bool, asks: bool) -> None:
    world.says(EICHEN)
    world.office.answers("/hub", Reply(status=202))
    world.poll()
    plan = world.app.plan
    sources = tuple(replace(source, allow_private=private) for source in plan.sources)
    world.app.plan = replace(plan, site=replace(plan.site, base_url=base_url), sources=sources)
    assert bool(world.work()) == asks


def test_a_hub_on_a_private_network_is_asked_for_a_source_of_that_host_alone(world: World) -> None:
    links = f'<http://10.99.0.9/hub>; rel="hub", <{world.topic}>; rel="self"'
    world.office.answers("/feed", Reply(body=atom(EICHEN), headers={"Content-Type": ATOM, "Link": links}))
    world.poll()
    (done,) = world.work()
    assert "a private address" in done.error
    assert world.asked() == []


# --- what pushes are worth --------------------------------------------------------------------------------------------


def test_polls_that_agree_with_pushes_come_later_and_one_that_does_not_at_once(world: World) -> None:
    world.says(EICHEN)
    world.subscribe()
    told, pauses = [EICHEN], list[float]()

    def polled() -> None:
        world.now += HOUR
        world.poll()
        due = world.state.next_poll
        assert due is not None
        pauses.append((due - world.now) / HOUR)

    polled()
    for n in range(5):
        told.insert(0, (f"n{n}", f"Neues {n} aus dem {['Wald', 'Museum', 'Theater', 'Garten', 'Archiv'][n]}"))
        world.push(atom(told[0]))
        world.work()
        world.says(*told)
        polled()
    assert [round(pause - 0.05) for pause in pauses] == [1, 2, 3, 4, 4, 4]
    told.insert(0, ("still", "Davon hat niemand etwas gesagt"))
    world.says(*told)
    polled()
    assert round(pauses[-1] - 0.05) == 1
    assert (world.state.pushes.missed, world.state.pushes.agreed) == (1, 0)


def test_how_a_hub_does_is_told(world: World) -> None:
    def told() -> Any:
        (source,) = state_of(world.app.plan, world.now).sources
        listed = hub_of(world.app.plan.sources[0], world.state, world.app.store.callbacks.of_source("amt"), world.now)
        assert source.hub == listed
        return listed

    world.office.answers("/feed", Reply(body=atom(EICHEN), headers={"Content-Type": ATOM}))
    world.poll()
    assert told() is None
    world.says(EICHEN)
    world.office.answers(
        "/feed", Reply(body=atom(EICHEN, links=FEED.format(topic=world.topic)), headers={"Content-Type": ATOM})
    )
    world.office.answers("/hub", Reply(status=403))
    world.poll()
    assert (told().state, told().address) == ("none", world.office.url("/hub"))
    world.work()
    assert (told().state, told().error) == ("asked", f"{world.office.url('/hub')} answered 403 Forbidden")
    assert any("its hub does not push" in line for line in state_of(world.app.plan, world.now).noted)
    world.now += DAY
    world.subscribe()
    world.push(b"x", sign=b"y")
    world.push(atom(WERKSTATT))
    assert (told().state, told().pushes, told().refused, told().error) == ("active", 1, 1, None)
    world.now += 2 * DAY
    assert told().state == "asked"


def test_a_daemon_is_pushed_within_a_moment(world: World) -> None:
    world.office.answers("/hub", Reply(status=202))
    world.says(EICHEN)
    world.app.clock = lambda: datetime.now(UTC)
    schedule = Schedule(world.app, serves=True)
    schedule.start()
    try:
        until(world.asked)
        assert world.asks_back() == (200, b"c0ffee")
        assert world.push(atom(WERKSTATT)) == 202
        feed = world.app.plan.publish.directory / "all.atom"
        until(lambda: feed.is_file() and WERKSTATT[1] in feed.read_text("utf-8"))
    finally:
        assert schedule.stop(PATIENCE)


def test_a_push_outlives_the_program(world: World) -> None:
    world.says(EICHEN)
    world.subscribe()
    world.push(atom(WERKSTATT))
    with App(world.app.plan, clock=lambda: world.now) as again:
        done = [event for job in again.pushes_due() for event in again.run(job)]
    assert [type(event) for event in done] == [Received]
    assert world.titles == sorted([EICHEN[1], WERKSTATT[1]])


def test_who_does_not_serve_asks_nobody(world: World) -> None:
    world.says(EICHEN)
    world.app.clock = lambda: datetime.now(UTC)
    schedule = Schedule(world.app)
    schedule.start()
    try:
        until(lambda: world.state.hub)
        until(lambda: (world.app.plan.publish.directory / "topics.opml").is_file())
    finally:
        schedule.stop(PATIENCE)
    assert world.asked() == []


def test_nothing_of_a_token_is_told(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.says(EICHEN)
    world.office.answers("/hub", Reply(status=202))
    caplog.set_level(logging.DEBUG)
    with capture_logs() as told:
        world.subscribe()
        world.push(atom(WERKSTATT))
        world.push(b"<feed")
        world.push(b"x", sign=b"y")
        world.office.answers(
            "/hub",
            Reply(status=400, body=b"bad: " + world.callback.token.encode(), headers={"Content-Type": "text/plain"}),
        )
        world.now += DAY
        events = world.work()
    said = repr((told, caplog.text, events))
    assert world.callback.token not in said
    assert world.callback.secret not in said
