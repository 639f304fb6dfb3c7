"""The one place that dials: what it sends, what it refuses, and that every wait ends."""

import gzip
import ipaddress
import re
import shutil
import socket
import ssl
import subprocess
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpcore
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from servers import Reply, Server
from syndicate.client import MAX_REDIRECTS, Client, Limits, body, permitted, shown
from syndicate.errors import FetchError
from waiting import PATIENCE, until

LIMITS = Limits(user_agent="syndicate/test", timeout=5.0, max_bytes=100_000)
Get = Callable[..., object]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(LIMITS) as opened:
        yield opened


def failure(client: Client, url: str, **more: object) -> str:
    with pytest.raises(FetchError) as caught:
        client.get(url, **{"allow_private": True, **more})  # type: ignore[arg-type]
    return str(caught.value)


class Recorder(httpcore.NetworkBackend):
    """Notes who would be dialled, and leads all of them to one port of loopback, or nowhere."""

    def __init__(self, port: int | None = None) -> None:
        self.dialled: list[tuple[str, int]] = []
        self._port = port

    def connect_tcp(self, host: str, port: int, **more: object) -> httpcore.NetworkStream:  # type: ignore[override]
        self.dialled.append((host, port))
        if self._port is None:
            raise httpcore.ConnectError("nobody is there")
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self._port, **more)  # type: ignore[arg-type]


def anywhere() -> Client:
    """For which every host is a public one; all are loopback, each port its own server."""

    class Loopback(httpcore.SyncBackend):
        def connect_tcp(self, host: str, port: int, **more: object) -> httpcore.NetworkStream:  # type: ignore[override]
            return super().connect_tcp("127.0.0.1", port, **more)  # type: ignore[arg-type]

    return Client(LIMITS, resolve=lambda name, port: ("93.184.215.14",), network=Loopback())


# --- an answer --------------------------------------------------------------------------------------------------------


def test_an_answer_as_it_came(server: Server, client: Client) -> None:
    url = server.answers("/feed", Reply(body=b"<rss/>", headers={"ETag": '"ä"', "Content-Type": "application/rss+xml"}))
    answer = client.get(url, headers={"Accept": "application/rss+xml"}, allow_private=True)
    assert (answer.status, answer.body, answer.url) == (200, b"<rss/>", url)
    assert answer.headers["content-TYPE"] == "application/rss+xml"
    sent = server.requests[0].headers
    assert sent["User-Agent"] == "syndicate/test"
    assert sent["Accept-Encoding"] == "gzip, deflate"
    assert sent["Accept"] == "application/rss+xml"
    assert sent["Host"] == f"127.0.0.1:{server.port}"


def test_a_validator_goes_back_byte_for_byte(server: Server, client: Client) -> None:
    url = server.answers("/feed", Reply(headers={"ETag": 'W/"grün-\xa0"'}))
    etag = client.get(url, allow_private=True).headers["etag"]
    client.get(url, headers={"If-None-Match": etag}, allow_private=True)
    assert server.requests[1].headers["If-None-Match"] == 'W/"grün-\xa0"'


@pytest.mark.parametrize("status", [304, 404, 410, 429, 500, 503])
def test_any_whole_answer_is_an_answer(server: Server, client: Client, status: int) -> None:
    url = server.answers("/", Reply(status=status, headers={"Retry-After": "7"}))
    answer = client.get(url, allow_private=True)
    assert (answer.status, answer.headers["retry-after"], answer.body) == (status, "7", b"")


def test_an_endless_error_page_is_not_read(server: Server, client: Client) -> None:
    url = server.answers("/", Reply(status=404, body=b"x" * 200_000))
    assert client.get(url, allow_private=True).status == 404


def test_connections_are_used_again_and_cookies_are_not_kept(server: Server) -> None:
    url = server.answers("/", Reply(headers={"Set-Cookie": "visitor=1"}))
    recorder = Recorder(server.port)
    with Client(LIMITS, network=recorder) as client:
        for _ in range(3):
            client.get(url, allow_private=True)
    assert [r.headers["Cookie"] for r in server.requests] == [None] * 3
    assert len(recorder.dialled) == 1


