"""What is in a bucket's prefix, fetched where it is another one than before.

A source that is a prefix is looked through as any folder is, in its mirror. Each file has the time of its object, with
fractions that tell its version, so that another one is another file to whoever looks at size and time.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from syndicate.disk import why
from syndicate.errors import FetchError, StoreError
from syndicate.mirror.folder import OWNER, VERSIONS, belongs, empty, held, named
from syndicate.objectstore import Object, ObjectStore

_PART = ".part"
_FRACTION = 1_000_000_000  # nanoseconds: stores tell times in whole seconds


def count(url: str) -> int:
    """How many files there are. FetchError where that cannot be told."""
    return len(_listed(ObjectStore(url, briefly=True)))


@contextmanager
def mirrored(url: str, folder: Path, config: Path, *, max_bytes: int) -> Iterator[None]:
    """The folder is as the prefix, as long as it is held: two that look at once wait for each other.

    Nothing in it is touched before the whole listing is there. FetchError where anything of it cannot be had: what is
    not known to have gone is there. `config`: the configuration that names it.
    """
    try:
        handle = held(folder)
    except OSError as error:
        raise FetchError(f"{folder}: cannot be written: {why(error)}") from error
    try:
        _Mirror(ObjectStore(url), folder, max_bytes).follow(config)
        yield
    except StoreError as error:
        raise FetchError(str(error)) from error
    finally:
        os.close(handle)


class _Mirror:
    """One look at what is there."""

    def __init__(self, objects: ObjectStore, folder: Path, max_bytes: int) -> None:
        self._objects = objects
        self._folder = folder
        self._max_bytes = max_bytes

    def follow(self, config: Path) -> None:
        there, before = _listed(self._objects), self._versions()
        now = {key: each.version.tag for key, each in there.items()}
        try:
            self._belong(config)
            empty(self._folder, now.keys())
            others = [k for k, tag in now.items() if before.get(k) != tag or not (self._folder / k).is_file()]
            if others:  # until they are there, nobody takes what lies there for them
                self._note({key: tag for key, tag in now.items() if key not in {*others}})
            for key in others:
                self._take(there[key])
            if now != before or others:
                self._note(now)
        except OSError as error:
            where = error.filename or self._folder
            raise FetchError(f"{self._objects.url}: {where} cannot be written: {why(error)}") from error

    def _versions(self) -> Mapping[str, str]:
        """As of the last look that came to its end; without it all is fetched again."""
        with suppress(OSError, ValueError):
            found: Mapping[str, str] = json.loads((self._folder / VERSIONS).read_bytes())
            return found
        return {}

    def _note(self, versions: Mapping[str, str]) -> None:
        self._write(self._folder / VERSIONS, json.dumps(versions).encode())

    def _belong(self, config: Path) -> None:
        with suppress(FileNotFoundError):
            if belongs(self._folder, config):
                return
        self._write(self._folder / OWNER, named(config))

    def _take(self, listed: Object) -> None:
        """What is too large is there by its size alone: whoever looks says so."""
        path = self._folder / listed.key
        path.parent.mkdir(parents=True, exist_ok=True)
        if listed.size > self._max_bytes:
            found, body = listed, b""
        else:
            got = self._objects.get(listed.key)
            if got is None:  # it has gone meanwhile: the next look sees that
                return
            found, body = got, got.body
        mark = int.from_bytes(sha256(found.version.tag.encode()).digest()[:8]) % _FRACTION
        self._write(path, body, found.size, int(found.modified.timestamp()) * _FRACTION + mark)

    def _write(self, path: Path, body: bytes, size: int | None = None, time_ns: int | None = None) -> None:
        part = path.with_name(f".{sha256(path.name.encode()).hexdigest()[:16]}{_PART}")
        part.write_bytes(body)
        if size is not None and size > len(body):
            os.truncate(part, size)
        if time_ns is not None:
            os.utime(part, ns=(time_ns, time_ns))
        os.replace(part, path)


def _listed(objects: ObjectStore) -> Mapping[str, Object]:
    """By key. What stands for a folder, as some programs make them, is none."""
    try:
        found = {each.key: each for each in objects.list()}
    except StoreError as error:
        raise FetchError(str(error)) from error
    folders = {str(parent) for key in found for parent in Path(key).parents}
    for key, each in [*found.items()]:
        if key in folders and not each.size:
            del found[key]
        elif key in folders or not _is_path(key):
            raise FetchError(f"{objects.url}/{key}: no file can have such a name; give it another one")
    return {key: each for key, each in found.items() if not _is_hidden(key)}


def _is_hidden(key: str) -> bool:
    """As whoever looks through a folder passes it over; so nothing here is in the way of what we keep there."""
    return any(part.startswith(".") for part in key.split("/"))


def _is_path(key: str) -> bool:
    parts = key.split("/")
    return not ({"", ".", ".."} & {*parts} or "\0" in key or any(len(part.encode()) > 255 for part in parts))
