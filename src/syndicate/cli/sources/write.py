"""What `sources add` and `sources import` have in common: ids, addresses that are there already, what is written."""

import ipaddress
import re
import secrets
from collections.abc import Collection, Mapping
from itertools import chain, count
from urllib.parse import urlsplit

from syndicate import store as stores
from syndicate.config import edit as config_file
from syndicate.errors import StoreError
from syndicate.model import Plan, Source
from syndicate.store import running
from syndicate.text import digest, slug, squeeze
from syndicate.urls import feed_key

_LONGEST = 60  # characters of an id


def configured_urls(config: Plan) -> dict[str, Source]:
    """The sources with an address, by what it is compared by."""
    return {feed_key(source.url): source for source in reversed(config.sources) if source.url}


def is_id(text: str | None) -> bool:
    return bool(text) and re.fullmatch(rf"[a-z0-9_-]{{1,{_LONGEST}}}", text or "") is not None


def new_id(url: str, title: str | None, taken: Collection[str]) -> str:
    """The host's name; where that is taken, with the title's; where both are, with a few characters of a hash."""
    host = slug(_name(urlsplit(url).hostname or "")) or "source"
    named = f"{host}-{slug(title or '')}"[:_LONGEST].strip("-")
    hashed = (f"{named[: _LONGEST - 7]}-{digest(url, str(number), length=6)}" for number in count())
    return next(name for name in chain((host, named), hashed) if name not in taken)


def entry(identifier: str, url: str, title: str | None, options: Mapping[str, config_file.Value]) -> config_file.Entry:
    """Only what is not the default. The title stands above it, for whoever reads the file."""
    given = {name: value for name, value in options.items() if value not in ("", "auto", False, [])}
    return config_file.Entry({"id": identifier, "url": url, **given}, squeeze(title or "")[:100])


def told_daemon(plan: Plan) -> str | None:
    """Have a daemon that runs read the file again, and say so; None where there is none.

    The file is written by now, so a store that cannot be used is told, and is no failure of the command.
    """
    try:
        process = running(plan.store)
        if not process:
            return None
        with stores.open(plan.store) as store:
            store.remember("reload", secrets.token_hex(8))
    except StoreError as error:
        return f"A daemon that runs could not be told to read it ({error}); it does so at SIGHUP."
    return f"The daemon (process {process}) reads the configuration again now."


def _name(host: str) -> str:
    """Without `www.` and the top-level domain; an IP address as it is."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return re.sub(r"^www\d?\.|(?<=.)\.[a-z0-9-]+$", "", host)
