"""Publishing to a bucket: a real S3 server on loopback, and what networks and other publishers do in between."""

import gzip
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

import pytest

from s3_server import Gate, Rule
from syndicate import objectstore
from syndicate import store as stores
from syndicate.backup import backup, restore
from syndicate.config import read
from syndicate.errors import ConfigError, PublishError, StoreError
from syndicate.model import Bucket, Document, Topic
from syndicate.objectstore import ObjectStore, Version
from syndicate.pipeline import Withdraw, prepare, syndicate
from syndicate.publish import MARK, Target, gzip_of, kind_of, target
from syndicate.validate import faults
from worlds import NOW, World

HOUR = timedelta(hours=1)
WORDS = "Die Notaufnahme in {} ist fertig. Sie nimmt im Juni die Arbeit auf, sagte Ministerin Ährenfeld."


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objectstore, "_PATIENCE", timedelta(seconds=5))


def place(prefix: str) -> Target:
    """As a process has it that knows nothing of what another one has written."""
    import_module("syndicate.publish.bucket").bucket_at.cache_clear()
    return target(Bucket(prefix))


def doc(path: str, body: bytes = b"x") -> Document:
    return Document(path, "text/html", body)


def stored(prefix: str) -> dict[str, objectstore.Object]:
    objects = ObjectStore(prefix)
    found = {each.key: objects.get(each.key) for each in objects.list()}
    return {key: each for key, each in found.items() if each}


def there(prefix: str) -> dict[str, bytes]:
    """What readers get at each address, unpacked; without the notices."""
    found = dict[str, bytes]()
    for key, each in stored(prefix).items():
        packed = each.attributes.get("Content-Encoding") == "gzip"
        assert packed == (gzip_of(key) is not None), key
        if not key.startswith(".") and "gone" not in each.attributes:
            found[key] = gzip.decompress(each.body) if packed else each.body
    return found


# --- documents --------------------------------------------------------------------------------------------------------


def test_only_what_differs_is_written(gate: Gate, prefix: str) -> None:
    bucket = place(prefix)
    assert bucket.is_empty()
    assert bucket.publish([doc("a.html"), doc("releases/b.html")], []) == (doc("a.html"), doc("releases/b.html"))
    before = len(gate.puts())
    assert bucket.publish([doc("a.html"), doc("releases/b.html", b"y")], []) == (doc("releases/b.html", b"y"),)
    assert len(gate.puts()) == before + 1
    assert there(prefix) == {"a.html": b"x", "releases/b.html": b"y"}
    assert place(prefix).publish([doc("a.html")], []) == ()
    assert len(gate.puts()) == before + 1
    assert not place(prefix).is_empty()


def test_an_object_says_what_it_is_as_our_server_does(gate: Gate, prefix: str) -> None:
    paths = ("all.atom", "gesundheit/1.atom", "releases/a.html", "media/1/bild.jpg", "media/1/b.pdf", "media/1/a.csv")
    place(prefix).publish([doc(path) for path in paths], [], fence=3)
    for path, found in stored(prefix).items():
        kind = kind_of(path)
        assert kind is not None
        said = found.attributes
        assert (said["Content-Type"], said["Cache-Control"]) == (kind.media_type, kind.cache_control.decode())
        assert ("Content-Disposition" in said) == (path in ("media/1/b.pdf", "media/1/a.csv"))
        assert said["fence"] == "3"


def test_each_write_has_its_condition(gate: Gate, prefix: str) -> None:
    bucket = place(prefix)
    bucket.publish([doc("a.html")], [])
    bucket.publish([doc("a.html", b"y")], [])
    first, second = [sent for sent, (method, _) in zip(gate.sent, gate.seen, strict=True) if method == "PUT"]
    assert first["if-none-match"] == "*"
    assert "if-match" in second


def test_what_names_others_is_written_after_them(gate: Gate, prefix: str) -> None:
    paths = ["index.html", "all.atom", "gesundheit/1.atom", "releases/a.html", "media/1/bild.jpg", "topics.opml"]
    place(prefix).publish([doc(path) for path in paths], [])
    puts = [key.rpartition(f"{prefix.rpartition('/')[2]}/")[2] for key in gate.puts()]
    assert puts[:4] == ["media/1/bild.jpg", "releases/a.html", "gesundheit/1.atom", "all.atom"]
    assert {*puts[4:]} == {"index.html", "topics.opml"}


