"""Documents → feeds/. Atomic: a reader finds the old file or the new one, never half of one."""

import fcntl
import gzip
import os
import time
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from syndicate.disk import reach_disk, sync_all, why
from syndicate.errors import StoreError
from syndicate.formats import FORMATS
from syndicate.mediatypes import KINDS
from syndicate.model import Document

LOCK = ".lock"
MARK = ".store"  # names the store that writes here
_UNFINISHED = ".unfinished"  # is there while something is written; after that, where it came to no end
_BESIDE = (".tmp", ".gzt")  # what a name ends with until the file is renamed
_TEXTS = {f".{row.suffix.rpartition('.')[2]}" for row in FORMATS.values()} | {s for s, k in KINDS.items() if k.compress}
_FAST, _SMALL = 1, 4  # of gzip; 6 takes two and a half times as long for five parts in a hundred
_BATCH, _BYTES = 200, 2**24  # documents that are renamed after all of them have reached the disk; or their bytes
_BUFFER = 4096  # bytes: what is written at once needs no more
_COARSE = 4_000_000_000  # nanoseconds: two changes within may leave one time, on some disks


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Held from reading the store to the last rename, so that an older state never replaces a newer one."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handle = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"{directory}: cannot be written: {why(error)}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def owner(directory: Path) -> str | None:
    """The mark of the store that publishes here; None: the folder has none."""
    try:
        return (directory / MARK).read_text("ascii", errors="replace").strip() or None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{directory / MARK}: cannot be read: {error.strerror}") from error


def is_empty(directory: Path) -> bool:
    """Is there no file, but what begins with a dot?"""
    return all(name.startswith(".") for _, _, names in os.walk(directory) for name in names)


def own(directory: Path, mark: str) -> None:
    """From now on this store writes here. In `locked`."""
    try:
        _replace(directory / MARK, f"{mark}\n".encode())
    except OSError as error:
        raise StoreError(f"{directory / MARK}: cannot be written: {why(error)}") from error


def publish(
    documents: Iterable[Document],
    gone: Iterable[str],
    directory: Path,
    *,
    coming: Callable[[Sequence[Document]], object] = lambda _: None,
) -> tuple[Document, ...]:
    """Write the documents in order where their bytes differ, then delete `gone`. Returns those that changed.

    Each text has a `.gz` beside it, of the same time, for a server that sends it as it is: made once, from the bytes
    that stand there, and replaced or deleted before them. Paths are relative to `directory`. `coming` is
    called before there is anything of documents where none was, so that after a crash somebody knows whose they are.
    What an earlier one left that came to no end is taken away. StoreError where the folder cannot be written.
    """
    files = _Files(directory, coming)
    try:
        files.tidy()
        changed = [document for document in documents if files.put(document)]
        files.flush()
        for path in gone:
            files.delete(path)
        files.sync()
        files.finish()
    except OSError as error:
        raise StoreError(f"{error.filename or directory}: cannot be written: {why(error)}") from error
    return tuple(changed)


def gzip_of(path: str) -> str | None:
    """Where the compressed form of a published path lies; None: it has none."""
    suffix = f".{path.rpartition('.')[2].lower()}"
    return f"{path}.gz" if suffix in _TEXTS else None


