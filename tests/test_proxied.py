"""A source with a proxy: whatever is asked for it goes through that, between real servers on loopback."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli_site import Site
from portals import EICHEN, Portal, entry, feed, html, listing, page, rss
from proxy_server import Proxy
from servers import Reply, Server
from syndicate.client import Client
from syndicate.config import read
from syndicate.errors import ConfigError, FetchError
from syndicate.fulltext import backfill
from syndicate.model import FetchState, Hub, Source
from syndicate.websub import reconcile, send
from test_client import LIMITS
from worlds import NOW


class OneDoor(type(Client(LIMITS)._network)):  # type: ignore[misc]
    """Leads to one port, and nowhere else."""

    def __init__(self, port: int) -> None:
        self.port = port

    def connect_tcp(self, host: str, port: int, **more: object) -> Any:
        assert port == self.port, f"{host}:{port} was asked past the proxy"
        return super().connect_tcp(host, port, **more)


def polls(portal: Portal) -> None:
    assert len(portal.poll().changes) == 1


def pages(portal: Portal) -> None:
    polls(portal)
    portal.complete_all()
    assert portal.events() == ["new", "completed"]


def walks_back(portal: Portal) -> None:
    portal.source = replace(portal.source, url=portal.server.url("/liste", host="localhost"), format="html")
    portal.plan = replace(portal.plan, sources=(portal.source,))
    portal.poll()
    backfill(portal.source, 3, portal.work())


def subscribes(portal: Portal) -> None:
    hub = Hub((portal.server.url("/hub", host="localhost"),), "urn:amt", portal.source.url or "")
    with portal.store.transaction():
        portal.store.sources.save(FetchState(source="portal", hub=hub))
    reconcile(portal.store, portal.plan, NOW, everyone=True)
    (callback,) = portal.store.callbacks.of_source("portal")
    assert send(callback.id, store=portal.store, client=portal.client, plan=portal.plan, now=NOW) is None


@pytest.mark.parametrize(
    ("does", "paths"),
    [
        (polls, ["/feed"]),
        (pages, ["/feed", "/robots.txt", "/moved", "/m1"]),
        (walks_back, ["/liste", "/robots.txt", "/liste?seite=1", "/m8"]),
        (subscribes, ["/hub"]),
    ],
)
def test_whatever_is_asked_for_a_source_goes_through_its_proxy(
    tmp_path: Path, does: Callable[[Portal], None], paths: list[str]
) -> None:
    with Server() as server, Proxy(password="u:p") as proxy:
        address = server.url("/moved", host="localhost")
        server.answers("/feed", rss(feed(entry(EICHEN, address))))
        server.answers("/moved", Reply(status=302, headers={"Location": "/m1"}))
        server.answers("/m1", html(page()))
        lists = [[(f"{EICHEN} {n}", f"/m{n}") for n in range(start, start + 5)] for start in (2, 7)]
        server.answers("/liste", html(listing(lists[0], older="/liste?seite=1")))
        server.answers("/liste?seite=1", html(listing(lists[1])))
        server.answers("/hub", Reply(status=202))
        source = Source(id="portal", url=server.url("/feed", host="localhost"), proxy=proxy.url("u:p"))
        with Portal(tmp_path, server, url=source.url, proxy=source.proxy) as portal:
            portal.client.close()
            portal.client = Client(LIMITS, network=OneDoor(proxy.port))
            does(portal)
            assert {*paths} <= {request.path for request in server.requests}
            assert {target.rpartition(":")[2] for target in proxy.asked} == {str(server.port)}
            assert not any("Proxy-Authorization" in request.headers for request in server.requests)


def test_what_a_proxy_does_wrong_is_the_sources_failure_and_nobodys_rest(tmp_path: Path) -> None:
    with (
        Server() as server,
        Proxy(password="u:p") as proxy,
        Portal(tmp_path, server, url=server.url("/feed", host="localhost"), proxy=proxy.url("presse:geheim")) as portal,
    ):
        with pytest.raises(FetchError, match=f"the proxy 127.0.0.1:{proxy.port} does not take user and password"):
            portal.poll()
        state = portal.store.sources.state("portal")
        assert "the proxy" in (state.error or "")
        assert "geheim" not in f"{state} {portal.source} {portal.plan.sources}"
        assert portal.store.sources.resting(NOW) == {}


def test_a_source_is_added_through_its_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server() as server, Proxy(password="u:geheim") as proxy:
        server.answers("/feed", rss(feed(entry(EICHEN, server.url("/m1", host="localhost")))))
        site = Site(tmp_path)
        add = ["sources", "add", server.url("/feed", host="localhost"), "--id", "neu", "--allow-private", "--proxy"]
        monkeypatch.setenv("SYNDICATE_TEST_PROXY", proxy.url("u:geheim"))
        refused = site.run(*add, "socks5://u:geheim@localhost:1")
        assert (refused.code, "geheim" in refused.err) == (2, False)
        assert site.run(*add, "env:SYNDICATE_TEST_PROXY").code == 0
        assert 'proxy = "env:SYNDICATE_TEST_PROXY"' in site.config.read_text("utf-8")
        ingested = site.run("ingest", "neu")
        assert (ingested.code, len(proxy.asked)) == (0, 2)
        proxy.says[""] = b"HTTP/1.1 403 Forbidden\r\n\r\n"
        outputs = [
            site.run(*each)
            for each in (
                ["ingest", "neu"],
                ["check", "--fetch"],
                ["status"],
                ["status", "--json"],
                ["sources", "list", "--json"],
            )
        ]
        assert all("geheim" not in done.out + done.err for done in outputs)
        assert f"the proxy 127.0.0.1:{proxy.port} does not permit CONNECT" in outputs[0].out + outputs[2].out
        assert len(server.requests) == 2


TOML = '[[source]]\nid = "amt"\nurl = "https://amt.example/"\nproxy = {}\n'


@pytest.mark.parametrize(
    ("given", "held"),
    [
        ('""', ""),
        ('"http://proxy.example.org:3128"', "http://proxy.example.org:3128"),
        ('"http://presse:ge%40heim@proxy.example.org:3128/"', "http://presse:ge%40heim@proxy.example.org:3128"),
        ('"http://[2001:db8::1]:3128"', "http://[2001:db8::1]:3128"),
        ('"http://127.0.0.1:3128"', "http://127.0.0.1:3128"),
        ('"env:SYNDICATE_TEST_PROXY"', "http://u:p@proxy.example.org:3128"),
        ('"env:SYNDICATE_TEST_NONE"', None),
        ('"env:SYNDICATE_TEST_WRONG"', None),
        ('"socks5://geheim.example"', None),
        ('"https://geheim.example:3128"', None),
        ('"geheim.example:3128"', None),
        ('"http://geheim.example:3128/pac"', None),
        ('"http://geheim.example:99999"', None),
        ('"http://geheim@"', None),
        ("3128", None),
    ],
)
def test_the_key(given: str, held: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNDICATE_TEST_PROXY", "http://u:p@proxy.example.org:3128")
    monkeypatch.setenv("SYNDICATE_TEST_WRONG", "geheim")
    if held is None:
        with pytest.raises(ConfigError) as caught:
            read(TOML.format(given), tmp_path / "config.toml")
        assert "source[0].proxy: … is not " in str(caught.value)
        assert "geheim" not in str(caught.value).replace(str(tmp_path), "")
    else:
        (source,) = read(TOML.format(given), tmp_path / "config.toml").sources
        assert source.proxy == held