def test_whose_a_new_document_is_is_told_before_there_is_anything_of_it(gate: Gate, prefix: str) -> None:
    bucket, told = place(prefix), list[str]()
    bucket.publish([doc("a.html")], [])

    def coming(documents: Sequence[Document]) -> None:
        assert "b/c.html" not in there(prefix)
        told.extend(document.path for document in documents)

    bucket.publish([doc("a.html", b"other"), doc("b/c.html")], [], coming=coming)
    assert told == ["b/c.html"]


def test_what_goes_has_a_notice_put_over_it_and_media_are_deleted_last(gate: Gate, prefix: str) -> None:
    bucket = place(prefix)
    bucket.publish([doc("a.html"), doc("media/1/bild.jpg"), doc("alt.atom")], [])
    gate.seen.clear()
    notices = {path: doc(path, b"nothing") for path in ("a.html", "alt.atom", "never-was.html")}
    bucket.publish([], ["media/1/bild.jpg", *notices], notice=notices.get)
    assert [method for method, _ in gate.seen if method in ("PUT", "DELETE", "POST")][-1] in ("DELETE", "POST")
    assert there(prefix) == {}
    assert {*stored(prefix)} == {"a.html", "alt.atom"}
    assert not bucket.has("a.html")
    assert bucket.read("a.html") is None
    assert bucket.publish([doc("a.html")], []) == (doc("a.html"),)
    assert there(prefix) == {"a.html": b"x"}


# --- what goes wrong --------------------------------------------------------------------------------------------------


def test_a_refusal_names_the_object_the_reason_and_what_to_do(gate: Gate, prefix: str) -> None:
    bucket = place(prefix)
    bucket.publish([doc("a.html")], [])
    gate.rules.append(Rule("PUT", "b.html", status=403))
    with pytest.raises(StoreError) as raised:
        bucket.publish([doc("a.html", b"y"), doc("b.html", b"y")], [])
    text = str(raised.value)
    assert f"{prefix}/b.html: cannot be written: the bucket refuses it (403, Code403)" in text
    assert "AWS_ACCESS_KEY_ID" in text
    assert "geheim" not in text
    gate.rules.clear()
    assert doc("b.html", b"y") in bucket.publish([doc("a.html", b"y"), doc("b.html", b"y")], [])
    assert there(prefix) == {"a.html": b"y", "b.html": b"y"}


def test_a_bucket_that_is_not_there_is_named(gate: Gate) -> None:
    with pytest.raises(StoreError, match="there is no such bucket"):
        place("s3://nirgends/t").owner()


def test_503_for_a_while_is_waited_out(gate: Gate, prefix: str) -> None:
    gate.rules.append(Rule("PUT", status=503, times=3))
    place(prefix).publish([doc("a.html")], [])
    assert there(prefix) == {"a.html": b"x"}
    assert len(gate.puts()) == 4


def test_503_for_long_is_told_and_the_next_publish_does_it(gate: Gate, prefix: str) -> None:
    with patch.object(objectstore, "_PATIENCE", timedelta(seconds=0.5)):
        bucket = place(prefix)
    gate.rules.append(Rule("PUT", status=503))
    with pytest.raises(StoreError, match="answered 503"):
        bucket.publish([doc("a.html")], [])
    gate.rules.clear()
    assert bucket.publish([doc("a.html")], []) == (doc("a.html"),)
    assert there(prefix) == {"a.html": b"x"}


def test_a_bucket_that_does_not_answer_is_told_within_its_time(gate: Gate, prefix: str) -> None:
    with patch.object(objectstore, "_ANSWER", timedelta(seconds=0.3)):
        bucket = place(prefix)
    bucket.publish([doc("a.html")], [])
    gate.rules.append(Rule("PUT", "a.html", delay=2))
    with pytest.raises(StoreError, match="no answer in time"):
        bucket.publish([doc("a.html", b"y")], [])
    gate.rules.clear()
    bucket.publish([doc("a.html", b"z")], [])
    assert there(prefix) == {"a.html": b"z"}


@pytest.mark.parametrize("before", [[], [doc("a.html")]], ids=["new", "changed"])
@pytest.mark.parametrize("times", [1, 1_000_000], ids=["once", "for long"])
def test_a_put_whose_answer_is_lost_is_not_taken_for_another_publishers(
    gate: Gate, prefix: str, before: list[Document], times: int
) -> None:
    with patch.object(objectstore, "_PATIENCE", timedelta(seconds=0.5)):
        bucket = place(prefix)
    assert bucket.is_empty()
    bucket.publish(before, [], fence=4)
    gate.rules.append(Rule("PUT", "a.html", lost=True, times=times))
    with nullcontext() if times == 1 else pytest.raises(StoreError, match=r"a\.html: cannot be written"):
        bucket.publish([doc("a.html", b"y")], [], fence=4)
    gate.rules.clear()
    assert there(prefix) == {"a.html": b"y"}
    bucket.publish([doc("a.html", b"y")], [], fence=5)
    bucket.publish([doc("a.html", b"z")], [], fence=6)
    assert there(prefix) == {"a.html": b"z"}


