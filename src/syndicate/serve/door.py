"""Who is let in: connections are counted before they are accepted, each address has its share, descriptors are left.

uvicorn counts after `accept`, and asyncio writes a traceback for each that fails: a flood would take the descriptors
that the daemon needs for its store and its feeds. Where there is no room, whoever idles for longest makes it: of the
newcomer's own address where that has its share, else of the address that has most. Before one of an address that has
few it is whoever does not read its answer, of one that has many. So neither idle connections nor slow readers, however
many, lock others out. A trusted proxy stands for many readers: it has no share, and its answers are never cut off.
"""

import asyncio
import resource
import socket
import struct
from collections import OrderedDict
from collections.abc import Callable, Iterable

import structlog

from syndicate.addresses import one_client
from syndicate.serve.clients import Clients, Network

log = structlog.get_logger()

_MOST = 512  # connections at once, where there are descriptors for them
_EACH = 2  # descriptors of a connection: its own, and that of the file that it is sent
_SHARE = 4  # of one address: the fourth part of them
_MANY = 8  # of one address: more than a browser opens
_AT_ONCE = 64  # accepted before others have the loop again
_PAUSE = 0.2  # seconds until the next try, where there are no descriptors or no connection can make room
_TOLD = 60.0  # seconds between two lines of the log
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closed at once, nothing is kept of it


def most() -> int:
    """Connections at once, so that half of the descriptors that this process may have are always the daemon's."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST if soft == resource.RLIM_INFINITY else max(8, min(_MOST, soft // 2 // _EACH))


class Place:
    """Of one connection, from `accept` until it is lost. `drop`: end it at once.

    `idle`: is no request under way? `unread`: does its answer wait for its reader?
    """

    def __init__(self, door: "Door", who: str, *, has_share: bool) -> None:
        self._door = door
        self.clients = door.clients
        self.who = who
        self.has_share = has_share
        self.idle: Callable[[], bool] = lambda: False
        self.unread: Callable[[], bool] = lambda: False
        self.drop: Callable[[], None] = lambda: None

    def free(self) -> None:
        self._door.left(self)

    def speaks_for_others(self) -> None:
        """It is of this machine, and no trusted proxy, but says that it asks for somebody else."""
        self._door.tell_of_proxy(self.who)


class Door:
    """The listening sockets of one server; the event loop's. `room` for so many; `trusted` networks have no share.

    Not `tells_readers_apart`: a proxy in front of it is nothing that has to be told.
    """

    def __init__(
        self, trusted: Iterable[Network] = (), room: int | None = None, *, tells_readers_apart: bool = True
    ) -> None:
        self._room = most() if room is None else room
        self._share = max(1, self._room // _SHARE)
        self.clients = Clients(trusted)
        self._inside: dict[str, OrderedDict[Place, None]] = {}  # address → its places, the oldest first
        self._count = 0
        self._listeners: list[socket.socket] = []
        self._told: float | None = None
        self._handing_on = set[asyncio.Task[None]]()
        self._is_proxy_told = not tells_readers_apart

    def open(self, listeners: list[socket.socket], make: Callable[[Place], asyncio.Protocol]) -> None:
        self._loop = asyncio.get_running_loop()
        self._make = make
        self._listeners = listeners
        for listener in listeners:
            listener.setblocking(False)
        self._listen()

    def close(self) -> None:
        for listener in self._listeners:
            self._loop.remove_reader(listener)
        self._listeners = []

    def left(self, place: Place) -> None:
        places = self._inside.get(place.who)
        if places is None or place not in places:
            return
        del places[place]
        self._count -= 1
        if not places:
            del self._inside[place.who]

    def tell_of_proxy(self, who: str) -> None:
        """Once: whoever runs it can name it."""
        if not self._is_proxy_told:
            self._is_proxy_told = True
            log.warning("a proxy is not in trusted_proxies, so that its readers are not told apart", address=who)

    def _listen(self) -> None:
        for listener in self._listeners:
            self._loop.add_reader(listener, self._accept, listener)

    def _rest(self) -> None:
        """Whoever comes meanwhile waits in the system's queue."""
        for listener in self._listeners:
            self._loop.remove_reader(listener)
        self._loop.call_later(_PAUSE, self._listen)

    def _accept(self, listener: socket.socket) -> None:
        for number in range(_AT_ONCE):
            if self._count >= self._room:
                if number:
                    return  # perhaps nobody else waits; whoever does is told of again
                if not self._make_room_anywhere():
                    self._tell("no more connections are accepted for now", connections=self._count)
                    return self._rest()
            try:
                connection, address = listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:  # no descriptors, no memory
                self._tell("connections cannot be accepted", reason=error.strerror or str(error))
                return self._rest()
            self._admit(connection, str(address[0]))

    def _admit(self, connection: socket.socket, address: str) -> None:
        who, has_share = one_client(address), not self.clients.trusts(address)
        if has_share and len(self._inside.get(who, ())) >= self._share and not self._make_room(who):
            self._tell("an address has more connections than its share", address=who)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            connection.close()
            return
        place = Place(self, who, has_share=has_share)
        self._inside.setdefault(who, OrderedDict())[place] = None
        self._count += 1
        task = self._loop.create_task(self._hand_on(connection, place))
        self._handing_on.add(task)
        task.add_done_callback(self._handing_on.discard)

    async def _hand_on(self, connection: socket.socket, place: Place) -> None:
        try:
            connection.setblocking(False)
            await self._loop.connect_accepted_socket(lambda: self._make(place), connection)
        except OSError:  # it has hung up already
            connection.close()
            place.free()

    def _make_room_anywhere(self) -> bool:
        """Of the address that has most, and that can make room: a newcomer has few, and has not asked yet."""
        busiest = sorted(self._inside, key=lambda who: len(self._inside[who]), reverse=True)
        many = [who for who in busiest if len(self._inside[who]) > _MANY]
        return any(map(self._make_room, many)) or any(map(self._cut_off, many)) or any(map(self._make_room, busiest))

    def _make_room(self, who: str) -> bool:
        """Drop the oldest connection of this address on which no request is under way."""
        return _dropped(place for place in self._inside[who] if place.idle())

    def _cut_off(self, who: str) -> bool:
        """Drop the oldest one of this address whose answer waits for its reader."""
        return _dropped(place for place in self._inside[who] if place.has_share and place.unread())

    def _tell(self, what: str, **more: object) -> None:
        """Once a minute: what there is a flood of must not flood the log."""
        now = self._loop.time()
        if self._told is None or now - self._told >= _TOLD:
            self._told = now
            log.warning(what, **more)


def _dropped(places: Iterable[Place]) -> bool:
    """Drop the first of these; False where there is none."""
    place = next(iter(places), None)
    if place:
        place.drop()
        place.free()
    return place is not None
