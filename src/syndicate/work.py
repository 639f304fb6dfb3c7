"""All that a piece of work is done with, as one value: the plan, the store, what asks and what reads, and the clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from syndicate.model import Event, Plan
from syndicate.publish import Folders
from syndicate.reading import Run
from syndicate.store import Store

if TYPE_CHECKING:
    from syndicate.client import Client, PageDelay


@dataclass(frozen=True, eq=False, kw_only=True)
class Tools:
    """What asks, the pauses between the pages of a host, and what reads: made for a plan, and closed with it.

    `run` calls a function where a document cannot harm us; None: in this process.
    """

    client: "Client"
    page_delay: "PageDelay"
    run: Run | None = None
    stay_ready: Callable[[], None] = lambda: None
    stop_reading: Callable[[], None] = lambda: None

    def close(self) -> None:
        self.client.close()
        self.stop_reading()


@dataclass(frozen=True, kw_only=True)
class Work:
    """`clock` tells the time in whole seconds, `tell` hears of each event at once, `folders` were looked at before."""

    plan: Plan
    store: Store
    tools: Tools
    clock: Callable[[], datetime]
    tell: Callable[[Event], object] = lambda _: None
    folders: Folders = field(default_factory=Folders)