def test_words_whose_put_was_lost_are_taken_back_all_the_same(gate: Gate, prefix: str) -> None:
    """Nobody knows that they are there: it is asked."""
    with patch.object(objectstore, "_PATIENCE", timedelta(seconds=0.5)):
        bucket = place(prefix)
    assert bucket.is_empty()
    gate.rules.append(Rule("PUT", "a.html", lost=True))
    with pytest.raises(StoreError):
        bucket.publish([doc("a.html", b"words")], [])
    gate.rules.clear()
    bucket.publish([], ["a.html"], notice=lambda path: doc(path, b"nothing"))
    assert there(prefix) == {}


# --- two publishers ---------------------------------------------------------------------------------------------------


def test_an_older_publisher_stops_at_a_newer_ones_object(gate: Gate, prefix: str) -> None:
    older, newer = place(prefix), place(prefix)
    older.publish([doc("a.html", b"1"), doc("b.html", b"1")], [], fence=1)
    newer.publish([doc("a.html", b"2")], [], fence=2)
    with pytest.raises(PublishError, match=r"a\.html: another publisher writes here \(its number 2, ours 1\)"):
        older.publish([doc("a.html", b"3")], [], fence=1)
    assert there(prefix) == {"a.html": b"2", "b.html": b"1"}


def test_an_older_publisher_stops_before_it_writes_what_the_newer_one_has_left_alone(gate: Gate, prefix: str) -> None:
    older, newer = place(prefix), place(prefix)
    older.own("m", 1)
    older.publish([doc("a.html", b"1")], [], fence=1)
    newer.own("m", 2)
    for work in (lambda: older.publish([doc("a.html", b"3")], [], fence=1), lambda: older.own("m", 1)):
        with pytest.raises(PublishError, match="another publisher"):
            work()
    assert there(prefix) == {"a.html": b"1"}


def test_a_newer_publisher_writes_over_what_an_older_one_has_written_meanwhile(gate: Gate, prefix: str) -> None:
    older, newer = place(prefix), place(prefix)
    newer.publish([doc("a.html", b"1")], [], fence=2)
    older.publish([doc("b.html", b"1")], [], fence=1)
    newer.publish([doc("b.html", b"2")], [], fence=2)
    stale = stored(prefix)["b.html"]
    put(prefix, "b.html", b"3", stale.version, fence=1)
    newer.publish([doc("b.html", b"4")], [], fence=2)
    assert there(prefix)["b.html"] == b"4"


def put(prefix: str, key: str, body: bytes, version: Version, *, fence: int) -> None:
    """As another publisher would."""
    given = {"fence": str(fence), "hash": "", "Content-Encoding": "gzip"}
    ObjectStore(prefix).put(key, gzip.compress(body), given, version)


# --- the whole program ------------------------------------------------------------------------------------------------


def world_of(root: Path, prefix: str | None = None) -> World:
    root.mkdir()
    world = World(root, topics=(Topic("gesundheit", "Gesundheit", aliases=("medizin",)),), page_size=2)
    if prefix:
        publish = replace(world.plan.publish, directory=Bucket(prefix))
        world.plan = replace(world.plan, publish=publish)
        start(world)
    return world


def start(world: World) -> None:
    """As a process of its own would begin."""
    import_module("syndicate.publish.bucket").bucket_at.cache_clear()
    prepare(world.store, world.plan, now=NOW)


def first(world: World) -> None:
    (world.folder / "bild.jpg").write_bytes(b"\xff\xd8\xff\xe0 a picture")
    for n, where in enumerate(("Hohenried", "Weststadt", "Nordheim", "Südau", "Ostende", "Mittelberg")):
        world.write(
            f"{n}.md",
            f"---\ntitle: Notaufnahme {where}\ntopic: {'Gesundheit' if n % 2 else 'Bau'}\ndate: 2026-05-{n + 1:02}\n"
            f"image: {{src: bild.jpg, alt: Tor}}\n---\n{WORDS.format(where)}\n",
        )
    world.poll()


