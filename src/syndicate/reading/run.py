"""How a document's readers are called, and what they import."""

from collections.abc import Callable, Collection
from typing import Any

from syndicate.model import Source
from syndicate.parse import FEEDS, PARSERS

Run = Callable[..., Any]  # calls a function with arguments, perhaps in another process: `Workers.run`


def modules(sources: Collection[Source]) -> tuple[str, ...]:
    """What a process imports beforehand that is to read these sources' documents: for addresses, the feeds alone."""
    forms = FEEDS | {source.format for source in sources}
    files = any(source.path for source in sources)
    return ("syndicate.reading.read", *(row.module for name, row in PARSERS.items() if files or name in forms))
