"""Documents → feeds/. Atomic: a reader finds the old file or the new one, never half of one."""

import fcntl
import os
import time
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from syndicate.errors import StoreError
from syndicate.model import Document

LOCK = ".lock"
MARK = ".store"  # names the store that writes here
_COARSE = 4_000_000_000  # nanoseconds: two changes within may leave one time, on some disks


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Held from reading the store to the last rename, so that an older state never replaces a newer one."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handle = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"{directory}: cannot be written: {error.strerror}") from error
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
        raise StoreError(f"{directory / MARK}: cannot be written: {error.strerror}") from error


def publish(documents: Iterable[Document], gone: Iterable[str], directory: Path) -> tuple[Document, ...]:
    """Write the documents in order where their bytes differ, then delete `gone`. Returns those that changed.

    Paths are relative to `directory`. StoreError where the folder cannot be written.
    """
    changed = []
    folders: set[Path] = set()
    try:
        for document in documents:
            target = directory / document.path
            if _read(target) == document.body:
                continue
            _replace(target, document.body)
            folders.add(target.parent)
            changed.append(document)
        for path in gone:
            (directory / path).unlink(missing_ok=True)
            folders.add((directory / path).parent)
        for folder in folders:
            _sync(folder)
    except OSError as error:
        raise StoreError(f"{error.filename or directory}: cannot be written: {error.strerror}") from error
    return tuple(changed)


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


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _replace(target: Path, body: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # One writer at a time (see `locked`), so a fixed name leaves at most one file behind after a crash.
    temporary = target.with_name(f".{target.name}.tmp")
    with temporary.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, target)


def _sync(folder: Path) -> None:
    """The rename itself reaches the disk."""
    if not folder.is_dir():
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