def second(world: World) -> None:
    """One is corrected, one taken back, with its picture; one comes."""
    world.write("0.md", "---\ntitle: Notaufnahme Hohenried öffnet\ntopic: Bau\ndate: 2026-05-01\n---\nIm Juli erst.\n")
    world.write("9.md", "---\ntitle: Radweg\ntopic: Verkehr\ndate: 2026-06-01\n---\nDer Radweg ist fertig.\n")
    world.poll(NOW + HOUR)
    world.act(Withdraw(_release(world, "Notaufnahme Südau"), "Irrtum"), NOW + HOUR)


def _release(world: World, title: str) -> str:
    rows = world.store.releases.among([row.owner for row in world.store.outputs.written("release")])
    return next(release.id for release in rows.values() if release.title == title)


STEPS: tuple[Callable[[World], None], ...] = (first, second)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[World]:
    world = world_of(tmp_path / "folder")
    yield world
    world.close()


@pytest.fixture
def bucket(tmp_path: Path, gate: Gate, prefix: str) -> Iterator[World]:
    world = world_of(tmp_path / "bucket", prefix)
    yield world
    world.close()


def test_a_bucket_has_what_a_folder_has(folder: World, bucket: World, prefix: str) -> None:
    for step in STEPS:
        for world in (folder, bucket):
            step(world)
        assert folder.publish(NOW + HOUR) == bucket.publish(NOW + HOUR)
        assert there(prefix) == folder.bytes()
    assert bucket.publish(NOW + HOUR) == []


def test_the_same_store_fills_an_empty_bucket(folder: World, gate: Gate, prefix: str) -> None:
    first(folder)
    folder.publish()
    folder.plan = replace(folder.plan, publish=replace(folder.plan.publish, directory=Bucket(prefix)))
    start(folder)
    folder.publish()
    assert there(prefix) == folder.bytes()


class Killed(BaseException):
    pass


def killed_at(world: World, number: int) -> bool:
    """Publish; before the put of this number the process ends. Whether it came to that."""
    count, guard, real = iter(range(10_000)), threading.Lock(), ObjectStore.put

    def put(self: ObjectStore, *given: object) -> Version:
        with guard:
            if next(count) == number:
                raise Killed
        return real(self, *given)  # type: ignore[arg-type]

    with patch.object(ObjectStore, "put", put):
        try:
            world.publish(NOW + HOUR)
        except Killed:
            return True
    return False


@pytest.mark.parametrize("which", [0, 1], ids=["first", "second"])
def test_a_kill_between_any_two_puts_leaves_nothing_undone(
    folder: World, tmp_path: Path, gate: Gate, prefix: str, which: int, large: bool
) -> None:
    for step in STEPS[: which + 1]:
        step(folder)
        folder.publish(NOW + HOUR)
    number, steps = 0, 1 if large else 5
    while True:
        place_of = f"{prefix}/{number}"
        world = world_of(tmp_path / str(number), place_of)
        for step in STEPS[:which]:
            step(world)
            world.publish(NOW + HOUR)
        STEPS[which](world)
        was_killed = killed_at(world, number)
        start(world)
        world.publish(NOW + HOUR)
        assert there(place_of) == folder.bytes(), number
        world.close()
        if not was_killed:
            break
        number += steps
    assert number > 10


def test_what_somebody_deletes_comes_back_with_the_next_start(bucket: World, prefix: str) -> None:
    first(bucket)
    bucket.publish()
    before = there(prefix)
    ObjectStore(prefix).delete(["all.atom", "media/" + next(k for k in before if k.startswith("media/"))[6:]])
    start(bucket)
    bucket.publish()
    assert there(prefix) == before


def test_a_bucket_of_another_store_and_one_that_nobody_knows_are_refused(
    bucket: World, tmp_path: Path, gate: Gate, prefix: str
) -> None:
    first(bucket)
    bucket.publish()
    with pytest.raises(PublishError, match="was published by another store"):
        world_of(tmp_path / "other", prefix)
    ObjectStore(f"{prefix}-2").put("holiday.jpg", b"1", {}, None)
    with pytest.raises(PublishError, match="is neither empty nor published by this store"):
        world_of(tmp_path / "third", f"{prefix}-2")
    assert stored(prefix)[MARK].body.decode().strip() == bucket.store.outputs.mark()


