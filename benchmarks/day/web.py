"""Servers that are made up, in the place of what dials. They see who asks them at once, and say what was not right."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import Protocol

from benchmarks.day.instead import Places
from benchmarks.day.ledger import Ledger
from benchmarks.day.sources import BODY, ETAG, Host
from benchmarks.day.world import Body, World
from syndicate.client import Answer, Permit, server_of
from syndicate.errors import FetchError
from syndicate.model import Source

_HOUR = 3600.0
_TIMEOUT = 30.0
_DOWN, _BROKEN, _BUSY = 0.01, 0.01, 0.03  # of hosts: for hours, always (500), now and then (429)
_REFUSES, _WHOLE = 0.02, 0.02  # of a busy host's answers, and of all: 200 with what is known
_SLOWEST = 10.0
_PER_HOST = 2  # requests at once, as is usual
_LED, _ELSEWHERE = 0.01, 3  # of sources, those that lead on to one of so many other hosts


class Visitor(Body, Protocol):
    """`stopped_at`: when it was stopped last."""

    name: str
    stopped_at: float


@dataclass(eq=False)
class _Request:
    by: Visitor
    began: float
    until: float


@dataclass
class _Server:
    """`pace`: seconds of a usual answer. `down`: from when to when."""

    pace: float
    down: tuple[float, float] = (0.0, 0.0)
    broken: bool = False
    busy: bool = False
    rests: float = 0.0


class Web:
    """`overlaps`: why two machines were at one host at once; `faults`: what no law permits."""

    def __init__(self, world: World, random: Random, hosts: Mapping[str, Host], hours: float, ledger: Ledger) -> None:
        self.overlaps = Counter[str]()
        self.answers = Counter[str]()
        self.faults = list[str]()
        self.most = 0  # requests at once of one machine, at one host
        self.away: tuple[float, float] = (-1.0, -1.0)  # the database, the last time
        self.world = world
        self._random = random
        self._ledger = ledger
        self._leads = dict[str, str]()  # from an address to another server
        self._servers = dict[str, _Server]()
        self._source = dict[str, str]()  # by address
        self._under_way = defaultdict[str, list[_Request]](list)
        for host in dict.fromkeys(hosts.values()):
            self._servers[host.server] = self._made(host, hours)
        for at in range(_ELSEWHERE):
            self._servers[f"feeds{at}.example"] = _Server(0.2)

    def know(self, sources: Iterable[Source]) -> None:
        for source in sources:
            url = source.url or ""
            self._source[url] = source.id
            if self._random.random() < _LED:
                self._leads[url] = f"feeds{self._random.randrange(_ELSEWHERE)}.example"

    def _made(self, host: Host, hours: float) -> _Server:
        chance = self._random
        if host.pace:
            return _Server(host.pace)
        if host.large:  # it is made for that
            return _Server(0.1 + 0.4 * chance.random())
        began = chance.random() * hours * _HOUR
        down = chance.random() < _DOWN
        return _Server(
            min(_SLOWEST, chance.lognormvariate(-0.7, 0.9)),
            (began, began + (1 + 5 * chance.random()) * _HOUR) if down else (0.0, 0.0),
            broken=chance.random() < _BROKEN,
            busy=chance.random() < _BUSY,
        )

    def is_well(self, server: str) -> bool:
        """It answers, always."""
        its = self._servers[server]
        return not (its.broken or its.busy or its.down[1])

    def rests(self, server: str) -> float:
        return self._servers[server].rests

    def ask(self, visitor: Visitor, url: str, permit: Permit, places: Mapping[str, Places]) -> Answer:
        """As `Client.get` has it: with a place at each server, and leave for it, directly before it is asked."""
        server, further = server_of(url), self._leads.get(url)
        with places[server]:
            permit(server, url)
            self._ledger.asked(self._source[url], self.world.now, self.rests(server))
            takes, status = self._request(visitor, server, leads=bool(further))
        if further:
            server, url = further, f"https://{further}/feed"
            with places[server]:
                permit(server, url)
                takes, status = self._request(visitor, server)
        its = self._servers[server]
        if status == "time-out":
            raise FetchError(f"{url}: timed out")
        headers = {"etag": ETAG, "content-type": "application/rss+xml"}
        if status == "429":
            rest = self._random.choice((60, 600, 3600))
            its.rests = max(its.rests, self.world.now + rest)
            headers["retry-after"] = str(rest)
        body = BODY if status == "200" else b""
        return Answer(int(status), headers, body, url, server, seconds=takes)

    def _request(self, visitor: Visitor, server: str, *, leads: bool = False) -> tuple[float, str]:
        """Seconds that it took, and what came of it."""
        its, now = self._servers[server], self.world.now
        if now < its.rests - 1:
            self.faults.append(f"{server} rests until {its.rests:.0f}, and was asked at {now:.0f} by {visitor.name}")
        takes, status = (its.pace, "302") if leads else self._answer(its, now)
        request = _Request(visitor, now, now + takes)
        self._seen(server, request)
        self.world.sleep(takes)
        if request in self._under_way[server]:
            self._under_way[server].remove(request)
        self.answers[status] += 1
        return takes, status

    def killed(self, visitor: Visitor) -> None:
        """Its connections are closed."""
        for requests in self._under_way.values():
            requests[:] = [each for each in requests if each.by is not visitor]

    def _answer(self, its: _Server, now: float) -> tuple[float, str]:
        chance = self._random
        takes = min(_SLOWEST, its.pace * (0.5 + chance.expovariate(2.0)))
        if its.down[0] <= now < its.down[1]:
            return _TIMEOUT, "time-out"
        if its.broken:
            return takes, "500"
        if its.busy and chance.random() < _REFUSES:
            return takes, "429"
        return takes, "200" if chance.random() < _WHOLE else "304"

    def _seen(self, server: str, request: _Request) -> None:
        now, here = self.world.now, self._under_way[server]
        here[:] = [each for each in here if each.until > now]
        for other in here:
            if other.by is not request.by:
                self._overlap(server, other, request)
        here.append(request)
        self.most = max(self.most, sum(each.by is request.by for each in here))

    def _overlap(self, server: str, other: _Request, request: _Request) -> None:
        if other.by.stopped_at >= other.began:
            self.overlaps["on the wire when its machine was stopped"] += 1
        elif self.away[1] >= other.began:
            self.overlaps["on the wire while the database was away"] += 1
        else:
            self.overlaps["without any leave"] += 1
            self.faults.append(
                f"{server} was asked by {request.by.name} at {request.began:.1f}, while {other.by.name} asked it"
                f" since {other.began:.1f}"
            )


class Client:
    """In the place of `client.Client`: that of one machine."""

    def __init__(self, web: Web, visitor: Visitor) -> None:
        self._web = web
        self._visitor = visitor
        self._places = defaultdict[str, Places](lambda: Places(web.world, _PER_HOST))

    def through(self, _: str) -> "Client":
        return self

    def get(
        self, url: str, *, permit: Permit, headers: Mapping[str, str] = MappingProxyType({}), **_: object
    ) -> Answer:
        return self._web.ask(self._visitor, url, permit, self._places)

    def close(self) -> None:
        """Nothing is open."""
