"""Files as a source: real files in real folders."""

import os
import sys
import time
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.errors import FetchError
from syndicate.fetch import companion, fetch, files, scan
from syndicate.model import FetchResult, FetchState, FileState, Rejected, Source

NEW = FetchState(source="talland")
NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


def write(path: Path, content: str | bytes = "Moorschutz\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def paths(result: FetchResult) -> list[str | None]:
    return [capture.path for capture in result.captures]


@pytest.fixture
def no_wait(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The rests that were taken, without taking them: nobody writes to these files."""
    rests: list[float] = []
    monkeypatch.setattr(time, "sleep", rests.append)
    return rests


# --- what is read -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_wait")
def test_a_folder_is_read_whole_and_in_order(tmp_path: Path) -> None:
    for name in (
        "b.TXT",
        "a/z.md",
        "a/b/c.json",
        "ä.html",
        "a.xml",
        "feed.rss",
        "x.atom",
        "x.rdf",
        "x.htm",
        "x.markdown",
    ):
        write(tmp_path / name, name)
    for name in (
        ".x.txt",
        "_x.txt",
        ".git/x.txt",
        "_drafts/x.txt",
        "README.md",
        "readme.txt",
        "a/Readme_first.md",
        "bild.jpg",
        "x.txt~",
        "x.csv",
        "txt",
    ):
        write(tmp_path / name)
    result = fetch(Source(id="talland", path=str(tmp_path)), NEW, client=None, now=NOW)
    assert paths(result) == [
        "a.xml",
        "a/b/c.json",
        "a/z.md",
        "b.TXT",
        "feed.rss",
        "x.atom",
        "x.htm",
        "x.markdown",
        "x.rdf",
        "ä.html",
    ]
    assert result.captures[2].body == b"a/z.md"
    assert [c.state for c in result.captures] == [result.state.files[c.path or ""] for c in result.captures]
    found = (tmp_path / "a.xml").stat()
    assert result.state.files["a.xml"] == FileState(
        path="a.xml", size=5, mtime_ns=found.st_mtime_ns, hash=sha256(b"a.xml").hexdigest()
    )
    assert (result.rejected, result.missing, result.unsettled) == ((), (), False)


def test_an_empty_folder_is_fine(tmp_path: Path) -> None:
    assert scan(str(tmp_path), NEW) == FetchResult(state=NEW)


@pytest.mark.usefixtures("no_wait")
@pytest.mark.parametrize("name", ["release.txt", "_entwurf.txt", ".x", "README.md", "ohne-endung"])
def test_a_file_that_is_named_is_read_whatever_its_name(tmp_path: Path, name: str) -> None:
    write(tmp_path / "other.txt")
    result = scan(str(write(tmp_path / name)), NEW)
    assert paths(result) == [name]
    assert list(result.state.files) == [name]


@pytest.mark.parametrize(("name", "words"), [("x", "the folder "), ("x.txt", "the file "), ("a.txt/b", "the folder ")])
def test_what_is_not_there(tmp_path: Path, name: str, words: str) -> None:
    write(tmp_path / "a.txt")
    with pytest.raises(FetchError) as caught:
        scan(str(tmp_path / name), NEW)
    assert str(caught.value) == f"{words}{tmp_path / name} does not exist"


def test_a_pipe_as_source(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FetchError, match="neither a file nor a folder"):
        scan(str(tmp_path / "pipe"), NEW)


# --- what changed -----------------------------------------------------------------------------------------------------


def test_the_second_look_reads_nothing(tmp_path: Path, no_wait: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(3):
        write(tmp_path / f"{n}.txt", str(n))
    first = scan(str(tmp_path), NEW)
    assert len(no_wait) == 1  # one rest for all of them
    monkeypatch.setattr(files, "read", None)
    second = scan(str(tmp_path), first.state)
    assert second == FetchResult(state=first.state)
    assert len(no_wait) == 1


@pytest.mark.usefixtures("no_wait")
def test_a_touched_file_is_no_news(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    before = scan(str(tmp_path), NEW).state
    os.utime(path, ns=(1, 1))
    result = scan(str(tmp_path), before)
    assert result.captures == ()
    assert result.state.files == {"a.txt": replace(before.files["a.txt"], mtime_ns=1)}


@pytest.mark.usefixtures("no_wait")
def test_a_change_of_the_same_size_is_seen(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "Moor")
    before = scan(str(tmp_path), NEW).state
    write(path, "Heid")
    os.utime(path, ns=(1, 1))
    assert [capture.body for capture in scan(str(tmp_path), before).captures] == [b"Heid"]


@pytest.mark.usefixtures("no_wait")
def test_new_and_deleted_files(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c/d.txt"):
        write(tmp_path / name)
    before = scan(str(tmp_path), NEW).state
    (tmp_path / "a.txt").unlink()
    (tmp_path / "c" / "d.txt").unlink()
    write(tmp_path / "e.txt")
    result = scan(str(tmp_path), before)
    assert (paths(result), result.missing) == (["e.txt"], ("a.txt", "c/d.txt"))
    assert sorted(result.state.files) == ["b.txt", "e.txt"]


def test_a_folder_in_the_place_of_a_file_is_not_that_file(tmp_path: Path, no_wait: list[float]) -> None:
    write(tmp_path / "a.txt")
    before = scan(str(tmp_path), NEW)
    (tmp_path / "a.txt").unlink()
    (tmp_path / "a.txt").mkdir()
    result = scan(str(tmp_path), before.state)
    assert (result.missing, result.unsettled) == (("a.txt",), False)


@pytest.mark.usefixtures("no_wait")
def test_what_a_parser_refused_is_read_again_only_when_it_changes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    state = scan(str(tmp_path), NEW).state
    refused = replace(state, files={"a.txt": replace(state.files["a.txt"], reason="holds no release")})
    assert scan(str(tmp_path), refused) == FetchResult(state=refused)
    os.utime(path, ns=(1, 1))
    assert paths(scan(str(tmp_path), refused)) == ["a.txt"], "a touch asks again; its reason is not forgotten unasked"
    write(path, "Neu")
    result = scan(str(tmp_path), refused)
    assert paths(result) == ["a.txt"]
    assert result.state.files["a.txt"].reason is None


@pytest.mark.usefixtures("no_wait")
def test_a_companion_that_comes_changes_or_goes_is_a_reason_to_read_again(tmp_path: Path) -> None:
    write(tmp_path / "news" / "a.md", "![](moor.jpg)")
    result = scan(str(tmp_path), NEW)
    for content in (None, b"one", b"other", None):
        picture = tmp_path / "news" / "moor.jpg"
        picture.unlink(missing_ok=True) if content is None else write(picture, content)
        remembered, media, _ = companion(str(tmp_path), "news/a.md", "moor.jpg")
        assert (media.body if media else None) == content
        state = replace(result.state.files["news/a.md"], companions=(remembered,))
        known = FetchState(source="talland", files={"news/a.md": state})
        assert scan(str(tmp_path), known) == FetchResult(state=known)
        picture.unlink() if content == b"other" else write(picture, b"something else")
        assert paths(scan(str(tmp_path), known)) == ["news/a.md"]
        os.utime(tmp_path / "news" / "a.md")
        assert paths(scan(str(tmp_path), known)) == ["news/a.md"]
        os.utime(tmp_path / "news" / "a.md", ns=(state.mtime_ns, state.mtime_ns))


# --- at rest ----------------------------------------------------------------------------------------------------------


def test_a_file_that_is_being_written_is_left_for_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    write(tmp_path / "done.txt")
    growing = write(tmp_path / "growing.txt", "a")
    before = scan(str(tmp_path), NEW)
    assert paths(before) == ["done.txt", "growing.txt"]

    def meanwhile(_: float) -> None:
        with growing.open("ab") as file:
            file.write(b"a")

    meanwhile(0)
    write(tmp_path / "new.txt")
    monkeypatch.setattr(time, "sleep", meanwhile)
    result = scan(str(tmp_path), before.state)
    fresh = scan(str(tmp_path), NEW)
    assert (paths(result), result.unsettled, result.missing) == (["new.txt"], True, ())
    assert result.state.files["growing.txt"] == before.state.files["growing.txt"]
    assert (paths(fresh), fresh.unsettled) == (["done.txt", "new.txt"], True)
    assert "growing.txt" not in fresh.state.files
    monkeypatch.setattr(time, "sleep", lambda _: None)
    last = scan(str(tmp_path), result.state)
    assert (paths(last), last.unsettled) == (["growing.txt"], False)
    assert last.captures[0].body == growing.read_bytes()


def test_a_copy_with_an_old_date_rests_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.txt")
    os.utime(path, ns=(1, 1))

    def meanwhile(_: float) -> None:
        path.write_text("more and more")
        os.utime(path, ns=(1, 1))

    monkeypatch.setattr(time, "sleep", meanwhile)
    result = scan(str(tmp_path), NEW)
    assert (result.captures, result.unsettled) == ((), True)


def test_what_has_long_been_there_is_not_waited_for(
    tmp_path: Path, no_wait: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.txt")
    later = time.time_ns() + 3_000_000_000
    monkeypatch.setattr(time, "time_ns", lambda: later)
    assert paths(scan(str(tmp_path), NEW)) == ["a.txt"]
    assert no_wait == []


@pytest.mark.parametrize(
    ("age", "rest"),
    [
        (0, 150),
        (60, 90),  # the rest of its rest
        (140, 75),  # another machine's clock may have dated it
        (1_990, 75),
        (-60, 150),
        (-5_000, 150),  # a clock that is ahead
    ],
)
def test_its_rest_began_when_it_was_touched(
    tmp_path: Path, no_wait: list[float], monkeypatch: pytest.MonkeyPatch, age: int, rest: int
) -> None:
    found = write(tmp_path / "a.txt").stat()
    now = max(found.st_mtime_ns, found.st_ctime_ns) + age * 1_000_000
    monkeypatch.setattr(time, "time_ns", lambda: now)
    assert paths(scan(str(tmp_path), NEW)) == ["a.txt"]
    assert [round(1000 * each) for each in no_wait] == [rest]


@pytest.mark.parametrize("what", ["written", "replaced", "gone", "pipe"])
def test_what_moves_between_looking_and_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    path = write(tmp_path / "a.txt", "Moor")
    real = os.open

    def meanwhile(name: str, flags: int) -> int:
        if what == "written":
            path.write_text("Moor und Heide")
        else:
            path.unlink()
        if what == "replaced":
            write(path, "Heid")
        if what == "pipe":
            os.mkfifo(path)
        return real(name, flags)

    monkeypatch.setattr(time, "sleep", lambda _: None)
    monkeypatch.setattr(os, "open", meanwhile)
    result = scan(str(tmp_path), NEW)
    assert result.captures == ()
    assert result.unsettled is (what != "pipe")
    assert [r.reason for r in result.rejected] == (["neither a file nor a folder"] if what == "pipe" else [])


@pytest.mark.parametrize("what", ["gone", "pipe"])
def test_what_moves_while_it_rests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    path = write(tmp_path / "a.txt")

    def meanwhile(_: float) -> None:
        path.unlink()
        if what == "pipe":
            os.mkfifo(path)

    monkeypatch.setattr(time, "sleep", meanwhile)
    result = scan(str(tmp_path), NEW)
    assert (result.captures, result.unsettled) == ((), True)


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_wait")
def test_a_file_that_is_too_large_is_refused_until_it_changes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", b"x" * 1001)
    write(tmp_path / "b.txt", b"x" * 1000)
    result = scan(str(tmp_path), NEW, max_bytes=1000)
    assert paths(result) == ["b.txt"]
    assert result.rejected == (Rejected("a.txt", "larger than 0.001 MB"),)
    assert result.state.files["a.txt"].reason == "larger than 0.001 MB"
    assert scan(str(tmp_path), result.state, max_bytes=1000) == FetchResult(state=result.state)
    write(path, b"x" * 10)
    assert paths(scan(str(tmp_path), result.state, max_bytes=1000)) == ["a.txt"]


@pytest.mark.usefixtures("no_wait")
def test_pipes_and_broken_links_are_refused_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "broken.md").symlink_to("nowhere.md")
    (tmp_path / "self.txt").symlink_to("self.txt")
    (tmp_path / "pipe.jpg").symlink_to("nowhere.jpg")
    write(tmp_path / "good.txt")
    result = scan(str(tmp_path), NEW)
    assert paths(result) == ["good.txt"]
    assert [r.where for r in result.rejected] == ["broken.md", "pipe.txt", "self.txt"]
    assert [r.reason for r in result.rejected][:2] == ["a link that leads nowhere", "neither a file nor a folder"]
    assert scan(str(tmp_path), result.state) == FetchResult(state=result.state)
    (tmp_path / "broken.md").unlink()
    write(tmp_path / "broken.md", "Geheilt")
    assert paths(scan(str(tmp_path), result.state)) == ["broken.md"]


@pytest.mark.usefixtures("no_wait")
def test_an_unreadable_file_is_tried_again(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    result = scan(str(tmp_path), NEW)
    assert result.rejected == (Rejected("a.txt", "cannot be read: Permission denied"),)
    assert scan(str(tmp_path), result.state).rejected == ()
    path.chmod(0o600)
    assert paths(scan(str(tmp_path), result.state)) == ["a.txt"]


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="needs Linux' /proc")
def test_a_file_that_fails_while_it_is_read(tmp_path: Path) -> None:
    """The memory of a process begins with a hole: reading it is an input/output error, for root too."""
    result = scan("/proc/self/mem", NEW)
    assert result.rejected == (Rejected("mem", "cannot be read: Input/output error"),)


def test_out_of_sight_is_not_gone(tmp_path: Path) -> None:
    """A folder whose path is longer than the system takes cannot be listed, not even by root."""
    name, here, depth = "a" * 200, os.open(tmp_path, os.O_RDONLY), 0
    while len(str(tmp_path)) + depth * 201 < 4300:
        os.mkdir(name, dir_fd=here)
        below = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here, depth = below, depth + 1
    os.close(here)
    deep = FileState(path=f"{name}/" * depth + "release.txt", size=1, mtime_ns=1, hash="1")
    gone = FileState(path="gone.txt", size=1, mtime_ns=1, hash="1")
    result = scan(str(tmp_path), replace(NEW, files={deep.path: deep, gone.path: gone}))
    assert result.missing == ("gone.txt",)
    assert result.state.files[deep.path] == deep
    assert [r.reason for r in result.rejected] == ["cannot be read: File name too long"]
    assert result.rejected[0].where.endswith("a/")


# --- names and links --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_wait")
def test_names_are_nfc_whatever_the_disk_says(tmp_path: Path) -> None:
    name = "Prüfung/Größe.txt"
    write(tmp_path / unicodedata.normalize("NFD", name))
    result = scan(str(tmp_path), NEW)
    assert paths(result) == [name]
    assert scan(str(tmp_path), result.state) == FetchResult(state=result.state)
    file = unicodedata.normalize("NFD", str(tmp_path / name))
    assert paths(scan(file, NEW)) == ["Größe.txt"]


@pytest.mark.usefixtures("no_wait")
@pytest.mark.skipif(sys.platform == "darwin", reason="its file system folds names itself")
def test_two_forms_of_one_name_and_a_name_that_is_no_text(tmp_path: Path) -> None:
    nfc = unicodedata.normalize("NFC", "ä.txt")
    nfd = unicodedata.normalize("NFD", nfc)
    write(tmp_path / nfd, "NFD")
    write(tmp_path / nfc, "NFC")
    write(tmp_path / os.fsdecode(b"gr\xfcn.txt"))
    result = scan(str(tmp_path), NEW)
    assert [c.body for c in result.captures] == [b"NFC"]
    assert {r.where: r.reason for r in result.rejected} == {
        nfd: "another file has the same name in another Unicode form",
        "gr\\udcfcn.txt": "its name is not UTF-8",
    }


@pytest.mark.usefixtures("no_wait")
def test_links(tmp_path: Path) -> None:
    """Inside: followed; out: not; round in circles: no harm. A folder keeps its own name, whatever links lead to it."""
    root, outside = tmp_path / "source", tmp_path / "outside"
    write(outside / "secret.txt")
    write(root / "z" / "real.txt", "real")
    write(root / "_hidden" / "shown.txt", "shown")
    (root / "a").symlink_to("z")
    (root / "z" / "up").symlink_to("..")
    (root / "current").symlink_to("_hidden")
    (root / "link.txt").symlink_to("z/real.txt")
    (root / "out").symlink_to(outside)
    (root / "out.txt").symlink_to(outside / "secret.txt")
    (root / "z" / "out.txt").symlink_to("../../outside/secret.txt")
    (root / "almost").symlink_to(str(root) + "-not")
    write(Path(f"{root}-not") / "x.txt")
    result = scan(str(root), NEW)
    assert paths(result) == ["current/shown.txt", "link.txt", "z/real.txt"]
    assert result.rejected == ()
    linked = tmp_path / "linked"
    linked.symlink_to(root)
    assert paths(scan(str(linked), NEW)) == paths(result)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([None, b"1", b"2", b"33"])), max_size=6), st.data())
def test_polls_add_up_to_what_is_there(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, bytes | None]], data: st.DataObject
) -> None:
    """However often it is looked at in between: captures less what went missing are the folder."""
    folder = tmp_path_factory.mktemp("polls")
    state, held, tick = NEW, dict[str, bytes](), 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "sleep", lambda _: None)
        for name, content in [*acts, (None, None)]:
            if name and content is None:
                (folder / f"{name}.txt").unlink(missing_ok=True)
            elif name and content is not None:
                tick += 1
                os.utime(write(folder / f"{name}.txt", content), ns=(tick, tick))
            if name is None or data.draw(st.booleans()):
                result = scan(str(folder), state)
                state = result.state
                held.update({c.path or "": c.body for c in result.captures})
                for path in result.missing:
                    del held[path]
    assert held == {path.name: path.read_bytes() for path in folder.iterdir()}


# --- files beside a release -------------------------------------------------------------------------------------------

JPEG = b"\xff\xd8\xff\xe0 not quite a picture"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """`source/` with a release and what lies beside it, and a secret outside."""
    root = tmp_path / "source"
    for name in ("moor.jpg", ".geheim.jpg", ".git/x.jpg", "_bilder/x.jpg"):
        write(root / name, JPEG)
    for name in ("bilder/Moor im Nebel.JPG", "100%.png", "anhang.pdf", "x.svg", "x.html", "x", "#1.jpg", "日本.webp"):
        write(root / "2026" / name, JPEG)
    write(tmp_path / "secret.jpg", b"secret")
    write(root / unicodedata.normalize("NFD", "2026/Häuser/Brücke.jpg"), JPEG)
    (root / "2026" / "out.jpg").symlink_to("../../secret.jpg")
    (root / "2026" / "in.jpg").symlink_to("../moor.jpg")
    (root / "2026" / "hidden.jpg").symlink_to("../.geheim.jpg")
    (root / "2026" / "broken.jpg").symlink_to("nowhere.jpg")
    os.mkfifo(root / "2026" / "pipe.jpg")
    return root


@pytest.mark.parametrize(
    ("reference", "path", "name", "media_type"),
    [
        ("bilder/Moor im Nebel.JPG", "2026/bilder/Moor im Nebel.JPG", "moor-im-nebel.jpg", "image/jpeg"),
        ("./bilder/Moor%20im%20Nebel.JPG?v=2#oben", "2026/bilder/Moor im Nebel.JPG", "moor-im-nebel.jpg", "image/jpeg"),
        ("../moor.jpg", "moor.jpg", "moor.jpg", "image/jpeg"),
        ("bilder/../../moor.jpg", "moor.jpg", "moor.jpg", "image/jpeg"),
        (" anhang.pdf ", "2026/anhang.pdf", "anhang.pdf", "application/pdf"),
        ("100%.png", "2026/100%.png", "100.png", "image/png"),
        ("%231.jpg", "2026/#1.jpg", "1.jpg", "image/jpeg"),
        ("#1.jpg", "2026/#1.jpg", "1.jpg", "image/jpeg"),
        ("../_bilder/x.jpg", "_bilder/x.jpg", "x.jpg", "image/jpeg"),
        ("日本.webp", "2026/日本.webp", "file.webp", "image/webp"),
        ("Häuser/Brücke.jpg", "2026/Häuser/Brücke.jpg", "bruecke.jpg", "image/jpeg"),
        ("H%C3%A4user/Bru%CC%88cke.jpg", "2026/Häuser/Brücke.jpg", "bruecke.jpg", "image/jpeg"),
        ("in.jpg", "2026/in.jpg", "in.jpg", "image/jpeg"),
    ],
)
def test_what_lies_beside(folder: Path, reference: str, path: str, name: str, media_type: str) -> None:
    remembered, media, reason = companion(str(folder), "2026/release.md", reference, max_bytes=1000)
    assert reason is None
    assert media is not None
    assert (media.name, media.type, media.body) == (name, media_type, JPEG)
    assert media.hash == sha256(JPEG).hexdigest()[:16]
    assert (remembered[0], remembered[1]) == (path, len(JPEG))
    assert remembered[2] > 0


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("nirgends.jpg", "is not there"),
        ("bilder", "a folder"),
        ("../../secret.jpg", "leads out"),
        ("%2e%2e/%2e%2e/secret.jpg", "leads out"),
        ("..%2f..%2fsecret.jpg", "leads out"),
        ("bilder/../../../source/../secret.jpg", "leads out"),
        ("..\\..\\secret.jpg", "leads out"),
        ("/etc/passwd", "leads out"),
        ("//host.example/x.jpg", "leads out"),
        ("..", "hidden"),
        ("moor.jpg%00.png", "leads out"),
        ("out.jpg", "link that leads out"),
        ("hidden.jpg", "link to a hidden file"),
        ("../.geheim.jpg", "hidden"),
        ("../.git/x.jpg", "hidden"),
        ("broken.jpg", "is not there"),
        ("pipe.jpg", "neither a file nor a folder"),
        ("x.svg", "of this kind"),
        ("x.html", "of this kind"),
        ("x", "of this kind"),
        ("", "names no file"),
        ("http://host.example/x.jpg", "names no file"),
        ("data:image/png;base64,AA", "names no file"),
        ("C:/x.jpg", "names no file"),
    ],
)
@pytest.mark.usefixtures("no_wait")
def test_what_is_not_taken(folder: Path, reference: str, words: str) -> None:
    remembered, media, reason = companion(str(folder), "2026/release.md", reference, max_bytes=1000)
    assert media is None
    assert words in (reason or "")
    state = FileState(path="2026/release.md", size=1, mtime_ns=1, hash="1", companions=(remembered,))
    write(folder / "2026" / "release.md", "x")
    os.utime(folder / "2026" / "release.md", ns=(1, 1))
    known = FetchState(source="talland", files={"2026/release.md": state})
    assert "2026/release.md" not in paths(scan(str(folder), known)), "no reason to read the release again and again"


def test_a_companion_has_a_size(folder: Path) -> None:
    remembered, media, reason = companion(str(folder), "2026/release.md", "../moor.jpg", max_bytes=10)
    assert (remembered[1], media, reason) == (len(JPEG), None, "larger than 1e-05 MB")


def test_beside_a_single_file(tmp_path: Path) -> None:
    write(tmp_path / "moor.jpg", JPEG)
    path = write(tmp_path / "release.md")
    result = scan(str(path), NEW)
    remembered, media, _ = companion(str(tmp_path), "release.md", "moor.jpg")
    assert media is not None
    known = replace(result.state.files["release.md"], companions=(remembered,))
    state = replace(result.state, files={"release.md": known})
    assert scan(str(path), state) == FetchResult(state=state)
    write(tmp_path / "moor.jpg", JPEG + b" and more")
    assert paths(scan(str(path), state)) == ["release.md"]


def test_of_many_files_the_older_are_taken_first(tmp_path: Path) -> None:
    """So that a feed shows the newest on top, though its releases come in several transactions."""
    for number in range(300):
        write(
            tmp_path / f"z{number:03}.md", f"---\ndate: 2025-01-{1 + number % 28:02}\n---\n# Haus {number}\n".encode()
        )
    write(tmp_path / "a.md", b"# Ohne Datum\n")
    write(tmp_path / "b.txt", f"{'x' * 2000}\n12. März 2026\n".encode())
    write(tmp_path / "c.md", b"---\ndatum: 12. M\xc3\xa4rz 1999\n---\n# Alt\n")
    first = scan(str(tmp_path), NEW)
    assert (len(first.captures), first.left) == (300, 3)
    second = scan(str(tmp_path), first.state)
    assert {"a.md", "b.txt"} < {capture.path for capture in second.captures}
    assert "c.md" in {capture.path for capture in first.captures}
    assert second.left == 0
