"""The processes that share a store, as `status` tells of them."""

from collections.abc import Iterator, Sequence
from datetime import UTC

from syndicate.store import Machine


def machine_lines(machines: Sequence[Machine]) -> Iterator[str]:
    """What is good to know of them: who takes no jobs, and who has gone without a word."""
    for each in machines:
        if each.lives and each.waits:
            yield f"{each.kind} {each.name} waits: it {each.waits}"
        elif not each.lives:
            last = f"{each.last.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
            yield f"{each.kind} {each.name} ended without being told to: last heard of at {last}"
