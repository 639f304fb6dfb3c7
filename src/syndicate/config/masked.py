"""A value as an error may quote it: without user, password, tokens, or anything that is called like a secret."""

import re

from syndicate.urls import without_secrets

_SECRET = frozenset({"headers", "password", "proxy", "secret", "status_password"})


def masked(value: object) -> object:
    if isinstance(value, dict):
        return {name: "…" if str(name).casefold() in _SECRET else masked(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [masked(inner) for inner in value]
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> str:
    # To the last `@`: it is likely no address, and a password may have any character in it.
    place, mark, query = re.sub("//.*@", "//…@", value, flags=re.DOTALL).partition("?")
    return place + (without_secrets(mark + query) if "=" in query else mark + query)
