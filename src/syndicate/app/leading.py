"""What a program is asked where several share a store: does it lead, what is its own, and what do the others do?"""

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
