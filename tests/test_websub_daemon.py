"""The hub over processes: one serves, another brings; one that is killed, and what the next one brings."""

import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli_site import ROAD, SCHOOL, SYNDICATE, Process, Site, free_port, waited
from waiting import until
from websub_subscriber import Manner, Subscriber, ask, subscription

TOPIC = "http://127.0.0.1:8000/all.atom"


@pytest.fixture
def reader() -> Iterator[Subscriber]:
    with Subscriber() as running:
        yield running


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path, port=free_port(), schule=SCHOOL)
    private = made.config.read_text("utf-8").replace("[serve]\n", "[serve]\nhub_allow_private = true\n")
    made.config.write_text(private, encoding="utf-8")
    return made


@pytest.fixture
def port(site: Site) -> Iterator[int]:
    """Of a process that only serves; the site is published."""
    assert site.run("run", "--once").code == 0
    found = free_port()
    command = [SYNDICATE, "serve", "--port", str(found), "--config", str(site.config)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as serving:
        waited(found, "all.atom", "Brunnau")
        yield found
        serving.kill()


def test_what_is_killed_between_render_and_delivery_is_brought_by_the_next(
    site: Site, port: int, reader: Subscriber
) -> None:
    held = threading.Event()
    hook = reader.hook("x", Manner(waits=held))
    hub = f"http://127.0.0.1:{port}/hub"
    with Process(site, "run", "--no-serve") as first:
        assert ask(hub, subscription(TOPIC, hook, secret="geheim"))[0] == 202
        until(lambda: site.run("hub", "list", "--json").json, "who only serves takes what the daemon verifies")
        site.put("strasse", ROAD)
        until(lambda: reader.pushes(hook), "nothing was brought")
        first.ends(signal.SIGKILL)
        assert "that --no-serve does not serve" in first.err.read_text()
    (listed,) = site.run("hub", "list", "--json").json
    assert (listed["last"], listed["latest"], listed["signed"]) == (None, False, True)
    held.set()
    done = site.run("run", "--once")
    assert done.code == 0
    assert [push.signed("geheim") and b"Erlenstadt" in push.body for push in reader.pushes(hook)] == [True, True]
    (listed,) = site.run("hub", "list", "--json").json
    assert listed["latest"]
    assert "geheim" not in site.run("hub", "list").out + site.run("hub", "list", "--json").out


def test_who_is_dropped_by_hand_is_told_by_the_next_cycle(site: Site, port: int, reader: Subscriber) -> None:
    hook = f"{reader.hook('x')}?token=geheim"
    assert ask(f"http://127.0.0.1:{port}/hub", subscription(TOPIC, hook))[0] == 202
    assert site.run("run", "--once").code == 0
    listed = site.run("hub", "list").out
    assert ("/x?…" in listed, "geheim" in listed) == (True, False)
    assert site.run("hub", "drop", "nobody").code == 2
    dropped = site.run("hub", "drop", hook)
    assert (dropped.code, "geheim" in dropped.out) == (0, False)
    assert site.run("hub", "list").out == "there are no subscriptions\n"
    assert site.run("run", "--once").code == 0
    assert [got.query["hub.mode"] for got in reader.questions(hook)] == ["subscribe", "denied"]
