"""What a program does where several share a store: one of them says what is due, and prepares what is published."""

from collections.abc import Iterator
from contextlib import contextmanager

from syndicate import __version__
from syndicate.app.due import is_here
from syndicate.model import Plan, Source
from syndicate.store import Store


class Leading:
    """A part of `App`. `only_carries`: what is prepared, other processes see to. On one machine all is ours."""

    store: Store
    plan: Plan
    only_carries = False
    _prepared = 0  # the number of the lease with which it was

    def prepare(self) -> None:
        """`App.prepare`."""
        raise NotImplementedError

    def lead(self) -> None:
        """Be there for what others did until now; prepare, where one of them has said what is due."""
        with self._leading() as leads:
            if leads and self.store.number("clock") != self._prepared:
                self.prepare()
        with self.store.role("publisher"):  # before there is something to publish
            pass

    @property
    def said(self) -> str:
        """What a process that carries jobs has to have in common with the one that says what is due."""
        return f"{__version__} {self.plan.agreed}"

    def folders(self) -> list[Source]:
        """What this machine is to watch: a folder may belong to another one."""
        return [source for source in self.plan.sources if source.path and is_here(source, self.plan, self.store)]

    def other_publisher(self) -> str | None:
        """The process that publishes in the place of this one."""
        publishes = None if self.store.number("publisher") else self.store.said_by("publisher")
        return publishes[0] if publishes else None

    @contextmanager
    def _leading(self) -> Iterator[bool]:
        """Does this process say what is due, and prepare what is published?"""
        if self.only_carries:
            yield False
            return
        with self.store.role("clock") as leads:
            yield leads
