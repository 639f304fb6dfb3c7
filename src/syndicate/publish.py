"""Documents → feeds/. Atomic: a reader finds the old file or the new one, never half of one."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from syndicate.errors import StoreError
from syndicate.model import Document

LOCK = ".lock"
MARK = ".store"  # names the store that writes here


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Held from reading the store to the last rename, so that an older state never replaces a newer one."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handle = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
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
