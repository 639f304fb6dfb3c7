"""Where and how we publish."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from syndicate import __version__
from syndicate.model import Site, Topic


@dataclass(frozen=True, kw_only=True)
class Outlet:
    """`content` maps a source to "teaser" where only that may be republished."""

    site: Site
    directory: Path
    formats: tuple[str, ...] = ("atom", "rss", "json")
    html: bool = True
    page_size: int = 50
    topics: tuple[Topic, ...] = ()
    tombstones: timedelta = timedelta(days=90)  # how long a head has one
    withdrawal_notice: timedelta = timedelta(days=30)  # how long RSS and JSON say so: few readers know tombstones
    content: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Of all that renders a document beside the releases."""
        parts = (
            __version__,
            self.site,
            self.formats,
            self.html,
            self.page_size,
            self.topics,
            self.tombstones,
            self.withdrawal_notice,
            sorted(self.content.items()),
        )
        return sha256(repr(parts).encode()).hexdigest()
