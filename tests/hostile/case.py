"""The shape of a case: a document, and what is to become of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["rss", "atom", "rdf", "json", "ninjs", "opml", "html", "markdown", "page"]
Outcome = Literal["read", "refused"]

SUFFIX = {"html": ".html", "markdown": ".md", "page": ".txt"}  # these lie in a folder; the others are served
MEDIA_TYPE = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "rdf": "application/rdf+xml",
    "json": "application/feed+json",
    "ninjs": "application/json",
    "opml": "text/x-opml",
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """`kept` releases come of it (headlines do not count); each text of `holds` is in one of them, none of `lacks`."""

    name: str
    kind: Kind
    body: bytes | Callable[[], bytes]
    outcome: Outcome = "read"
    kept: int | None = 1
    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    says: str = ""  # is in the reason
    media_type: str | None = None
    seconds: float = 10.0  # by the clock on the wall, which others use too
    large: bool = False  # many releases: published in large pages, in one format

    def bytes(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else self.body()

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


def refused(kind: Kind, name: str, body: bytes | Callable[[], bytes], **more: object) -> Case:
    return Case(name=name, kind=kind, body=body, outcome="refused", kept=0, **more)  # type: ignore[arg-type]  # as Case takes them


def read(kind: Kind, name: str, body: bytes | Callable[[], bytes], kept: int | None = 1, **more: object) -> Case:
    return Case(name=name, kind=kind, body=body, kept=kept, **more)  # type: ignore[arg-type]  # as Case takes them
