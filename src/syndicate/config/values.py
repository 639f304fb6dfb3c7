"""How the values of config.toml are read: each is handed what stands there; ValueError says what it may be."""

import contextlib
import ipaddress
import os
import re
import shlex
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from syndicate import languages, rules
from syndicate import store as stores
from syndicate.addresses import is_mail
from syndicate.classify import LATER, RESERVED
from syndicate.doors import ByName
from syndicate.errors import StoreError
from syndicate.model import BUILTIN
from syndicate.text import squeeze
from syndicate.urls import LINKS, bucket_address, clean_url

# Of an HTML page: what its parts are found by where our own rules do not find them.
SELECT = ("title", "kicker", "teaser", "body", "date", "image", "author", "related", "remove", "item", "next")

_is_selector = ByName("syndicate.config.selector", "is_selector")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_BYTES = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_HOST = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
_PROXY = re.compile(r"http://([^\s/@]*@)?[^\s/?#@]+/?", re.IGNORECASE)
# RFC 4151 section 2.1: a DNS name or an e-mail address, then a year, a month or a day.
TAG = rf"([A-Za-z0-9._-]+@)?{_HOST},[0-9]{{4}}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"


class Untold(ValueError):
    """What was given could have a password in it, and is not quoted."""


MACHINE = r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}"


def text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("text")
    return squeeze(value)


