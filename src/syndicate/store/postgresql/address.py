"""Where a store on PostgreSQL is, without its driver: a configuration is looked at where that is not installed.

What is not written as it has to be is refused here, in our words: the driver's, and a server's that is looked up by a
piece of it, would have the password in them.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, unquote, unquote_to_bytes

from syndicate.errors import StoreError

_SCHEMES = ("postgresql", "postgres")
_PARTS = re.compile(
    r"postgres(?:ql)?://(?:(?P<user>[^:@/]*)(?::[^@/]*)?@)?(?P<host>\[[0-9A-Fa-f:.]+(?:%25\w+)?\]|[\w.,%-]*)"
    r"(?::(?P<port>[0-9]{0,5}))?(?P<path>/[^?]*)?(?:\?(?P<query>.*))?"
)
_ENCODE = (
    "a password with a space, %, @, :, /, ? or # in it is to be percent-encoded (@ is %40),"
    " or to stand in ~/.pgpass or PGPASSWORD"
)
_LIKE = "postgresql://user@host/database"
# Parameters of libpq that are no secret and lead to none; all others are hidden, whatever they are called.
_HARMLESS = frozenset(
    (
        "application_name",
        "channel_binding",
        "client_encoding",
        "connect_timeout",
        "dbname",
        "gssencmode",
        "host",
        "hostaddr",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "load_balance_hosts",
        "port",
        "require_auth",
        "sslcompression",
        "sslmode",
        "sslnegotiation",
        "sslrootcert",
        "sslsni",
        "ssl_max_protocol_version",
        "ssl_min_protocol_version",
        "target_session_attrs",
        "tcp_user_timeout",
        "user",
    )
)
_UNQUOTED = ("password", "sslpassword")  # libpq quotes neither; one that is "password" would be looked for in its words
_PLAIN = re.compile(r"[\w.,:/\[\]~+*-]*")
_SCHEMA = re.compile(r"(?:(?<=\s)|^)-c\s*search_path=[\w,$]+(?=\s|$)")
_HIDDEN = "***"


class Address(NamedTuple):
    """`name`: as people are told of it, without a password. It tells one store from another, too."""

    url: str
    name: str


def is_meant(url: str) -> bool:
    return url.partition(":")[0] in _SCHEMES


def address(url: str) -> Address:
    """StoreError where it names no database, or is not written as it has to be. It has nothing of the address in it."""
    found = _PARTS.fullmatch(url)
    if reason := _fault(url, found):
        raise StoreError(f'"postgresql:…" is no address of a database (like {_LIKE}): {reason}')
    assert found  # noqa: S101 - else it had been a fault
    port = int(found["port"] or 5432)
    user = f"{unquote(found['user'])}@" if found["user"] else ""
    host = f"{found['host'].lower()}{'' if port == 5432 else f':{port}'}"
    shown = "&".join(_shown(*each) for each in _parameters(found["query"] or ""))
    database = unquote(found["path"].strip("/"))
    return Address(url, f"postgresql://{user}{host}/{database}{f'?{shown}' if shown else ''}")


def without_hidden(url: str, text: str) -> str:
    """What the driver says of an address, without any value of it that is not shown."""
    words = set[str]()
    for name, value in _parameters(url.partition("?")[2]):
        if _HIDDEN in _shown(name, value) and name not in _UNQUOTED:
            words |= {value, *re.split(r"[\s=]+", value)}
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, _HIDDEN) if len(word) > 2 else text
    return text


def _fault(url: str, found: re.Match[str] | None) -> str:
    """What is wrong with it, and what to do. Empty: nothing."""
    place, _, query = url.partition("?")
    authority = place.partition("://")[2].partition("/")[0]
    if re.search(r"[\s\x00-\x1f\x7f]", url):
        return f"it has a space in it; {_ENCODE}"
    if not _is_encoded(url):
        return f"it has a % in it that begins no character of UTF-8; {_ENCODE}"
    if "#" in url or url.count("@") > ("@" in authority):
        return f"it has an @ or # where none may be; {_ENCODE}"
    if found is None or int(found["port"] or 1) not in range(1, 65_536):
        return f"its host or port is none; {_ENCODE}"
    database = (found["path"] or "").strip("/")
    if not database or "/" in database:
        return f"it names no database; {_ENCODE}"
    if re.search("[;&=]", f"{found['user'] or ''}{unquote(database)}"):
        return "there is ; & or = in the name of its user or database; parameters come after a ?, with & between them"
    if any("=" not in field for field in query.split("&") if field):
        return f"a parameter of it has no value; {_ENCODE}"
    return ""


def _is_encoded(url: str) -> bool:
    try:
        return not re.search("%(?![0-9A-Fa-f]{2})|%00", url) and unquote_to_bytes(url).decode() is not None
    except UnicodeError:
        return False


def _parameters(query: str) -> Iterator[tuple[str, str]]:
    """Not as in a form: a + is a +."""
    for field in query.split("&"):
        if field:
            name, _, value = field.partition("=")
            yield unquote(name), unquote(value)


def _shown(name: str, value: str) -> str:
    if name == "options" and (schema := _SCHEMA.search(value)):  # it tells one store from another
        return f"options={quote(schema[0], safe='')}{'' if schema[0] == value else f'&{_HIDDEN}'}"
    return f"{name}={quote(value, safe='')}" if name in _HARMLESS and _PLAIN.fullmatch(value) else _HIDDEN