def test_a_cookie_goes_along_with_the_redirects_of_its_answer(server: Server, client: Client) -> None:
    """Some servers ask for nothing but that, before they answer."""
    url = server.answers("/", Reply(status=302, headers={"Location": "/feed", "Set-Cookie": "visitor=1; Path=/"}))
    server.answers("/feed", Reply(body=b"x"))
    assert client.get(url, allow_private=True).body == b"x"
    assert [r.headers["Cookie"] for r in server.requests] == [None, "visitor=1"]


def test_of_connections_to_private_places_few_are_kept(server: Server) -> None:
    server.answers("/", Reply(body=b"x"))
    recorder = Recorder(server.port)
    with Client(LIMITS, resolve=lambda name, port: ("127.0.0.1",), network=recorder) as client:

        def ask(n: int) -> int:
            """How often was dialled by then."""
            client.get(f"http://host{n}.example:{server.port}/", allow_private=True)
            return len(recorder.dialled)

        for n in range(40):
            ask(n)
        assert [ask(39), ask(8), ask(0)] == [40, 40, 41]


def test_the_environment_is_not_asked(server: Server, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1/")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1/")
    with Client(LIMITS) as fresh:
        assert fresh.get(server.answers("/", Reply(body=b"x")), allow_private=True).body == b"x"


# --- bodies -----------------------------------------------------------------------------------------------------------


def deflate(data: bytes, wbits: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return packer.compress(data) + packer.flush()


TEXT = b"Pressemitteilung " * 1000


def brief(value: object) -> str | None:
    """A name for a test whose data is bytes: xdist wants the same ones in each process, gzip writes the time."""
    return f"{len(value)} bytes" if isinstance(value, bytes) else None


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("", TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("X-GZip", gzip.compress(TEXT)),
        ("identity, gzip", gzip.compress(TEXT)),
        ("none", TEXT),
        ("UTF-8", TEXT),
        ("iso-8859-1, gzip", gzip.compress(TEXT)),
        ("gzip, gzip", gzip.compress(gzip.compress(TEXT))),
        ("deflate, gzip", gzip.compress(zlib.compress(TEXT))),
        ("gzip, deflate", zlib.compress(gzip.compress(TEXT))),
        ("gzip", gzip.compress(gzip.compress(TEXT))),  # twice, and told of once
        ("", gzip.compress(TEXT)),  # a file that is kept so
        ("utf-8", gzip.compress(gzip.compress(TEXT))),
        ("gzip", gzip.compress(TEXT[:500]) + gzip.compress(TEXT[500:])),
        ("gzip", gzip.compress(TEXT) + b"\0" * 100),
        ("deflate", deflate(TEXT, 15)),
        ("deflate", deflate(TEXT, -15)),
    ],
    ids=brief,
)
@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_codings(coding: str, packed: bytes, step: int) -> None:
    found = body(coding, 100_000)
    for start in range(0, len(packed), step):
        found.feed(packed[start : start + step])
    assert found.finish() == TEXT


@given(st.binary(max_size=300), st.sampled_from(["", "gzip", "deflate"]), st.integers(0, 400), st.integers(1, 50))
def test_a_body_is_never_above_its_limit(data: bytes, coding: str, limit: int, step: int) -> None:
    """Exactly the bytes where they fit, packed and unpacked; else an error. Never less, never more."""
    assume(not data.startswith(b"\x1f\x8b\x08"))  # it would be unpacked once more
    packed = {"": data, "gzip": gzip.compress(data), "deflate": zlib.compress(data)}[coding]
    found = body(coding, limit)
    fits = max(len(data), len(packed)) <= limit
    try:
        for start in range(0, len(packed), step):
            found.feed(packed[start : start + step])
        assert found.finish() == data
        assert fits
    except FetchError:
        assert not fits


