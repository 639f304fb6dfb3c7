"""Source → FetchResult: what a poll brings. I/O in, nothing decided.

http    an address: one conditional GET for everybody
files   a file or a folder: state per file, files at rest
"""

from datetime import datetime
from typing import TYPE_CHECKING

from syndicate.fetch import files, http
from syndicate.fetch.files import MAX_BYTES, Passed, companion, passed_over, scan
from syndicate.fetch.fresh import fresh
from syndicate.fetch.http import (
    ACCEPT,
    ACCEPT_PAGE,
    HostBackoff,
    Request,
    Response,
    conditional_get,
    failure,
    retry_after,
)
from syndicate.model import FetchResult, FetchState, Source

if TYPE_CHECKING:
    from syndicate.client import Client  # a pure file source never pays for importing httpx

__all__ = [
    "ACCEPT",
    "ACCEPT_PAGE",
    "MAX_BYTES",
    "HostBackoff",
    "Passed",
    "Request",
    "Response",
    "companion",
    "conditional_get",
    "failure",
    "fetch",
    "files",
    "fresh",
    "passed_over",
    "retry_after",
    "scan",
]


def fetch(
    source: Source,
    state: FetchState,
    *,
    client: "Client | None",
    now: datetime,
    max_bytes: int = MAX_BYTES,
    hosts: HostBackoff | None = None,
) -> FetchResult:
    """Ask a source once. `result.state` is to be stored after its captures were parsed and recorded, not before.

    `client` may be None for a source with a `path`; `max_bytes` is of one file (for addresses: the client's limit).
    Of the state, only validators, hash and files are touched. `now` is aware; it is what a Retry-After date is counted
    from. `hosts`: who is to be left alone, and is told so here. Raises FetchError (with `retry_after` where the server
    said when to come back), SourceGone.
    """
    if source.path is not None:
        return files.scan(source.path, state, max_bytes=max_bytes, now=now)
    if source.url is None or client is None:
        raise ValueError(f"source {source.id}: it has neither path nor url, or there is no client for its url")
    return http.poll(source, state, client=client, now=now, hosts=hosts)
