"""Is a request meant for us? Pure.

A page of somebody else's that a browser shows on this machine may name a host of its own, and let that name lead here
by DNS a moment later: it would read what is answered. What it cannot do is to ask for another host than its own.
"""

import re
from collections.abc import Collection
from ipaddress import ip_address

from syndicate.urls import is_loopback_host

# RFC 3986 section 3.2: no user, and nothing that a host is not written with.
_AUTHORITY = re.compile(
    r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?)\.?(?::(?P<port>[0-9]{1,5})?)?", re.IGNORECASE
)
_ABSOLUTE = re.compile(rb"[a-z][a-z0-9+.-]*://([^/?#]*)", re.IGNORECASE)


def authority(target: bytes, hosts: Collection[bytes]) -> str:
    """Whom a request asks, by its target and its fields Host; empty: it does not say one.

    The target of a request to a proxy counts instead of Host (RFC 9112 section 3.2.2).
    """
    if not target.startswith(b"/"):
        absolute = _ABSOLUTE.match(target)
        return absolute[1].decode("latin-1") if absolute and len(hosts) <= 1 else ""
    return next(iter(hosts)).decode("latin-1").strip() if len(hosts) == 1 else ""


def is_meant(authority: str, own: Collection[str], allowed: Collection[str]) -> bool:
    """Is it this machine by a name that is always its own, an address of `own`, or a name of `allowed`?

    `allowed` as `[serve] status_hosts` has them: a port counts where it is stated there. Elsewhere none does: whoever
    comes by a tunnel or a proxy asks for that one's port.
    """
    found = _AUTHORITY.fullmatch(authority)
    if not found or int(found["port"] or 0) > 65_535:
        return False
    name = host_of(found["host"])
    if is_loopback_host(name) or name in {host_of(each) for each in own}:
        return True
    shown = f"[{name}]" if ":" in name else name
    return shown in allowed or bool(found["port"] and f"{shown}:{int(found['port'])}" in allowed)


def host_of(host: str) -> str:
    """As it is compared; an IPv6 address in its shortest form, without brackets."""
    return _literal(host.strip("[]")).lower()


def _literal(host: str) -> str:
    try:
        return str(ip_address(host))
    except ValueError:
        return host
