"""What a list of feeds carries of a source beside address, title and topics: written by `export`, read by `import`."""

import json
import tomllib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from syndicate.client import permitted, resolve, server_of
from syndicate.config import LISTS
from syndicate.config import edit as config_file
from syndicate.errors import FetchError, SyndicateError
from syndicate.model import Plan
from syndicate.parse import Subscription
from syndicate.store import Store

_KEYS = LISTS["source"]
# Who may be asked what, with which secrets, is not for a list to say that somebody else may have written.
_NOT_EXCHANGED = frozenset({"id", "path", "url", "topics", "headers", "proxy", "allow_private", "robots"})


def exported(settings: Plan) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Source → its id and what its configuration says, as text."""
    written = tomllib.loads(settings.path.read_text(encoding="utf-8")).get("source", [])
    return {
        table["id"]: (
            ("id", table["id"]),
            *((name, _text(value)) for name, value in table.items() if name in _KEYS and name not in _NOT_EXCHANGED),
        )
        for table in written
    }


def imported(feed: Subscription) -> dict[str, config_file.Value]:
    """What such a list says, as far as it can be used here."""
    found: dict[str, config_file.Value] = {}
    for name, text in feed.settings:
        if name in _KEYS and name not in _NOT_EXCHANGED:
            value = _value(text)
            try:
                _read(name, value)
            except (ValueError, TypeError):
                continue
            found[name] = value
    return found


def title_of(source: str, store: Store | None) -> str:
    """As its feed calls itself; the source's id where that is not known."""
    releases = store.releases.list(source=source, limit=5) if store else ()
    titles = (release.origin.title for release in releases if release.source == source and release.origin)
    return next(filter(None, titles), source)


def needs_leave(url: str) -> bool:
    """Is its host on a private network or this machine, so that it is asked only with leave?"""
    try:
        addresses = resolve(urlsplit(f"//{server_of(url)}").hostname or "", 80)
        permitted(addresses, private=True)
    except SyndicateError:
        return False  # it cannot be asked, with leave or without
    try:
        permitted(addresses, private=False)
    except FetchError:
        return True
    return False


def _read(name: str, value: object) -> None:
    key = _KEYS[name]
    for one in value if key.each and isinstance(value, list) else [value]:
        key.read(one)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _value(text: str) -> Any:
    """A number, a switch, a list or a table is written as JSON, text as it is."""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return text if isinstance(found, str) or found is None else found
