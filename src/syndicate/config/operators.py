"""Where operators ask how everything is: how the values of `[serve] status…` are read, and what they may be."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from syndicate.config import values
from syndicate.model import Serving
from syndicate.urls import is_loopback_host

_PLACE = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)\]|(?P<name>[^:\[\]]+))(?::(?P<port>[0-9]{1,5}))?")
_EVERY = ("0.0.0.0", "::")  # noqa: S104  # all of this machine's
_SHORT = 12  # characters of a password that somebody may guess


def address(value: object) -> str:
    """A host and a port, as `[…]:port` where the host is an IPv6 address."""
    if value == "":
        return ""
    host, port = _placed(value)
    if not host or not port:
        raise ValueError('a host and a port (like 127.0.0.1:8001, [::1]:8001) or ""')
    return f"{host}:{port}"


def host(value: object) -> str:
    """A name or an address as it stands in a request, with its port where that has to be the same."""
    name, port = _placed(value)
    if not name:
        raise ValueError("a host, with a port or without (like status.example.org, status.example.org:8443)")
    return f"{name}:{port}" if port else name


def faults(serve: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What no key can tell by itself: where, and what."""
    status = serve.get("status")
    if not status:
        return
    name, _, port = status.rpartition(":")
    name = name.strip("[]")
    if not is_loopback_host(name):
        if serve.get("status_public") is False:
            yield (
                "serve.status",
                f'"{status}" can be reached by others than this machine: 127.0.0.1:{port}, or status_public = true with'
                " a status_password if that is meant",
            )
        elif serve.get("status_password") == "":
            yield "serve.status_password", f"is missing, and others than this machine can reach {status}"
    if serve["is_status_stated"] and str(serve.get("port")) == port and _meet(name, serve.get("host")):
        yield "serve.status", f'"{status}" is where the feeds are served (serve.port): another port, or ""'


def warnings(serve: Serving) -> Iterator[str]:
    if not serve.status_address:
        return
    name, port = serve.status_address
    if not serve.is_status_stated and port == serve.port and _meet(name, serve.host):
        yield f'serve.status: {serve.status} is where the feeds are served: set it to another port, or to ""'
    if serve.status_hosts and not serve.status_password:
        yield "serve.status_password: empty, though status_hosts has names under which others may ask"
    if 0 < len(serve.status_password) < _SHORT:
        yield f"serve.status_password: has less than {_SHORT} characters, so it can be guessed"


def _meet(name: str, other: str | None) -> bool:
    """Can only one of them be listened on at one port?"""
    return other is not None and (name == other or name in _EVERY or other in _EVERY)


def _placed(value: object) -> tuple[str, int | None]:
    """A host, in brackets where it is an IPv6 address, and a port or None; empty where it is none."""
    found = _PLACE.fullmatch(value) if isinstance(value, str) else None
    try:
        name = values.host(found["six"] or found["name"]) if found else values.host(value)
    except ValueError:
        return "", None
    port = int(found["port"]) if found and found["port"] else None
    if port is not None and not 0 < port < 2**16:
        return "", None
    return f"[{name}]" if ":" in name else name.lower(), port
