"""Through a proxy: a real one on loopback that makes tunnels, to real servers behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from proxy_server import HANGS, Proxy
from servers import Reply, Server
from syndicate.client import Client, Limits
from syndicate.errors import FetchError
from test_client import LIMITS, certificate, secure

__all__ = ["certificate", "secure"]  # fixtures

SECRET = "presse:geheim%21"
PUBLIC = "93.184.215.14"
NAMES = {
    "talland.example": (PUBLIC,),
    "moor.example": (PUBLIC,),
    "heide.example": (PUBLIC,),
    "sechs.example": ("2606:4700::1111", PUBLIC),
    "intern.example": ("10.1.2.3",),
    "wolke.example": ("169.254.169.254",),
    "gemischt.example": ("10.1.2.3", PUBLIC),
    "localhost": ("127.0.0.1",),
    "127.1": ("127.0.0.1",),
    "2130706433": ("127.0.0.1",),
    "0x7f000001": ("127.0.0.1",),
}


def looked_up(name: str, port: int) -> tuple[str, ...]:
    """DNS that knows these alone."""
    if name in NAMES:
        return NAMES[name]
    if name.replace(".", "").isdigit() or ":" in name:
        return (name,)
    raise FetchError(f"the host {name} was not found (DNS: No such host)")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        running.answers("/feed", Reply(body=b"<rss/>"))
        yield running


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    """All that it is asked for leads to that server."""
    hosts = [PUBLIC, "[2606:4700::1111]", "10.1.2.3", "127.0.0.1", "weit.example", "xn--mnster-3ya.example"]
    with Proxy(dict.fromkeys(hosts, server.port)) as running:
        yield running


@contextmanager
def behind(proxy: Proxy, user: str = "", **limits: float) -> Iterator[Client]:
    chosen = Limits("syndicate/test", limits.get("timeout", 5.0), 100_000)
    with Client(chosen, resolve=looked_up) as client:
        yield client.through(proxy.url(user))


def failure(client: Client, url: str, **more: bool) -> str:
    with pytest.raises(FetchError) as caught:
        client.get(url, **more)  # type: ignore[arg-type]
    return str(caught.value)


# --- whom the proxy is asked for --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://talland.example/feed", f"{PUBLIC}:80"),
        ("http://talland.example:8080/feed", f"{PUBLIC}:8080"),
        (f"http://{PUBLIC}/feed", f"{PUBLIC}:80"),
        ("http://sechs.example/feed", "[2606:4700::1111]:80"),
        ("http://[2606:4700::1111]/feed", "[2606:4700::1111]:80"),
        ("http://gemischt.example/feed", f"{PUBLIC}:80"),  # of its addresses, those that may be
        ("http://weit.example/feed", "weit.example:80"),  # does not resolve here
        ("http://münster.example/feed", "xn--mnster-3ya.example:80"),
    ],
)
def test_it_is_asked_for_the_judged_address_or_for_a_name_that_is_not_known_here(
    proxy: Proxy, server: Server, url: str, asked: str
) -> None:
    with behind(proxy) as client:
        answer = client.get(url)
    assert (answer.status, answer.body, proxy.asked) == (200, b"<rss/>", [asked])
    assert server.requests[0].path == "/feed"  # no absolute form
    assert server.requests[0].headers["Host"] in url.replace("münster", "xn--mnster-3ya")


@pytest.mark.parametrize(
    ("url", "leave", "reason"),
    [
        ("http://intern.example/feed", False, "10.1.2.3 is a private address; set allow_private = true"),
        ("http://intern.example/feed", True, None),
        ("http://localhost/feed", False, "127.0.0.1 is a loopback address; set allow_private = true"),
        ("http://localhost/feed", True, None),
        ("http://wolke.example/feed", True, "169.254.169.254 is a cloud's metadata address"),
        ("http://127.0.0.1/feed", False, "127.0.0.1 is a loopback address; no proxy is asked for one"),
        ("http://127.0.0.1/feed", True, "no proxy is asked for one"),
        ("http://10.1.2.3/feed", True, "no proxy is asked for one"),
        ("http://127.1/feed", True, "no proxy is asked for one"),
        ("http://2130706433/feed", True, "no proxy is asked for one"),
        ("http://0x7f000001/feed", True, "no proxy is asked for one"),
        ("http://[::1]/feed", True, "no proxy is asked for one"),
        ("http://[::ffff:10.1.2.3]/feed", True, "no proxy is asked for one"),
        ("http://169.254.169.254/feed", True, "a cloud's metadata address"),
        ("http://0x7f.1/feed", True, "was not found"),  # what nobody here can read is not left to others
        ("http://irgendwas.localhost/feed", True, "was not found"),
    ],
)
def test_what_may_not_be_asked_for(proxy: Proxy, url: str, leave: bool, reason: str | None) -> None:
    with behind(proxy) as client:
        if reason is None:
            assert client.get(url, allow_private=leave).status == 200
        else:
            assert reason in failure(client, url, allow_private=leave)
            assert proxy.asked == []


def test_redirects_go_through_it_too_and_are_judged(proxy: Proxy, server: Server) -> None:
    server.answers("/there", Reply(status=302, headers={"Location": "http://moor.example/feed"}))
    server.answers("/inside", Reply(status=302, headers={"Location": "http://10.1.2.3/feed"}))
    server.answers("/name", Reply(status=302, headers={"Location": "http://intern.example/feed"}))
    with behind(proxy) as client:
        assert client.get("http://talland.example/there").body == b"<rss/>"
        assert proxy.asked == [f"{PUBLIC}:80"] * 2
        assert "10.1.2.3 is a private address" in failure(client, "http://talland.example/inside")
        assert "10.1.2.3 is a private address" in failure(client, "http://talland.example/name", allow_private=True)
    assert {target.partition(":")[0] for target in proxy.asked} == {PUBLIC}


def test_tls_is_with_the_host_for_its_name(
    secure: tuple[Server, list[str | None]], certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, names = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[1]))
    with Proxy({PUBLIC: server.port, "weit.example": server.port}) as proxy, behind(proxy) as client:
        assert client.get("https://moor.example/").body == b"secure"
        assert client.get("https://moor.example/").body == b"secure"
        assert (names, proxy.asked) == (["moor.example"], [f"{PUBLIC}:443"])  # one tunnel stays open
        for other in ("https://heide.example/", "https://weit.example/"):
            assert "its certificate is not valid" in failure(client, other)
    assert proxy.asked[1:] == [f"{PUBLIC}:443", "weit.example:443"]


@pytest.mark.parametrize(
    "established",
    [
        b"HTTP/1.0 200 Connection established\r\nProxy-agent: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\nSet-Cookie: a=b\r\n\r\n",
    ],
    ids=lambda value: value.decode()[:30],
)
def test_a_tunnel_is_one_however_that_is_said(proxy: Proxy, established: bytes) -> None:
    """RFC 9110 section 9.3.6: any 2xx, whose framing says nothing."""
    proxy.established = established
    with behind(proxy) as client:
        assert client.get("http://talland.example/feed").body == b"<rss/>"


def test_a_post_goes_through_it_too(proxy: Proxy, server: Server) -> None:
    server.answers("/hub", Reply(status=202))
    with behind(proxy) as client:
        assert client.post("http://talland.example/hub", b"hub.mode=subscribe").status == 202
    assert (proxy.asked, server.requests[0].body) == ([f"{PUBLIC}:80"], b"hub.mode=subscribe")


# --- whose connections they are, and whose turn it is -----------------------------------------------------------------


def test_nobody_else_uses_its_connections_and_it_uses_nobody_elses(server: Server) -> None:
    with Proxy({"127.0.0.1": server.port}) as one, Proxy({"127.0.0.1": server.port}) as two, Client(LIMITS) as client:
        url = server.url("/feed", host="localhost")
        for way, through in enumerate(("", one.url(), two.url(), one.url("u:p"), "", one.url())):
            assert client.through(through).get(url, allow_private=True).status == 200, way
    assert (len(one.asked), len(two.asked)) == (2, 1)  # with a password it is another's


def test_a_hosts_places_are_the_same_ones_with_and_without(server: Server, proxy: Proxy) -> None:
    with Client(LIMITS) as client:
        assert client.through("") is client
        through = client.through(proxy.url())
        with client._slot("talland.example"), client._slot("talland.example"):
            assert not through._slots["talland.example"].acquire(blocking=False)
        client.close()
        with pytest.raises(FetchError, match="was closed"):
            through.get("http://talland.example/feed")


# --- the password -----------------------------------------------------------------------------------------------------


def test_user_and_password_go_to_the_proxy_alone(server: Server) -> None:
    with Proxy({PUBLIC: server.port}, password="presse:geheim!") as proxy, behind(proxy, SECRET) as client:
        assert client.get("http://u:p@talland.example/feed", headers={"X-Key": "k"}).body == b"<rss/>"
    assert proxy.heads[0]["Proxy-Authorization"]
    assert (proxy.heads[0].get("Authorization"), proxy.heads[0].get("X-Key")) == (None, None)
    sent = server.requests[0].headers
    assert (sent["Proxy-Authorization"], sent["Authorization"], sent["X-Key"]) == (None, "Basic dTpw", "k")


# --- what a proxy does wrong ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("says", "told"),
    [
        (b"HTTP/1.1 407 Who\r\n\r\n", "wants a user and a password (407 Proxy Authentication Required): proxy = "),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", f"does not permit CONNECT to {PUBLIC}:80 (403 Forbidden): have that"),
        (b"HTTP/1.1 405 No\r\nContent-Length: 5\r\n\r\nnever", "does not permit CONNECT to"),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", f"does not reach {PUBLIC}:80 (502 Bad Gateway)"),
        (b"HTTP/1.1 599 \r\n\r\n", f"does not permit CONNECT to {PUBLIC}:80 (599)"),
        (b"HTTP/1.0 302 Found\r\nLocation: http://login.example/\r\n\r\n", "does not permit CONNECT"),
        (b"", "closed the connection without an answer to CONNECT; see whether it is an HTTP proxy"),
        (b"HTTP/1.1 20", "closed the connection without an answer to CONNECT"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "gave an answer to CONNECT that is no HTTP; see whether it is an HTTP proxy"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "gave an answer to CONNECT that is no HTTP"),  # TLS alone
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 40_000, "gave an answer to CONNECT that is no HTTP"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_what_is_told_names_the_proxy_and_not_its_password(proxy: Proxy, says: bytes, told: str) -> None:
    proxy.says[""] = says
    with behind(proxy) as client:
        message = failure(client, "http://talland.example/feed")
    assert message.startswith(f"http://talland.example/feed: the proxy 127.0.0.1:{proxy.port} ")
    assert told in message


def test_what_it_says_is_not_repeated(proxy: Proxy) -> None:
    """It may be what was sent: with the password."""
    with behind(proxy, SECRET) as client:
        for says in (
            b"HTTP/1.1 407 presse:geheim!\r\n\r\n",
            b"HTTP/1.1 403 Basic cHJlc3NlOmdlaGVpbSE=\r\n\r\n",
            b"cHJl\r\n",
        ):
            proxy.says[""] = says
            message = failure(client, "http://talland.example/feed")
            assert not any(word in message for word in ("geheim", "presse", "cHJl")), message
    assert "cHJl" not in repr(client._proxy)


def test_another_address_is_tried_where_it_does_not_reach_the_first(proxy: Proxy) -> None:
    proxy.says["[2606:4700::1111]:80"] = b"HTTP/1.1 503 Service Unavailable\r\n\r\n"
    with behind(proxy) as client:
        assert client.get("http://sechs.example/feed").status == 200
        assert proxy.asked == ["[2606:4700::1111]:80", f"{PUBLIC}:80"]
        proxy.says[f"{PUBLIC}:80"] = HANGS
        client.close()
    with behind(proxy, timeout=0.3) as client:
        assert f"has not answered when it was asked for {PUBLIC}:80" in failure(client, "http://sechs.example/feed")
        proxy.says["[2606:4700::1111]:80"] = HANGS
        assert "has not answered" in failure(client, "http://sechs.example/feed")


def test_a_proxy_that_is_not_there_or_not_known() -> None:
    with Client(LIMITS, resolve=looked_up) as client:
        with Proxy() as gone:
            address = gone.url("presse:geheim")
        message = failure(client.through(address), "http://talland.example/feed")
        assert f"the proxy 127.0.0.1:{gone.port} cannot be reached: 127.0.0.1 refused the connection" in message
        assert message.endswith("; see the source's `proxy`")
        unknown = failure(client.through("http://presse:geheim@weg.example:3128"), "http://talland.example/feed")
        assert "the proxy weg.example:3128 cannot be reached: the host weg.example was not found" in unknown
        for nothing in ("socks5://localhost", "proxy.example.org", "http://", "http://presse:geheim@h:99999"):
            with pytest.raises(FetchError, match="proxy is no address of one") as caught:
                client.through(nothing)
            assert "geheim" not in str(caught.value)


def test_dns_that_never_answers_leaves_a_name_to_the_proxy(
    proxy: Proxy, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(name: str, port: int) -> tuple[str, ...]:
        if name == "weit.example":
            proxy.stopped.wait()
        return looked_up(name, port)

    backend = Client.through.__globals__["ProxiedBackend"]
    monkeypatch.setitem(backend._targets.__globals__, "_DNS", 0.1)
    with Client(LIMITS, resolve=silent) as client:
        assert client.through(proxy.url()).get("http://weit.example/feed").status == 200
    assert proxy.asked == ["weit.example:80"]


def test_its_own_address_is_not_judged(proxy: Proxy) -> None:
    """Loopback, as all of these are; the source has no leave for that."""
    with behind(proxy) as client:
        assert client.get("http://talland.example/feed", allow_private=False).status == 200
