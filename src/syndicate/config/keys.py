"""Every key of config.toml: how its value is read, and what it is where none is given.

`docs/configuration.md` and the configuration that `syndicate init` writes are tested against these tables.
"""

import contextlib
import ipaddress
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from syndicate import languages
from syndicate import store as stores
from syndicate.addresses import is_mail
from syndicate.classify import LATER, RESERVED
from syndicate.config.telling import mail, password, secret, smtp
from syndicate.doors import ByName
from syndicate.errors import StoreError
from syndicate.formats import FORMATS, USUAL
from syndicate.model import BUILTIN, EVENTS
from syndicate.parse import FORMAT_CHOICES
from syndicate.text import squeeze
from syndicate.urls import LINKS, clean_url

# Of an HTML page: what its parts are found by where our own rules do not find them.
SELECT = ("title", "kicker", "teaser", "body", "date", "image", "author", "related", "remove", "item", "next")

_is_selector = ByName("syndicate.config.selector", "is_selector")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_BYTES = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_HOST = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
# RFC 4151 section 2.1: a DNS name or an e-mail address, then a year, a month or a day.
TAG = rf"([A-Za-z0-9._-]+@)?{_HOST},[0-9]{{4}}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"


class Key(NamedTuple):
    """`default` as an operator would write it; None: there is none, or another key's value is taken."""

    read: Callable[[object], Any]  # the value as used, or ValueError saying what it may be
    default: str | int | bool | list[str] | None = None
    each: bool = False  # the value is a list, `read` is for its entries
    required: bool = False
    secret: bool = False  # never shown, not even where it cannot be used

    @property
    def allowed(self) -> str:
        try:
            self.read(None)
        except ValueError as what:
            return str(what)
        return "anything"


# --- how values are read ----------------------------------------------------------------------------------------------


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("text")
    return squeeze(value)


