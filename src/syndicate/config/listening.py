"""Where this machine listens may be said beside the file: by the environment, and by an option over that.

Nothing that is published depends on it, with one exception: a `base_url` that names our own server here follows it to
another port. Else no link would work, and nobody else can have known the addresses before.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from syndicate.config.keys import TABLES
from syndicate.urls import is_loopback_host


def given(environment: Mapping[str, str] = os.environ) -> Iterator[tuple[str, str, str, object]]:
    """Table, key, variable, and what the variable holds: of each that is set.

    A number is one; what cannot be used the key says. An empty one counts where the key may be empty.
    """
    for table, keys in TABLES.items():
        for name, key in keys.items():
            text = environment.get(key.variable) if key.variable else None
            if text is None:
                continue
            value = int(text) if isinstance(key.default, int) and text.isascii() and text.isdecimal() else text
            if text or _may_be_empty(key.read):
                yield table, name, key.variable, value


def _may_be_empty(read: Callable[[object], Any]) -> bool:
    try:
        read("")
    except ValueError:
        return False
    return True


def follow(site: dict[str, Any], before: int | None, port: int | None) -> None:
    """Let `base_url` lead to the port, where it was that of our server on this machine: at `before`."""
    base = urlsplit(site.get("base_url") or "")
    ours = base.scheme == "http" and before == (base.port or 80) and is_loopback_host(base.hostname or "")
    if ours and port and port != before:
        host = f"[{base.hostname}]" if ":" in (base.hostname or "") else base.hostname
        site["base_url"] = base._replace(netloc=f"{host}:{port}").geturl()
