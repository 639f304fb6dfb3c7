"""Where a store on PostgreSQL is, without its driver: a configuration is looked at where that is not installed."""

from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from syndicate.errors import StoreError
from syndicate.urls import names_secret

_SCHEMES = ("postgresql", "postgres")


class Address(NamedTuple):
    """`name`: as people are told of it, without a password. It tells one store from another, too."""

    url: str
    name: str


def is_meant(url: str) -> bool:
    return url.partition(":")[0] in _SCHEMES


def address(url: str) -> Address:
    """StoreError where it names no database."""
    try:
        parts = urlsplit(url)
        port = parts.port or 5432
    except ValueError as error:
        raise StoreError(f'"{url.partition(":")[0]}:…" is no address of a database: {error}') from error
    database = unquote(parts.path.strip("/"))
    if parts.scheme not in _SCHEMES or not database or "/" in database or parts.fragment:
        raise StoreError(f'"{parts.scheme}:…" is no address of a database (like postgresql://user@host/database)')
    user = f"{parts.username}@" if parts.username else ""
    shown = urlencode([(name, value) for name, value in parse_qsl(parts.query) if not names_secret(name)])
    host = f"{parts.hostname or ''}{'' if port == 5432 else f':{port}'}"
    return Address(url, f"postgresql://{user}{host}/{database}{f'?{shown}' if shown else ''}")
