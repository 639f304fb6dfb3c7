"""Where requests may lead: whose headers go along, what is dialled, and connections that end anywhere."""

from collections.abc import Iterator

import pytest

from servers import Reply, Server
from syndicate.client import Client, Limits, resolve, server_of, shown
from syndicate.errors import FetchError, NotWelcome
from test_client import LIMITS, Recorder, anywhere, failure


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(LIMITS) as opened:
        yield opened


# --- whose the headers are, where it has moved to, whom to leave alone ------------------------------------------------


def test_another_address_is_asked_as_if_home_had_led_there(server: Server) -> None:
    """An address that was adopted gets what a redirect to it would get, and no more."""
    home = server.url("/rss").replace("//", "//presse:geheim@")
    here = server.answers("/neu", Reply(body=b"x"))
    sent = {"X-Api-Key": "k", "If-None-Match": '"1"'}
    with Server() as other, anywhere() as client, Client(LIMITS) as strict:
        there = other.answers("/neu", Reply(body=b"x"))
        for url in (here, there):
            assert client.get(url, headers=sent, home=home).body == b"x"
        message = failure(strict, there.replace("127.0.0.1", "localhost"), headers=sent, home=home)
    mine, theirs = server.requests[0].headers, other.requests[0].headers
    assert (mine["Authorization"], mine["X-Api-Key"]) == ("Basic cHJlc3NlOmdlaGVpbQ==", "k")
    assert (theirs["Authorization"], theirs["X-Api-Key"], theirs["If-None-Match"]) == (None, None, '"1"')
    assert "is a loopback address" in message
    assert len(other.requests) == 1


def test_a_step_down_from_https_drops_what_is_secret(server: Server) -> None:
    server.answers("/neu", Reply(body=b"x"))
    recorder = Recorder(server.port)
    with Client(LIMITS, resolve=lambda name, port: ("93.184.215.14",), network=recorder) as client:
        for home in (
            "https://u:p@talland.example/",
            "http://u:p@talland.example:8080/",
            "http://u:p@talland.example./",
        ):
            client.get("http://talland.example/neu", headers={"X-Api-Key": "k"}, home=home)
        client.get("http://talland.example/neu", headers={"X-Api-Key": "k"}, home="http://u:p@talland.example/")
    assert [r.headers["X-Api-Key"] for r in server.requests] == [None, None, None, "k"]
    assert [bool(r.headers["Authorization"]) for r in server.requests] == [False, False, False, True]


@pytest.mark.parametrize(
    ("chain", "moved"),
    [
        ((), None),
        ((301,), 1),
        ((308, 301), 2),
        ((302,), None),
        ((303, 301), None),
        ((301, 307), 1),
        ((301, 302, 301), 1),
    ],
)
def test_permanent_redirects_before_the_first_temporary_one(
    server: Server, client: Client, chain: tuple[int, ...], moved: int | None
) -> None:
    for n, status in enumerate(chain):
        server.answers(
            f"/{n}", Reply(status=status, headers={"Location": f"http://x:y@127.0.0.1:{server.port}/{n + 1}#a"})
        )
    server.answers(f"/{len(chain)}", Reply(body=b"x"))
    answer = client.get(server.url("/0").replace("//", "//presse:geheim@"), allow_private=True)
    assert answer.moved == (None if moved is None else server.url(f"/{moved}"))
    assert answer.server == f"127.0.0.1:{server.port}"


def test_each_hop_is_permitted_before_it_is_dialled(server: Server) -> None:
    told = list[tuple[str, str]]()

    def permit(server: str, url: str) -> None:
        told.append((server, url))
        if server == f"127.0.0.1:{resting.port}":
            raise NotWelcome("asked to be left alone", retry_after=90)

    with Server() as resting, Client(LIMITS) as client:
        end = resting.answers("/b", Reply(body=b"x"))
        url = server.answers("/a", Reply(status=301, headers={"Location": end}))
        with pytest.raises(NotWelcome, match=r"redirected to .*: asked to be left alone") as caught:
            client.get(url, allow_private=True, permit=permit)
    assert caught.value.retry_after == 90
    assert resting.requests == []
    assert told == [(f"127.0.0.1:{there.port}", there.url(path)) for there, path in ((server, "/a"), (resting, "/b"))]


