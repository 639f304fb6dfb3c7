"""Who still holds the wrong version: clients of whom everything is known, over a real server."""

import signal
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import formatdate
from pathlib import Path

import pytest

from cli_site import LATER, ROAD, SCHOOL, Process, Site, free_port, waited
from reach_site import FEED, Client, Watched, clients
from syndicate.app import App
from syndicate.config import load
from syndicate.errors import StoreUnusable
from syndicate.reach import Answered, Intake
from syndicate.serve import Observed, Server, create_app
from waiting import until


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path, schule=SCHOOL, strasse=ROAD)
    made.run("run", "--once")
    yield from made.serve()


@pytest.mark.parametrize("event", ["corrected", "withdrawn"])
@pytest.mark.parametrize("by", ["etag", "both", "date"])
def test_who_sends_validators_is_counted_exactly(site: Watched, event: str, by: str) -> None:
    readers, services = clients("newsboat/2.30.1 (Linux)", 5, by=by), clients("Feedly/1.0 (42 subscribers)", 1, by=by)
    packed, plain = clients("reader/3.1", 2, by=by, gzip=True), clients("curl/8.5.0", 3, by="nothing")
    everybody = [*readers, *services, *packed, *plain]
    site.fetch(*everybody)
    site.fetch(*everybody)
    site.correct() if event == "corrected" else site.withdraw()
    assert site.numbers() == {"newsboat/2.30.1": (5, 0, 0), "Feedly/1.0": (1, 0, 0), "reader/3.1": (2, 0, 0),
                              "curl/8.5.0": (0, 0, 6)}  # fmt: skip
    site.fetch(*readers[:3], *packed, plain[0])
    told = site.reach()
    assert (told["event"], told["seen"], told["settled"]) == (event, "own server only", False)
    assert site.numbers() == {"newsboat/2.30.1": (2, 3, 0), "Feedly/1.0": (1, 0, 0), "reader/3.1": (0, 2, 0),
                              "curl/8.5.0": (0, 0, 7)}  # fmt: skip
    curl = next(each for each in told["agents"] if each["agent"] == "curl/8.5.0")
    assert curl["without_validators_old"] == 6
    assert [each["subscribers"] for each in told["agents"] if each["agent"] == "Feedly/1.0"] == [42]
    assert [("preis für Brunnau" in client.words) for client in readers] == [False] * 3 + [True] * 2
    site.fetch(*readers, *services)
    assert site.reach()["settled"] is True
    assert site.numbers()["newsboat/2.30.1"] == (0, 5, 0)


def test_who_gets_what_has_changed_alone_holds_the_new_version(site: Watched) -> None:
    readers = clients("reader/1.0", 3, feed=True)
    for _ in range(6):  # a feed of which a part is less
        site.tell_more()
    site.fetch(*readers)
    site.fetch(*readers)
    site.correct()
    assert [reader.fetch(site.port) for reader in readers[:2]] == [226, 226]
    assert readers[2].fetch(site.port, method="HEAD") == 226
    site.observed.hand_on()
    assert site.numbers() == {"reader/1.0": (1, 2, 0)}


def test_a_program_that_is_updated_holds_what_it_held(site: Watched) -> None:
    """Else its copies would be old for ever, under a name that nobody has any more."""
    readers = clients("newsboat/2.30", 3)
    site.fetch(*readers)
    site.fetch(*readers)
    for reader in readers[:2]:
        reader.agent = "newsboat/2.31"
    site.fetch(readers[0])
    site.withdraw()
    assert site.numbers() == {"newsboat/2.30": (2, 0, 0), "newsboat/2.31": (1, 0, 0)}
    site.fetch(*readers[:2])
    assert site.numbers() == {"newsboat/2.30": (1, 0, 0), "newsboat/2.31": (0, 2, 0)}
    site.fetch(readers[2])
    assert site.reach()["settled"] is True


def test_programs_of_one_name_with_validators_and_without(site: Watched) -> None:
    """Exact once each has come back with one."""
    sending, silent = clients("reader/1.0", 4), clients("reader/1.0", 2, by="nothing")
    for _ in range(3):
        site.fetch(*sending, *silent)
        site.tell_more()
    site.fetch(*sending, *silent)
    site.withdraw()
    site.fetch(sending[0], silent[0])
    assert site.numbers()["reader/1.0"][:2] == (3, 1)


