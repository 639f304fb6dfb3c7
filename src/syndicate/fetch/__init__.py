"""Source → FetchResult: what a poll brings. I/O in, nothing decided.

http          a feed's address: conditional GET
files         a file or a folder: state per file, files at rest
whereabouts   where a source is asked, after what became of its polls
pace          when it is asked again
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from syndicate.fetch import files, http
from syndicate.fetch._fresh import fresh
from syndicate.fetch.files import MAX_BYTES, companion, scan
from syndicate.fetch.http import ACCEPT, LONGEST, Refused, retry_after
from syndicate.model import FetchResult, FetchState, Source

if TYPE_CHECKING:
    from syndicate.client import Client  # a pure file source never pays for importing httpx

__all__ = [
    "ACCEPT",
    "LONGEST",
    "MAX_BYTES",
    "Refused",
    "companion",
    "fetch",
    "files",
    "fresh",
    "pace",
    "retry_after",
    "scan",
    "whereabouts",
]

_NOBODY: Mapping[str, float] = MappingProxyType({})


def fetch(
    source: Source,
    state: FetchState,
    *,
    client: "Client | None",
    now: datetime,
    max_bytes: int = MAX_BYTES,
    avoid: Mapping[str, float] = _NOBODY,
) -> FetchResult:
    """Ask a source once. `result.state` is to be stored after its captures were parsed and recorded, not before.

    `client` may be None for a source with a `path`; `max_bytes` is of one file (for addresses: the client's limit).
    Of the state, only validators, hash and files are touched. `now` is aware; it is what a Retry-After date is counted
    from. `avoid`: servers that asked to be left alone, and for how many seconds more. Raises FetchError (with
    `retry_after` where the server said when to come back), SourceGone.
    """
    if source.path is not None:
        return files.scan(source.path, state, max_bytes=max_bytes, now=now)
    if source.url is None or client is None:
        raise ValueError(f"source {source.id}: it has neither path nor url, or there is no client for its url")
    return http.poll(source, state, client=client, now=now, avoid=avoid)
