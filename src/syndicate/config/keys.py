"""Every key of config.toml: how its value is read, and what it is where none is given.

`docs/configuration.md` and the configuration that `syndicate init` writes are tested against these tables.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from syndicate.config import operators, telling, values
from syndicate.formats import FORMATS, USUAL
from syndicate.model import BUILTIN, EVENTS
from syndicate.parse import FORMAT_CHOICES


class Key(NamedTuple):
    """`default` as an operator would write it; None: there is none, or another key's value is taken."""

    read: Callable[[object], Any]  # the value as used, or ValueError saying what it may be
    default: str | int | bool | list[str] | None = None
    each: bool = False  # the value is a list, `read` is for its entries
    required: bool = False
    secret: bool = False  # never shown, not even where it cannot be used
    variable: str = ""  # of the environment, which says it over the file

    @property
    def allowed(self) -> str:
        try:
            self.read(None)
        except ValueError as what:
            return str(what)
        return "anything"


TABLES: dict[str, dict[str, Key]] = {
    "site": {
        "title": Key(values.name, "Pressemitteilungen"),
        "base_url": Key(values.base_url, "http://127.0.0.1:8000/"),
        "language": Key(values.language, "de"),
        "timezone": Key(values.timezone, "Europe/Berlin"),
        "author": Key(values.name, "Pressestelle"),
        "rights": Key(values.text, ""),
        "tag": Key(values.like(values.TAG, "the authority of a tag (like press.example.org,2026)")),
        "imprint_url": Key(values.link, ""),
        "privacy_url": Key(values.link, ""),
        "accessibility_url": Key(values.link, ""),
        "contact": Key(values.contact, ""),
        "search": Key(values.flag, default=False),
    },
    "store": {
        "url": Key(values.store, "sqlite:///syndicate.db"),
        "backup_every": Key(values.span_or_none, ""),
        "backup_directory": Key(values.path, "backups"),
        "backup_keep": Key(values.number(1, 10_000), 14),
        "keep_raw": Key(values.span, "90d"),
    },
    "publish": {
        "directory": Key(values.place, "feeds"),
        "formats": Key(values.choice(*FORMATS), [*USUAL], each=True),
        "page_size": Key(values.number(2, 10_000), 50),
        "tombstones": Key(values.duration, "90d"),
        "withdrawal_notice": Key(values.span, "30d"),
        "html": Key(values.flag, True),
        "icon": Key(values.text, ""),
        "purge": Key(values.purge, "", secret=True),
    },
    "fetch": {
        "user_agent": Key(values.like("[ -~]+", "text of ASCII characters"), "syndicate/{version} (+{base_url})"),
        "interval": Key(values.duration, "1h"),
        "timeout": Key(values.duration, "30s"),
        "max_bytes": Key(values.size, "10MB"),
        "per_host": Key(values.number(1, 100), 2),
        "page_delay": Key(values.span, "1s"),
        "parse_timeout": Key(values.duration, "30s"),
        "parse_memory": Key(values.size, "1GB"),
    },
    "serve": {
        "host": Key(values.host, "127.0.0.1", variable="SYNDICATE_HOST"),
        "port": Key(values.number(1, 65_535), 8000, variable="SYNDICATE_PORT"),
        "status": Key(operators.address, "127.0.0.1:8001", variable="SYNDICATE_STATUS"),
        "status_hosts": Key(operators.host, [], each=True),
        "status_public": Key(values.flag, False),
        "status_password": Key(telling.password, "", secret=True),
        "trusted_proxies": Key(values.network, [], each=True),
        "hub": Key(values.hub, BUILTIN),
        "hub_allow_private": Key(values.flag, False),
    },
    "alarm": {
        "mail": Key(telling.mail, [], each=True),
        "from": Key(telling.mail),
        "smtp": Key(telling.smtp, ""),
        "password": Key(telling.password, "", secret=True),
    },
    "cluster": {
        "machine": Key(values.like(values.MACHINE, "the name of a machine (like web-1)")),
        "pool": Key(values.number(4, 1000), 10),
    },
    "topics": {
        "unmapped": Key(values.choice("publish", "hold"), "publish"),
    },
}

LISTS: dict[str, dict[str, Key]] = {
    "webhook": {
        "url": Key(values.address, required=True, secret=True),  # some hooks are opened by their address alone
        "secret": Key(telling.secret(16), required=True, secret=True),
        "topics": Key(values.topic_id, [], each=True),
        "events": Key(values.choice(*EVENTS), [*EVENTS], each=True),
        "allow_private": Key(values.flag, False),
    },
    "topic": {
        "id": Key(values.topic_id),
        "title": Key(values.name, required=True),
        "description": Key(values.text, ""),
        "kickers": Key(values.name, [], each=True),
        "keywords": Key(values.name, [], each=True),
        "aliases": Key(values.topic_id, [], each=True),
        "mediatopic": Key(values.like("(medtop:[0-9]{8})?", 'an IPTC code (like medtop:07000000) or ""'), ""),
    },
    "source": {
        "id": Key(values.like("[a-z0-9_-]{1,60}", "an id (a-z, 0-9, - and _, at most 60)"), required=True),
        "path": Key(values.place),
        "url": Key(values.address),
        "format": Key(values.choice(*FORMAT_CHOICES), "auto"),
        "interval": Key(values.duration),
        "topics": Key(values.name, [], each=True),
        "timezone": Key(values.timezone),
        "language": Key(values.language),
        "headlines": Key(values.flag, True),
        "missing": Key(values.choice("keep", "withdraw"), "keep"),
        "future": Key(values.choice("now", "embargo"), "now"),
        "enabled": Key(values.flag, True),
        "priority": Key(values.number(-1000, 1000), 0),
        "content": Key(values.choice("full", "teaser"), "full"),
        "images": Key(values.choice("show", "text"), "show"),
        "allow_private": Key(values.flag, False),
        "hub": Key(values.flag, True),
        "adaptive": Key(values.flag, True),
        "fulltext": Key(values.flag),
        "robots": Key(values.choice("obey", "ignore"), "obey"),
        "keep": Key(values.rule, [], each=True),
        "drop": Key(values.rule, [], each=True),
        "update": Key(values.choice("correct", "quiet", "ignore"), "correct"),
        "identity": Key(values.identity, "auto"),
        "headers": Key(values.headers, secret=True),
        "proxy": Key(values.proxy, "", secret=True),
        "machine": Key(values.like(f"({values.MACHINE})?", "the name of a machine (like web-1)"), ""),
        "select": Key(values.select),
    },
}