@pytest.mark.parametrize(
    ("headers", "content", "words"),
    [
        ({"Content-Encoding": "gzip"}, gzip.compress(TEXT)[:-5], "cut short"),
        ({"Content-Encoding": "gzip"}, gzip.compress(TEXT)[:50], "cut short"),
        ({"Content-Encoding": "gzip"}, gzip.compress(TEXT)[:-6] + b"\0" * 6, "not the gzip that it says"),
        ({"Content-Encoding": "gzip"}, b"<rss/>", "not the gzip that it says"),
        ({"Content-Encoding": "deflate"}, zlib.compress(TEXT)[:-4], "cut short"),
        ({"Content-Encoding": "deflate"}, b"x", "cut short"),
        ({"Content-Encoding": "br"}, b"x", "Content-Encoding: br"),
        ({"Content-Encoding": "gzip, zstd"}, b"x", "Content-Encoding: gzip, zstd"),
        ({"Content-Encoding": "gzip, gzip"}, b"<rss/>", "not the gzip that it says"),
        ({"Content-Encoding": "gzip, gzip, gzip, gzip"}, b"x", "Content-Encoding: gzip, gzip, gzip, gzip"),
        ({}, gzip.compress(TEXT)[:50], "cut short"),
        ({}, gzip.compress(b"\0" * 5_000_000), "larger than 0.1 MB"),
        ({"Content-Encoding": "gzip"}, gzip.compress(gzip.compress(b"\0" * 5_000_000)), "larger than 0.1 MB"),
        ({"Content-Encoding": "gzip"}, gzip.compress(b"\0" * 5_000_000), "larger than 0.1 MB"),
        ({"Content-Encoding": "deflate"}, zlib.compress(b"\0" * 5_000_000), "larger than 0.1 MB"),
        ({}, b"x" * 100_001, "larger than 0.1 MB"),
        ({"Content-Length": "9" * 15}, b"", "larger than 0.1 MB"),
    ],
    ids=brief,
)
def test_damaged_and_oversized_bodies(
    server: Server, client: Client, headers: dict[str, str], content: bytes, words: str
) -> None:
    url = server.answers("/feed", Reply(headers=headers, body=content))
    message = failure(client, url)
    assert message.startswith(f"{url}: ")
    assert words in message


def test_an_endless_body_without_length_is_left(server: Server, client: Client) -> None:
    url = server.answers("/", Reply(raw=b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_000_000))
    assert "larger than 0.1 MB" in failure(client, url)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(body=b"half", length=100), "cut short"),
        (Reply(body=b"half", length=100, cut=True), "cut"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc"), "cut short"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Le"), "closed the connection without an answer"),
        (Reply(raw=b""), "closed the connection without an answer"),
        (Reply(raw=b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), "no valid HTTP"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nabcdefg"), "no valid HTTP"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\n" + b"X-Flood: 1\r\n" * 100_000 + b"\r\n"), "no valid HTTP"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n"), "no valid HTTP"),
    ],
)
def test_broken_answers(server: Server, client: Client, reply: Reply, words: str) -> None:
    assert words in failure(client, server.answers("/feed", reply))


# --- every wait ends --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=b"x" * 10_000, drip=0.05),
        Reply(body=b"late", delay=600),
        Reply(status=302, headers={"Location": "/"}, delay=0.2),
    ],
    ids=["drip", "silence", "slow redirects"],
)
def test_the_deadline_is_of_the_whole_answer(server: Server, reply: Reply) -> None:
    url = server.answers("/", reply)
    with Client(Limits("test", timeout=0.5, max_bytes=100_000)) as client:
        assert failure(client, url).endswith("no complete answer within 0.5 s")


def test_a_slow_look_up_ends_with_the_deadline() -> None:
    def slow(name: str, port: int) -> tuple[str, ...]:
        assert ended.wait(PATIENCE)
        return ("127.0.0.1",)

    ended = threading.Event()
    with Client(Limits("test", timeout=0.2, max_bytes=1), resolve=slow, network=Recorder()) as client:
        assert "no complete answer within 0.2 s" in failure(client, "http://slow.example/")
        ended.set()  # it was not waited for


