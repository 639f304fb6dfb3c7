"""What goes to addresses that strangers have named: POST, and a GET that is led nowhere."""

from collections.abc import Iterator
from typing import Any

import pytest

from servers import Reply, Server
from syndicate.client import Client, Limits, permitted
from syndicate.errors import FetchError

LIMITS = Limits(user_agent="syndicate/test", timeout=5.0, max_bytes=100_000)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(LIMITS) as opened:
        yield opened


def failure(client: Client, url: str, **more: Any) -> str:
    with pytest.raises(FetchError) as caught:
        client.post(url, b"x", **{"allow_private": True, **more})
    return str(caught.value)


@pytest.mark.parametrize("body", [b"", b"hub.mode=publish", "hub.topic=ü".encode(), b"\0" * 200_000])
def test_the_body_arrives_as_it_is(server: Server, client: Client, body: bytes) -> None:
    url = server.answers("/hub?x=1", Reply(status=202, body=b"taken"))
    answer = client.post(url, body, FORM, allow_private=True)
    assert (answer.status, answer.body, answer.url) == (202, b"taken", url)
    (sent,) = server.requests
    assert (sent.method, sent.path, sent.body) == ("POST", "/hub?x=1", body)
    assert sent.headers["Content-Type"] == FORM["Content-Type"]
    assert sent.headers["Content-Length"] == str(len(body))
    assert sent.headers["User-Agent"] == "syndicate/test"


def test_user_and_password_go_as_basic_authentication(server: Server, client: Client) -> None:
    url = server.answers("/", Reply()).replace("//", "//presse:geheim@")
    assert "geheim" not in client.post(url, b"", allow_private=True).url
    assert server.requests[0].headers["Authorization"] == "Basic cHJlc3NlOmdlaGVpbQ=="


@pytest.mark.parametrize("status", [200, 202, 204, 304, 400, 404, 410, 429, 500])
def test_any_whole_answer_is_an_answer_with_the_beginning_of_what_it_says(
    server: Server, client: Client, status: int
) -> None:
    url = server.answers("/", Reply(status=status, body=b"abcdefgh" * 1_000))
    said = b"" if status in (204, 304) else (b"abcdefgh" * 1_000)[:20]
    for answer in (
        client.post(url, b"", allow_private=True, most=20),
        client.get_once(url, allow_private=True, most=20),
    ):
        assert (answer.status, answer.body) == (status, said)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_no_more_than_an_answer(server: Server, client: Client, status: int) -> None:
    url = server.answers("/old", Reply(status=status, headers={"Location": "/new"}))
    answers = [client.post(url, b"x", allow_private=True), client.get_once(url, allow_private=True)]
    assert [(answer.status, answer.url) for answer in answers] == [(status, url)] * 2
    assert [request.path for request in server.requests] == ["/old", "/old"]


@pytest.mark.parametrize(
    ("status", "paths", "moved"),
    [
        (301, ["/old"], None),
        (302, ["/old"], None),
        (303, ["/old"], None),
        (307, ["/old", "/new"], None),
        (308, ["/old", "/new"], "/new"),
    ],
)
def test_redirects_that_are_to_be_followed_take_the_body_along(
    server: Server, client: Client, status: int, paths: list[str], moved: str | None
) -> None:
    server.answers("/new", Reply(status=202))
    url = server.answers("/old", Reply(status=status, headers={"Location": "/new"}))
    answer = client.post(url, b"hub.mode=subscribe", FORM, allow_private=True, redirects=3)
    assert [(r.method, r.path, r.body) for r in server.requests] == [("POST", p, b"hub.mode=subscribe") for p in paths]
    assert {r.headers["Content-Type"] for r in server.requests} == {FORM["Content-Type"]}
    assert answer.moved == (moved and server.url(moved))


def test_redirects_have_an_end_and_are_judged_like_the_first(server: Server, client: Client) -> None:
    url = server.answers("/round", Reply(status=307, headers={"Location": "/round"}))
    assert failure(client, url, redirects=3).endswith("more than 3 redirects")
    other = server.answers("/away", Reply(status=307, headers={"Location": server.url("/", host="localhost")}))
    assert "is a loopback address" in failure(client, other, redirects=3)


LEAVE = "that takes leave of the operator"


@pytest.mark.parametrize(
    ("address", "words", "when_private"),
    [
        ("127.0.0.1", f"a loopback address; {LEAVE}", True),
        ("::1", f"a loopback address; {LEAVE}", True),
        ("10.1.2.3", f"a private address; {LEAVE}", True),
        ("172.31.0.1", f"a private address; {LEAVE}", True),
        ("192.168.2.1", f"a private address; {LEAVE}", True),
        ("fd12:3456::1", f"a private address; {LEAVE}", True),
        ("::ffff:10.0.0.1", f"a private address; {LEAVE}", True),
        ("64:ff9b::a00:1", f"a private address; {LEAVE}", True),
        ("100.64.0.1", "shared behind a provider's NAT", False),
        ("::ffff:100.64.0.1", "shared behind a provider's NAT", False),
        ("169.254.1.1", "a link-local address", False),
        ("fe80::1", "a link-local address", False),
        ("::ffff:169.254.1.1", "a link-local address", False),
        ("64:ff9b::a9fe:a9fe", "a cloud's metadata address", False),
        ("169.254.169.254", "a cloud's metadata address", False),
        ("fd00:ec2::254", "a cloud's metadata address", False),
        ("224.0.0.1", "a multicast address", False),
        ("ff02::1", "a multicast address", False),
        ("0.0.0.0", "a reserved address", False),
        ("::", "a reserved address", False),
        ("255.255.255.255", "a reserved address", False),
        ("203.0.113.1", "a reserved address", False),
    ],
)
def test_addresses_that_are_not_dialled_for_a_stranger(address: str, words: str, when_private: bool) -> None:
    with pytest.raises(FetchError, match=words):
        permitted([address], private=False, stranger=True)
    if when_private:
        assert permitted([address], private=True, stranger=True) == (address,)
    else:
        with pytest.raises(FetchError, match=words):
            permitted([address], private=True, stranger=True)


@pytest.mark.parametrize("way", ["post", "get_once"])
def test_the_address_is_judged_where_it_is_dialled(server: Server, way: str) -> None:
    """Whatever the name looks like; and leave is for one host at one port."""
    with Client(LIMITS, resolve=lambda name, port: ("127.0.0.1",)) as client:
        url = server.url("/", host="subscriber.example")
        ask: Any = {
            "post": lambda **more: client.post(url, b"", **more),
            "get_once": lambda **m: client.get_once(url, **m),
        }
        with pytest.raises(FetchError, match="is a loopback address"):
            ask[way]()
        assert ask[way](allow_private=True).status == 404
        with pytest.raises(FetchError, match="is a loopback address"):
            ask[way]()
    assert len(server.requests) == 1


def test_a_connection_that_a_source_has_opened_is_not_used_for_a_stranger(server: Server) -> None:
    with Client(LIMITS, resolve=lambda name, port: ("100.64.0.1",), network=_loopback(server.port)) as client:
        url = server.url("/", host="carrier.example")
        assert client.get(url, allow_private=True).status == 404
        assert "shared behind a provider's NAT" in failure(client, url)


def test_where_the_status_is_all_that_counts_the_body_spoils_nothing(server: Server, client: Client) -> None:
    replies = {
        "/short": Reply(body=b"ab", length=4),
        "/torn": Reply(body=b"ab", length=4, cut=True),
        "/endless": Reply(body=b"x" * 500_000),
        "/no-gzip": Reply(body=b"none", headers={"Content-Encoding": "gzip"}),
        "/odd": Reply(body=b"none", headers={"Content-Encoding": "br"}),
        "/nothing": Reply(status=204),
    }
    for path, reply in replies.items():
        assert client.post(server.answers(path, reply), b"x", allow_private=True, most=0).status == reply.status
    assert "cut short" in failure(client, server.url("/short"))


def test_connections_are_used_again(server: Server) -> None:
    url, network = server.answers("/", Reply(status=204)), _loopback(server.port)
    with Client(LIMITS, network=network) as client:
        for _ in range(3):
            assert client.post(url, b"x", allow_private=True, most=0).status == 204
    assert network.dialled == 1


@pytest.mark.parametrize("reply", [Reply(delay=600), Reply(body=b"x" * 60, drip=10.0)])
def test_the_deadline_is_of_the_whole_exchange(server: Server, reply: Reply) -> None:
    with Client(Limits("test", timeout=0.2, max_bytes=100)) as client:
        assert "no complete answer within 0.2 s" in failure(client, server.answers("/", reply))


def test_headers_that_none_may_have_are_not_sent(client: Client, server: Server) -> None:
    assert "the request cannot be sent" in failure(client, server.url(), headers={"X-Hub": "a\r\nb: c"})
    assert server.requests == []


def _loopback(port: int) -> Any:
    library = Client.__init__.__globals__["httpcore"]

    class Loopback(library.SyncBackend):  # type: ignore[misc, name-defined]
        dialled = 0

        def connect_tcp(self, host: str, port_: int, **more: object) -> Any:
            self.dialled += 1
            return super().connect_tcp("127.0.0.1", port, **more)

    return Loopback()
