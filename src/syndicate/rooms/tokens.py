"""What a newsroom shows to be let in."""

import re
import secrets
from hashlib import sha256

_BYTES = 32
# Told from a topic's id at first sight, and from an option of a command.
_PLAIN = re.compile(r"[a-z0-9-]*|-.*")


def make() -> str:
    """32 random bytes as base64url (RFC 4648 section 5), 43 characters. Told once, kept nowhere."""
    token = secrets.token_urlsafe(_BYTES)
    while _PLAIN.fullmatch(token):
        token = secrets.token_urlsafe(_BYTES)
    return token


def digest(token: bytes) -> bytes:
    """By which it is found again. It has so much of chance that nothing slower would keep it better."""
    return sha256(token).digest()
