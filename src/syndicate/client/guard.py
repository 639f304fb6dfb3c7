"""Which addresses may be dialled. Pure: it is asked after DNS, for each address that a name stands for, on every hop.

A page or a feed may lead us anywhere (SSRF): a name is no evidence, only the address that is dialled is.
"""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass

from syndicate.errors import FetchError

_IP = ipaddress.IPv4Address | ipaddress.IPv6Address

_SHARED = "an address shared behind a provider's NAT"
# An operator may mean these: a source in the house. Who is a stranger to him is not behind his provider's NAT.
_PRIVATE = tuple(
    (ipaddress.ip_network(network), kind)
    for network, kind in (
        ("127.0.0.0/8", "a loopback address"),
        ("::1/128", "a loopback address"),
        ("10.0.0.0/8", "a private address"),
        ("172.16.0.0/12", "a private address"),
        ("192.168.0.0/16", "a private address"),
        ("fc00::/7", "a private address"),
        ("100.64.0.0/10", _SHARED),
    )
)
# No source is ever there, whatever an operator writes: what a cloud tells its own machines.
_METADATA = frozenset(
    ipaddress.ip_address(address)
    for address in ("169.254.169.254", "100.100.100.200", "168.63.129.16", "fd00:ec2::254", "fd20:ce::254")
)
_COMPATIBLE = ipaddress.IPv6Network("::/96")  # RFC 4291 section 2.5.5.1, obsolete, still routed by some stacks
_UNICAST = ipaddress.IPv6Network("2000::/3")  # all that IANA has given out
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052

_MEANT = "set allow_private = true on this source if that is meant (it is for the host and port of its url alone)"
_LEFT = "that takes leave of the operator (allow_private, hub_allow_private)"
_BEYOND = "no proxy is asked for one, as it would be one of the proxy's own network: write the host's name, or no proxy"


@dataclass(frozen=True, slots=True)
class Leave:
    """`place` is the one name and port that may be on a private network; None: nobody may.

    `stranger`: a subscriber or the like has named the address, no source of the operator's has.
    """

    place: tuple[str, int] | None
    stranger: bool = False

    def permitted(self, addresses: Sequence[str], place: tuple[str, int]) -> tuple[str, ...]:
        return permitted(addresses, private=place == self.place, stranger=self.stranger)

    def beyond(self, addresses: Sequence[str], place: tuple[str, int]) -> tuple[str, ...]:
        """As `permitted`, of those that a proxy is to be asked for. One that is written as such is never a private one:
        whose network that is, nobody can tell.
        """
        if is_number(place[0]):
            return permitted(addresses, private=False, hint=_BEYOND)
        return self.permitted(addresses, place)


def is_number(host: str) -> bool:
    """Is a host no name but an address, in whatever form: `127.0.0.1`, `127.1`, `0x7f000001`, `::1`?

    As the URL standard has it: its last part is a number.
    """
    last = host.rstrip(".").rpartition(".")[2]
    return ":" in host or bool(re.fullmatch("[0-9]+|0[xX][0-9a-fA-F]*", last))


def permitted(
    addresses: Sequence[str], *, private: bool, stranger: bool = False, hint: str | None = None
) -> tuple[str, ...]:
    """Those of a name's addresses that may be dialled; with `private`, loopback and private ones too.

    Raises FetchError with the reason where none is left. `hint`: what to do about a private one, if not the usual.
    """
    hint = hint or (_LEFT if stranger else _MEANT)
    refused = [(address, _refusal(address, hint, private=private, stranger=stranger)) for address in addresses]
    allowed = tuple(address for address, reason in refused if reason is None)
    if not allowed:
        raise FetchError(next((reason for _, reason in refused if reason), "its name stands for no address"))
    return allowed


def _refusal(address: str, hint: str, *, private: bool, stranger: bool) -> str | None:
    found = ipaddress.ip_address(address)
    ip = _inner(found)
    name = f"{address} is" if ip == found else f"{address} stands for {ip},"
    if ip in _METADATA:
        return f"{name} a cloud's metadata address"
    for network, kind in _PRIVATE:
        if ip in network:
            free = private and not (stranger and kind == _SHARED)
            return None if free else f"{name} {kind}; {hint}"
    if ip.is_multicast:
        return f"{name} a multicast address"
    if ip.is_link_local:
        return f"{name} a link-local address"
    unicast = ip.version == 4 or ip in _UNICAST
    return None if ip.is_global and unicast else f"{name} a reserved address"


def _inner(ip: _IP) -> _IP:
    """The IPv4 address that an IPv6 address carries (mapped, compatible, 6to4, NAT64), else the address itself."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    carried = ip.ipv4_mapped or ip.sixtofour
    if carried is not None:
        return carried
    if ip in _NAT64 or (ip in _COMPATIBLE and int(ip) > 1):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip
