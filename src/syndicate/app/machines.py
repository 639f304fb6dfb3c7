"""The processes that share a store, as `status` tells of them."""

from collections.abc import Iterator, Sequence
from datetime import UTC

from syndicate.model import Source
from syndicate.store import Machine


def absent(source: Source, machines: Sequence[Machine]) -> str:
    """The machine that a folder belongs to, where others take jobs and it does not: nobody else reads it.

    One that waits takes none. Empty: none.
    """
    if not (source.path and source.machine):
        return ""
    there = {each.name for each in machines if each.lives and not each.waits}
    return source.machine if there and source.machine not in there else ""


def machine_lines(machines: Sequence[Machine]) -> Iterator[str]:
    """What is good to know of them: who takes no jobs, and who has gone without a word."""
    for each in machines:
        if each.lives and each.waits:
            yield f"{each.kind} {each.name} waits: it {each.waits}"
        elif not each.lives:
            last = f"{each.last.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
            yield f"{each.kind} {each.name} ended without being told to: last heard of at {last}"
