"""Several processes on one store, over servers on loopback: each release once, no host asked by two, whoever dies."""

import re
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import postgresql
from machines import Crew, Host, crew, feeds, hosts, until

HOSTS, EACH = 6, 5


@pytest.fixture
def servers() -> Iterator[list[Host]]:
    with hosts(HOSTS) as made:
        yield made


@pytest.fixture
def them(server: postgresql.Cluster, servers: list[Host], tmp_path: Path) -> Iterator[Crew]:
    (tmp_path / "r").mkdir()
    folder = '\n[[source]]\nid = "r"\npath = "r"\nmachine = "one"\ninterval = "1h"\n'
    with crew(tmp_path, server.store(tmp_path / "s.db"), feeds(servers, EACH) + folder) as made:
        yield made


_LONG_AGO = (
    "UPDATE lease SET until = clock_timestamp() - interval '1 second' WHERE kind = 'host'",
    "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'",
)


def releases(them: Crew) -> int:
    return int(them.asked("SELECT count(*) FROM release")[0][0])


def published(them: Crew) -> list[str]:
    """The ids in the feed of everything, with its archive."""
    folder = them.folder / "feeds"
    documents = [folder / "all.atom", *sorted((folder / "all").glob("*.atom"))]
    text = "".join(path.read_text() for path in documents if path.exists())
    return re.findall(r"<entry[ >].*?<id>(.*?)</id>", text, re.DOTALL)


def is_there(them: Crew, number: int) -> bool:
    return releases(them) == number and len(set(published(them))) == number


def more(servers: list[Host], entries: int) -> int:
    """Each source has so many; how many that are."""
    for at, host in enumerate(servers):
        host.entries = {f"q{at}-{n}": entries for n in range(EACH)}
    return HOSTS * EACH * entries


def carried(them: Crew, name: str) -> int:
    return them.log(name).count("event=ingested")


def test_several_share_the_work(server: postgresql.Cluster, servers: list[Host], them: Crew) -> None:
    """One that is told to end does, the database is restarted meanwhile, another one has another configuration."""
    for host in servers:
        host.slow = 0.1
    them.run("one")
    until(lambda: them.holder("clock") == "one", 30)
    for name in ("two", "three"):
        them.worker(name)
    them.worker("odd", more='[[topic]]\ntitle = "Wald"\n')
    number = more(servers, 1)
    until(lambda: is_there(them, number), 40, "each release once")
    until(lambda: len(them.status()["machines"]) == 4, 20, "all of them are there")

    end = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=6)
    text = f"---\ntitle: Gesperrt\nembargo: {end.isoformat()}\n---\nDer Text.\n"
    (them.folder / "r" / "a.md").write_text(text, encoding="utf-8")
    until(lambda: releases(them) == number + 1, 5, "the dropped file")
    until(lambda: len(published(them)) > number, 20, "the embargo ends")
    assert end <= datetime.now(UTC)

    server.restart()
    number = more(servers, 2) + 1
    until(lambda: is_there(them, number), 45, "what came while the database was away")

    state = them.status()
    machines = {each["name"]: each for each in state["machines"]}
    assert machines["one"]["lease"] == "clock, hub, publisher"
    assert {name: each["kind"] for name, each in machines.items()} == {
        "one": "run",
        "two": "worker",
        "three": "worker",
        "odd": "worker",
    }
    assert "has another configuration" in machines["odd"]["waits"]
    assert any("worker odd waits" in line for line in state["noted"])
    assert state["needs"] == []
    assert carried(them, "odd") == 0
    for entries in range(3, 12):  # on a busy machine whoever has the clock may have been the first each time
        if carried(them, "two") + carried(them, "three"):
            break
        number = more(servers, entries) + 1
        until(lambda number=number: is_there(them, number), 45, "each release once")
    assert carried(them, "two") + carried(them, "three") > 0

    (them.folder / "feeds" / "all.json").unlink()
    assert "process" in them.command("publish", "all")
    until((them.folder / "feeds" / "all.json").exists, 10, "left to whoever publishes")

    them.signal("two", signal.SIGTERM)
    assert them.processes.pop("two").wait(15) == 0
    assert {each["name"] for each in them.status()["machines"]} == {"one", "odd", "three"}
    them.kill("three")
    assert any("worker three ended without being told to" in line for line in them.status()["noted"])
    assert [host.most for host in servers] == [1] * HOSTS
    assert len(published(them)) == len(set(published(them)))