def test_closing_ends_what_is_under_way(server: Server) -> None:
    url = server.answers("/", Reply(body=b"x" * 1000, drip=1))
    client = Client(Limits("test", timeout=600, max_bytes=100_000, per_host=1))
    with ThreadPoolExecutor(2) as pool:  # one reads, one waits for its turn
        running = [pool.submit(failure, client, url) for _ in range(2)]
        until(lambda: server.requests)
        client.close()
        assert {future.result() for future in running} == {f"{url}: the client was closed"}
    assert "the client was closed" in failure(client, url)


def test_no_more_than_per_host_at_once(server: Server, client: Client) -> None:
    url = server.answers("/", Reply(delay=0.02))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.get(url, allow_private=True), range(16)))
    assert [answer.status for answer in answers] == [200] * 16
    assert server.busiest == 2


def test_waiting_for_a_turn_is_not_part_of_the_time_out(server: Server) -> None:
    url = server.answers("/", Reply(delay=1))
    with Client(Limits("test", timeout=4, max_bytes=10, per_host=1)) as client, ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: client.get(url, allow_private=True), range(5)))
    assert [answer.status for answer in answers] == [200] * 5


def test_two_hosts_do_not_wait_for_each_other(server: Server) -> None:
    slow, quick = server.answers("/slow", Reply(delay=600)), server.answers("/quick", Reply(body=b"quick"))
    client = Client(Limits("test", timeout=PATIENCE, max_bytes=10, per_host=1))
    with ThreadPoolExecutor(1) as pool, client:
        running = pool.submit(failure, client, slow)
        until(lambda: server.requests)
        assert client.get(quick.replace("127.0.0.1", "localhost"), allow_private=True).body == b"quick"
        assert not running.done()
        client.close()


# --- redirects --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(server: Server, client: Client, status: int) -> None:
    server.answers("/new/feed", Reply(body=b"here"))
    url = server.answers("/old", Reply(status=status, headers={"Location": "new/feed?x=ä#top"}))
    answer = client.get(url, allow_private=True)
    assert (answer.body, answer.url) == (b"here", server.url("/new/feed?x=%C3%A4"))


def test_five_redirects_and_no_more(server: Server, client: Client) -> None:
    for n in range(MAX_REDIRECTS + 1):
        server.answers(f"/{n}", Reply(status=302, headers={"Location": f"/{n + 1}"}))
    server.answers(f"/{MAX_REDIRECTS + 1}", Reply(body=b"end"))
    assert client.get(server.url("/1"), allow_private=True).body == b"end"
    assert failure(client, server.url("/0")).endswith("more than 5 redirects")


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({}, "without saying where to"),
        ({"Location": ""}, "without saying where to"),
        ({"Location": "file:///etc/passwd"}, "neither http nor https"),
        ({"Location": "gopher://127.0.0.1/"}, "neither http nor https"),
        ({"Location": "javascript:alert(1)"}, "redirects to "),
        ({"Location": "data:text/xml,<rss/>"}, "redirects to "),
        ({"Location": "https://"}, "no host"),
        ({"Location": "http://[::1"}, "no address"),
        ({"Location": "http://127.0.0.1:99999/"}, "no port that there is"),
        ({"Location": "http://10.0.0.1/"}, "redirected to http://10.0.0.1/: 10.0.0.1 is a private address"),
        ({"Location": "http://127.1/"}, "127.0.0.1 is a loopback address"),
        ({"Location": "http://2130706433/"}, "127.0.0.1 is a loopback address"),
        ({"Location": "http://0x7f000001/"}, "127.0.0.1 is a loopback address"),
        ({"Location": "http://localhost/"}, "is a loopback address"),
        ({"Location": "http://[::ffff:127.0.0.1]/"}, "stands for 127.0.0.1, a loopback address"),
        ({"Location": "http://169.254.169.254/latest/meta-data/"}, "169.254.169.254 is a cloud's metadata address"),
        ({"Location": "http://0.0.0.0/"}, "0.0.0.0 is a reserved address"),
    ],
)
def test_where_a_redirect_may_not_lead(server: Server, headers: dict[str, str], words: str) -> None:
    """The source's own host may be private here; what it redirects to may not."""
    url = server.answers("/feed", Reply(status=302, headers=headers))
    recorder = Recorder(server.port)
    with Client(LIMITS, network=recorder) as client:
        message = failure(client, url)
    assert words in message
    assert message.startswith(url)
    assert recorder.dialled == [("127.0.0.1", server.port)]


