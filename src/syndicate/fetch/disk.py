"""Looking at a file and reading it: without hanging on what is no file, and only whole."""

import os
import stat
from dataclasses import dataclass

MAX_BYTES = 10_000_000  # of one file


class Unreadable(Exception):
    """Why a file cannot be read, in plain words."""


@dataclass(frozen=True, slots=True)
class Look:
    """What `stat` said of a regular file. Two that are equal: nothing was written to it in between."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: tuple[int, int]

    @property
    def touched_ns(self) -> int:
        """When its content or its name last changed; a copy may carry an old mtime, never an old ctime."""
        return max(self.mtime_ns, self.ctime_ns)


def look(path: str) -> Look:
    """Follows links. Raises Unreadable for anything but a regular file, FileNotFoundError for what is not there."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        if os.path.islink(path):
            raise Unreadable("a link that leads nowhere") from None
        raise
    except OSError as error:
        raise Unreadable(_reason(error)) from error
    return _regular(found)


def read(path: str, seen: Look) -> bytes | None:
    """The whole content, if the file is as it was `seen` before and after; None where it moved. Raises Unreadable."""
    try:
        descriptor = _opened(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unreadable(_reason(error)) from error
    with os.fdopen(descriptor, "rb") as file:
        try:
            if _regular(os.fstat(descriptor)) != seen:
                return None
            body = file.read(seen.size + 1)
            return body if len(body) == seen.size and _regular(os.fstat(descriptor)) == seen else None
        except OSError as error:
            raise Unreadable(_reason(error)) from error


def beginning(path: str, size: int) -> bytes:
    """So many bytes of it, as it is now. Raises OSError."""
    with os.fdopen(_opened(path), "rb") as file:
        return file.read(size)


def _opened(path: str) -> int:
    # Without O_NONBLOCK, a pipe put in the file's place would be waited for until somebody writes to it.
    return os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))


def inside(path: str, folder: str) -> bool:
    """Is this within the folder once all links are followed?"""
    real, root = os.path.realpath(path), os.path.realpath(folder)
    return os.path.commonpath((real, root)) == root


def too_large(max_bytes: int) -> Unreadable:
    return Unreadable(f"larger than {max_bytes / 1_000_000:.3g} MB")


def _regular(found: os.stat_result) -> Look:
    if not stat.S_ISREG(found.st_mode):
        raise Unreadable("neither a file nor a folder" if not stat.S_ISDIR(found.st_mode) else "a folder")
    return Look(found.st_size, found.st_mtime_ns, found.st_ctime_ns, (found.st_dev, found.st_ino))


def _reason(error: OSError) -> str:
    return f"cannot be read: {error.strerror or error}"
