"""config.toml as one value. It is swapped whole when the file is read again, so two plans are never mixed."""

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from syndicate.model.page import Site, Topic
from syndicate.model.release import Release
from syndicate.model.source import Source
from syndicate.model.values import dataclass
from syndicate.model.webhook import Alarming, Webhook

BUILTIN = "builtin"
HUB = "hub"  # where ours is, below base_url


@dataclass(frozen=True, slots=True)
class Icon:
    """The picture that stands for the site. `path` is where it is published; `side` in pixels, 0 of an SVG."""

    path: str
    media_type: str
    body: bytes
    side: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """A place for documents that is on no disk, by its address: `s3://bucket/prefix`, also of gs:// and az://."""

    url: str

    def __str__(self) -> str:
        return self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """What is published, and where. `page_size`: slots of the archive pages that close from now on."""

    directory: Path | Bucket
    formats: tuple[str, ...]
    page_size: int
    tombstones: timedelta  # how long a head has one
    withdrawal_notice: timedelta  # how long RSS and JSON say so, as few readers know tombstones
    html: bool
    icon: Icon | None = None
    purge: str = field(default="", repr=False)  # the address of a CDN or a command, told of what changed; empty: none


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching:
    """How sources are asked and read. `max_bytes` of a document, `parse_memory` of the process that reads it."""

    user_agent: str  # version and base_url filled in
    interval: timedelta
    timeout: timedelta
    max_bytes: int
    per_host: int
    page_delay: timedelta  # between two pages of one host
    parse_timeout: timedelta  # of one document, in a process of its own
    parse_memory: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """`trusted_proxies`: networks (`10.0.0.0/8`) of servers in front of ours, each of which stands for many readers.

    `hub`: "builtin", the address of another one, or empty. `hub_allow_private`: may callbacks, or that other one, be on
    a private network or this machine.

    `status`: where operators ask how everything is, like `127.0.0.1:8001`; empty: nowhere. Unless it `is_stated` it is
    a default that may be taken by somebody else. `status_hosts`: names, with a port or without, under which it is asked
    for besides; `status_public`: may others than this machine ask, who then need the password.
    """

    host: str
    port: int
    status: str = ""
    status_hosts: tuple[str, ...] = ()
    status_public: bool = False
    status_password: str = ""
    is_status_stated: bool = True
    trusted_proxies: tuple[str, ...] = ()
    hub: str = ""
    hub_allow_private: bool = False

    @property
    def status_address(self) -> tuple[str, int] | None:
        """Host and port."""
        host, _, port = self.status.rpartition(":")
        return (host.strip("[]"), int(port)) if self.status else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backups:
    """How often the daemon makes one by itself (None: never), where, and how many of them are kept."""

    every: timedelta | None = None
    directory: Path = Path("backups")
    keep: int = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """What this machine is called among those that share a store, and its connections to that, of a process."""

    machine: str = ""
    pool: int = 10


@dataclass(frozen=True, kw_only=True, eq=False)  # each reading is a plan of its own
class Plan:
    """All that an operator chose. Every path is absolute; `path` is the file that it was read from."""

    path: Path
    site: Site
    store: str  # its address, absolute (`store.open`)
    publish: Publishing
    fetch: Fetching
    serve: Serving
    unmapped: str  # a kicker that no topic claims: publish | hold
    topics: tuple[Topic, ...]
    sources: tuple[Source, ...]
    webhooks: tuple[Webhook, ...] = ()
    alarm: Alarming = Alarming()
    backups: Backups = Backups()
    keep_raw: timedelta = timedelta(days=90)  # how long the bytes found are kept; none: not at all
    cluster: Sharing = Sharing()
    agreed: str = ""  # a hash of what machines that share the store have to agree on
    port: int | None = None  # of an option, said over the file, also when it is read again

    @property
    def has_own_hub(self) -> bool:
        return self.serve.hub == BUILTIN

    @property
    def hub(self) -> str:
        """Where the changes of our heads are pushed from; empty: nowhere."""
        return f"{self.site.base_url}{HUB}" if self.has_own_hub else self.serve.hub

    @cached_property
    def by_id(self) -> Mapping[str, Source]:
        """The sources by their ids."""
        return {source.id: source for source in self.sources}

    @cached_property
    def republished(self) -> Mapping[str, str]:
        """Source → "teaser" where only that may be republished."""
        return {source.id: source.content for source in self.sources if source.content != "full"}

    def content_of(self, release: Release) -> str:
        """What of it may be republished: "full" or "teaser"."""
        return self.republished.get(release.source or "", "full")

    @cached_property
    def renamed(self) -> Mapping[str, str]:
        """Earlier id of a topic → its id today."""
        return {alias: topic.id for topic in self.topics for alias in topic.aliases}
