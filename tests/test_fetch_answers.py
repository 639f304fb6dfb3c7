"""Each answer × each kind of request: a feed, a list, a release's page and discovery ask by the same rules."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal

import pytest

from servers import Reply, Server
from syndicate.client import Client, Limits
from syndicate.discovery import Autodiscovery
from syndicate.errors import FetchError, HTTPStatusError, SourceGone
from syndicate.fetch import Request, conditional_get, fetch
from syndicate.model import FetchState, Source
from worlds import NOW

BODY = b'<rss version="2.0"><channel><title>P</title><item><title>Eichen</title></item></channel></rss>'
XML = {"Content-Type": "application/rss+xml", "ETag": '"2"'}
DATE = "Mon, 01 Jun 2026 12:10:00 GMT"  # ten minutes after NOW


class Hosts:
    """Who wants to be left alone, in memory."""

    def __init__(self) -> None:
        self.told: dict[str, datetime] = {}

    def resting(self, now: datetime) -> Mapping[str, datetime]:
        return {name: until for name, until in self.told.items() if until > now}

    def leave_alone(self, name: str, seconds: float, now: datetime) -> None:
        self.told[name] = now + timedelta(seconds=seconds)

    def visit(self, name: str) -> None:
        """Whoever likes."""


Ask = Callable[[Source, Client, Hosts, bool], object]


def feed(source: Source, client: Client, hosts: Hosts, known: bool) -> object:
    state = FetchState(source="s", etag='"1"' if known else None)
    return fetch(source, state, client=client, now=NOW, hosts=hosts).captures


def asked(what: Literal["feed", "page", "robots"]) -> Ask:
    def ask(source: Source, client: Client, hosts: Hosts, known: bool) -> object:
        request = Request(url=source.url or "", what=what, etag='"1"' if known else None)
        return conditional_get(source, request, client=client, now=NOW, hosts=hosts).capture

    return ask


def discovery(source: Source, client: Client, hosts: Hosts, known: bool) -> object:
    return Autodiscovery(client=client, now=NOW, max_bytes=1_000_000, hosts=hosts).sample(source)


KINDS: dict[str, Ask] = {
    "feed": feed,
    "list": asked("feed"),
    "page": asked("page"),
    "robots": asked("robots"),
    "discovery": discovery,
}

CASES: list[tuple[str, Reply, type[FetchError] | None, float | None]] = [
    # the answer; what it is raised as; for how long the host rests (seconds from NOW, at least)
    ("200", Reply(body=BODY, headers=XML), None, None),
    ("304 unasked", Reply(status=304), HTTPStatusError, None),
    ("404", Reply(status=404, headers={"Retry-After": "60"}), HTTPStatusError, None),
    ("410", Reply(status=410), SourceGone, None),
    ("429 in seconds", Reply(status=429, headers={"Retry-After": "600"}), HTTPStatusError, 600),
    ("429 by a date", Reply(status=429, headers={"Retry-After": DATE}), HTTPStatusError, 600),
    ("429 alone", Reply(status=429), HTTPStatusError, 900),
    ("429 unreadable", Reply(status=429, headers={"Retry-After": "soon"}), HTTPStatusError, 900),
    ("503 in seconds", Reply(status=503, headers={"Retry-After": "600"}), HTTPStatusError, 600),
    ("503 by a date", Reply(status=503, headers={"Retry-After": DATE}), HTTPStatusError, 600),
    ("503 alone", Reply(status=503), HTTPStatusError, None),
    ("500", Reply(status=500, headers={"Retry-After": "600"}), HTTPStatusError, None),
]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(Limits("syndicate/test", 30, 1_000_000)) as made:
        yield made


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("reply", "error", "rest"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_an_answer_means_the_same_to_whoever_asks(
    kind: str, reply: Reply, error: type[FetchError] | None, rest: float | None, server: Server, client: Client
) -> None:
    hosts, name = Hosts(), f"127.0.0.1:{server.port}"
    source = Source(id="s", url=server.answers("/a", reply), allow_private=True)
    if error:
        with pytest.raises(error):
            KINDS[kind](source, client, hosts, False)
    else:
        assert KINDS[kind](source, client, hosts, False)
    if rest is None:
        assert hosts.told == {}
        return
    assert timedelta(seconds=rest) <= hosts.told[name] - NOW < timedelta(seconds=rest + 60)
    for other in KINDS.values():  # whichever asks next: nobody knocks
        with pytest.raises(FetchError, match="left alone") as caught:
            other(source, client, hosts, False)
        assert caught.value.retry_after
    assert len(server.requests) == 1


@pytest.mark.parametrize("kind", ["feed", "list", "page", "robots"])
def test_validators_go_out_and_304_is_no_news(kind: str, server: Server, client: Client) -> None:
    source = Source(id="s", url=server.answers("/a", Reply(status=304)), allow_private=True)
    assert not KINDS[kind](source, client, Hosts(), True)
    assert server.requests[0].headers["If-None-Match"] == '"1"'


@pytest.mark.parametrize("kind", KINDS)
def test_the_operators_words_go_first_and_his_accept_is_for_the_feed(kind: str, server: Server, client: Client) -> None:
    own = (("accept", "text/x-own"), ("user-agent", "Amt"), ("X-Key", "geheim"))
    there = server.answers("/a", Reply(body=BODY, headers=XML))
    KINDS[kind](Source(id="s", url=there, allow_private=True, headers=own), client, Hosts(), False)
    sent = server.requests[0].headers
    assert (sent.get_all("user-agent"), sent["x-key"]) == (["Amt"], "geheim")
    assert (sent.get_all("accept") == ["text/x-own"]) == (kind not in ("page", "robots"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_redirect_to_another_host_takes_no_secret_along(kind: str, server: Server, client: Client) -> None:
    with Server() as other:
        end = other.answers("/b", Reply(body=BODY, headers=XML)).replace("127.0.0.1", "localhost")
        start = server.answers("/a", Reply(status=301, headers={"Location": end}))
        with pytest.raises(FetchError, match="localhost"):  # leave to be private is for the source's own host
            KINDS[kind](Source(id="s", url=start, allow_private=True), client, Hosts(), False)
        assert other.requests == []
