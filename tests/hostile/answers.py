# ruff: noqa: E501  # a case is a row, however long
"""What a server may say: each answer with what is to become of it; its statuses are in `statuses`.

`words` are in the reason (any of them, by a pattern); `asks` is how often it may be asked at most in one poll.
"""

import gzip
import zlib
from dataclasses import dataclass
from functools import partial

from hostile.case import Outcome
from hostile.make import item, rss
from hostile.wire import Line, Say

FEED = rss(item(1), item(2))
PATIENCE = 30.0  # seconds that the client of these tests gives an answer
HURRY = 1.5  # where it is to lose its patience; its neighbour is asked with the same, on a busy machine
LARGEST = 10_000_000


@dataclass(frozen=True, kw_only=True)
class Told:
    name: str
    say: Say
    outcome: Outcome = "refused"
    kept: int = 0
    words: str = ""
    asks: int = 1
    retry_after: tuple[float, float] | None = None  # seconds, at least and at most
    timeout: float = PATIENCE

    @property
    def alone(self) -> bool:
        """Is a world of its own needed? What is refused leaves nothing, and may share one."""
        return self.outcome == "read" or self.timeout != PATIENCE or self.retry_after is not None

    def __str__(self) -> str:
        return self.name


def raw(data: bytes) -> Say:
    return lambda line: line.send(data)


def http(body: bytes = FEED, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    head = "".join(f"{header}\r\n" for header in headers)
    size = len(body) if length is None else length
    lengths = "" if length == -1 else f"Content-Length: {size}\r\n"
    return f"HTTP/1.1 {status}\r\n{lengths}{head}\r\n".encode("latin-1") + body


def chunks(*pieces: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    body = b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body + end


def _bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b" " * 1_000_000) for _ in range(size)) + packer.flush()


def _cut(data: bytes, line: Line) -> None:
    line.send(data)
    line.reset()


def told(name: str, data: bytes | Say, words: str = "", **more: object) -> Told:
    return Told(name=name, say=raw(data) if isinstance(data, bytes) else data, words=words, **more)  # type: ignore[arg-type]  # as Told takes them


def fine(name: str, data: bytes | Say, kept: int = 2, **more: object) -> Told:
    return told(name, data, outcome="read", kept=kept, **more)


def slow(name: str, data: Say, words: str = "no complete answer", **more: object) -> Told:
    return told(name, data, words, timeout=HURRY, **more)