def test_the_number_grows_with_each_publish_and_an_older_one_stops(bucket: World, prefix: str) -> None:
    first(bucket)
    bucket.publish()
    one = int(stored(prefix)[MARK].attributes["fence"])
    second(bucket)
    bucket.publish(NOW + HOUR)
    two = int(stored(prefix)[MARK].attributes["fence"])
    assert two > one
    assert int(stored(prefix)["all.atom"].attributes["fence"]) == two
    with pytest.raises(PublishError, match="another publisher"):
        syndicate(bucket.store, bucket.plan, ["gesundheit"], now=NOW + HOUR, fence=two - 1)


def test_who_is_refused_does_not_come_past_the_other_by_trying(bucket: World, tmp_path: Path, prefix: str) -> None:
    """A copy of the store that runs elsewhere, from before: its number never grows over that of the original."""
    first(bucket)
    bucket.publish()
    copied = tmp_path / "copy.db"
    stores.copy(bucket.root / "s.db", copied)
    for hour in range(4):
        bucket.publish(NOW + hour * HOUR)
    with stores.open(f"sqlite:///{copied}") as copy:
        for _ in range(8):
            with pytest.raises(PublishError, match="another publisher"):
                syndicate(copy, bucket.plan, now=NOW + HOUR)
    assert bucket.publish(NOW + 5 * HOUR) == []


def test_a_backup_that_is_restored_is_the_publisher(bucket: World, tmp_path: Path, prefix: str) -> None:
    first(bucket)
    bucket.publish()
    plan = replace(bucket.plan, store=f"sqlite:///{bucket.root}/s.db")
    made = backup(plan, tmp_path / "backup.db", now=NOW)
    for hour in range(4):
        bucket.publish(NOW + hour * HOUR)
    before = there(prefix)
    bucket.store.close()
    restored = restore(plan, made.path, now=NOW + 5 * HOUR, force=True)
    assert "is a bucket, and nothing is read back from one" in str(restored.caught_up.why)
    bucket.store = stores.open(plan.store)
    start(bucket)
    bucket.publish(NOW + 5 * HOUR)
    assert there(prefix) == before


def test_what_is_published_no_more_says_so(bucket: World, prefix: str) -> None:
    """A format less, and a topic's earlier id: nothing is deleted but files beside releases."""
    first(bucket)
    bucket.publish()
    before = {*there(prefix)}
    plan = bucket.plan
    fewer = replace(plan.publish, formats=("json",), html=False)
    bucket.plan = replace(plan, publish=fewer, topics=(Topic("gesundheit", "Gesundheit"),))
    start(bucket)
    bucket.publish(NOW + HOUR)
    after = stored(prefix)
    gone = {path: each for path, each in after.items() if "gone" in each.attributes}
    assert {path for path in before - {*after} if not path.startswith("sitemap")} <= {"feed.css", "robots.txt"}
    assert {"all.atom", "all.rss", "medizin.json", "gesundheit.html", "medizin.atom"} <= gone.keys()
    for path, each in gone.items():
        body = gzip.decompress(each.body)
        kind = kind_of(path)
        assert kind is not None
        assert faults(Document(path, kind.media_type.partition(";")[0], body)) == (), path
        assert b"Notaufnahme" not in body
        if path.endswith(".html"):
            assert b"noindex" in body


# --- configuration ----------------------------------------------------------------------------------------------------


def test_a_bucket_is_named_where_a_folder_may_be(tmp_path: Path) -> None:
    plan = read('[publish]\ndirectory = "s3://presse/feeds/"\n', tmp_path / "config.toml")
    assert plan.publish.directory == Bucket("s3://presse/feeds")


@pytest.mark.parametrize(
    "address", ["http://presse/feeds", "s3://key:secret@presse/feeds", "s3://presse/a?sig=1", "s3:///x"]
)
def test_what_is_no_address_of_a_bucket_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigError, match=r"publish\.directory: .* is not a path, or a bucket"):
        read(f'[publish]\ndirectory = "{address}"\n', tmp_path / "config.toml")


def test_without_obstore_the_configuration_names_what_installs_it(tmp_path: Path) -> None:
    with (
        patch("syndicate.config.places.find_spec", return_value=None),
        pytest.raises(ConfigError, match=r"publish\.directory: .*pip install 'syndicate\[cluster\]'"),
    ):
        read('[publish]\ndirectory = "s3://presse/feeds"\n', tmp_path / "config.toml")


def test_nothing_of_it_is_imported_for_a_folder(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from syndicate.publish import target;"
        f"target(Path({str(tmp_path)!r})).publish([], []); print('obstore' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
