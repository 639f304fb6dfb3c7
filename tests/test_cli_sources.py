"""`syndicate sources`: add, remove, pause, resume, list, on a site of its own and a server on loopback."""

import os
import pty
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli_site import FOLDER, SYNDICATE, Site
from servers import Reply, Server
from syndicate import store as stores
from syndicate.config import load
from syndicate.store import daemon_lock
from test_discovery import HTML, RSS, XML, page

EMPTY = b'<rss version="2.0"><channel><title>Leer</title></channel></rss>'


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        made.answers("/feed", Reply(body=RSS, headers=XML))
        made.answers("/leer", Reply(body=EMPTY, headers=XML))
        made.answers("/", page("/feed", "/leer"))
        made.answers("/eine", page("/feed"))
        yield made


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path, sources=f"# Unser Ordner\n{FOLDER.strip()}  # bleibt\n\n# Ende\n")
    made.config.write_text(made.config.read_text("utf-8") + "\n[fetch]\npage_delay = '0s'\n", encoding="utf-8")
    return made


def test_a_feed_is_tried_shown_and_written(site: Site, server: Server) -> None:
    before = site.config.read_text("utf-8")
    url = server.url("/feed")
    done = site.run("sources", "add", url, "--allow-private", "--topic", "Wald", "--interval", "1h")
    assert (done.code, done.err) == (0, "")
    shown = done.out.splitlines()
    assert shown[0] == "Presse Talland: 2 releases (feed)"
    assert shown[1] == "  2026-06-01 08:00  Forst: Eichen für den Bergwald"
    assert "  kickers: Forst, Schule" in shown
    assert "Wrote the source 127-0-0-1 into" in done.out
    assert "syndicate ingest 127-0-0-1" in done.out
    new = (
        f'\n# Presse Talland\n[[source]]\nid = "127-0-0-1"\nurl = "{url}"\n'
        'interval = "1h"\ntopics = ["Wald"]\nallow_private = true\n'
    )
    mark = "# bleibt\n"
    assert site.config.read_text("utf-8") == before.replace(mark, mark + new)
    assert site.run("ingest", "127-0-0-1", "--json").json["sources"][0]["new"] == 2


def test_as_json(site: Site, server: Server) -> None:
    done = site.run("sources", "add", server.url("/eine"), "--allow-private", "--id", "neu", "--json")
    assert done.code == 0
    assert done.json == {
        "id": "neu",
        "url": server.url("/feed"),
        "format": "feed",
        "topics": [],
        "title": "Presse Talland",
        "entries": 2,
        "refused": [],
        "newest": "2026-06-01T08:00:00+02:00",
        "oldest": "2026-05-31T08:00:00+02:00",
        "titles": ["Eichen für den Bergwald", "Windrad für Brunnau"],
        "kickers": ["Forst", "Schule"],
        "written": True,
    }
    assert load(site.config).sources[1].url == server.url("/feed")


def test_of_several_feeds_one_has_to_be_named(site: Site, server: Server) -> None:
    before = site.config.read_bytes()
    done = site.run("sources", "add", server.url("/"), "--allow-private")
    assert (done.code, done.out) == (2, "")
    assert f"{server.url('/')} links 2 feeds" in done.err
    assert f"  2  F  {server.url('/leer')}" in done.err
    assert site.config.read_bytes() == before
    done = site.run("sources", "add", server.url("/"), "--allow-private", "--first")
    assert done.code == 0
    assert load(site.config).sources[1].url == server.url("/feed")


def test_on_a_terminal_it_asks_which(site: Site, server: Server) -> None:
    ours, theirs = pty.openpty()
    command = [SYNDICATE, "sources", "add", server.url("/"), "--allow-private", "--config", str(site.config)]
    process = subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    os.write(ours, b"7\n2\n")
    out, _ = process.communicate(timeout=30)
    os.close(theirs)
    os.close(ours)
    assert process.returncode == 0
    assert b"Which (1 to 2)" in out
    assert load(site.config).sources[1].url == server.url("/leer")


