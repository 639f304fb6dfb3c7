"""WebSub as it goes over the wire (https://www.w3.org/TR/websub/). Pure: no I/O, no clock.

A request comes from anybody: whatever is wrong with it is a BadRequest with the reason, and nothing of it is repeated.
"""

import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from urllib.parse import quote, urlencode, urlsplit

from syndicate.addresses import is_address
from syndicate.errors import SyndicateError
from syndicate.mediatypes import essence
from syndicate.urls import form_fields

FORM = "application/x-www-form-urlencoded"
LEASES = (timedelta(minutes=5), timedelta(days=30))  # what we grant at least, and at most
DEFAULT_LEASE = timedelta(days=10)
MOST_SECRET = 200  # bytes
SIGNED_BY = ("sha256", "sha384", "sha512", "sha1")  # section 7; ours is the first, any is understood
_MOST_ADDRESS = 2_000  # characters
_MOST_TOKEN = 1_000
_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_SIGNATURE = re.compile(rf"({'|'.join(SIGNED_BY)})=([0-9a-f]+)", re.IGNORECASE)
# What may be repeated, and says nothing to us: PubSubHubbub 0.3 has `hub.verify` for each way that a subscriber bears.
_ONCE = ("hub.mode", "hub.topic", "hub.callback", "hub.secret", "hub.lease_seconds", "hub.verify_token")

Mode = Literal["subscribe", "unsubscribe"]


class BadRequest(SyndicateError):
    """What somebody asks cannot be understood. The message says why, and repeats nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A subscriber's request (section 5.1). `topic` as he wrote it; `lease` within what we grant, or by default.

    `token` is `hub.verify_token` of PubSubHubbub 0.3: some refuse our question where it is not repeated.
    """

    mode: Mode
    topic: str
    callback: str
    secret: str = ""
    lease: timedelta = DEFAULT_LEASE
    token: str = ""


def form(body: bytes, media_type: str | None) -> tuple[tuple[str, str], ...]:
    """The fields of a form, in their order. BadRequest: another media type, an escape or letters that are none, NUL."""
    if essence(media_type or "") != FORM:
        raise BadRequest(f"the body is to be a form (Content-Type: {FORM})")
    if _ESCAPE.search(body):
        raise BadRequest("the form has a % that is followed by no two hexadecimal digits")
    try:
        found = tuple(form_fields(body.strip()))
    except UnicodeDecodeError:
        raise BadRequest("the form is not UTF-8") from None
    if any("\0" in name + value for name, value in found):
        raise BadRequest("the form holds a NUL")
    return found


def fields(form: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Those that WebSub knows, each once; a subscriber may send others, which say nothing to us. BadRequest: twice."""
    found: dict[str, str] = {}
    for name, value in form:
        if name in _ONCE and name in found:
            raise BadRequest(f"{name} is given more than once")
        if name in _ONCE:
            found[name] = value
    return found


def asked(body: bytes, media_type: str | None) -> Asked:
    """What a subscriber asks. BadRequest with the reason where it cannot be understood."""
    said = fields(form(body, media_type))
    mode = said.get("hub.mode", "")
    if mode == "publish":
        raise BadRequest("this hub tells of its own feeds, by itself: nobody needs to ping it")
    if mode not in ("subscribe", "unsubscribe"):
        raise BadRequest("hub.mode is to be subscribe or unsubscribe" if mode else "hub.mode is missing")
    return Asked(
        mode="subscribe" if mode == "subscribe" else "unsubscribe",
        topic=_topic(said.get("hub.topic", "")),
        callback=_callback(said.get("hub.callback", "")),
        secret=_secret(said.get("hub.secret", "")),
        lease=_lease(said.get("hub.lease_seconds", "").strip()),
        token=_token(said.get("hub.verify_token", "")),
    )


def challenged(asked: Asked, challenge: str) -> str:
    """The address at which a subscriber is asked whether he means it (section 5.3): he answers with the challenge."""
    said = {"hub.mode": asked.mode, "hub.topic": asked.topic, "hub.challenge": challenge}
    if asked.mode == "subscribe":
        said["hub.lease_seconds"] = str(int(asked.lease.total_seconds()))
    if asked.token:
        said["hub.verify_token"] = asked.token
    return _with_query(asked.callback, said)


def denied(callback: str, topic: str, reason: str) -> str:
    """The address at which he is told that he has no subscription (section 5.2)."""
    return _with_query(callback, {"hub.mode": "denied", "hub.topic": topic, "hub.reason": reason})


def signature(secret: str, body: bytes) -> str:
    """What `X-Hub-Signature` says of a push (section 7)."""
    method = SIGNED_BY[0]
    return f"{method}={hmac.new(secret.encode(), body, method).hexdigest()}"


def agrees(header: str, secret: str, body: bytes) -> bool:
    """Has who knows the secret signed this body? Compared in a time that tells nothing."""
    found = _SIGNATURE.fullmatch(header.strip())
    if not found:
        return False
    expected = hmac.new(secret.encode(), body, found[1].lower()).hexdigest()
    return hmac.compare_digest(expected, found[2].lower())


def link_header(hub: str, topic: str) -> str:
    """The Link header of a feed and of a push (section 4); without a hub the feed alone."""
    own = f'<{topic}>; rel="self"'
    return f'<{hub}>; rel="hub", {own}' if hub else own


def _topic(text: str) -> str:
    if not text:
        raise BadRequest("hub.topic is missing")
    if len(text) > _MOST_ADDRESS:
        raise BadRequest(f"hub.topic has more than {_MOST_ADDRESS:,} characters")
    return text


def _callback(text: str) -> str:
    if not text:
        raise BadRequest("hub.callback is missing")
    if len(text) > _MOST_ADDRESS:
        raise BadRequest(f"hub.callback has more than {_MOST_ADDRESS:,} characters")
    if "#" in text:
        raise BadRequest("hub.callback has a fragment")
    if "@" in text.partition("//")[2].partition("/")[0].partition("?")[0]:
        raise BadRequest("hub.callback has a user or a password")
    if not is_address(text) or urlsplit(text).port == 0:
        raise BadRequest("hub.callback is no absolute http or https address")
    return text


def _secret(text: str) -> str:
    if len(text.encode()) > MOST_SECRET:
        raise BadRequest(f"hub.secret has more than {MOST_SECRET} bytes")
    return text


def _lease(text: str) -> timedelta:
    if not text:
        return DEFAULT_LEASE
    if not (text.isascii() and text.isdecimal()):
        raise BadRequest("hub.lease_seconds is no number of seconds")
    least, most = (int(lease.total_seconds()) for lease in LEASES)
    return timedelta(seconds=max(least, min(int(text[:100]), most)))


def _token(text: str) -> str:
    if len(text) > _MOST_TOKEN:
        raise BadRequest(f"hub.verify_token has more than {_MOST_TOKEN:,} characters")
    return text


def _with_query(address: str, said: Mapping[str, str]) -> str:
    """A query that is there stays as it is (section 5.3)."""
    joint = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
    return f"{address}{joint}{urlencode(said, quote_via=quote)}"