SLOW = (
    slow("silence", lambda line: line.wait(30)),
    slow("a status line, byte by byte", lambda line: line.drip(b"HTTP/1.1 200 OK", 0.05), "no complete answer|no valid HTTP"),
    slow("headers, byte by byte", lambda line: (line.send(b"HTTP/1.1 200 OK\r\nX: "), line.drip(b"x", 0.02))[0]),
    slow("a body, byte by byte", lambda line: (line.send(http(b"", length=5000)), line.drip(FEED, 0.02))[0]),
    slow("chunks of a byte", lambda line: (line.send(chunks(end=b"")), [(line.wait(0.02), line.send(b"1\r\nx\r\n")) for _ in range(500)])[0]),
    slow("silence within the body", lambda line: (line.send(http(FEED, length=len(FEED) + 9)), line.wait(30))[0]),
    slow("endless 100 Continue", lambda line: line.endlessly(b"HTTP/1.1 100 Continue\r\n\r\n" * 100), "no complete answer|no valid HTTP"),
    slow("endless 103 Early Hints", lambda line: [line.send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n") or line.wait(0.01) for _ in range(3000)] and None, "no complete answer|no valid HTTP"),
    slow("a slow chain of redirects", lambda line: (line.wait(0.6), line.send(http(b"", "Location: /feed", status="302 Found")))[0], asks=6),
)  # fmt: skip

LARGE = (
    told("an endless body", lambda line: (line.send(b"HTTP/1.1 200 OK\r\n\r\n"), line.endlessly(b"<!-- -->" * 8192))[0], "larger than|no complete"),
    told("an endless body in chunks", lambda line: (line.send(chunks(end=b"")), line.endlessly(b"10000\r\n" + b"x" * 65536 + b"\r\n"))[0], "larger than|no complete"),
    told("endless headers", lambda line: (line.send(b"HTTP/1.1 200 OK\r\n"), line.endlessly(b"X-Flood: 1\r\n" * 4096))[0], "no valid HTTP"),
    told("one endless header", lambda line: (line.send(b"HTTP/1.1 200 OK\r\nX: "), line.endlessly(b"x" * 65536))[0], "no valid HTTP"),
    told("an endless status line", lambda line: line.endlessly(b"HTTP/1.1 200 " + b"x" * 65536), "no valid HTTP"),
    fine("10,000 headers", http(FEED, *(f"X-{n}: 1" for n in range(10_000)))),
    told("a header of a megabyte", http(FEED, f"X: {'x' * 1_000_000}"), "no valid HTTP"),
    fine("an ETag of 50 kB", http(FEED, f'ETag: "{"x" * 50_000}"')),
    fine("a Content-Type of 50 kB", http(FEED, f"Content-Type: text/xml; charset={'x' * 50_000}")),
    told("a gzip bomb", http(_bomb(60), "Content-Encoding: gzip"), "larger than"),
    told("a gzip bomb in a gzip bomb", http(gzip.compress(_bomb(30)), "Content-Encoding: gzip, gzip"), "not asked for|larger"),
    told("a gzip bomb of many members", http(gzip.compress(b" " * 200_000) * 100, "Content-Encoding: gzip"), "larger than"),
    told("a deflate bomb", http(zlib.compress(b" " * 20_000_000), "Content-Encoding: deflate"), "larger than"),
    fine("a gzip file in gzip", http(gzip.compress(gzip.compress(FEED)), "Content-Encoding: gzip")),
    told("a Content-Length that is larger than we read", http(FEED, length=LARGEST + 1), "larger than"),
    told("a Content-Length of 2^70", http(FEED, length=2**70), "larger than|no valid HTTP"),
    told("extensions of chunks by the megabyte", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1;" + b"x" * 1_000_000 + b"\r\nx\r\n0\r\n\r\n", "no valid HTTP"),
    fine("trailers by the thousand", chunks(FEED, end=b"0\r\n" + b"X: 1\r\n" * 10_000 + b"\r\n")),
    fine("4,000 cookies", http(FEED, *(f"Set-Cookie: a{n}=1" for n in range(4_000)))),
)  # fmt: skip

LENGTHS = (
    told("a Content-Length that is too long", http(FEED, length=len(FEED) + 100), "cut short"),
    fine("a Content-Length that is too short", http(FEED, length=len(FEED) - 40), kept=1),
    told("a negative Content-Length", http(FEED, "Content-Length: -5", length=-1), "no valid HTTP"),
    told("a Content-Length of no digits", http(FEED, "Content-Length: viele", length=-1), "no valid HTTP"),
    told("two Content-Lengths that differ", http(FEED, "Content-Length: 7"), "no valid HTTP"),
    fine("two Content-Lengths that agree", http(FEED, f"Content-Length: {len(FEED)}")),
    told("a list of Content-Lengths", http(FEED, "Content-Length: 5, 7", length=-1), "no valid HTTP"),
    told("a Content-Length with a plus sign", http(FEED, f"Content-Length: +{len(FEED)}", length=-1), "no valid HTTP"),
    fine("no Content-Length: until the end of the connection", http(FEED, length=-1)),
    fine("Transfer-Encoding and Content-Length", chunks(FEED).replace(b"chunked\r\n", b"chunked\r\nContent-Length: 5\r\n")),
    fine("chunks", chunks(FEED[:100], FEED[100:])),
    fine("a thousand chunks", chunks(*(FEED[n : n + 2] for n in range(0, len(FEED), 2)))),
    told("a chunk size that is no number", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n", "no valid HTTP"),
    told("a negative chunk size", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\n0\r\n\r\n", "no valid HTTP"),
    told("a chunk size of 2^70", f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{2**70:x}\r\nabc\r\n0\r\n\r\n".encode(), "no valid HTTP|cut short"),
    told("a chunk that is longer than it says", chunks(FEED).replace(f"{len(FEED):x}\r\n".encode(), b"5\r\n"), "no valid HTTP"),
    told("chunks without the last one", chunks(FEED, end=b""), "cut short"),
    told("an unknown Transfer-Encoding", http(FEED, "Transfer-Encoding: rot13", length=-1), "no valid HTTP"),
    told("chunked twice", http(chunks(FEED).partition(b"\r\n\r\n")[2], "Transfer-Encoding: chunked, chunked", length=-1), "no valid HTTP"),
)  # fmt: skip

_WHOLE = http(FEED, "Content-Type: application/rss+xml")
_HEAD = _WHOLE.index(b"\r\n\r\n")
CUTS = (
    told("cut before the status", partial(_cut, b""), "without an answer|cut"),
    *(told(f"cut within the status line, at {n}", partial(_cut, _WHOLE[:n]), "without an answer|cut|no valid") for n in (1, 5, 9, 12)),
    *(told(f"cut within the headers, at {n}", partial(_cut, _WHOLE[:n]), "without an answer|cut|no valid") for n in (18, 30, _HEAD, _HEAD + 3)),
    *(told(f"cut within the body, at {n}", partial(_cut, _WHOLE[: _HEAD + 4 + n]), "cut") for n in (0, 1, 100, len(FEED) - 1)),
    *(told(f"closed within the answer, at {n}", raw(_WHOLE[:n]), "without an answer|cut short|no valid") for n in (0, 3, 17, 40, _HEAD + 4, _HEAD + 200)),
    *(told(f"closed within a chunk, at {n}", raw(chunks(FEED)[:n]), "cut short|without|no valid") for n in (50, 53, 60, 300)),
    told("closed within gzip", http(gzip.compress(FEED, mtime=0)[:-20], "Content-Encoding: gzip"), "cut short"),
    told("closed before gzip's checksum", http(gzip.compress(FEED, mtime=0)[:-8], "Content-Encoding: gzip"), "cut short"),
)  # fmt: skip

LIES = (
    told("HTTP/0.9: a body alone", FEED, "no valid HTTP|without an answer"),
    fine("HTTP/9.9", http().replace(b"HTTP/1.1", b"HTTP/9.9")),
    fine("HTTP/1.0", http().replace(b"HTTP/1.1", b"HTTP/1.0")),
    told("a status that is no number", http(status="abc"), "no valid HTTP"),
    told("a negative status", http(status="-200 OK"), "no valid HTTP"),
    told("an empty status line", b"\r\n\r\n\r\n", "no valid|without"),
    told("SSH", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "no valid HTTP"),
    told("TLS where plain words are expected", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500, "no valid HTTP"),
    told("NULs", b"\0" * 10_000, "no valid HTTP"),
    told("NUL in a header", http(FEED, "X-A: a\0b"), "no valid HTTP"),
    fine("controls in a header", http(FEED, "X-A: a\x01\x1b[31mb")),
    told("a header without a name", http(FEED, ": x"), "no valid HTTP"),
    fine("a header of two lines", http(FEED, "X-A: a\r\n b")),
    fine("line ends of LF alone", http().replace(b"\r\n", b"\n")),
    fine("bytes beyond ASCII in every header", http(FEED, "ETag: \"\xfc\xdf\"", "Last-Modified: \xfc", "Server: \xff")),
    fine("two answers in one", http() + http(rss(item(7, title="NIEMALS")))),
    fine("something behind the body", http() + b"<script>NIEMALS()</script>"),
    told("a PNG as a feed", http(b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "Content-Type: application/rss+xml"), "PNG"),
    fine("a feed as a PNG", http(FEED, "Content-Type: image/png")),
    fine("a feed as text/html", http(FEED, "Content-Type: text/html")),
    fine("a feed as text/plain", http(FEED, "Content-Type: text/plain; charset=us-ascii")),
    fine("a Content-Type of nothing", http(FEED, "Content-Type: ")),
    fine("three Content-Types", http(FEED, "Content-Type: text/html", "Content-Type: image/png", "Content-Type: x")),
    fine("a charset that lies", http(FEED, "Content-Type: application/rss+xml; charset=utf-16")),
    told("gzip that is none", http(FEED, "Content-Encoding: gzip"), "not the gzip"),
    told("deflate that is none", http(FEED, "Content-Encoding: deflate"), "not the deflate"),
    told("brotli, which nobody asked for", http(FEED, "Content-Encoding: br"), "not asked for"),
    fine("a coding that nobody knows", http(FEED, "Content-Encoding: " + "x" * 2000)),
    fine("gzip that nobody names", http(gzip.compress(FEED, mtime=0))),
    fine("gzip with rubbish behind it", http(gzip.compress(FEED, mtime=0) + b"\0rubbish", "Content-Encoding: gzip")),
    told("gzip with a wrong checksum", http(gzip.compress(FEED, mtime=0)[:-8] + b"\0" * 8, "Content-Encoding: gzip"), "not the gzip"),
    fine("Connection: close, keep-alive, upgrade", http(FEED, "Connection: keep-alive, upgrade", "Keep-Alive: timeout=-1, max=99999999999")),
    told("101 Switching Protocols", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", "no valid HTTP"),
    fine("dates that are none", http(FEED, "Date: gestern", "Expires: -1", "Last-Modified: 0", f"Age: {2**70}", f"Cache-Control: max-age={2**70}, max-age=-1")),
    fine("refreshes and links", http(FEED, "Refresh: 0;url=javascript:NIEMALS()", "Link: <javascript:NIEMALS()>; rel=alternate")),
)  # fmt: skip