def test_a_new_look_of_the_feeds_leaves_nobody_behind(site: Watched) -> None:
    """Its version takes the place of the one before: a validator of that is known by whom it was counted for."""
    readers = clients("reader/1.0", 3)
    site.fetch(*readers)
    site.fetch(*readers)
    before = site.app.store.versions.latest(FEED)
    text = site.config.read_text("utf-8")
    site.config.write_text(text.replace("[site]\n", '[site]\nauthor = "Pressestelle Talland"\n'), "utf-8")
    assert site.run("run", "--once").code == 0
    after = site.app.store.versions.latest(FEED)
    assert before
    assert after
    assert (before.id, before.hash != after.hash) == (after.id, True)
    again = Intake(site.app.store, site.app.clock)  # as after a start: it knows nothing but what is stored
    site.observed = Observed(again.take_in, site.app.clock)
    with Server(create_app(site.feeds, note=site.observed.note), "127.0.0.1", 0) as server:
        site.port = server.port
        site.fetch(*readers[:2])
        site.withdraw()
        assert site.numbers() == {"reader/1.0": (3, 0, 0)}
        site.fetch(*readers)
        assert site.numbers() == {"reader/1.0": (0, 3, 0)}


def test_who_has_a_version_from_before_it_holds_nothing_wrong(site: Watched) -> None:
    early, late = Client("early/1.0"), Client("late/1.0")
    site.fetch(early)
    site.tell_more()
    site.fetch(late)
    release = site.of("Ferienplan 1")
    assert site.run("releases", "withdraw", release).code == 0
    site.fetch(late)
    assert site.numbers(release) == {"late/1.0": (0, 1, 0)}
    site.fetch(early)
    assert site.numbers(release) == {"early/1.0": (0, 1, 0), "late/1.0": (0, 1, 0)}


def test_what_is_no_correction_makes_nobody_wrong(site: Watched) -> None:
    reader = Client("reader/1.0")
    site.fetch(reader)
    assert site.run("releases", "edit", site.id, "--title", "Werkstattpreis fur Brunnau", "--minor").code == 0
    site.fetch(reader)
    told = site.reach()
    assert (told["event"], told["at"], told["since"], told["agents"], told["settled"]) == (None, None, None, [], True)
    assert "neither corrected nor withdrawn" in site.run("reach", site.id).out


def test_of_a_release_that_is_held_nothing_is_told(site: Watched) -> None:
    site.put("spaeter", LATER)
    site.run("run", "--once")
    site.fetch(Client("reader/1.0"), path="all.atom")
    assert site.run("releases", "withdraw", site.of("Forstbericht")).code == 0
    told = site.reach(site.of("Forstbericht"))
    assert (told["event"], told["agents"]) == (None, [])
    assert Client("reader/1.0").fetch(site.port, f"reach/{site.id}") == 404


def test_each_correction_has_its_own_old_versions_and_a_restored_release_says_so(site: Watched) -> None:
    first, second, third = (Client(f"reader/{number}") for number in (1, 2, 3))
    site.fetch(first)
    site.correct()
    site.fetch(second)
    release = site.id
    site.withdraw()
    assert site.numbers(release) == {"reader/1": (0, 0, 1), "reader/2": (0, 0, 1)}  # no validator of theirs was seen
    site.fetch(first, second)
    assert site.numbers(release) == {"reader/1": (0, 1, 0), "reader/2": (0, 1, 0)}
    assert site.run("releases", "restore", release).code == 0
    site.fetch(third)
    assert site.reach(release)["again"]


def test_heads_of_every_topic_and_format_and_closed_pages_count(site: Watched) -> None:
    for path in ("schule.atom", "schule.rss", "schule.json", "all.atom", "verkehr.atom"):
        reader = Client(f"reader-of-{path.replace('.', '-')}/1.0")
        site.fetch(reader, path=path)
        site.fetch(reader, path=path)
    site.withdraw()
    assert site.numbers() == {
        f"reader-of-{name}/1.0": (1, 0, 0) for name in ("schule-atom", "schule-rss", "schule-json", "all-atom")
    }
    assert Client("browser/1.0").fetch(site.port, "schule.html") == 200
    site.observed.hand_on()
    assert "browser/1.0" not in site.numbers()


def test_a_restart_and_a_restore_lose_nobody(site: Watched) -> None:
    """Also who comes with a validator that is unknown, as after a restore: he is counted apart."""
    kept, strange = Client("kept/1.0"), Client("strange/1.0")
    site.fetch(kept, strange)
    site.fetch(kept)
    again = Observed(Intake(site.app.store, site.app.clock).take_in, site.app.clock)  # as after a start
    site.withdraw()
    strange.kept[FEED]["etag"] = f'"{"0" * 32}"'
    with Server(create_app(site.feeds, note=again.note), "127.0.0.1", 0) as server:
        assert site.numbers()["kept/1.0"] == (1, 0, 0)
        assert (kept.fetch(server.port), strange.fetch(server.port)) == (200, 200)
        again.hand_on()
    assert site.numbers() == {"kept/1.0": (0, 1, 0), "strange/1.0": (0, 0, 2)}


