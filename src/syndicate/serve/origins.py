"""Where published files are read from: a folder, or a bucket."""

import os
from concurrent.futures import Executor
from pathlib import Path
from typing import Protocol

from syndicate.doors import ByName
from syndicate.publish import Kind, Place
from syndicate.serve.cache import Copy, Key, key_of, open_inside, read

_objects = ByName("syndicate.serve.objects", "Objects")


class Part(Protocol):
    """A file that is open, at the place from which it is read."""

    def read(self, size: int, /) -> bytes:
        """So many bytes at most; none at its end."""

    def seek(self, offset: int, /) -> int: ...

    def close(self) -> None: ...


class Origin(Protocol):
    """`read` and `open` are called in `threads` (None: the usual ones). OSError where there is nothing to be seen."""

    threads: Executor | None

    def key(self, path: str) -> Key:
        """At once. What differs from a copy's where that is not, or may not be, what is there now."""

    def read(self, path: str, kind: Kind, earlier: Copy | None) -> Copy:
        """As it is now. `earlier` may be that, too."""

    def open(self, copy: Copy) -> Part | None:
        """To be streamed. None: it is another one by now."""


class Folder:
    """Each request asks the file system whether a copy is still the file."""

    threads: Executor | None = None

    def __init__(self, directory: Path) -> None:
        self._directory = os.path.abspath(directory)

    def key(self, path: str) -> Key:
        return key_of(os.stat(f"{self._directory}/{path}"))

    def read(self, path: str, kind: Kind, earlier: Copy | None) -> Copy:
        return read(self._directory, path, kind, earlier)

    def open(self, copy: Copy) -> Part | None:
        file = open_inside(self._directory, copy.path)
        if key_of(os.fstat(file.fileno())) == copy.key:
            return file
        file.close()
        return None


def origin(place: Place) -> Origin:
    if isinstance(place, Path):
        return Folder(place)
    found: Origin = _objects(place.url)
    return found
