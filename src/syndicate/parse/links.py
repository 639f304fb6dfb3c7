"""STUB of the lead; its owner overwrites it."""

from typing import NamedTuple


class FeedLink(NamedTuple):
    url: str
    title: str | None
    type: str


def feeds(body: bytes, *, url: str | None, media_type: str | None = None) -> tuple[FeedLink, ...]:
    return ()


def next_page(body: bytes, *, url: str | None, media_type: str | None = None, select: tuple[tuple[str, str], ...] = ()) -> str | None:
    return None


def looks_like(text: str) -> str | None:
    return None