def _name(value: object) -> str:
    if not isinstance(value, str) or not squeeze(value):
        raise ValueError("text of at least one letter")
    return squeeze(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def _number(low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return value

    return read


def _store(value: object) -> str:
    try:
        if isinstance(value, str):
            stores.shown(value)
            return value
    except StoreError:
        pass
    raise ValueError(stores.SUPPORTED)


def _like(pattern: str, what: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ValueError(what)
        return value

    return read


def _choice(*allowed: str) -> Callable[[object], str]:
    return _like("|".join(allowed), "one of " + ", ".join(allowed))


def _span(value: object) -> timedelta:
    found = re.fullmatch("([0-9]{1,9}) ?([smhd])", value) if isinstance(value, str) else None
    span = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None
    if span is None or span > timedelta(days=36_500):
        raise ValueError("a duration (like 30s, 15m, 6h)")
    return span


def _duration(value: object) -> timedelta:
    if _span(value) == timedelta():
        raise ValueError("a duration above zero (like 30s, 15m, 6h)")
    return _span(value)


def _size(value: object) -> int:
    found = re.fullmatch("([0-9]{1,9}) ?((?:[kmg]i?)?b)", value.lower()) if isinstance(value, str) else None
    if found is None or int(found[1]) == 0:
        raise ValueError("a size (like 500kB, 10MB, 1GiB)")
    return int(found[1]) * _BYTES[found[2]]


def _address(value: object) -> str:
    """Kept as given: an address that somebody else made is asked for as it is."""
    if not isinstance(value, str) or not clean_url(value, ipv6=True):
        raise ValueError("an absolute address (like https://www.example.org/feed.xml)")
    return value.strip()


def _headers(value: object) -> tuple[tuple[str, str], ...]:
    """RFC 9110 section 5: a name is a token; a value is printable, since what is sent is what stands here."""
    if not isinstance(value, dict) or not all(
        re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name) and isinstance(text, str) and re.fullmatch("[ -~]+", text)
        for name, text in value.items()
    ):
        raise ValueError('a table of header fields (like { Authorization = "Bearer …" })')
    return tuple(value.items())


def _select(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict) or not all(
        name in SELECT and isinstance(css, str) and _is_selector(css) for name, css in value.items()
    ):
        raise ValueError(f'a table of CSS selectors (like {{ title = "h1.headline" }}) for any of {", ".join(SELECT)}')
    return tuple(value.items())


def _base_url(value: object) -> str:
    url = clean_url(value, ipv6=True) if isinstance(value, str) and not set(value) & set("?#@") else None
    if not url:
        raise ValueError("an absolute address without query (like https://press.example.org/)")
    return url.rstrip("/") + "/"


def _link(value: object) -> str:
    url = clean_url(value, ipv6=True) if isinstance(value, str) else None
    if not url and value != "":
        raise ValueError('an absolute address (like https://www.example.org/imprint) or ""')
    return url or ""


def _hub(value: object) -> str:
    url = clean_url(value, ipv6=True) if isinstance(value, str) and not set(value) & set("#@") else None
    if not url and value not in ("", BUILTIN):
        raise ValueError(f'"{BUILTIN}", the absolute address of a hub (like https://hub.example.org/) or ""')
    return url or str(value)


def _contact(value: object) -> str:
    address = isinstance(value, str) and (is_mail(value) or clean_url(value, schemes=LINKS))
    if not address and value != "":
        raise ValueError('an e-mail address, an absolute address or ""')
    return _text(value)


def _host(value: object) -> str:
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return str(ipaddress.ip_address(value))
    return _like(_HOST, "a host (like 127.0.0.1, localhost)")(value)


def _network(value: object) -> str:
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return str(ipaddress.ip_network(value))
    raise ValueError("an address or a network (like 127.0.0.1, 10.0.0.0/8)")


def _timezone(value: object) -> str:
    try:
        return ZoneInfo(_name(value)).key
    except (KeyError, ValueError, OSError):  # not there, not a name of one, a folder of zones
        raise ValueError("a time zone (like Europe/Berlin)") from None


_path = _like(r"[^\0]+", "a path")
_shaped = _like(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", "a language tag (like de, en, de-CH)")
_NO_TOPIC = sorted(RESERVED - LATER)  # what was free earlier is seen to in `_complete_topics`
_topic_id = _like(
    rf"(?!({'|'.join(_NO_TOPIC)})$)[a-z0-9-]{{1,60}}",
    f"a topic's id (a-z, 0-9 and -, at most 60, none of {', '.join(_NO_TOPIC)})",
)


def _language(value: object) -> str:
    """As BCP 47 writes it; the operator's own word where it is that of a language we do not know."""
    return languages.tag(stated := _shaped(value)) or stated


# --- the keys ---------------------------------------------------------------------------------------------------------

TABLES: dict[str, dict[str, Key]] = {
    "site": {
        "title": Key(_name, "Pressemitteilungen"),
        "base_url": Key(_base_url, "http://127.0.0.1:8000/"),
        "language": Key(_language, "de"),
        "timezone": Key(_timezone, "Europe/Berlin"),
        "author": Key(_name, "Pressestelle"),
        "rights": Key(_text, ""),
        "tag": Key(_like(TAG, "the authority of a tag (like press.example.org,2026)")),
        "imprint_url": Key(_link, ""),
        "privacy_url": Key(_link, ""),
        "accessibility_url": Key(_link, ""),
        "contact": Key(_contact, ""),
        "search": Key(_flag, default=False),
    },
    "store": {
        "url": Key(_store, "sqlite:///syndicate.db"),
    },
    "publish": {
        "directory": Key(_path, "feeds"),
        "formats": Key(_choice(*FORMATS), [*USUAL], each=True),
        "page_size": Key(_number(2, 10_000), 50),
        "tombstones": Key(_duration, "90d"),
        "withdrawal_notice": Key(_span, "30d"),
        "html": Key(_flag, True),
        "icon": Key(_text, ""),
    },
    "fetch": {
        "user_agent": Key(_like("[ -~]+", "text of ASCII characters"), "syndicate/{version} (+{base_url})"),
        "interval": Key(_duration, "1h"),
        "timeout": Key(_duration, "30s"),
        "max_bytes": Key(_size, "10MB"),
        "per_host": Key(_number(1, 100), 2),
        "page_delay": Key(_span, "1s"),
        "parse_timeout": Key(_duration, "30s"),
        "parse_memory": Key(_size, "1GB"),
    },
    "serve": {
        "host": Key(_host, "127.0.0.1"),
        "port": Key(_number(1, 65_535), 8000),
        "trusted_proxies": Key(_network, [], each=True),
        "hub": Key(_hub, BUILTIN),
        "hub_allow_private": Key(_flag, False),
    },
    "alarm": {
        "mail": Key(mail, [], each=True),
        "from": Key(mail),
        "smtp": Key(smtp, ""),
        "password": Key(password, "", secret=True),
    },
    "topics": {
        "unmapped": Key(_choice("publish", "hold"), "publish"),
    },
}

LISTS: dict[str, dict[str, Key]] = {
    "webhook": {
        "url": Key(_address, required=True),
        "secret": Key(secret(16), required=True, secret=True),
        "topics": Key(_topic_id, [], each=True),
        "events": Key(_choice(*EVENTS), [*EVENTS], each=True),
        "allow_private": Key(_flag, False),
    },
    "topic": {
        "id": Key(_topic_id),
        "title": Key(_name, required=True),
        "description": Key(_text, ""),
        "kickers": Key(_name, [], each=True),
        "keywords": Key(_name, [], each=True),
        "aliases": Key(_topic_id, [], each=True),
        "mediatopic": Key(_like("(medtop:[0-9]{8})?", 'an IPTC code (like medtop:07000000) or ""'), ""),
    },
    "source": {
        "id": Key(_like("[a-z0-9_-]{1,60}", "an id (a-z, 0-9, - and _, at most 60)"), required=True),
        "path": Key(_path),
        "url": Key(_address),
        "format": Key(_choice(*FORMAT_CHOICES), "auto"),
        "interval": Key(_duration),
        "topics": Key(_name, [], each=True),
        "timezone": Key(_timezone),
        "language": Key(_language),
        "headlines": Key(_flag, True),
        "missing": Key(_choice("keep", "withdraw"), "keep"),
        "future": Key(_choice("now", "embargo"), "now"),
        "enabled": Key(_flag, True),
        "priority": Key(_number(-1000, 1000), 0),
        "content": Key(_choice("full", "teaser"), "full"),
        "images": Key(_choice("show", "text"), "show"),
        "allow_private": Key(_flag, False),
        "hub": Key(_flag, True),
        "adaptive": Key(_flag, True),
        "fulltext": Key(_flag),
        "robots": Key(_choice("obey", "ignore"), "obey"),
        "headers": Key(_headers, secret=True),
        "select": Key(_select),
    },
}
