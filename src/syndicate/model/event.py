"""One thing that was done, as a value: handed to whoever listens (the log, a progress bar, a test)."""

from dataclasses import field
from datetime import datetime

from syndicate.model.change import Changes
from syndicate.model.item import Rejected
from syndicate.model.job import Job
from syndicate.model.page import Document
from syndicate.model.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """A source was asked, or why it was not: `waits` until when it must not be, `skipped`, which is no failure.

    `changes` where it answered, else `error`; `fault`: one of ours, to be told with its traceback; `unstored`: the
    store's, which keeps all sources from being asked. `seconds` it took.
    """

    source: str
    changes: Changes | None = None
    error: str | None = None
    waits: datetime | None = None
    skipped: str | None = None
    fault: Exception | None = None
    unstored: Exception | None = None
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A batch of a folder's files was read and recorded: so many by now, and as many are left."""

    source: str
    read: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """A page of a release was asked. `error`: why it could not be read; `due`: when it is asked again, None: never.

    Not `asked`: nobody would see what it says, or its server's robots.txt forbids it.
    """

    source: str
    url: str
    changes: Changes = field(default_factory=Changes)
    error: str | None = None
    due: datetime | None = None
    fault: Exception | None = None  # ours: to be told with its traceback
    asked: bool = True
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A page of a source's list was read: `number` counts from the first one of the whole walk."""

    number: int
    url: str
    new: int = 0  # releases that were not known
    known: int = 0
    refused: tuple[Rejected, ...] = ()  # pages of releases that could not be read, and why


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A page of a release was asked in the course of a walk into the past."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfilled:
    """What a walk into the past came to. `next`: where it goes on, None where the old end is reached."""

    source: str
    steps: tuple[Step, ...] = ()
    next: str | None = None
    error: str | None = None  # why the page at `next` could not be read, or is not asked now
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """A source's hub has pushed something: it is to be read."""

    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What a source's hub has pushed was read; `error`: or why it could not be. `fault`: one of ours."""

    source: str
    changes: Changes = field(default_factory=Changes)
    error: str | None = None
    fault: Exception | None = None
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """A source's hub was asked to push, to go on, or to end. `error`: why it would not."""

    source: str
    error: str | None = None
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """An embargo has ended."""

    release: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a source said of a release, and what had waited, is put in."""

    release: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """These documents' bytes changed. `waited`: of each release that readers see from now on, the seconds since it was
    first seen; not of one that had an embargo.
    """

    documents: tuple[Document, ...]
    waited: tuple[float, ...] = ()
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """Somebody asks our hub for something, and is to be asked whether he means it. As `Verified`."""

    mode: str
    host: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Somebody has said that he means it. `mode` subscribe or unsubscribe; `host` of his callback; a head's path."""

    mode: str
    host: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """So many have taken what was brought to them. `what`: push, ping, purge; `of`: a head's path."""

    what: str
    of: str
    number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """What was brought to this host was not taken, and why; its address may hold a secret. `again`: the next try; None:
    there is none. `failures`: how often in a row. `by_stranger`: anybody may bring that about.
    """

    what: str
    host: str
    of: str
    reason: str
    again: datetime | None = None
    failures: int = 1
    by_stranger: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """The daemon has made a backup by itself, of so many bytes."""

    path: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reloaded:
    """config.toml was read again; `error`: why it is not used, and the plan before goes on."""

    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A job could not be done; what it was to do stays to be done. None: not even what is due could be seen.

    `again`: for the same reason as at the last try, which was told.
    """

    job: Job | None
    error: str
    cause: Exception  # anything but a SyndicateError is a fault of ours
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What had failed works again: `store`, or the kind of a job."""

    kind: str


Event = (
    Polled
    | Recorded
    | Completed
    | Asked
    | Step
    | Backfilled
    | Pushed
    | Received
    | Subscribed
    | Lifted
    | Settled
    | Published
    | Requested
    | Verified
    | Delivered
    | Undelivered
    | BackedUp
    | Reloaded
    | Failed
    | Recovered
)
