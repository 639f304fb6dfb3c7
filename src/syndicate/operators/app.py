"""What answers at the status address: GET and HEAD of two documents, to whom it is meant for."""

import asyncio
import base64
import binascii
import hmac
from collections.abc import Callable
from typing import NamedTuple

import structlog
from starlette.types import Receive, Scope, Send

from syndicate.operators.hosts import authority, is_meant
from syndicate.operators.made import Made
from syndicate.serve import NEVER, PLAIN, SECURE, Headers, policy_of, refuse, say

log = structlog.get_logger()

_LOOKED = 1.0  # second for which a look is good: it tries whether the disk can be written
_METRICS = b"text/plain; version=0.0.4; charset=utf-8"
_REALM: Headers = ((b"www-authenticate", b'Basic realm="syndicate: status", charset="UTF-8"'),)
_MISDIRECTED = (
    b"This is not the host that you ask for. Names under which this one may be asked: status_hosts in [serve]\n"
)


class Access(NamedTuple):
    """Who may ask. `hosts`: as `[serve] status_hosts`; `own`: where it listens; no `password`: whoever gets here."""

    own: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    password: str = ""


class Status:
    """The application that `create_app` makes."""

    def __init__(self, page: Made, metrics: Made, access: Callable[[], Access], pause: float) -> None:
        self._made = {"/": page, "/metrics": metrics}
        self._access = access
        self._pause = pause

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        head, access = scope["method"] == "HEAD", self._access()
        if not _is_meant(scope, access):
            await say(send, 421, _MISDIRECTED, PLAIN, head)
        elif access.password and not _knows(scope, access.password):
            if any(name == b"authorization" for name, _ in scope["headers"]):
                await asyncio.sleep(self._pause)  # who guesses has few connections, and this many tries on each
            await say(send, 401, b"A password is needed\n", (*PLAIN, *_REALM), head)
        elif scope["method"] not in ("GET", "HEAD"):
            await refuse(send)
        elif made := self._made.get(scope["path"]):
            await self._answer(made, scope["path"], send, head)
        else:
            await say(send, 404, b"There is nothing here: / and /metrics are\n", PLAIN, head)

    async def _answer(self, made: Made, path: str, send: Send, head: bool) -> None:
        try:
            body = await made.get()
        except Exception as error:  # a fault of ours: it must not look as if all were well
            log.error("status cannot be told", path=path, reason=repr(error))
            return await say(send, 503, b"This cannot be told now: the log says why\n", PLAIN, head)
        headers: Headers = ((b"content-type", _METRICS),)
        if path == "/":
            policy = policy_of(body)
            headers = ((b"content-type", b"text/html; charset=utf-8"), (b"content-security-policy", policy))
        await say(send, 200, body, (*headers, *_OURS), head)


# Nobody keeps it, frames it, or is told of it.
_OURS: Headers = (
    *((name, b"no-referrer" if name == b"referrer-policy" else value) for name, value in SECURE),
    (b"cache-control", NEVER),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


def create_app(
    page: Callable[[], bytes], metrics: Callable[[], bytes], access: Callable[[], Access], *, pause: float = 0.5
) -> Status:
    """An ASGI application: `page` (HTML, UTF-8) at `/`, `metrics` (Prometheus' text) at `/metrics`.

    Both are called in threads, one of each at a time. `access` is asked at each request, in the event loop. `pause`:
    seconds that the answer to a wrong password waits.
    """
    return Status(Made(page, least=_LOOKED), Made(metrics), access, pause)


def _is_meant(scope: Scope, access: Access) -> bool:
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    target = scope.get("state", {}).get("target", scope["raw_path"])
    asked = authority(target, hosts)
    here = (scope["server"][0],) if scope.get("server") else ()
    return bool(asked) and is_meant(asked, (*access.own, *here), access.hosts)


def _knows(scope: Scope, password: str) -> bool:
    """Does it come with the password (RFC 7617)? Whatever the user is called."""
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    scheme, _, credentials = given[0].partition(b" ") if len(given) == 1 else (b"", b"", b"")
    if scheme.lower() != b"basic":
        return False
    try:
        decoded = base64.b64decode(credentials.strip(), validate=True)
    except binascii.Error:
        return False
    return hmac.compare_digest(decoded.partition(b":")[2], password.encode())
