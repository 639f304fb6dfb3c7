import threading
from pathlib import Path

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
    assert [path.name for path in tmp_path.iterdir()] == ["b.html"]


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
