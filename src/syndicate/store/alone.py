"""What several machines have to agree on, of a store that one has alone: it does all, and has nobody to ask."""

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from typing import Any

from syndicate.store.machines import NO_JOBS, Heard, Machine, Waiting


class Alone:
    """A part of `Connection`. `said`: with what is held as a role. `url`: where others find it, with a password.

    `aside`: why this process has no role, and asks nobody, whoever else does; empty: it does.
    """

    is_shared = False
    url = ""
    said = ""
    aside = ""

    @contextmanager
    def at(self, host: str) -> Iterator[bool]:
        """Whether this process has the host, within the block."""
        yield True

    @contextmanager
    def role(self, kind: str) -> Iterator[bool]:
        """Whether what one process alone does is ours, within the block: what is recorded there is, or NotOurs."""
        yield True

    def number(self, kind: str) -> int:
        """Another one each time that this process gets that role."""
        return 0

    def visit(self, host: str) -> None:
        """Directly before a request to it. NotOurs where it is another process's."""

    def check(self) -> None:
        """NotOurs where something that this thread works under is no longer ours. StoreUnusable."""

    def skew(self) -> timedelta:
        """By how much the database's clock is ahead of this machine's."""
        return timedelta()

    def machines(self) -> tuple[Machine, ...]:
        """The processes that share the store."""
        return ()

    def jobs(self) -> Waiting:
        return NO_JOBS

    def here(self, kind: str, said: str) -> None:
        """This process is one of `machines`. To be called again and again. StoreLocked: another wants to be alone."""

    def said_by(self, kind: str) -> tuple[str, str] | None:
        """Which process has that role now, and what it has said with it (`said`)."""
        return None

    def listen(self, heard: Callable[[Heard], object]) -> AbstractContextManager[object]:
        """Until that is closed, `heard` is called when any process has marked what is to be published, or has
        published, in a thread of its own. It raises nothing.
        """
        return nullcontext()

    def _under(self) -> Collection[Any]:
        """What this thread works under, …"""
        return ()

    def _assure(self, held: Collection[Any]) -> None:
        """… looked at in the transaction that records, directly before its commit. NotOurs."""