def test_a_dry_run_writes_nothing(site: Site, server: Server) -> None:
    before = site.config.read_bytes()
    done = site.run("sources", "add", server.url("/feed"), "--allow-private", "--dry-run")
    assert (done.code, site.config.read_bytes()) == (0, before)
    assert "Nothing was written" in done.out


@pytest.mark.parametrize(
    ("path", "said"),
    [("/weg", "answered 404"), ("/nix", "names no feed"), ("/kaputt", "")],
)
def test_without_a_feed_nothing_is_written(path: str, said: str, site: Site, server: Server) -> None:
    server.answers("/nix", page())
    server.answers("/kaputt", Reply(body=b"\x89PNG\r\n\x1a\n"))
    server.answers("/feed", Reply(status=404))
    before = site.config.read_bytes()
    done = site.run("sources", "add", server.url(path), "--allow-private")
    assert (done.code, done.out, site.config.read_bytes()) == (1, "", before)
    assert done.err.startswith("syndicate: ")
    assert said in done.err


def test_a_private_host_has_to_be_meant(site: Site, server: Server) -> None:
    done = site.run("sources", "add", server.url("/feed"))
    assert done.code == 1
    assert "--allow-private" in done.err
    assert server.requests == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["javascript:alert(1)"], "is no http or https address"),
        (["ftp://www.amt.example/feed"], "is no http or https address"),
        (["Amt für Presse"], "is no http or https address"),
        (["https://x.example/", "--interval", "abc"], '--interval: "abc" is not a duration'),
        (["https://x.example/", "--id", "Ä"], '--id: "Ä" is not an id'),
        (["https://x.example/", "--id", "amt"], 'there is a source "amt" already'),
        (["https://x.example/", "--format", "word"], '--format: "word" is not one of auto, feed'),
        (["https://x.example/", "--topic", " "], "a topic needs a name"),
        (["http://www.Portal.example/feed/?utm_source=x&token=geheim"], "is there already, as the source portal"),
    ],
)
def test_wrong_use_is_told_before_anybody_is_asked(arguments: list[str], said: str, site: Site) -> None:
    portal = '\n[[source]]\nid = "portal"\nurl = "https://u:geheim@portal.example/feed?token=geheim"\n'
    site.config.write_text(site.config.read_text("utf-8") + portal, encoding="utf-8")
    done = site.run("sources", "add", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "geheim" not in done.err


def test_a_feed_that_is_a_source_already_is_named(site: Site, server: Server) -> None:
    assert site.run("sources", "add", server.url("/eine"), "--allow-private", "--id", "neu").code == 0
    asked = len(server.requests)
    done = site.run("sources", "add", server.url("/eine"), "--allow-private")
    assert (done.code, f"{server.url('/feed')} is there already, as the source neu" in done.err) == (2, True)
    assert len(server.requests) == asked + 2


@pytest.mark.parametrize("scheme", ["", "feed://", "feed:http://"])
def test_an_address_without_a_scheme_or_with_that_of_feeds(site: Site, server: Server, scheme: str) -> None:
    typed = scheme + server.url("/feed").removeprefix("http://")
    done = site.run("sources", "add", typed, "--allow-private", "--json")
    assert (done.code, done.json["url"]) == (0, server.url("/feed"))


def test_what_a_page_names_and_is_dead_is_passed_over_and_told(site: Site, server: Server) -> None:
    server.answers("/zwei", page("/weg.xml", "/feed"))
    done = site.run("sources", "add", server.url("/zwei"), "--allow-private", "--json")
    assert (done.code, done.json["url"]) == (0, server.url("/feed"))
    assert f"Passed over: {server.url('/weg.xml')} answered 404 Not Found" in done.err


def test_the_first_of_many_is_the_first_that_can_be_read(site: Site, server: Server) -> None:
    server.answers("/viele", page("/a.xml", "/b.xml", "/leer", "/feed", "/c.xml"))
    done = site.run("sources", "add", server.url("/viele"), "--allow-private", "--json", "--first")
    assert (done.code, done.json["url"]) == (0, server.url("/leer"))
    assert done.err.count("Passed over") == 2


def test_a_password_is_written_and_never_shown(site: Site, server: Server) -> None:
    url = server.url("/feed").replace("//", "//leser:geheim@") + "?token=geheim&x=1"
    for option in ([], ["--json", "--dry-run"]):
        server.answers("/feed", Reply(body=RSS, headers=XML))
        done = site.run("sources", "add", url, "--allow-private", "--id", f"p{len(option)}", *option[::-1])
        if option:
            assert done.code == 2  # it is there already
        assert "geheim" not in done.out + done.err
    assert load(site.config).sources[1].url == url
    done = site.run("sources", "list", "--json")
    assert "geheim" not in done.out
    assert server.requests[0].headers["Authorization"].startswith("Basic ")


def test_a_list_of_releases_is_added_as_html(site: Site, server: Server) -> None:
    entries = "".join(
        f'<article><p>Forst</p><h2><a href="/presse/{n}">Eichen für den Bergwald {n}</a></h2>'
        "<p>Das Land pflanzt.</p></article>"
        for n in range(6)
    )
    server.answers("/presse", Reply(body=f"<html><body><main><h1>Presse</h1>{entries}".encode(), headers=HTML))
    server.answers("/feed", Reply(status=404))
    done = site.run("sources", "add", server.url("/presse"), "--allow-private")
    assert done.code == 0
    assert "is a list of releases itself" in done.err
    assert "6 headlines (html)" in done.out
    assert load(site.config).sources[1].format == "html"


def test_ids_are_made_of_host_and_title(site: Site, server: Server) -> None:
    for path in ("/a", "/b", "/c"):
        server.answers(path, Reply(body=RSS, headers=XML))
        assert site.run("sources", "add", server.url(path), "--allow-private").code == 0
    first, second, third = [source.id for source in load(site.config).sources[1:]]
    assert (first, second) == ("127-0-0-1", "127-0-0-1-presse-talland")
    assert third.startswith("127-0-0-1-presse-talland-")


# --- remove -----------------------------------------------------------------------------------------------------------


def test_a_source_goes_and_its_releases_stay(site: Site, server: Server) -> None:
    before = site.config.read_bytes()
    site.run("sources", "add", server.url("/feed"), "--allow-private", "--id", "neu")
    site.run("ingest", "neu")
    with stores.open(f"sqlite:///{site.folder}/syndicate.db") as store:
        store.alarms.ring("guard", "neu", "x", datetime(2026, 6, 1, tzinfo=UTC))
        assert store.sources.state("neu").last_success
    done = site.run("sources", "remove", "neu", "--yes")
    assert (done.code, done.err) == (0, "")
    assert "Its releases stay (2): syndicate releases list --source neu" in done.out
    assert "syndicate releases withdraw" in done.out
    assert site.config.read_bytes() == before
    assert len(site.run("releases", "list", "--json").json) == 2
    with stores.open(f"sqlite:///{site.folder}/syndicate.db") as store:
        assert store.sources.state("neu").last_success is None
        assert store.alarms.list() == ()


def test_it_is_not_removed_without_being_meant(site: Site) -> None:
    before = site.config.read_bytes()
    done = site.run("sources", "remove", "amt")
    assert (done.code, site.config.read_bytes()) == (2, before)
    assert "--yes" in done.err
    done = site.run("sources", "remove", "atm", "--yes")
    assert (done.code, 'there is no source "atm" (did you mean "amt"?)' in done.err) == (2, True)


# --- pause and resume -------------------------------------------------------------------------------------------------


def test_a_paused_source_is_not_asked_until_it_is_resumed(site: Site, server: Server) -> None:
    site.run("sources", "add", server.url("/feed"), "--allow-private", "--id", "neu")
    asked = len(server.requests)
    assert site.run("sources", "pause", "neu", "amt").out.splitlines()[0].startswith("neu is paused")
    assert "was paused already" in site.run("sources", "pause", "neu").out
    site.run("ingest")
    assert len(server.requests) == asked
    listed = {source["id"]: source for source in site.run("sources", "list", "--json").json}
    assert (listed["neu"]["paused"], listed["neu"]["next_poll"]) == (True, None)
    assert "paused" in site.run("sources", "list").out
    assert site.run("sources", "resume", "neu").out == "neu is asked again.\n"
    site.run("ingest")
    assert len(server.requests) == asked + 1
    assert site.run("sources", "pause", "nue").code == 2


def test_a_pause_is_obeyed_beside_a_daemon(site: Site) -> None:
    site.run("ingest")
    with daemon_lock(f"sqlite:///{site.folder}/syndicate.db"):
        assert site.run("sources", "pause", "amt").code == 0


@pytest.mark.sqlite
def test_a_database_that_is_away_keeps_nobody_from_the_configuration(site: Site, server: Server) -> None:
    away = '[store]\nurl = "postgresql://syndicate@127.0.0.1:1/nirgends"\n'
    site.config.write_text(f"{site.config.read_text('utf-8')}\n{away}", encoding="utf-8")
    told = (
        "A daemon that runs could not be told to read it (postgresql://syndicate@127.0.0.1:1/nirgends: cannot be reach"
    )
    outline = f'<outline type="rss" text="Neu" xmlUrl="{server.url("/feed")}"/>'
    (site.folder / "a.opml").write_text(f'<opml version="2.0"><body>{outline}</body></opml>', encoding="utf-8")
    done = site.run("sources", "import", str(site.folder / "a.opml"), "--allow-private")
    assert (done.code, done.err) == (0, "")
    assert "1 source added" in done.out
    assert told in done.out
    assert server.url("/feed") in site.config.read_text("utf-8")
    identifier = done.out.split()[0]
    done = site.run("sources", "remove", identifier, "--yes")
    assert (done.code, done.err) == (0, "")
    assert "What is known of its polls stays (postgresql://" in done.out
    assert told in done.out
    assert server.url("/feed") not in site.config.read_text("utf-8")


def test_a_source_that_is_gone_says_what_to_do_and_can_be_resumed(site: Site, server: Server) -> None:
    site.run("sources", "add", server.url("/feed"), "--allow-private", "--id", "neu")
    server.answers("/feed", Reply(status=410))
    site.run("ingest", "neu")
    (_, listed) = site.run("sources", "list", "--json").json
    assert (listed["gone"], listed["next_poll"]) == (True, None)
    out = site.run("sources", "list").out
    assert "neu: answered 410 Gone on 20" in out
    assert "syndicate sources resume neu" in out
    asked = len(server.requests)
    site.run("ingest")
    assert len(server.requests) == asked
    server.answers("/feed", Reply(body=RSS, headers=XML))
    assert site.run("sources", "resume", "neu").code == 0
    assert site.run("ingest", "--json").json["sources"][-1]["new"] == 2


def test_a_moved_source_is_told_with_its_new_address(site: Site, server: Server) -> None:
    site.run("sources", "add", server.url("/feed"), "--allow-private", "--id", "neu")
    site.run("ingest")
    with stores.open(f"sqlite:///{site.folder}/syndicate.db") as store:
        state = store.sources.state("neu")
        store.sources.save(replace(state, configured=server.url("/feed"), address="https://u:geheim@neu.example/f"))
    done = site.run("sources", "list")
    assert "neu: is asked at https://neu.example/f" in done.out
    assert site.run("sources", "list", "--json").json[1]["address"] == "https://neu.example/f"
    assert "geheim" not in done.out
