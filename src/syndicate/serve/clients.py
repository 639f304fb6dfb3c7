"""Who asks: the address that a connection comes from, or the one that a trusted proxy says it speaks for. Pure.

The list of `X-Forwarded-For` is read from its right end: the last address was written by the proxy that we talk to, the
one before by the proxy that this one talked to, and so on, as long as each is trusted. What is to the left of the first
that is not was written by whoever asks, and may be anything. `Forwarded` (RFC 7239) is read where there is no
`X-Forwarded-For`: a proxy that sets one of them should delete the other, since it hands on what it does not set.
"""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from syndicate.addresses import ip_of

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Fields = Iterable[tuple[bytes, bytes]]

_LONGEST = 4096  # bytes of a list that are worth reading, from its right end
_MOST = 32  # proxies one behind the other
_PORT = re.compile(r"\[(?P<six>[^\[\]]+)\](?::\w+)?|(?P<four>[0-9.]+)(?::\w+)?|(?P<bare>[0-9A-Fa-f:.]+)(?:%\w+)?")
# A parameter of an element (RFC 7239 section 4), a comma, or the one character that is neither.
_PART = re.compile(r'\s*([!#$%&\'*+.^_`|~0-9A-Za-z-]+)=("(?:[^"\\]|\\.)*"|[^\s;,"]*)\s*;?|(,)|.', re.DOTALL)
_FORWARDED, _LISTED = b"forwarded", b"x-forwarded-for"
_NAMED = frozenset({_FORWARDED, _LISTED})
_BY_PROXIES = _NAMED | {b"via", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip"}
_NAME = re.compile(r"[0-9a-z.-]*[a-z][0-9a-z-]*\.?(?::\d+)?")  # its last label is no number: no IPv4 address


class Clients:
    """Behind proxies of these networks."""

    def __init__(self, trusted: Iterable[Network] = ()) -> None:
        self._trusted = tuple(trusted)
        self._walk = lru_cache(maxsize=4096)(self._walked)  # the same readers come again

    def trusts(self, address: str) -> bool:
        ip = ip_of(address)
        return ip is not None and any(ip in network for network in self._trusted)

    def behind(self, peer: str, headers: Fields) -> str:
        """The address of who asks a trusted proxy at `peer`; its own, where it does not say one."""
        said: dict[bytes, bytes] = {}
        for name, value in headers:
            if name in _NAMED:
                said[name] = said[name] + b"," + value if name in said else value
        if not said:
            return peer
        name = _LISTED if _LISTED in said else _FORWARDED
        return self._walk(peer, name, said[name][-_LONGEST:])

    def _walked(self, peer: str, name: bytes, field: bytes) -> str:
        text = field.decode("latin-1")
        hops = text.split(",") if name == _LISTED else [*_forwarded(text)]
        client = peer
        for hop in hops[: -_MOST - 1 : -1]:
            ip = _hop(hop)
            if ip is None:  # a name, or nothing: the proxy that wrote it is the last that is known
                break
            client = str(ip)
            if not any(ip in network for network in self._trusted):
                break
        return client


def speaks_for_others(headers: Fields) -> bool:
    """Is it a proxy that asks? It says so, or for a host that has a name, and is not this machine."""
    said = dict(headers)
    host = said.get(b"host", b"").decode("latin-1").lower()
    named = bool(_NAME.fullmatch(host)) and not host.partition(":")[0].endswith("localhost")
    return named or not said.keys().isdisjoint(_BY_PROXIES)


def _hop(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Of one element, with a port or without."""
    found = _PORT.fullmatch(text.strip())
    return ip_of(found["six"] or found["four"] or found["bare"]) if found else None


def _forwarded(text: str) -> Iterator[str]:
    """What the elements of Forwarded name as `for`, in their order; of one that names none, nothing that is one."""
    named, fine = "", True
    for part in _PART.finditer(text):
        name, value, comma = part.groups()
        if comma:
            yield named if fine else ""
            named, fine = "", True
        elif name is None:
            fine = fine and part[0].isspace()
        elif name.lower() == "for":
            named = re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
    yield named if fine else ""
