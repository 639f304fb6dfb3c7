"""Which addresses may be dialled. Pure: it is asked after DNS, for each address that a name stands for, on every hop.

A page or a feed may lead us anywhere (SSRF): a name is no evidence, only the address that is dialled is.
"""

import ipaddress
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


@dataclass(frozen=True, slots=True)
class Leave:
    """`place` is the one name and port that may be on a private network; None: nobody may.

    `stranger`: a subscriber or the like has named the address, no source of the operator's has.
    """

    place: tuple[str, int] | None
    stranger: bool = False

    def permitted(self, addresses: Sequence[str], place: tuple[str, int]) -> tuple[str, ...]:
        return permitted(addresses, private=place == self.place, stranger=self.stranger)


def permitted(addresses: Sequence[str], *, private: bool, stranger: bool = False) -> tuple[str, ...]:
    """Those of a name's addresses that may be dialled; with `private`, loopback and private ones too.

    Raises FetchError with the reason where none is left.
    """
    refused = [(address, _refusal(address, private=private, stranger=stranger)) for address in addresses]
    allowed = tuple(address for address, reason in refused if reason is None)
    if not allowed:
        raise FetchError(next((reason for _, reason in refused if reason), "its name stands for no address"))
    return allowed


def _refusal(address: str, *, private: bool, stranger: bool) -> str | None:
    found = ipaddress.ip_address(address)
    ip = _inner(found)
    name = f"{address} is" if ip == found else f"{address} stands for {ip},"
    if ip in _METADATA:
        return f"{name} a cloud's metadata address"
    for network, kind in _PRIVATE:
        if ip in network:
            if stranger:
                return None if private and kind != _SHARED else f"{name} {kind}; {_LEFT}"
            return None if private else f"{name} {kind}; {_MEANT}"
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