def test_credentials_stay_with_their_host(server: Server) -> None:
    with Server() as other:
        end = other.answers("/end", Reply(body=b"x"))
        server.answers("/b", Reply(status=302, headers={"Location": end}))
        url = server.answers("/a", Reply(status=302, headers={"Location": f"http://x:y@127.0.0.1:{server.port}/b"}))
        secret = url.replace("//", "//presse:ge%3Aheim@")
        sent = {"X-Api-Key": "k", "Accept": "*/*", "If-None-Match": '"1"'}
        with anywhere() as client:
            answer = client.get(secret, headers=sent)
    basic = "Basic cHJlc3NlOmdlOmhlaW0="
    assert [r.headers["Authorization"] for r in server.requests] == [basic, basic]
    assert [r.headers["X-Api-Key"] for r in server.requests] == ["k", "k"]
    last = other.requests[0].headers
    assert (last["Authorization"], last["X-Api-Key"], last["If-None-Match"]) == (None, None, '"1"')
    assert answer.url == end


def test_no_message_betrays_a_password(server: Server, client: Client) -> None:
    server.answers("/a", Reply(status=302, headers={"Location": "http://u:geheim@10.0.0.1/?token=geheim"}))
    message = failure(client, server.url("/a?token=geheim").replace("//", "//presse:geheim@"))
    assert "10.0.0.1 is a private address" in message
    assert (
        failure(client, "http://presse:geheim@host:port/")
        == "http://host:port/: this is no address that can be fetched"
    )
    assert "geheim" not in message


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://u:p@host.example/feed?a=1#x", "https://host.example/feed?a=1"),
        ("https://host.example/feed?token=x&a=1", "https://host.example/feed?a=1"),
        ("https://host.example/feed?a=1&api_key=x", "https://host.example/feed?a=1"),
        ("https://host.example/?auth=x", "https://host.example/"),
        ("https://host.example/?tokens=2", "https://host.example/?tokens=2"),
        ("http://u:p@host:p@rt/", "http://rt/"),
    ],
)
def test_addresses_as_they_are_shown(url: str, expected: str) -> None:
    assert shown(url) == expected


# --- who is dialled ---------------------------------------------------------------------------------------------------

LOOPBACK, PRIVATE = "is a loopback address; set allow_private = true", "is a private address; set allow_private = true"