def test_whoever_has_the_clock_is_killed(servers: list[Host], them: Crew) -> None:
    them.run("one")
    until(lambda: them.holder("clock") == "one" and them.holder("publisher") == "one", 30)
    them.run("two")
    number = more(servers, 1)
    until(lambda: is_there(them, number), 40)
    until(lambda: len(them.asked("SELECT 1 FROM lease WHERE kind = 'run' AND holder != ''")) == 2, 20)
    them.kill("one")
    until(lambda: them.holder("clock") == "two" and them.holder("publisher") == "two", 12, "taken over within seconds")
    number = more(servers, 2)
    until(lambda: is_there(them, number), 45, "and gone on with, also at the hosts that it was asking")
    assert [host.most for host in servers] == [1] * HOSTS


def test_one_that_was_stopped_for_too_long_writes_nothing(servers: list[Host], them: Crew) -> None:
    """Also the clock: another one takes over when its lease has run out, and nothing is done twice."""
    them.run("one")
    until(lambda: them.holder("clock") == "one", 30)
    number = more(servers, 1)
    until(lambda: is_there(them, number), 40)
    them.run("two")
    until(lambda: len(them.asked("SELECT 1 FROM lease WHERE kind = 'run' AND holder != ''")) == 2, 20)
    (first,) = them.asked("SELECT number FROM lease WHERE kind = 'clock'")

    for host in servers:
        host.slow = 1.5
    held = "SELECT name FROM lease WHERE kind = 'host' AND holder LIKE %s AND until > clock_timestamp()"
    pid = f"% {them.processes['one'].pid}"

    def is_stopped_while_it_asks() -> bool:
        them.signal("one", signal.SIGSTOP)
        if any(host.under_way for host in servers) and them.asked(held, pid):
            return True
        them.signal("one", signal.SIGCONT)
        return False

    until(is_stopped_while_it_asks, 30, "it asks")
    stopped = time.monotonic()
    number = more(servers, 3)
    for statement in _LONG_AGO:  # half a minute, that is not waited for
        them.asked(statement)
    until(lambda: them.holder("clock") == "two", 15, "the clock is taken over")
    assert them.asked("SELECT number FROM lease WHERE kind = 'clock'")[0][0] == first[0] + 1
    until(lambda: is_there(them, number), 45, "what it asked, others ask")
    before = them.asked("SELECT id, etag FROM source ORDER BY id")
    assert {etag for name, etag in before if name != "r"} == {'"3"'}
    assert time.monotonic() - stopped > 9
    them.signal("one", signal.SIGCONT)
    for host in servers:
        host.slow = 0.0  # else there is always one under way
    until(lambda: not any(host.under_way for host in servers), 20, "what it asked is answered")
    time.sleep(3)
    assert them.asked("SELECT id, etag FROM source ORDER BY id") == before
    assert them.holder("clock") == "two"
    assert is_there(them, number)
    assert them.processes["one"].poll() is None


def test_a_run_that_is_told_to_end_needs_nobody(servers: list[Host], them: Crew) -> None:
    """Also while it asks. One that is killed does."""
    for host in servers:
        host.slow = 8.0
    them.run("one")
    until(lambda: any(host.under_way for host in servers), 30)
    them.signal("one", signal.SIGTERM)
    assert them.processes.pop("one").wait(15) == 0
    state = them.status()
    assert (state["machines"], state["needs"]) == ([], [])
    them.run("one")
    until(lambda: them.holder("clock") == "one", 30)
    them.kill("one")
    assert "ended without being told to" in them.status()["needs"][0]
