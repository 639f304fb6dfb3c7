"""What can go wrong, as a tree. Each message names the file, key or URL and the reason.

    SyndicateError
    ├── ConfigError      config.toml: the key, what it had and what it may be
    ├── FetchError       a source could not be read: status, time-out, size, address
    │   ├── SourceGone   it answered 410: it will not come back
    │   ├── NotWelcome   its robots.txt forbids it: it was not asked
    │   ├── ClientClosed   because this program ends
    │   ├── TooManyRedirects
    │   ├── TooLarge     of its body
    │   └── HTTPStatusError  it answered something else than what was hoped for
    ├── ParseError       the bytes are no feed and hold no release
    │   └── UnexpectedPage   a page came where a feed was: maintenance, a login, a challenge
    ├── WorkerLost       the process that read a document died or took too long: no word on the document, tried again
    │   └── WorkersClosed    because this program ends
    ├── StoreError       the database or the folder: unreadable, a release that is not there
    │   ├── StoreLocked  another daemon runs on it
    │   ├── OneStore     it was to be copied into itself
    │   ├── NotOurs      another process has what this was begun with: what came in is thrown away
    │   ├── BackupError  a copy of it cannot be written, or is none that can be used
    │   └── StoreUnusable    its file cannot be read or written: locked, full, damaged, of a newer version
    │       └── StoreMissing     there is none, and whoever asks makes none
    ├── PublishError     the folder of feeds is another store's, or nobody's that we know
    ├── MailError        a mail was not taken by the server that it was to be handed in at
    ├── RenderError      a document could not be made of what we hold
    └── SearchRefused    what is typed there is nothing that could be searched for

Raised at the edges with their cause, caught once per source in layer 4. A single bad *item* raises nothing: it comes
back as `Rejected` and costs none of its neighbours.
"""


class SyndicateError(Exception):
    """Base of every error that is somebody's to mend; shown without a traceback."""


class ConfigError(SyndicateError):
    """The configuration cannot be used. Exit status 2."""


class FetchError(SyndicateError):
    """A source could not be read. `retry_after` (seconds) is set where the server said when to come back."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SourceGone(FetchError):
    """The source answered 410 Gone."""


class NotWelcome(FetchError):
    """A server's robots.txt does not want this address to be asked. `retry_after`: when that is looked at again."""


class ClientClosed(FetchError):
    """It was cut off, or not begun, because this program ends. No word on who was to be asked."""


class TooManyRedirects(FetchError):
    """One led to the next, and so on."""


class TooLarge(FetchError):
    """A body is larger than it may be."""


class HTTPStatusError(FetchError):
    """An answer that is none of the hoped for. `server` gave it: the host as it was dialled; `retry_after` is its."""

    def __init__(self, message: str, *, status: int, server: str, retry_after: float | None = None) -> None:
        super().__init__(message, retry_after=retry_after)
        self.status = status
        self.server = server


class ParseError(SyndicateError):
    """The document holds no feed and no release."""


class UnexpectedPage(ParseError):
    """A page, answered with status 200, instead of the feed or the release: maintenance, a login, a challenge."""


class WorkerLost(SyndicateError):
    """The process that read a document died, was killed or took too long.

    That says nothing about the document: a busy machine or whoever needed memory can be the cause. Tried again.
    """


class WorkersClosed(WorkerLost):
    """No document is read any more: the program ends. Not even a failure."""


class StoreError(SyndicateError):
    """The store cannot do what was asked."""


class StoreLocked(StoreError):
    """Another daemon runs on this store; the message names its process. Exit status 2."""


class OneStore(StoreError):
    """What was named as one store and another is one. Exit status 2."""


class NotOurs(StoreError):
    """Another process has the host or the role that this was begun with. Nothing is recorded, not even a failure."""


class BackupError(StoreError):
    """A copy of the store cannot be written where it was to be, or is none that can be used. The store goes on."""


class StoreUnusable(StoreError):
    """The store's file cannot be read or written now: the message names it, the fault and the remedy."""


class StoreMissing(StoreUnusable):
    """There is no store where the configuration has it."""


class PublishError(SyndicateError):
    """The folder of feeds is not ours to write in. Exit status 2."""


class MailError(SyndicateError):
    """A mail was not taken. The message is what the server says, or that it says nothing."""


class RenderError(SyndicateError):
    """A page cannot be rendered as a valid document."""


class SearchRefused(SyndicateError):
    """What somebody typed cannot be searched for. `why` is one of `long`, `many`, `nothing`, `excluded`."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


def in_words(error: Exception) -> str:
    """As it is told; one of ours by what it is."""
    return str(error) if isinstance(error, SyndicateError) else f"internal error: {error!r}"