@pytest.mark.parametrize(
    ("address", "words", "when_private"),
    [
        ("127.0.0.1", LOOPBACK, True),
        ("127.255.255.254", LOOPBACK, True),
        ("::1", LOOPBACK, True),
        ("10.1.2.3", PRIVATE, True),
        ("172.31.0.1", PRIVATE, True),
        ("192.168.178.1", PRIVATE, True),
        ("fd12:3456::1", PRIVATE, True),
        ("100.64.0.1", "behind a provider's NAT", True),
        ("::ffff:10.0.0.1", "stands for 10.0.0.1, a private", True),
        ("64:ff9b::a00:1", "stands for 10.0.0.1, a private", True),
        ("2002:a00:1::", "stands for 10.0.0.1, a private", True),
        ("::10.0.0.1", "stands for 10.0.0.1, a private", True),
        ("::ffff:169.254.169.254", "stands for 169.254.169.254, a cloud's", False),
        ("64:ff9b::a9fe:a9fe", "stands for 169.254.169.254, a cloud's", False),
        ("169.254.169.254", "metadata", False),
        ("100.100.100.200", "metadata", False),
        ("fd00:ec2::254", "metadata", False),
        ("169.254.1.1", "link-local", False),
        ("fe80::1%eth0", "link-local", False),
        ("224.0.0.251", "multicast", False),
        ("ff02::1", "multicast", False),
        ("0.0.0.0", "reserved", False),
        ("::", "reserved", False),
        ("255.255.255.255", "reserved", False),
        ("240.0.0.1", "reserved", False),
        ("192.0.2.1", "reserved", False),
        ("198.18.0.1", "reserved", False),
        ("2001:db8::1", "reserved", False),
        ("2001:0:4136:e378::1", "reserved", False),
        ("64:ff9b:1::1", "reserved", False),
        ("fec0::1", "reserved", False),
    ],
)
def test_addresses_that_are_not_dialled(address: str, words: str, when_private: bool) -> None:
    with pytest.raises(FetchError) as caught:
        permitted([address], private=False)
    assert str(caught.value).startswith(address)
    assert words in str(caught.value)
    if when_private:
        assert permitted([address], private=True) == (address,)
    else:
        with pytest.raises(FetchError):
            permitted([address], private=True)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::6810:84e5", "64:ff9b::5db8:d70e", "::ffff:8.8.8.8"])
def test_public_addresses_are_dialled(address: str) -> None:
    assert permitted([address], private=False) == (address,)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_every_disguise(ip: ipaddress.IPv4Address) -> None:
    disguises = [f"::ffff:{ip}", f"64:ff9b::{ip}", str(ipaddress.IPv6Address((0x2002 << 112) | int(ip) << 80))]
    for private in (False, True):
        verdicts = set()
        for address in (str(ip), *disguises):
            try:
                verdicts.add(bool(permitted([address], private=private)))
            except FetchError:
                verdicts.add(False)
        assert len(verdicts) == 1


def test_the_judged_address_itself_is_dialled_under_its_name(server: Server) -> None:
    """Of a name's addresses the forbidden ones are passed over; there is one look-up, so it cannot change its mind."""
    answers = iter([("10.0.0.1", "93.184.215.14"), ("127.0.0.1",)])
    recorder = Recorder(server.port)
    server.answers("/", Reply(body=b"x"))
    with Client(LIMITS, resolve=lambda name, port: next(answers), network=recorder) as client:
        assert client.get("http://moor.example/").body == b"x"
    assert recorder.dialled == [("93.184.215.14", 80)]
    assert server.requests[0].headers["Host"] == "moor.example"


def test_a_name_that_stands_for_a_private_address() -> None:
    recorder = Recorder()
    with Client(LIMITS, resolve=lambda name, port: ("127.0.0.1",), network=recorder) as client:
        message = failure(client, "https://localtest.example/feed", allow_private=False)
    assert message == (
        "https://localtest.example/feed: 127.0.0.1 is a loopback address; "
        "set allow_private = true on this source if that is meant (it is for the host and port of its url alone)"
    )
    assert recorder.dialled == []


def test_a_connection_to_a_private_host_serves_its_own_source_only(server: Server, client: Client) -> None:
    url = server.answers("/", Reply(body=b"x"))
    assert client.get(url, allow_private=True).body == b"x"
    assert "is a loopback address" in failure(client, url, allow_private=False)
    assert len(server.requests) == 1


def test_leave_for_a_private_host_is_for_one_port(client: Client) -> None:
    """Neither by a redirect nor by a link does a source reach another service of its own host."""
    with Server() as source, Server() as other:
        inside = other.answers("/", Reply(body=b"geheim"))
        source.answers("/", Reply(status=302, headers={"Location": inside}))
        assert "is a loopback address" in failure(client, source.url("/"))
        assert "is a loopback address" in failure(client, inside, home=source.url("/"))
        again = source.answers("/neu", Reply(body=b"x"))
        assert client.get(again, allow_private=True, home=source.url("/")).body == b"x"
    assert other.requests == []


