"""Who is told what happens, and what needs a person: how the values of `[[webhook]]` and `[alarm]` are read."""

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from syndicate.addresses import is_mail
from syndicate.config.values import from_environment
from syndicate.model import EVENTS, Plan

_SMTP = re.compile(r"smtps?://([^\s/@:]+@)?[^\s/@]+/?")
_LIKE = "smtp://user@mail.example.org:587"


def mail(value: object) -> str:
    if not isinstance(value, str) or not is_mail(value):
        raise ValueError("an e-mail address (like presse@example.org)")
    return value


def smtp(value: object) -> str:
    """Where mail is handed in. The password is a key of its own."""
    if value == "":
        return ""
    if isinstance(value, str) and _SMTP.fullmatch(value):
        with contextlib.suppress(ValueError):
            parts = urlsplit(value)
            if parts.hostname and parts.port != 0:
                return value
    raise ValueError(f'where mail is handed in (like {_LIKE}, smtps://mail.example.org) or ""')


def secret(least: int) -> Callable[[object], str]:
    """Text that nobody guesses, of at least so many characters; `env:NAME` as `from_environment`."""

    def read(value: object) -> str:
        value = from_environment(value)
        if not isinstance(value, str) or not re.fullmatch(f"[!-~][ -~]{{{least - 1},199}}", value):
            raise ValueError(f'text of {least} to 200 printable ASCII characters, or "env:NAME"')
        return value

    return read


def password(value: object) -> str:
    return "" if value == "" else secret(1)(value)


def faults(webhooks: Sequence[Mapping[str, Any]], alarm: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What no key can tell by itself: where, and what."""
    urls: dict[str, int] = {}
    for n, hook in enumerate(webhooks):
        if (url := hook.get("url")) and (first := urls.setdefault(url, n)) != n:
            yield f"webhook[{n}].url", f"is that of webhook[{first}], too"
        if hook.get("events") == ():
            yield f"webhook[{n}].events", f"[] is no event (they are {', '.join(EVENTS)})"
    if alarm.get("mail") and alarm.get("smtp") == "":
        yield "alarm.smtp", f"is missing, and mail needs a server that takes it (like {_LIKE})"
    if alarm.get("password") and alarm.get("smtp") and "@" not in alarm["smtp"]:
        yield "alarm.smtp", f"names no user, but there is a password (like {_LIKE})"


def warnings(plan: Plan) -> Iterator[str]:
    """Topics that no configured one has: one that a kicker makes may be meant."""
    known = {name for topic in plan.topics for name in (topic.id, *topic.aliases)}
    for n, hook in enumerate(plan.webhooks):
        for topic in hook.topics if plan.topics else ():
            if topic not in known:
                yield f'webhook[{n}].topics: "{topic}" is no configured topic'
