"""Positions → pages (semantics: Position, head and archive). Pure arithmetic, RFC 5005 section 4.

Archive page n holds `page_size` positions and closes when as many again stand above it, so the head holds everything
above the last closed page: P to 2P−1 slots once full. What a backfill brings stands below all of that, from −1
downwards, on pages that begin with their newest position.
"""

from collections.abc import Iterator


def closing(last_position: int, closed_to: int, page_size: int) -> Iterator[tuple[int, int]]:
    """The pages that are full by now: (first, last) position of each, oldest first.

    `closed_to` is the last position of the newest closed page, 0 where there is none.
    """
    while last_position >= closed_to + 2 * page_size:
        yield closed_to + 1, closed_to + page_size
        closed_to += page_size


def beginning(position: int, page_size: int) -> tuple[int, int]:
    """The page at the old end that begins with this position and grows downwards: its (first, last)."""
    return position - page_size + 1, position
