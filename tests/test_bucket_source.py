"""A bucket's prefix as a source: looked through as a folder is; what cannot be listed is never gone."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from s3_server import Gate, Rule
from syndicate import objectstore
from syndicate.config import read
from syndicate.errors import ConfigError, FetchError
from syndicate.model import Changes
from syndicate.objectstore import ObjectStore
from worlds import NOW, World

MINUTE = timedelta(minutes=1)
TEXT = "---\ntitle: {}\ntopic: Bau\ndate: 2026-05-01\n{}---\nÜber die Talle führt eine Brücke aus Stein, bei {}.\n"


class Prefix:
    """A world whose only source is the prefix, and who writes there."""

    def __init__(self, world: World, prefix: str) -> None:
        self.world = world
        self.objects = ObjectStore(prefix)
        self.source = replace(world.source, path=prefix, missing="withdraw")
        self.polls = 0

    def put(self, key: str, body: str | bytes) -> None:
        there = self.objects.get(key, head=True)
        self.objects.put(key, body if isinstance(body, bytes) else body.encode(), {}, there.version if there else None)

    def release(self, name: str, title: str, more: str = "") -> None:
        self.put(name, TEXT.format(title, more, title))

    def poll(self) -> Changes:
        self.polls += 1
        return self.world.poll(NOW + self.polls * MINUTE, self.source)

    def titles(self) -> list[str]:
        self.world.publish(NOW + self.polls * MINUTE)
        return sorted(self.world.entries())


@pytest.fixture
def there(tmp_path: Path, gate: Gate, prefix: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Prefix]:
    monkeypatch.setattr(objectstore, "_PATIENCE", timedelta(seconds=1))
    world = World(tmp_path)
    world.plan = replace(world.plan, store=f"sqlite:///{tmp_path}/s.db")
    yield Prefix(world, prefix)
    world.close()


def test_what_is_there_is_read_and_only_what_changed_is_fetched_again(there: Prefix, gate: Gate) -> None:
    for n in range(4):
        there.release(f"2026/{n}.md", f"Brücke {n}")
    there.put("notes.xyz", "no release")
    assert there.poll().count("new") == 4
    assert there.titles() == [f"Brücke {n}" for n in range(4)]
    gate.seen.clear()
    assert there.poll().count("new") == 0
    assert [method for method, _ in gate.seen] == ["GET"]  # the listing
    there.release("2026/2.md", "Brücke drei")
    gate.seen.clear()
    assert there.poll().count("corrected") == 1
    assert len(gate.seen) == 2
    assert there.titles() == ["Brücke 0", "Brücke 1", "Brücke 3", "Brücke drei"]


def test_a_change_of_one_size_within_a_second_is_seen(there: Prefix) -> None:
    there.release("a.md", "Brücke A")
    there.poll()
    there.release("a.md", "Brücke B")
    assert there.poll().count("corrected") == 1
    assert there.titles() == ["Brücke B"]


def test_a_picture_beside_a_release_is_published_with_it(there: Prefix) -> None:
    there.put("bilder/tor.jpg", b"\xff\xd8\xff\xe0 a picture")
    there.release("a.md", "Brücke", "image: {src: bilder/tor.jpg, alt: Tor}\n")
    there.poll()
    there.titles()
    (picture,) = (path for path in there.world.bytes() if path.startswith("media/"))
    assert picture.endswith("/tor.jpg")


def test_what_has_gone_is_withdrawn(there: Prefix) -> None:
    for n in range(4):
        there.release(f"{n}.md", f"Brücke {n}")
    there.poll()
    there.objects.delete(["3.md"])
    assert there.poll().count("withdrawn") == 1
    assert there.titles() == ["Brücke 0", "Brücke 1", "Brücke 2", "Zurückgezogen"]


@pytest.mark.parametrize("status", [403, 503])
def test_a_listing_that_fails_is_an_error_and_nothing_is_gone(there: Prefix, gate: Gate, status: int) -> None:
    for n in range(4):
        there.release(f"{n}.md", f"Brücke {n}")
    there.poll()
    gate.rules.append(Rule("GET", status=status))
    with pytest.raises(FetchError, match=str(status)):
        there.poll()
    state = there.world.store.sources.state(there.source.id)
    assert state.failures == 1
    assert str(status) in (state.error or "")
    assert len(state.files) == 4
    gate.rules.clear()
    assert there.poll().count("withdrawn") == 0
    assert len(there.titles()) == 4


def test_one_object_that_cannot_be_had_is_an_error_and_nothing_is_gone(there: Prefix, gate: Gate) -> None:
    there.release("a.md", "Brücke A")
    there.poll()
    there.release("b.md", "Brücke B")
    gate.rules.append(Rule("GET", "b.md", status=403))
    with pytest.raises(FetchError, match=r"b\.md: cannot be read: the bucket refuses it"):
        there.poll()
    gate.rules.clear()
    assert there.poll().count("new") == 1


def test_a_prefix_that_was_emptied_asks_for_a_person(there: Prefix) -> None:
    for n in range(4):
        there.release(f"{n}.md", f"Brücke {n}")
    there.poll()
    there.objects.delete([f"{n}.md" for n in range(4)])
    assert there.poll().count("withdrawn") == 0
    assert [alarm.kind for alarm in there.world.store.alarms.list()] == ["guard"]
    assert len(there.titles()) == 4


def test_a_mirror_that_is_lost_costs_nothing_but_another_look(there: Prefix, tmp_path: Path) -> None:
    for n in range(4):
        there.release(f"{n}.md", f"Brücke {n}")
    there.poll()
    shutil.rmtree(tmp_path / ".buckets")
    changes = there.poll()
    assert changes.count("withdrawn") == changes.count("new") == changes.count("corrected") == 0
    assert changes.read == 0


def test_what_a_killed_look_had_fetched_is_no_file_of_the_next(there: Prefix, gate: Gate) -> None:
    there.release("a.md", "Brücke A")
    there.poll()
    first = there.objects.get("a.md")
    assert first is not None
    there.release("a.md", "Brücke B")
    there.release("b.md", "Brücke C")
    there.release("c.md", "Brücke D")
    gate.rules.append(Rule("GET", "c.md", status=403))
    with pytest.raises(FetchError):
        there.poll()
    gate.rules.clear()
    there.objects.delete(["b.md", "c.md"])
    there.put("a.md", first.body)  # the very version of before
    changes = there.poll()
    assert changes.count("new") == changes.count("corrected") == changes.count("withdrawn") == 0
    assert there.titles() == ["Brücke A"]


def test_what_is_too_large_is_refused_and_not_fetched(there: Prefix, gate: Gate) -> None:
    there.world.plan = replace(there.world.plan, fetch=replace(there.world.plan.fetch, max_bytes=2_000))
    there.put("a.md", "x" * 3_000)
    (refused,) = there.poll().rejected
    assert refused.reason == "larger than 0.002 MB"
    assert not [key for method, key in gate.seen if method == "GET" and key.endswith("a.md")]


def test_what_stands_for_a_folder_is_none_and_hidden_ones_are_passed_over(there: Prefix, gate: Gate) -> None:
    there.put("2026", b"")
    there.put(".versions", b"theirs")
    there.release("2026/a.md", "Brücke")
    assert there.poll().count("new") == 1
    assert there.poll().count("withdrawn") == 0
    assert not [key for method, key in gate.seen if method == "GET" and key.endswith(".versions")]


def test_what_no_file_can_be_called_is_an_error_of_the_source(there: Prefix) -> None:
    there.put("2026", b"words")
    there.release("2026/a.md", "Brücke")
    with pytest.raises(FetchError, match="2026: no file can have such a name"):
        there.poll()


def test_a_prefix_is_named_in_the_configuration(tmp_path: Path) -> None:
    text = '[[source]]\nid = "a"\npath = "s3://presse/in/"\n'
    plan = read(text, tmp_path / "config.toml")
    assert plan.sources[0].path == "s3://presse/in"
    with pytest.raises(ConfigError, match=r"source\[0\]\.path: .* must not lie in each other"):
        read('[publish]\ndirectory = "s3://presse/in/feeds"\n' + text, tmp_path / "config.toml")
    read('[publish]\ndirectory = "s3://presse/in-feeds"\n' + text, tmp_path / "config.toml")