@pytest.mark.parametrize(
    "field",
    [
        '"0123456789abcdef0123456789abcdef"',
        'W/"0123456789abcdef0123456789abcdef-gzip"',
        ", ".join(f'"{number:032x}"' for number in range(500)),
        '"' + "a" * 5000 + '"',
        '"\'; DROP TABLE holds; --"',
        '"\xff"',
        "*",
        "",
    ],
)
def test_forged_validators_make_no_rows(site: Watched, field: str) -> None:
    forger = Client("forger/1.0")
    forger.kept[FEED] = {"etag": field}
    site.fetch(forger)
    version = site.app.store.versions.latest(FEED)
    assert version
    rows = [row for row in site.held() if row[1] == "forger/1.0"]
    assert [row[2] for row in rows] == [version.hash] * (field != "*")  # what it was given
    assert all(row[4] == 0 for row in rows)  # held by nobody


def test_nothing_is_written_where_nothing_moves(site: Watched) -> None:
    readers = clients("reader/1.0", 3)
    site.fetch(*readers)
    site.fetch(*readers)
    with App(load(site.config)) as other:  # sees each commit of others
        before = other.store.version
        for _ in range(5):
            site.fetch(*readers)
        assert other.store.version == before


def test_a_head_that_gives_nothing_and_a_date_that_is_none_count_for_nothing(site: Watched) -> None:
    looker = Client("looker/1.0")
    looker.fetch(site.port, method="HEAD")
    site.observed.hand_on()
    assert site.held() == []
    looker.kept[FEED] = {"last-modified": "gestern"}
    looker.by = "date"
    site.fetch(looker)
    assert [row[4:6] for row in site.held()] == [(0, 1)]
    looker.kept[FEED] = {"last-modified": formatdate(1_000_000_000, usegmt=True)}  # long before there was anything
    site.fetch(looker)
    assert [row[4:6] for row in site.held()] == [(0, 2)]


def test_status_says_so_until_it_has_settled(site: Watched) -> None:
    readers, status = clients("reader/1.0", 2), lambda: site.run("status", "--json")
    site.fetch(*readers)
    site.fetch(*readers)
    assert status().json["spread"] == []
    site.correct()
    (line,) = status().json["spread"]
    assert line.startswith(f"{site.id} corrected ")
    assert line.endswith(f": 2 of 2 known copies are still the old version (reader/1.0); `syndicate reach {site.id}`")
    assert line in status().json["noted"]
    assert status().code == 0
    site.fetch(*readers)
    assert status().json["spread"] == []
    assert "Settled: nobody" in site.run("reach", site.id).out


def test_the_first_line_says_what_is_not_seen(site: Watched) -> None:
    site.fetch(Client("reader/1.0"))
    site.withdraw()
    first, *rest = site.run("reach", site.id).out.splitlines()
    assert first.startswith("Seen: own server only; what nginx, a CDN or a bucket gives out is not seen.")
    assert "estimates" in first
    assert any(line.startswith("Withdrawn ") for line in rest)


@pytest.mark.parametrize("end", ["SIGTERM", "SIGKILL"])
def test_a_daemon_counts_and_another_one_goes_on(tmp_path: Path, end: str) -> None:
    port = free_port()
    site, readers = Site(tmp_path, port=port, schule=SCHOOL), clients("reader/1.0", 2)

    def numbers() -> list[tuple[int, int]]:
        agents = site.run("reach", release, "--json").json["agents"]
        return [(each["old"], each["new"]) for each in agents if each["agent"] == "reader/1.0"]

    with Process(site, "run") as daemon:
        waited(port, FEED, "Brunnau", daemon)
        release = site.release("--topic", "schule")["id"]
        for _ in range(2):
            assert [reader.fetch(port) in (200, 304) for reader in readers] == [True, True]
        site.run("releases", "withdraw", release)
        until(lambda: numbers() == [(2, 0)])
        readers[0].fetch(port)
        until(lambda: numbers() == [(1, 1)])
        if end == "SIGTERM":
            readers[0].fetch(port)  # what has just been served is counted at its end
            assert daemon.ends(signal.SIGTERM) == 0
    with Process(site, "run") as daemon:
        waited(port, FEED, "feed", daemon)
        assert numbers() == [(1, 1)]
        readers[1].fetch(port)
        until(lambda: numbers() == [(0, 2)])


def test_what_cannot_be_counted_costs_no_more_than_that() -> None:
    """Neither the requests nor the thread."""
    taken, faults = list[str](), [StoreUnusable("full"), RuntimeError("ours")]

    def take_in(found: Sequence[Answered]) -> None:
        if found and faults:
            raise faults.pop(0)
        taken.extend(each.document for each in found)

    with Observed(take_in, lambda: datetime.now(UTC)) as observed:
        for path in ("a.atom", "b.atom", "c.atom", "c.html"):
            until(lambda: not observed.waiting)
            observed.note((path, "0" * 64, 200, {}))
    assert taken == ["c.atom"]