class _Files:
    """Files are written beside their places, some at a time, reach the disk, and are renamed in their order.

    So a reader finds whole ones only, and what names others is in its place after them, also when power fails: what
    lies in a folder has reached the disk before what lies above it is renamed.
    """

    def __init__(self, directory: Path, coming: Callable[[Sequence[Document]], object]) -> None:
        self._directory = directory
        self._coming = coming
        self._unfinished = directory / _UNFINISHED
        self._begun = False
        self._staged: dict[str, _Staged] = {}
        self._bytes = 0
        self._unsynced: set[str] = set()

    def tidy(self) -> None:
        """What an earlier one left that came to no end: beside their places, words that may have been taken back since.

        What it renamed or deleted looks done, and may be undone when power fails: it reaches the disk with this one's.
        """
        if not self._unfinished.exists():
            return
        for folder, _, names in os.walk(self._directory):
            self._unsynced.add(folder)
            for name in names:
                if name.startswith(".") and name.endswith(_BESIDE):
                    Path(folder, name).unlink(missing_ok=True)

    def finish(self) -> None:
        with suppress(FileNotFoundError):
            os.unlink(self._unfinished)

    def _begin(self) -> None:
        if not self._begun:
            self._unfinished.touch()
            self._begun = True

    def put(self, document: Document) -> bool:
        """Whether its bytes are others than what stands there. In its place after `flush`."""
        if staged := self._staged.get(document.path):
            if staged.document.body == document.body:
                return False
            self.flush()
        target = f"{self._directory}/{document.path}"
        there, written = _standing(target, document.body)
        zipped = gzip_of(target)
        if written is not None and (zipped is None or _time(zipped) == written):
            return False
        self._staged[document.path] = _Staged(target, document, there, written)
        self._bytes += len(document.body)
        if len(self._staged) >= _BATCH or self._bytes > _BYTES:
            self.flush()
        return written is None

    def flush(self) -> None:
        staged, self._staged, self._bytes = self._staged, {}, 0
        if not staged:
            return
        if new := [each.document for each in staged.values() if not each.there]:
            self._coming(new)
        self._begin()
        for folder in {each.folder for each in staged.values()}:
            os.makedirs(folder, exist_ok=True)
        for each in staged.values():
            each.write()
        reach_disk([temporary for each in staged.values() for temporary, _ in each.files], self._directory)
        for path, each in staged.items():
            if "/" not in path:
                self.sync(below=str(self._directory))
            for temporary, place in each.files:
                os.replace(temporary, place)
            self._unsynced.add(each.folder)

    def delete(self, path: str) -> None:
        self._begin()
        target = self._directory / path
        for each in (gzip_of(path), path):
            if each:
                (self._directory / each).unlink(missing_ok=True)
        for left in _BESIDE:
            Path(_beside(str(target), left)).unlink(missing_ok=True)  # by a crash
        self._unsynced.add(str(target.parent))

    def sync(self, below: str | None = None) -> None:
        """The renames themselves reach the disk: of all folders, or of those below this one."""
        done = {folder for folder in self._unsynced if folder != below}
        sync_all(done)
        self._unsynced -= done


class _Staged:
    """A document that is to be written beside its place, with its `.gz`; this alone where the file is as it should be.

    `there`: is there a file? `written`: when that was, in nanoseconds, where it has these bytes. `files`, once they
    are: (where it is, where it is to be), in the order in which they are renamed.
    """

    def __init__(self, target: str, document: Document, there: bool, written: int | None) -> None:
        self.document = document
        self.there = there
        self.folder = os.path.dirname(target)
        self._target = target
        self._written = written
        self.files: list[tuple[str, str]] = []

    def write(self) -> None:
        target, path, body, written = self._target, self.document.path, self.document.body, self._written
        if written is None:
            # One writer at a time (see `locked`), so fixed names leave one batch behind after a crash.
            written = self._write(_beside(target), target, body)
        if zipped := gzip_of(target):
            self._write(_beside(target, _BESIDE[1]), zipped, gzip.compress(body, level(path), mtime=0), written)

    def _write(self, temporary: str, place: str, body: bytes, time_ns: int | None = None) -> int:
        # The compressed form first: whatever is taken back goes from it before it goes from the file.
        self.files.insert(0, (temporary, place))
        with open(temporary, "wb", buffering=_BUFFER) as file:
            file.write(body)
            file.flush()
            if time_ns is not None:
                os.utime(file.fileno(), ns=(time_ns, time_ns))
                return time_ns
            return os.fstat(file.fileno()).st_mtime_ns


def level(path: str) -> int:
    """What changes with each release is compressed fast; what stays, as far as it pays."""
    return _FAST if path.rpartition("/")[0] in ("", "sitemaps") else _SMALL


class Folders:
    """The folders as they were at the last look: what somebody deletes in one changes its time."""

    def __init__(self) -> None:
        self._times: dict[Path, int] = {}

    def changed(self, folder: Path) -> Container[str] | None:
        """The names of its files; None: nothing has come or gone since the last look."""
        try:
            time_ns = os.stat(folder).st_mtime_ns
            if self._times.get(folder) == time_ns:
                return None
            with os.scandir(folder) as entries:
                names = {entry.name for entry in entries if entry.is_file()}
        except OSError:
            self._times.pop(folder, None)
            return ()
        if time.time_ns() - time_ns > _COARSE:
            self._times[folder] = time_ns
        return names


def _standing(path: str, body: bytes) -> tuple[bool, int | None]:
    """Is there a file, and when was it written, in nanoseconds, if it has these bytes?"""
    try:
        with open(path, "rb", buffering=0) as file:
            found = os.fstat(file.fileno())
            return True, found.st_mtime_ns if found.st_size == len(body) and file.readall() == body else None
    except FileNotFoundError:
        return False, None


def _time(path: str) -> int | None:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return None


def _beside(target: str, suffix: str = _BESIDE[0]) -> str:
    folder, _, name = target.rpartition("/")
    return f"{folder}/.{name}{suffix}"


def _replace(target: Path, body: bytes) -> None:
    temporary = _beside(str(target))
    Path(temporary).write_bytes(body)
    reach_disk([temporary], target.parent)
    os.replace(temporary, target)
