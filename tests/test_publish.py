import gzip
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest.mock import patch

import pytest

from syndicate.errors import StoreError
from syndicate.model import Document
from syndicate.publish import locked, publish


def doc(path: str, body: bytes = b"x") -> Document:
    return Document(path, "text/html", body)


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    assert publish([doc("a.html"), doc("releases/b.html")], [], tmp_path) == (doc("a.html"), doc("releases/b.html"))
    before = (tmp_path / "a.html").stat().st_mtime_ns
    assert publish([doc("a.html"), doc("releases/b.html", b"y")], [], tmp_path) == (doc("releases/b.html", b"y"),)
    assert (tmp_path / "a.html").stat().st_mtime_ns == before
    assert (tmp_path / "releases/b.html").read_bytes() == b"y"


def test_what_is_gone_is_deleted_and_nothing_else(tmp_path: Path) -> None:
    publish([doc("a.html"), doc("b.html")], [], tmp_path)
    publish([], ["a.html", "never-was.html"], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.html", "b.html.gz"]


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    bodies = [bytes([n]) * 500_000 for n in (1, 2)]
    publish([doc("a", bodies[0])], [], tmp_path)
    seen, stop = set(), threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.add((tmp_path / "a").read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(20):
        publish([doc("a", bodies[n % 2])], [], tmp_path)
    stop.set()
    reader.join()
    assert seen <= set(bodies)
    assert not list(tmp_path.glob(".*"))


def test_two_publishers_wait_for_each_other(tmp_path: Path) -> None:
    order = []

    def second() -> None:
        with locked(tmp_path):
            order.append("second")

    with locked(tmp_path):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.2)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError, match="file"):
        publish([doc("file/a.html")], [], tmp_path)
    with pytest.raises(StoreError, match="file"), locked(tmp_path / "file"):
        pass


def test_a_text_has_its_compressed_form_beside_it_and_nothing_else_has(tmp_path: Path) -> None:
    texts = ("all.atom", "all.rss", "all.json", "a.html", "feed.css", "robots.txt", "topics.opml", "media/1/a.csv")
    others = ("icon.png", "favicon.ico", "media/1/a.pdf", "media/1/a")
    publish([doc(path, path.encode()) for path in texts + others], [], tmp_path)
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {*texts, *others, *(f"{path}.gz" for path in texts)}
    for path in texts:
        zipped = tmp_path / f"{path}.gz"
        assert gzip.decompress(zipped.read_bytes()) == path.encode()
        assert zipped.stat().st_mtime_ns == (tmp_path / path).stat().st_mtime_ns


def test_the_compressed_form_is_made_once(tmp_path: Path) -> None:
    publish([doc("a.html")], [], tmp_path)
    before = os.stat(tmp_path / "a.html.gz")
    assert publish([doc("a.html")], [], tmp_path) == ()
    assert os.stat(tmp_path / "a.html.gz").st_ino == before.st_ino


def _gone(zipped: Path) -> None:
    zipped.unlink()


def _older(zipped: Path) -> None:
    zipped.write_bytes(gzip.compress(b"words that were taken back"))


@pytest.mark.parametrize("harm", [_gone, _older])
def test_a_compressed_form_that_is_not_the_files_is_made_anew_and_the_file_stays(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    publish([doc("a.html")], [], tmp_path)
    before = os.stat(tmp_path / "a.html")
    harm(tmp_path / "a.html.gz")
    assert publish([doc("a.html")], [], tmp_path) == ()
    assert gzip.decompress((tmp_path / "a.html.gz").read_bytes()) == b"x"
    assert os.stat(tmp_path / "a.html").st_ino == before.st_ino


def test_what_is_taken_back_goes_from_the_compressed_form_first_and_what_names_others_comes_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = list[str]()
    real_replace, real_unlink, real_fsync = os.replace, Path.unlink, os.fsync

    def replaces(source: str, target: str) -> None:
        done.append(str(Path(target).relative_to(tmp_path)))
        real_replace(source, target)

    def unlinks(path: Path, missing_ok: bool = False) -> None:
        if path.exists():
            done.append(f"- {path.relative_to(tmp_path)}")
        real_unlink(path, missing_ok=missing_ok)

    def syncs(handle: int) -> None:
        folders = {path.stat().st_ino: path for path in (tmp_path, *tmp_path.iterdir()) if path.is_dir()}
        folder = folders.get(os.fstat(handle).st_ino)
        done.append(f"sync {folder.relative_to(tmp_path)}" if folder else "sync file")
        real_fsync(handle)

    monkeypatch.setattr(os, "replace", replaces)
    monkeypatch.setattr(os, "fsync", syncs)
    monkeypatch.setattr(Path, "unlink", unlinks)
    publish([doc("releases/a.html"), doc("releases/b.html"), doc("all.atom")], [], tmp_path)
    assert done == [
        *["sync file"] * 6,
        *("releases/a.html.gz", "releases/a.html", "releases/b.html.gz", "releases/b.html"),
        "sync releases",
        *("all.atom.gz", "all.atom"),
        "sync .",
    ]
    done.clear()
    publish([], ["releases/a.html"], tmp_path)
    assert done == ["- releases/a.html.gz", "- releases/a.html", "sync releases"]


def test_what_a_crash_left_beside_a_file_goes_with_it(tmp_path: Path) -> None:
    publish([doc("a.html")], [], tmp_path)
    (tmp_path / ".a.html.tmp").write_bytes(b"words")
    (tmp_path / ".a.html.gzt").write_bytes(b"words")
    publish([], ["a.html"], tmp_path)
    assert [*tmp_path.iterdir()] == []


def test_what_a_crash_left_beside_any_file_goes_with_the_next_publish(tmp_path: Path) -> None:
    """Also where that writes no such file."""
    publish([doc("a.html")], [], tmp_path)
    with patch.object(os, "replace", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        publish([doc("a.html", b"words"), doc("b/c.html", b"words")], [], tmp_path)
    assert [*tmp_path.rglob(".*.tmp")]
    publish([doc("a.html")], [], tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["a.html", "a.html.gz"]


@pytest.mark.parametrize("gone", [True, False], ids=["deleted", "replaced"])
def test_what_one_that_was_killed_had_done_reaches_the_disk_with_the_next(tmp_path: Path, gone: bool) -> None:
    """Else words that were taken back are there again when power fails later, and nobody writes over them."""
    publish([doc("releases/a.html")], [], tmp_path)
    change = ([], ["releases/a.html"]) if gone else ([doc("releases/a.html", b"other")], [])
    with patch("syndicate.publish.folder.sync_all", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        publish(*change, tmp_path)
    with patch("syndicate.publish.folder.sync_all") as syncs:
        publish(change[0], [], tmp_path)
    assert str(tmp_path / "releases") in {path for call in syncs.call_args_list for path in call.args[0]}


def test_whose_a_new_document_is_is_told_before_there_is_anything_of_it(tmp_path: Path) -> None:
    publish([doc("a.html")], [], tmp_path)
    told = list[str]()

    def coming(documents: Sequence[Document]) -> None:
        assert not (tmp_path / "b").exists()
        told.extend(document.path for document in documents)

    publish([doc("a.html", b"other"), doc("b/c.html")], [], tmp_path, coming=coming)
    assert told == ["b/c.html"]
