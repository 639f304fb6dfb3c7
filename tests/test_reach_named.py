"""Who is known by name: newsrooms by what they fetched with their token, subscribers by what they were sent."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli_site import LATER, SCHOOL
from reach_site import FEED, Client, Watched
from syndicate.store import Brought, Pending
from waiting import until


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path, schule=SCHOOL)
    made.run("run", "--once")
    yield from made.serve()


def newsroom(site: Watched, name: str, *options: str) -> Client:
    """A client that has the token of a new newsroom."""
    client = Client(name)
    client.token = site.run("newsrooms", "add", name, *options).out.strip()
    return client


def fetched(site: Watched, *clients: Client, path: str = f"n/{FEED}") -> None:
    """Their fetches have been written."""
    for client in clients:
        before = site.app.store.newsrooms.fetches().get(client.agent, {}).get(path[2:])
        assert client.fetch(site.port, path) in (200, 304)
        until(lambda: site.app.store.newsrooms.fetches().get(client.agent, {}).get(path[2:]) != before)  # noqa: B023


def newsrooms(site: Watched, release: str = "") -> dict[str, Any]:
    return {each["name"]: each["holds"] for each in site.reach(release)["newsrooms"]}


def test_a_newsroom_holds_what_it_fetched_last(site: Watched) -> None:
    early, late, silent = (newsroom(site, name) for name in ("early", "late", "silent"))
    newsroom(site, "others", "--topics", "Forst")
    fetched(site, early, late)
    site.withdraw()
    assert newsrooms(site) == {"early": "old", "late": "old", "silent": None}
    assert site.reach()["settled"] is False
    fetched(site, early)
    assert newsrooms(site) == {"early": "new", "late": "old", "silent": None}
    assert "late" in site.run("status", "--json").json["spread"][0]
    site.run("newsrooms", "revoke", "late")  # it holds it all the same
    site.run("newsrooms", "revoke", "silent")
    assert newsrooms(site) == {"early": "new", "late": "old"}
    assert silent.token
    last = {each["name"]: each["last"] for each in site.reach()["newsrooms"]}
    assert all(last.values())


def test_a_newsroom_that_is_told_it_has_it_still_has_the_new_version(site: Watched) -> None:
    paper = newsroom(site, "paper")
    fetched(site, paper)
    site.correct()
    fetched(site, paper)
    assert newsrooms(site) == {"paper": "new"}
    assert paper.fetch(site.port, f"n/{FEED}") == 304


def test_a_newsroom_that_only_looks_whether_there_is_something_new_does_not_have_it(site: Watched) -> None:
    looks, other = newsroom(site, "looks"), newsroom(site, "other")
    fetched(site, looks, other)
    site.withdraw()
    looks.kept.clear()
    assert looks.fetch(site.port, f"n/{FEED}", "HEAD") == 200
    fetched(site, other)  # by now that of the one before would be written
    assert newsrooms(site) == {"looks": "old", "other": "new"}
    fetched(site, looks)
    assert looks.fetch(site.port, f"n/{FEED}", "HEAD") == 304
    assert newsrooms(site) == {"looks": "new", "other": "new"}


def test_what_only_embargoed_newsrooms_have_seen_is_told_of_them_alone(site: Watched) -> None:
    inside, outside = newsroom(site, "inside", "--embargoed"), newsroom(site, "outside")
    site.put("spaeter", LATER)
    site.run("run", "--once")
    release = site.of("Forstbericht")
    fetched(site, inside, outside, path="n/forst.atom")
    assert site.reach(release)["event"] is None
    assert site.run("releases", "withdraw", release).code == 0
    told = site.reach(release)
    assert (told["event"], told["agents"], told["subscribers"]) == ("withdrawn", [], [])
    assert newsrooms(site, release) == {"inside": "old"}
    assert "before its end" in site.run("reach", release).out
    assert site.run("status", "--json").json["spread"] == []
    fetched(site, inside, path="n/forst.atom")
    assert newsrooms(site, release) == {"inside": "new"}
    assert site.reach(release)["settled"] is True


def subscribed(site: Watched, host: str, document: str = FEED) -> int:
    store, now = site.app.store, datetime.now(UTC)
    version = store.versions.latest(document)
    assert version
    callback = f"https://{host}/{len(store.subscriptions.list())}"
    store.subscriptions.confirm(
        Pending(0, document, callback, "subscribe", document, host, "", timedelta(days=1), "", "", version.id), now
    )
    return next(each.id for each in store.subscriptions.list() if each.callback == callback)


def test_a_subscriber_holds_what_he_took_last(site: Watched) -> None:
    first, second, third = subscribed(site, "a.example"), subscribed(site, "b.example"), subscribed(site, "b.example")
    store = site.app.store

    def holds() -> dict[str, str | None]:
        return {each["host"]: each["delivered"] for each in site.reach()["subscribers"]}

    site.withdraw()
    latest = store.versions.latest(FEED)
    assert latest
    assert holds() == {"a.example": "old", "b.example": "old"}
    with store.transaction():
        store.subscriptions.pushed([Brought(first, latest.id), Brought(second, latest.id)], datetime.now(UTC))
    assert holds() == {"a.example": "new", "b.example": "old"}
    with store.transaction():
        store.subscriptions.pushed([Brought(third, latest.id, reason="500")], datetime.now(UTC))
    assert holds()["b.example"] == "old"
    with store.transaction():
        store.subscriptions.pushed([Brought(third, latest.id)], datetime.now(UTC))
    assert holds() == {"a.example": "new", "b.example": "new"}
    assert all(each["last"] for each in site.reach()["subscribers"])
    assert site.reach()["settled"] is True