def test_the_next_address_is_tried(server: Server) -> None:
    class Deaf(Recorder):
        def connect_tcp(self, host: str, port: int, **more: object) -> httpcore.NetworkStream:  # type: ignore[override]
            if host == "2606:4700::1":
                raise httpcore.ConnectTimeout
            return super().connect_tcp(host, port, **more)

    server.answers("/", Reply(body=b"x"))
    both = ("2606:4700::1", "93.184.215.14")
    with Client(LIMITS, resolve=lambda name, port: both, network=Deaf(server.port)) as client:
        assert client.get("http://moor.example/").body == b"x"


def test_nobody_there(client: Client) -> None:
    with Server() as gone:
        url = gone.url("/feed")
    assert failure(client, url) == f"{url}: 127.0.0.1 refused the connection (port {gone.port})"
    assert "cannot be looked up" in failure(client, f"http://{'a' * 64}.example/")


def test_an_unknown_name(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:  # in place of the system's resolver, which would ask the network
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    url = "http://nirgends.example/"
    assert failure(client, url) == f"{url}: the host nirgends.example was not found (DNS: Name or service not known)"


@pytest.mark.parametrize(
    "url", ["ftp://host.example/", "file:///etc/passwd", "feed.xml", "http:///feed", "", "http://[::1"]
)
def test_addresses_that_cannot_be_fetched(client: Client, url: str) -> None:
    assert "fetched" in failure(client, url)


# --- TLS --------------------------------------------------------------------------------------------------------------


def test_plain_http_where_tls_was_expected(server: Server, client: Client) -> None:
    url = server.answers("/", Reply()).replace("http:", "https:")
    assert failure(client, url).startswith(f"{url}: TLS error: ")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Self-signed, for the name moor.example alone."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl here to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subject = ["-subj", "/CN=moor.example", "-addext", "subjectAltName=DNS:moor.example"]
    made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    subprocess.run([openssl, *made, *subject, "-keyout", key, "-out", cert], check=True, capture_output=True)
    return key, cert


@pytest.fixture
def secure(certificate: tuple[Path, Path]) -> Iterator[tuple[Server, list[str | None]]]:
    """An https server, and the names (SNI) that it was asked for."""
    key, cert = certificate
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    context.sni_callback = lambda _, name, __: names.append(name)
    with Server(tls=context) as running:
        running.answers("/", Reply(body=b"secure"))
        yield running, names


def test_an_unknown_certificate_is_refused(secure: tuple[Server, list[str | None]], client: Client) -> None:
    server, _ = secure
    message = failure(client, server.url())
    assert "TLS error: its certificate is not valid (self-signed certificate)" in message
    assert server.requests == []


def test_tls_keeps_the_name_while_the_address_is_dialled(
    secure: tuple[Server, list[str | None]], certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, names = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[1]))  # an operator's own authority
    with Client(LIMITS, resolve=lambda name, port: ("93.184.215.14",), network=Recorder(server.port)) as client:
        assert client.get("https://moor.example/").body == b"secure"
        assert names == ["moor.example"]
        assert "not valid" in failure(client, "https://heide.example/")


def test_many_threads_share_one_client(server: Server) -> None:
    for n in range(20):
        server.answers(f"/{n}", Reply(body=str(n).encode() * 1000))
    barrier = threading.Barrier(8)

    def walk(_: int) -> list[bytes]:
        barrier.wait(5)
        return [client.get(server.url(f"/{n}"), allow_private=True).body for n in range(20)]

    with Client(Limits("test", 10, 100_000, per_host=8)) as client, ThreadPoolExecutor(8) as pool:
        walks = list(pool.map(walk, range(8)))
    assert walks == [[str(n).encode() * 1000 for n in range(20)]] * 8


def test_the_library_is_named_in_one_file() -> None:
    """Another one is a change of its two lines."""
    naming = re.compile(r"^\s*(?:import|from) (?:httpx|httpcore)\b", re.MULTILINE)
    source = Path(__file__).parents[1] / "src"
    found = [path.name for path in source.rglob("*.py") if naming.search(path.read_text(encoding="utf-8"))]
    assert found == ["library.py"]
