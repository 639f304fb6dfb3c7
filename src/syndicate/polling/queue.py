"""Whose turn has come, in the order in which they are asked. Pure: it knows no clock, and asks nobody."""

import heapq
from collections import Counter
from datetime import datetime

_Place = tuple[datetime, str]  # since when a source waits, and its id


class Queue:
    """Who has waited for longest is next, of those whose host has a place left: one slow server keeps no more.

    A host of None is nobody's in particular (a folder): there is always a place. What is put, taken and ended costs the
    same however many wait, at one host or at many. With a host of others', no more than its places are begun between
    two calls of `tick`, however quick it answers: that is called once a second.
    """

    def __init__(self) -> None:
        self._hosts: dict[str | None, list[_Place]] = {}  # each a heap
        self._heads: list[tuple[datetime, str, str | None]] = []  # a heap: the first of each host, and what it was
        self._waiting: set[str] = set()
        self._paced: set[str] = set()  # of those that wait
        self._begun = Counter[str | None]()  # since the last tick
        self._under_way: dict[str, str | None] = {}
        self._asked = Counter[str | None]()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def __contains__(self, source: str) -> bool:
        """Does it wait, or is it under way?"""
        return source in self._waiting or source in self._under_way

    def is_under_way(self, source: str) -> bool:
        return source in self._under_way

    def put(self, source: str, host: str | None, since: datetime, *, paced: bool = True) -> None:
        """Nothing where it waits already, or is under way. Not `paced`: in the house, asked as quick as it answers."""
        if source in self:
            return
        self._waiting.add(source)
        if paced:
            self._paced.add(source)
        place = (since, source)
        line = self._hosts.setdefault(host, [])
        heapq.heappush(line, place)
        if line[0] == place:
            heapq.heappush(self._heads, (*place, host))

    def take(self, per_host: int) -> tuple[str, str | None] | None:
        """The next one and its host, under way from now on; None: whoever waits, waits for a place at its host."""
        while self._heads:
            since, source, host = heapq.heappop(self._heads)
            line = self._hosts.get(host)
            if not line or line[0] != (since, source):
                continue  # it is no longer the first
            if host is not None and self._asked[host] >= per_host:
                continue  # `end` looks again
            if host is not None and source in self._paced and self._begun[host] >= per_host:
                continue  # `tick` does
            heapq.heappop(line)
            self._look_at(host)
            if source in self._waiting:  # else somebody has sent it meanwhile
                self._begun[host] += 1
                self.begin(source, host)
                return source, host
        return None

    def tick(self) -> None:
        """A second has passed."""
        begun = [*self._begun]
        self._begun.clear()
        for host in begun:
            self._look_at(host)

    def begin(self, source: str, host: str | None) -> None:
        """It is under way, whoever has sent it."""
        self._waiting.discard(source)
        self._paced.discard(source)
        self._under_way[source] = host
        self._asked[host] += 1

    def end(self, source: str) -> None:
        """Its place is free."""
        host = self._under_way.pop(source)
        self._asked[host] -= 1
        if not self._asked[host]:
            del self._asked[host]
        self._look_at(host)

    def _look_at(self, host: str | None) -> None:
        """Its first one may be next."""
        line = self._hosts.get(host)
        if line:
            heapq.heappush(self._heads, (*line[0], host))
        else:
            self._hosts.pop(host, None)
