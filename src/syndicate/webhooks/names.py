"""What events and hooks are known by. Pure."""

import json
from hashlib import sha256
from urllib.parse import urlsplit

_KEY = 32  # hexadecimal digits


def key_of(*facts: object) -> str:
    """What a receiver knows an event by: the same for each hook, at each try, and from a store that was restored."""
    return sha256(json.dumps(facts, ensure_ascii=False, default=str).encode()).hexdigest()[:_KEY]


def named(url: str) -> str:
    """A hook as it may be shown: its host alone, for whatever is behind that may be a secret."""
    return urlsplit(url).netloc.rpartition("@")[2]


def subject(url: str) -> str:
    """What an alarm of it is known by: several hooks of one host are several."""
    return f"{named(url)} {key_of(url)[:8]}"