@pytest.mark.parametrize("gzip", [False, True])
def test_the_beginning_of_a_body_will_do(server: Server, gzip: bool) -> None:
    body = bytes(range(256)) * 100
    with Client(LIMITS) as client:
        url = server.answers("/a", Reply(body=body, gzip=gzip))
        assert client.get(url, allow_private=True, beginning=1000).body == body[:1000]
        assert client.get(url, allow_private=True, beginning=99_999).body == body


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("https://Talland.example/x", "talland.example"),
        ("https://u:p@talland.example.:443/x", "talland.example"),
        ("http://talland.example:8080", "talland.example:8080"),
        ("http://talland.example:443", "talland.example:443"),
        ("https://tälland.example/", "xn--tlland-bua.example"),
        ("https://Straße.example/", "xn--strae-oqa.example"),
        ("https://💩.example/", "xn--ls8h.example"),
        ("https://ä_b.example/", "xn--_b-uia.example"),
        ("http://[::1]:8000/", "[::1]:8000"),
    ],
)
def test_the_name_of_a_server(url: str, server: str) -> None:
    assert server_of(url) == server


@pytest.mark.parametrize("value", ["geheim\n", "ge\0heim", "geheim\r\nX-Evil: 1", "geheim "])
def test_no_message_quotes_a_header(server: Server, client: Client, value: str) -> None:
    assert "geheim" not in failure(client, server.url(), headers={"X-Api-Key": value, "X-Kräy": "geheim"})
    assert server.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "http://h/?Access_Token=geheim",
        "http://h/?a=1;sessionid=geheim;b=2",
        "http://h/?X-Amz-Signature=geheim&a=1",
        "http://h/?client_secret=geheim",
        "http://h/?userToken=geheim#token=geheim",
        "http://geheim@h/",
        "http://u:geheim@h:1/",
        "http://u:ge/heim@h/?pwd=geheim",
        "http://u:geheim@[::1/",
    ],
)
def test_no_secret_is_shown(url: str) -> None:
    assert "heim" not in shown(url)


# --- every form of an address that is meant to mislead ----------------------------------------------------------------

