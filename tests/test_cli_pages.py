"""What `status`, `why` and `releases keep` say of releases' own pages, at a real server."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cli_site import Site
from portals import EICHEN, TEXT, entry, feed, html, page, rss
from servers import Reply, Server
from syndicate import store as stores


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def site(tmp_path: Path, server: Server) -> Site:
    server.answers("/feed", rss(feed(entry(EICHEN, server.url("/1")))))
    server.answers("/1", html(page()))
    source = f'[[source]]\nid = "portal"\nurl = "{server.url("/feed")}"\nfulltext = true\nallow_private = true\n'
    return Site(tmp_path, sources=f'{source}[fetch]\npage_delay = "0s"\n')


def looked(site: Site) -> None:
    """One cycle, an hour after the page was read."""
    with stores.open(f"sqlite:///{site.folder / 'syndicate.db'}") as store:
        (release,) = store.releases.list()
        row = store.pages.find("portal", release)
        assert row is not None
        assert row.completed is not None
        store.pages.put(replace(row, again=row.completed - timedelta(hours=1)))
    site.run("run", "--once")


def test_a_page_that_is_gone_needs_a_person_who_withdraws_or_keeps(site: Site, server: Server) -> None:
    site.run("run", "--once")
    assert site.run("status").code == 0
    server.answers("/1", Reply(status=410))
    looked(site)
    status, data = site.run("status"), site.run("status", "--json").json
    (gone,) = data["sources"][0]["gone_pages"]
    release = gone["release"]
    assert status.code == 1
    told = f"the page of „{EICHEN}“ ({release}) answers 410 Gone, the release stays: {server.url('/1')}"
    assert f"{told}; `syndicate releases withdraw {release}`, or `syndicate releases keep {release}`" in status.out
    assert (gone["title"], gone["url"], gone["status"]) == (EICHEN, server.url("/1"), 410)
    assert site.run("releases", "show", release, "--json").json["state"] == "public"

    why = site.run("why", release)
    assert "answered 410 Gone" in why.out
    assert site.run("why", release, "--json").json["pages"][0]["gone"] is not None

    kept = site.run("releases", "keep", release)
    assert (kept.code, "is asked no more" in kept.out) == (0, True)
    assert site.run("status").code == 0
    assert "asked no more" in site.run("why", release).out


def test_one_that_is_not_found_is_noted(site: Site, server: Server) -> None:
    site.run("run", "--once")
    server.answers("/1", Reply(status=404))
    looked(site)
    status = site.run("status")
    assert (status.code, "answers 404 Not Found, the release stays" in status.out) == (0, True)
    server.answers("/1", html(page(EICHEN, *TEXT)))
    looked(site)
    assert "404" not in site.run("status").out


def test_what_is_withdrawn_is_told_of_no_more(site: Site, server: Server) -> None:
    site.run("run", "--once")
    server.answers("/1", Reply(status=410))
    looked(site)
    (gone,) = site.run("status", "--json").json["sources"][0]["gone_pages"]
    site.run("releases", "withdraw", gone["release"])
    assert site.run("status").code == 0


@pytest.mark.parametrize(
    ("held", "code"),
    [("Sperrfrist: 2. Januar 2099, 11:00 Uhr", 0), ("Sperrfrist: Redebeginn", 1)],
)
def test_the_embargo_of_a_text_needs_nobody_while_its_end_is_known(
    site: Site, server: Server, held: str, code: int
) -> None:
    """The feed itself has made the teaser public, and the page its text not yet."""
    server.answers("/1", html(page(before=f"<p>{held}</p>")))
    site.run("run", "--once")
    (embargo,) = site.run("status", "--json").json["embargoes"]
    assert (embargo["public"], embargo["needs_person"]) == (True, code == 1)
    status = site.run("status")
    assert (status.code, "Nothing needs a person" in status.out) == (code, code == 0)
