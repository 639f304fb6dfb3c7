"""What is said where no published file is the answer: refusals, 404, 301, "later"."""

from html import escape
from math import ceil

from starlette.types import Message, Send

from syndicate.publish import NEVER, REST, SECURE, STRICT, Headers, kind_of
from syndicate.serve.address import reference
from syndicate.serve.cache import start

_PIECE = 256 * 1024  # bytes handed to the connection at once, so that a slow client holds no more than that
END: Message = {"type": "http.response.body", "body": b""}
# Of a refusal: nobody keeps it.
PLAIN: Headers = (
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"cache-control", NEVER),
    *SECURE,
    (b"content-security-policy", STRICT),
)
TOO_MANY = b"Too many requests\n"
LATER = (b"Try again later\n", (*PLAIN, (b"retry-after", b"60")))
_MOVED = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Moved</title>
<main>
<h1>Moved</h1>
<p>This has <a href="{0}">a new address</a>.</p>
<p lang="de">Dies hat <a href="{0}">eine neue Adresse</a>.</p>
</main>
</html>
"""


def sentence(reason: str) -> bytes:
    """Why something is refused; the name of a field, like `hub.mode`, stays as it is."""
    first = reason.partition(" ")[0]
    return f"{reason if '.' in first else reason[:1].upper() + reason[1:]}\n".encode()


def page(cache_control: bytes, policy: bytes = STRICT) -> Headers:
    """Of a page that is no published file: without validators, so that no condition makes a 304 of it."""
    shown: Headers = ((b"content-type", b"text/html; charset=utf-8"), (b"cache-control", cache_control))
    return (*shown, *SECURE, (b"content-security-policy", policy))


def page_of_nothing(policy: bytes = STRICT) -> Headers:
    """Of an address that nobody knows. Its links tell nobody which that was: one with a newsroom's token, mistyped."""
    headers = page(NEVER, policy)
    return tuple((name, b"no-referrer" if name == b"referrer-policy" else value) for name, value in headers)


async def say(send: Send, status: int, body: bytes, headers: Headers, head: bool = False) -> None:
    """A whole answer. `head`: to HEAD, so without its body."""
    await say_bare(send, status, b"" if head else body, (*headers, (b"content-length", b"%d" % len(body))))


async def say_bare(send: Send, status: int, body: bytes, headers: Headers) -> None:
    """A whole answer whose headers are all that is said of its length."""
    await send(start(status, headers))
    await send_body(send, body)


async def say_too_many(send: Send, seconds: float, head: bool) -> None:
    """429: this client may ask again in so many seconds (RFC 6585 section 4)."""
    await say(send, 429, TOO_MANY, _too_many(seconds), head)


def too_many(seconds: float, head: bool) -> tuple[bytes, bytes]:
    """The same as it goes out, but for Date and the empty line: a flood is refused at next to no cost."""
    return _as_sent(b"429 Too Many Requests", _too_many(seconds), TOO_MANY)[0], b"" if head else TOO_MANY


def bad_request(why: str) -> tuple[bytes, bytes]:
    """What is no request that can be answered, likewise; nothing that comes behind it is."""
    return _as_sent(b"400 Bad Request", (*PLAIN, (b"connection", b"close")), f"{why}\n".encode())


def _as_sent(status: bytes, headers: Headers, body: bytes) -> tuple[bytes, bytes]:
    whole = (*headers, (b"content-length", b"%d" % len(body)))
    return b"HTTP/1.1 %b\r\n" % status + b"".join(b"%b: %b\r\n" % header for header in whole), body


def _too_many(seconds: float) -> Headers:
    return (*PLAIN, (b"retry-after", b"%d" % max(1, ceil(seconds))))


async def refuse(send: Send) -> None:
    """Of a method that changes something, or that nobody knows."""
    await say(send, 405, b"Method not allowed\n", (*PLAIN, (b"allow", b"GET, HEAD")))


async def redirect(send: Send, path: str, target: str, query: bytes, head: bool) -> None:
    """301 from `path` to `target`, both relative to the folder."""
    location = reference(path, target, query)
    kind = kind_of(target)
    headers: Headers = (*page(REST), (b"location", location.encode()), *(kind.always if kind else ()))
    await say(send, 301, _MOVED.format(escape(location)).encode(), headers, head)


async def send_body(send: Send, body: bytes, part: range | None = None) -> None:
    """The last messages of an answer whose head was sent, with the whole body or a part of it that is not empty."""
    part = part or range(len(body))
    for position in range(part.start, part.stop, _PIECE) or (0,):
        end = min(position + _PIECE, part.stop)
        await send({"type": "http.response.body", "body": body[position:end], "more_body": end < part.stop})