LOCAL = [
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[0:0:0:0:0:0:0:1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[64:ff9b:1:7f00:0:100::]",
    "[2002:7f00:1::]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "127。0。0。1",
    "0",
    "0.0.0.0",
    "[::]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[ff02::1]",
    "[::ffff:169.254.169.254]",
    "224.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "192.0.0.1",
    "localhost",
    "x@127.0.0.1",
    "talland.example@127.0.0.1",
    "talland.example:80@127.1",
    "u:p@[::1]",
    "127.0.0.1:80",
    "127.0.0.1?@talland.example",
    "127.0.0.1#@talland.example",
    "talland.example\\@127.0.0.1",
]
UNREADABLE = [
    "127%2e0%2e0%2e1",
    "%31%32%37.0.0.1",
    "talland.example%00.x",
    "talland.example\\.x",
    "0177.0.0.1",
    "①②⑦.0.0.1",
    "talland.example:0",
    "talland.example:65536",
    "talland.example:-1",
    "talland.example:x",
    "[::1",
    "[::1%25lo]",
    "[127.0.0.1]",
    "a..b/../",
    "exa*mple",
    "ex^ample",
]


@pytest.mark.parametrize("host", LOCAL)
def test_no_form_of_a_forbidden_address_is_dialled(server: Server, host: str) -> None:
    """Neither when it is asked, nor where a redirect, permanent or not, leads to it."""
    recorder = Recorder(server.port)
    names = {"talland.example": ("93.184.215.14",)}

    def look_up(name: str, port: int) -> tuple[str, ...]:
        return names.get(name) or resolve(name, port)

    with Client(LIMITS, resolve=look_up, network=recorder) as client:
        assert "address" in failure(client, f"http://{host}/", allow_private=False)
        assert recorder.dialled == []
        for status in (301, 302):
            server.answers(
                "/feed", Reply(status=status, headers={"Location": f"http://{host}/".encode().decode("latin-1")})
            )
            failure(client, "http://talland.example/feed", allow_private=True)
    assert {*recorder.dialled} == {("93.184.215.14", 80)}
    assert {r.path for r in server.requests} == {"/feed"}


@pytest.mark.parametrize("host", UNREADABLE)
def test_what_is_no_host_is_not_even_looked_up(host: str) -> None:
    looked_up: list[str] = []

    def look_up(name: str, port: int) -> tuple[str, ...]:
        looked_up.append(name)
        raise FetchError("the host was not found")

    with Client(LIMITS, resolve=look_up, network=Recorder()) as client:
        failure(client, f"http://{host}/", allow_private=False)
    assert [name for name in looked_up if name != "a..b"] == []


@pytest.mark.parametrize(
    "url",
    [
        "gopher://talland.example/",
        "feed:https://talland.example/",
        "dict://127.0.0.1:11211/",
        "ldap://x/",
        "unix:///run/x",
        "http:///",
        "http:talland.example",
        "http:\\\\127.0.0.1\\",
        "//talland.example/",
        "jar:http://talland.example!/",
        "http://?x",
        "http://:80/",
    ],
)
def test_other_schemes_and_addresses_without_host(url: str) -> None:
    recorder = Recorder()
    with Client(LIMITS, resolve=lambda name, port: ("93.184.215.14",), network=recorder) as client:
        assert "fetched" in failure(client, url)
    assert recorder.dialled == []


def test_a_name_that_changes_its_mind_between_two_hops(server: Server) -> None:
    """DNS rebinding: each look-up is judged by itself, and what was judged is what is dialled."""
    answers = iter([("93.184.215.14",), ("127.0.0.1",)])
    recorder = Recorder(server.port)
    server.answers("/a", Reply(status=302, headers={"Location": "/b", "Connection": "close"}))
    with Client(LIMITS, resolve=lambda name, port: next(answers), network=recorder) as client:
        assert "127.0.0.1 is a loopback address" in failure(client, "http://moor.example/a", allow_private=False)
    assert recorder.dialled == [("93.184.215.14", 80)]


# --- connections that are cut, at every point -------------------------------------------------------------------------

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nETag: \"1\"\r\nContent-Length: 20\r\n\r\n<rss version='2.0'/>"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n<rss ver\r\nc\r\nsion='2.0'/>\r\n0\r\n\r\n"


@pytest.mark.parametrize("cut", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("whole", [WHOLE, CHUNKED], ids=["length", "chunks"])
def test_a_connection_that_ends_anywhere(server: Server, client: Client, whole: bytes, cut: bool) -> None:
    for end in range(0, len(whole), 3):
        url = server.answers("/feed", Reply(raw=whole[:end], cut=cut))
        message = failure(client, url)
        assert message.startswith(f"{url}: ")
        assert any(word in message for word in ("cut", "closed", "no valid HTTP")), message
    assert client.get(server.answers("/feed", Reply(raw=whole)), allow_private=True).body == b"<rss version='2.0'/>"


@pytest.mark.parametrize(
    "head",
    [
        b"X-%d: 1\r\n",
        b"Set-Cookie: a%d=b\r\n",
    ],
)
def test_a_flood_of_headers_ends_in_bounded_memory(server: Server, client: Client, head: bytes) -> None:
    """h11 gives up at 100 kB of header, however many lines that is; redirects and interim answers are no way around."""
    flood = b"".join(head % n for n in range(20_000))
    for start in (b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\nLocation: /x\r\n", b"HTTP/1.1 103 Early Hints\r\n"):
        url = server.answers("/feed", Reply(raw=start + flood + b"\r\n"))
        assert "no valid HTTP" in failure(client, url)
    assert {r.path for r in server.requests} == {"/feed"}


def test_an_endless_row_of_interim_answers_ends_with_the_deadline(server: Server) -> None:
    url = server.answers("/feed", Reply(raw=b"HTTP/1.1 102 Processing\r\n\r\n" * 200_000))
    with Client(Limits("test", timeout=1.0, max_bytes=1000)) as client:
        failure(client, url)  # at all
