"""Where releases come from, and what a poll brings."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from syndicate.model.item import Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where releases come from: a file or folder (`path`, absolute) or an address (`url`).

    `timezone`, `language` and `tag` are the site's where the source states none.
    """

    id: str
    path: str | None = None
    url: str | None = None
    format: str = "auto"
    interval: timedelta = timedelta(minutes=15)
    topics: tuple[str, ...] = ()
    timezone: str = "Europe/Berlin"
    language: str = "de"
    tag: str = "127.0.0.1,2026"
    headlines: bool = True
    missing: str = "keep"
    future: str = "now"
    enabled: bool = True
    priority: int = 0
    content: str = "full"
    images: str = "show"
    allow_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """What we know of a file of a folder source: asked again only when this changes.

    `companions` are the files it names, with their size and mtime (-1, -1 where there is none): (path, size, mtime_ns).
    """

    path: str
    size: int
    mtime_ns: int
    hash: str = ""
    reason: str | None = None  # why it was refused
    companions: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchState:
    """What we know of a source between two polls. Validators are kept exactly as received."""

    source: str
    etag: str | None = None
    last_modified: str | None = None
    hash: str | None = None  # of the last body that was parsed and stored
    next_poll: datetime | None = None
    not_before: datetime | None = None  # a Retry-After: nobody asks before
    last_attempt: datetime | None = None
    last_success: datetime | None = None
    error: str | None = None
    failures: int = 0
    files: Mapping[str, FileState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Bytes as found. `url` is where they finally came from, `path` the file relative to its source."""

    body: bytes
    media_type: str | None = None
    url: str | None = None
    path: str | None = None
    state: FileState | None = None  # to be recorded with what becomes of it

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """What a poll brought: one capture of a feed, one per new or changed file of a folder; none where nothing changed.

    `state` is what to store once everything was parsed and recorded. `rejected` are files that could not be read.
    `unsettled`: files are still being written, look again soon.
    """

    state: FetchState
    captures: tuple[Capture, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    missing: tuple[str, ...] = ()  # paths that were there at the last poll
    unsettled: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    """A file that lies beside a release and is published with it, at `media/HASH/NAME`."""

    hash: str
    name: str
    type: str
    body: bytes
