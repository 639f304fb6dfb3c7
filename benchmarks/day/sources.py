"""Who is asked: sources on hosts of which a few have very many, and that bring something each day, week or month."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks.day.world import BEGIN
from syndicate.config import load
from syndicate.model import Capture, FetchState, Plan, Source
from syndicate.polling import interval
from syndicate.reading import reader_of

_CONFIG = (
    '[site]\ntag = "talland.example,2026"\n[publish]\nhtml = false\n[fetch]\ninterval = "15m"\n[serve]\nhub = ""\n'
)
# Of a hundred sources so many have brought the last no longer ago than that; the others show no rhythm.
_QUIET = ((5, timedelta(days=1.5)), (25, timedelta(days=9)), (60, timedelta(days=40)), (9, timedelta(days=120)))
_TAIL = ((10, 100), (100, 1_000), (1_000, 10_000))  # so many hosts have each one part in so many of all sources
_FEW = (1, 1, 1, 2, 2, 3, 4, 5)  # of each of the others
_SLOW = 4.0  # seconds that a host takes to answer, of few with many
BODY = b"<rss/>"  # all of them have it, always
ETAG = '"1"'


class Host(NamedTuple):
    """`large`: more sources than others have. `pace`: seconds of a usual answer, of one that is always well."""

    name: str
    large: bool = False
    pace: float | None = None

    @property
    def server(self) -> str:
        return self.name  # as `client.server_of` has it


def made(number: int, random: Random, every: timedelta, few: int = 0) -> tuple[list[Source], dict[str, Host]]:
    """The sources, asked `every` so often at most, and the host of each. On so `few` slow ones, if any."""
    sources, hosts = list[Source](), dict[str, Host]()
    for host, size in _alike(number, few) if few else _sizes(number, random):
        for at in range(min(size, number - len(sources))):
            identifier = f"s{len(sources):06}"
            hosts[identifier] = host
            url = f"https://{host.name}/{at}.rss"
            sources.append(Source(id=identifier, url=url, interval=every, follows_rhythm=True))
        if len(sources) == number:
            break
    return sources, hosts


def _alike(number: int, few: int) -> Iterator[tuple[Host, int]]:
    for at in range(few):
        yield Host(f"h{at}.example", pace=_SLOW), -(-number // few)


def _sizes(number: int, random: Random) -> Iterator[tuple[Host, int]]:
    at = 0
    for hosts, parts in _TAIL:
        for _ in range(hosts):
            yield Host(f"h{at}.example", large=True), max(1, number // parts)
            at += 1
    while True:
        yield Host(f"h{at}.example"), random.choice(_FEW)
        at += 1


def plan(sources: Sequence[Source], folder: Path, url: str) -> Plan:
    """As config.toml would have it, which takes long to be read with so many."""
    path = folder / "config.toml"
    path.write_text(_CONFIG, encoding="utf-8")
    return replace(load(path), sources=tuple(sources), store=url)


def states(
    sources: Sequence[Source], random: Random, *, shown: bool = True, at_once: bool = False
) -> Iterator[FetchState]:
    """Each was asked before, and is due at some moment of its pause, or all are `at_once`.

    Not `shown`: none has a rhythm.
    """
    digest = Capture(body=BODY).hash
    for source in sources:
        quiet = _quiet(random) if shown else None
        asked = BEGIN - timedelta(seconds=1)
        delivered = (BEGIN - quiet - timedelta(days=2), BEGIN - quiet) if quiet else ()
        state = FetchState(
            source=source.id,
            etag=ETAG,
            hash=digest,
            whole=BEGIN - random.random() * timedelta(days=6),
            last_attempt=asked,
            last_success=asked,
            configured=source.url,
            form="rss",
            delivered=delivered,
            entries=20,
            reader=reader_of(source),
        )
        pause = interval.after_success(source, state, fresh=None, now=BEGIN) - BEGIN
        began = BEGIN - (1 if at_once else random.random()) * pause
        yield replace(state, last_attempt=began, last_success=began, next_poll=began + pause)


def _quiet(random: Random) -> timedelta | None:
    part = random.random() * 100
    for share, most in _QUIET:
        if part < share:
            return random.random() * most
        part -= share
    return None