def name(value: object) -> str:
    if not isinstance(value, str) or not squeeze(value):
        raise ValueError("text of at least one letter")
    return squeeze(value)


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def number(low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return value

    return read


def store(value: object) -> str:
    try:
        if isinstance(value, str):
            stores.shown(value)
            return value
    except StoreError as error:
        if not stores.may_be_told(str(value)):
            raise Untold(f"{stores.SUPPORTED}{f': {error}' if stores.is_on_server(str(value)) else ''}") from None
    raise (ValueError if isinstance(value, str | int | None) else Untold)(stores.SUPPORTED)


def like(pattern: str, what: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ValueError(what)
        return value

    return read


def choice(*allowed: str) -> Callable[[object], str]:
    return like("|".join(allowed), "one of " + ", ".join(allowed))


def span(value: object) -> timedelta:
    found = re.fullmatch("([0-9]{1,9}) ?([smhd])", value) if isinstance(value, str) else None
    span = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None
    if span is None or span > timedelta(days=36_500):
        raise ValueError("a duration (like 30s, 15m, 6h)")
    return span


def duration(value: object) -> timedelta:
    if span(value) == timedelta():
        raise ValueError("a duration above zero (like 30s, 15m, 6h)")
    return span(value)


def span_or_none(value: object) -> timedelta | None:
    """None: never."""
    if value == "":
        return None
    try:
        return duration(value)
    except ValueError as error:
        raise ValueError(f'{error} or ""') from None


def size(value: object) -> int:
    found = re.fullmatch("([0-9]{1,9}) ?((?:[kmg]i?)?b)", value.lower()) if isinstance(value, str) else None
    if found is None or int(found[1]) == 0:
        raise ValueError("a size (like 500kB, 10MB, 1GiB)")
    return int(found[1]) * _BYTES[found[2]]


def address(value: object) -> str:
    """Kept as given: an address that somebody else made is asked for as it is."""
    if not isinstance(value, str) or not clean_url(value, ipv6=True):
        raise ValueError("an absolute address (like https://www.example.org/feed.xml)")
    return value.strip()


def from_environment(value: object) -> object:
    """`env:NAME` is what the variable of that name holds, so that it need not stand in the file."""
    if isinstance(value, str) and (name := re.fullmatch("env:([A-Za-z_][A-Za-z0-9_]*)", value)):
        if name[1] not in os.environ:
            raise ValueError(f"set: the environment has no {name[1]}")
        return os.environ[name[1]]
    return value


def proxy(value: object) -> str:
    """Where a source is asked through: kept with its user and password, and without a path, which none has."""
    value = from_environment(value)
    if value == "":
        return ""
    if isinstance(value, str) and _PROXY.fullmatch(value) and clean_url(value, schemes={"http"}, ipv6=True):
        return value.rstrip("/")
    raise ValueError('the address of an HTTP proxy (like http://proxy.example.org:3128), "env:NAME" or ""')


def purge(value: object) -> str:
    """An address is kept with its user and password, a command as it is: either may have a secret in it."""
    value = from_environment(value)
    if value == "":
        return ""
    if isinstance(value, str) and value.lower().startswith(("http:", "https:")):
        return address(value)
    with contextlib.suppress(ValueError):
        if isinstance(value, str) and "://" not in value.partition(" ")[0] and shlex.split(value):
            return value
    raise ValueError('an address (like https://cdn.example.org/purge), a command, "env:NAME" or ""')


def headers(value: object) -> tuple[tuple[str, str], ...]:
    """RFC 9110 section 5: a name is a token; a value is printable, since what is sent is what stands here."""
    if not isinstance(value, dict) or not all(
        re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name) and isinstance(text, str) and re.fullmatch("[ -~]+", text)
        for name, text in value.items()
    ):
        raise ValueError('a table of header fields (like { Authorization = "Bearer …" })')
    return tuple(value.items())


def select(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict) or not all(
        name in SELECT and isinstance(css, str) and _is_selector(css) for name, css in value.items()
    ):
        raise ValueError(f'a table of CSS selectors (like {{ title = "h1.headline" }}) for any of {", ".join(SELECT)}')
    return tuple(value.items())


def base_url(value: object) -> str:
    url = clean_url(value, ipv6=True) if isinstance(value, str) and not set(value) & set("?#@") else None
    if not url:
        raise ValueError("an absolute address without query (like https://press.example.org/)")
    return url.rstrip("/") + "/"


def link(value: object) -> str:
    url = clean_url(value, ipv6=True) if isinstance(value, str) else None
    if not url and value != "":
        raise ValueError('an absolute address (like https://www.example.org/imprint) or ""')
    return url or ""


def hub(value: object) -> str:
    url = clean_url(value, ipv6=True) if isinstance(value, str) and not set(value) & set("#@") else None
    if not url and value not in ("", BUILTIN):
        raise ValueError(f'"{BUILTIN}", the absolute address of a hub (like https://hub.example.org/) or ""')
    return url or str(value)


def contact(value: object) -> str:
    address = isinstance(value, str) and (is_mail(value) or clean_url(value, schemes=LINKS))
    if not address and value != "":
        raise ValueError('an e-mail address, an absolute address or ""')
    return text(value)


def host(value: object) -> str:
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return str(ipaddress.ip_address(value))
    return like(_HOST, "a host (like 127.0.0.1, localhost)")(value)


def network(value: object) -> str:
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return str(ipaddress.ip_network(value))
    raise ValueError("an address or a network (like 127.0.0.1, 10.0.0.0/8)")


def timezone(value: object) -> str:
    try:
        return ZoneInfo(name(value)).key
    except (KeyError, ValueError, OSError):  # not there, not a name of one, a folder of zones
        raise ValueError("a time zone (like Europe/Berlin)") from None


def rule(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(rules.LIKE)
    rules.rule(value)
    return value


def identity(value: object) -> str:
    allowed = r"auto, id, link or a regular expression with a group (like /pm-([0-9]+))"
    if not isinstance(value, str) or not value.strip():
        raise ValueError(allowed)
    if value not in rules.IDENTITIES and not rules.expression(value).groups:
        raise ValueError(allowed)
    return value


path = like(r"[^\0]+", "a path")


def place(value: object) -> str:
    """A path, or the address of a bucket: with no user and no query, which might be secret."""
    found = path(value)
    if "://" in found and bucket_address(found) is None:
        raise ValueError("a path, or a bucket (like s3://bucket/prefix, gs://bucket, az://container)")
    return found


_shaped = like(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", "a language tag (like de, en, de-CH)")
_NO_TOPIC = sorted(RESERVED - LATER)  # what was free earlier is seen to in `_complete_topics`
topic_id = like(
    rf"(?!({'|'.join(_NO_TOPIC)})$)[a-z0-9-]{{1,60}}",
    f"a topic's id (a-z, 0-9 and -, at most 60, none of {', '.join(_NO_TOPIC)})",
)


def language(value: object) -> str:
    """As BCP 47 writes it; the operator's own word where it is that of a language we do not know."""
    return languages.tag(stated := _shaped(value)) or stated
