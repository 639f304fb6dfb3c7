"""The port: what publishing asks of a place. A folder or a bucket, by the address."""

import os
from collections.abc import Callable, Container, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from syndicate.doors import ByName
from syndicate.errors import PublishError
from syndicate.model import Bucket, Document
from syndicate.publish.folder import Folders, gzip_of, is_empty, own, owner, publish

Place = Path | Bucket
Notice = Callable[[str], Document | None]
_bucket = ByName("syndicate.publish.bucket", "bucket_at")


class Target(Protocol):
    """Where one store publishes. StoreError where it cannot be read or written, with what and why.

    `fenced`: whoever publishes holds a number that grows, in the place of a lock.
    """

    fenced: bool

    def owner(self) -> str | None:
        """The mark of the store that publishes here; None: there is none."""

    def is_empty(self) -> bool:
        """Is there no document?"""

    def has(self, path: str) -> bool:
        """Is there such a document?"""

    def count(self) -> int:
        """How many documents there are."""

    def read(self, path: str) -> bytes | None:
        """Its bytes; None: there is none."""

    def look(self, looked: Folders | None = None) -> Callable[[str], Container[str] | None]:
        """By folder, the names that are there; None: nothing has come or gone since `looked`."""

    def files_of(self, path: str) -> Iterable[str]:
        """The names that there are of a published path."""

    def number(self) -> int:
        """Of whoever published last, where it is `fenced`."""

    def own(self, mark: str, fence: int) -> None:
        """From now on this store writes here. PublishError where somebody does with a higher number."""

    def publish(
        self,
        documents: Iterable[Document],
        gone: Iterable[str],
        *,
        coming: Callable[[Sequence[Document]], object] = lambda _: None,
        notice: Notice = lambda _: None,
        fence: int = 0,
    ) -> tuple[Document, ...]:
        """As `publish.publish`. `notice`: what is put over a document that goes, where nothing is deleted."""


class Folder:
    """The folder behind the port. It is `locked` by whoever publishes."""

    fenced = False

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def owner(self) -> str | None:
        return owner(self._directory)

    def is_empty(self) -> bool:
        return is_empty(self._directory)

    def has(self, path: str) -> bool:
        return (self._directory / path).is_file()

    def count(self) -> int:
        names = (name for *_, names in os.walk(self._directory) for name in names)
        return sum(not name.startswith(".") and not name.endswith(".gz") for name in names)

    def read(self, path: str) -> bytes | None:
        try:
            return (self._directory / path).read_bytes()
        except OSError:
            return None

    def look(self, looked: Folders | None = None) -> Callable[[str], Container[str] | None]:
        folders = looked or Folders()
        return lambda folder: folders.changed(self._directory / folder)

    def files_of(self, path: str) -> Iterable[str]:
        """Itself, and what is compressed of it."""
        return (each.rpartition("/")[2] for each in (path, gzip_of(path)) if each)

    def number(self) -> int:
        return 0

    def own(self, mark: str, fence: int) -> None:
        own(self._directory, mark)

    def publish(
        self,
        documents: Iterable[Document],
        gone: Iterable[str],
        *,
        coming: Callable[[Sequence[Document]], object] = lambda _: None,
        notice: Callable[[str], Document | None] = lambda _: None,
        fence: int = 0,
    ) -> tuple[Document, ...]:
        return publish(documents, gone, self._directory, coming=coming)


def target(place: Place, *, briefly: bool = False) -> Target:
    """The same one for the same bucket, as long as the process lives: it knows what it has written there.

    `briefly`: one to look at, for who does not wait long for an answer.
    """
    if isinstance(place, Path):
        return Folder(place)
    found: Target = _bucket(place.url, briefly=briefly)
    return found


def folder_of(place: Place, purpose: str) -> Path:
    """PublishError where it is a bucket, which cannot be used for that."""
    if isinstance(place, Path):
        return place
    raise PublishError(f"{place}: is a bucket, and {purpose}")
