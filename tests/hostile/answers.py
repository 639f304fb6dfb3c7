# ruff: noqa: E501  # a case is a row, however long
"""What a server may say: each answer with what is to become of it.

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
PAGE = "<!DOCTYPE html><html><head><title>{}</title></head><body><h1>{}</h1><p>{}</p></body></html>"
DEADLINE = 1.0  # seconds that the client of these tests gives an answer
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
    seconds: float = 3.0

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


def maybe(name: str, data: bytes | Say, **more: object) -> Told:
    return told(name, data, outcome="either", **more)


def page(title: str, words: str = "Bitte haben Sie Geduld.", status: str = "200 OK", *headers: str) -> bytes:
    return http(PAGE.format(title, title, words).encode(), "Content-Type: text/html", *headers, status=status)


SLOW = (
    told("silence", lambda line: line.wait(30), "no complete answer"),
    told("a status line, byte by byte", lambda line: line.drip(b"HTTP/1.1 200 OK", 0.05), "no complete answer|no valid HTTP"),
    told("headers, byte by byte", lambda line: (line.send(b"HTTP/1.1 200 OK\r\nX: "), line.drip(b"x", 0.02))[0], "no complete answer"),
    told("a body, byte by byte", lambda line: (line.send(http(b"", length=5000)), line.drip(FEED, 0.02))[0], "no complete answer"),
    told("chunks of a byte", lambda line: (line.send(chunks(end=b"")), [(line.wait(0.02), line.send(b"1\r\nx\r\n")) for _ in range(500)])[0], "no complete answer"),
    told("silence within the body", lambda line: (line.send(http(FEED, length=len(FEED) + 9)), line.wait(30))[0], "no complete answer"),
    told("endless 100 Continue", lambda line: line.endlessly(b"HTTP/1.1 100 Continue\r\n\r\n" * 100), "no complete answer|no valid HTTP"),
    told("endless 103 Early Hints", lambda line: [line.send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n") or line.wait(0.01) for _ in range(3000)] and None, "no complete answer|no valid HTTP"),
    told("a slow chain of redirects", lambda line: (line.wait(0.4), line.send(http(b"", "Location: /feed", status="302 Found")))[0], "no complete answer|redirects", asks=6),
)  # fmt: skip

LARGE = (
    told("an endless body", lambda line: (line.send(b"HTTP/1.1 200 OK\r\n\r\n"), line.endlessly(b"<!-- -->" * 8192))[0], "larger than|no complete"),
    told("an endless body in chunks", lambda line: (line.send(chunks(end=b"")), line.endlessly(b"10000\r\n" + b"x" * 65536 + b"\r\n"))[0], "larger than|no complete"),
    told("endless headers", lambda line: (line.send(b"HTTP/1.1 200 OK\r\n"), line.endlessly(b"X-Flood: 1\r\n" * 4096))[0], "no valid HTTP"),
    told("one endless header", lambda line: (line.send(b"HTTP/1.1 200 OK\r\nX: "), line.endlessly(b"x" * 65536))[0], "no valid HTTP"),
    told("an endless status line", lambda line: line.endlessly(b"HTTP/1.1 200 " + b"x" * 65536), "no valid HTTP"),
    maybe("10,000 headers", http(FEED, *(f"X-{n}: 1" for n in range(10_000)))),
    maybe("a header of a megabyte", http(FEED, f"X: {'x' * 1_000_000}")),
    maybe("an ETag of 50 kB", http(FEED, f'ETag: "{"x" * 50_000}"'), kept=2),
    maybe("a Content-Type of 50 kB", http(FEED, f"Content-Type: text/xml; charset={'x' * 50_000}"), kept=2),
    told("a gzip bomb", http(_bomb(60), "Content-Encoding: gzip"), "larger than"),
    told("a gzip bomb in a gzip bomb", http(gzip.compress(_bomb(30)), "Content-Encoding: gzip, gzip"), "not asked for|larger"),
    told("a gzip bomb of many members", http(gzip.compress(b" " * 200_000) * 100, "Content-Encoding: gzip"), "larger than"),
    told("a deflate bomb", http(zlib.compress(b" " * 20_000_000), "Content-Encoding: deflate"), "larger than"),
    told("a gzip file in gzip", http(gzip.compress(gzip.compress(FEED)), "Content-Encoding: gzip"), "gzip archive"),
    told("a Content-Length that is larger than we read", http(FEED, length=LARGEST + 1), "larger than"),
    told("a Content-Length of 2^70", http(FEED, length=2**70), "larger than|no valid HTTP"),
    maybe("extensions of chunks by the megabyte", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1;" + b"x" * 1_000_000 + b"\r\nx\r\n0\r\n\r\n"),
    maybe("trailers by the thousand", chunks(FEED, end=b"0\r\n" + b"X: 1\r\n" * 10_000 + b"\r\n")),
    maybe("20,000 cookies", http(FEED, *(f"Set-Cookie: a{n}=1" for n in range(4_000)))),
)  # fmt: skip

LENGTHS = (
    told("a Content-Length that is too long", http(FEED, length=len(FEED) + 100), "cut short"),
    maybe("a Content-Length that is too short", http(FEED, length=len(FEED) - 40), kept=2),
    told("a negative Content-Length", http(FEED, "Content-Length: -5", length=-1), "no valid HTTP"),
    told("a Content-Length of no digits", http(FEED, "Content-Length: viele", length=-1), "no valid HTTP"),
    told("two Content-Lengths that differ", http(FEED, "Content-Length: 7"), "no valid HTTP"),
    maybe("two Content-Lengths that agree", http(FEED, f"Content-Length: {len(FEED)}"), kept=2),
    told("a list of Content-Lengths", http(FEED, "Content-Length: 5, 7", length=-1), "no valid HTTP"),
    maybe("a Content-Length with a plus sign", http(FEED, f"Content-Length: +{len(FEED)}", length=-1)),
    fine("no Content-Length: until the end of the connection", http(FEED, length=-1)),
    maybe("Transfer-Encoding and Content-Length", chunks(FEED).replace(b"chunked\r\n", b"chunked\r\nContent-Length: 5\r\n"), kept=2),
    fine("chunks", chunks(FEED[:100], FEED[100:])),
    fine("a thousand chunks", chunks(*(FEED[n : n + 2] for n in range(0, len(FEED), 2)))),
    told("a chunk size that is no number", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n", "no valid HTTP"),
    told("a negative chunk size", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\n0\r\n\r\n", "no valid HTTP"),
    told("a chunk size of 2^70", f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{2**70:x}\r\nabc\r\n0\r\n\r\n".encode(), "no valid HTTP|cut short"),
    told("a chunk that is longer than it says", chunks(FEED).replace(f"{len(FEED):x}\r\n".encode(), b"5\r\n"), "no valid HTTP"),
    told("chunks without the last one", chunks(FEED, end=b""), "cut short"),
    told("an unknown Transfer-Encoding", http(FEED, "Transfer-Encoding: rot13", length=-1), ""),
    told("chunked twice", http(chunks(FEED).partition(b"\r\n\r\n")[2], "Transfer-Encoding: chunked, chunked", length=-1), ""),
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
    maybe("HTTP/9.9", http().replace(b"HTTP/1.1", b"HTTP/9.9")),
    fine("HTTP/1.0", http().replace(b"HTTP/1.1", b"HTTP/1.0")),
    told("a status that is no number", http(status="abc"), "no valid HTTP"),
    told("a negative status", http(status="-200 OK"), "no valid HTTP"),
    told("an empty status line", b"\r\n\r\n\r\n", "no valid|without"),
    told("SSH", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "no valid HTTP"),
    told("TLS where plain words are expected", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500, "no valid HTTP"),
    told("NULs", b"\0" * 10_000, "no valid HTTP"),
    told("NUL in a header", http(FEED, "X-A: a\0b"), "no valid HTTP"),
    maybe("controls in a header", http(FEED, "X-A: a\x01\x1b[31mb"), words=""),
    maybe("a header without a name", http(FEED, ": x"), words=""),
    maybe("a header of two lines", http(FEED, "X-A: a\r\n b"), kept=2),
    maybe("line ends of LF alone", http().replace(b"\r\n", b"\n"), kept=2),
    fine("bytes beyond ASCII in every header", http(FEED, "ETag: \"\xfc\xdf\"", "Last-Modified: \xfc", "Server: \xff")),
    maybe("two answers in one", http() + http(rss(item(7, title="NIEMALS")))),
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
    told("a coding that nobody knows", http(FEED, "Content-Encoding: " + "x" * 2000), "not asked for"),
    told("gzip that nobody names", http(gzip.compress(FEED, mtime=0)), "gzip archive"),
    fine("gzip with rubbish behind it", http(gzip.compress(FEED, mtime=0) + b"\0rubbish", "Content-Encoding: gzip")),
    told("gzip with a wrong checksum", http(gzip.compress(FEED, mtime=0)[:-8] + b"\0" * 8, "Content-Encoding: gzip"), "not the gzip"),
    fine("Connection: close, keep-alive, upgrade", http(FEED, "Connection: keep-alive, upgrade", "Keep-Alive: timeout=-1, max=99999999999")),
    maybe("101 Switching Protocols", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"),
    fine("dates that are none", http(FEED, "Date: gestern", "Expires: -1", "Last-Modified: 0", f"Age: {2**70}", f"Cache-Control: max-age={2**70}, max-age=-1")),
    fine("refreshes and links", http(FEED, "Refresh: 0;url=javascript:NIEMALS()", "Link: <javascript:NIEMALS()>; rel=alternate")),
)  # fmt: skip

STATUSES = (
    told("200 without a body", http(b""), "empty"),
    told("201", http(status="201 Created"), "201"),
    told("204", http(b"", status="204 No Content"), "204"),
    told("206", http(FEED[:100], f"Content-Range: bytes 0-99/{len(FEED)}", status="206 Partial Content"), "206"),
    maybe("226 that nobody asked for", http(status="226 IM Used"), kept=2),
    told("300", http(status="300 Multiple Choices"), "300"),
    told("304 without cause", http(b"", status="304 Not Modified"), "304"),
    told("305", http(b"", "Location: http://127.0.0.1:1/", status="305 Use Proxy"), "305"),
    *(told(f"{code} without Location", http(b"", status=f"{code} Moved"), "Location") for code in (301, 302, 303, 307, 308)),
    *(told(f"{code}", http(b"", status=f"{code} No"), f"{code}") for code in (400, 401, 402, 403, 404, 405, 406, 407, 408, 410, 418, 421, 451, 500, 501, 502, 504, 505, 511, 520, 599)),
    told("401 that asks for a password", http(b"", 'WWW-Authenticate: Basic realm="x"', status="401 Unauthorized"), "401"),
    told("407 that asks for a password", http(b"", 'Proxy-Authenticate: NTLM', status="407 Proxy"), "407"),
    told("status 99", http(status="99 Tief"), "99|no valid"),
    told("status 999", http(status="999 Hoch"), "999|no valid"),
    told("status 600", http(status="600 Hoch"), "600|no valid"),
    told("an error whose page is endless", lambda line: (line.send(b"HTTP/1.1 500 Oh\r\n\r\n"), line.endlessly(b"x" * 65536))[0], "500"),
    told("an error whose page is a feed", http(status="404 Not Found"), "404"),
)  # fmt: skip


def _busy(value: str, low: float, high: float, status: str = "429 Too Many Requests") -> Told:
    return told(
        f"{status[:3]}, Retry-After: {value[:40]!r}",
        http(b"", f"Retry-After: {value}", status=status),
        status[:3],
        retry_after=(low, high),
    )


_WEEK = 7 * 24 * 3600.0
RETRIES = (  # the clock of the tests stands at 2026-06-01 12:00 UTC
    _busy("120", 120, 120),
    _busy("120", 120, 120, "503 Service Unavailable"),
    _busy("0", 0, 0),
    _busy("-1", 0, _WEEK),
    _busy("1.5", 0, _WEEK),
    _busy(str(2**70), 3600, _WEEK),
    _busy("9" * 5000, 3600, _WEEK),
    _busy("Mon, 01 Jun 2026 12:10:00 GMT", 600, 600),
    _busy("Monday, 01-Jun-26 12:10:00 GMT", 600, 600),
    _busy("Mon Jun  1 12:10:00 2026", 600, 600),
    _busy("Mon, 01 Jun 2026 11:00:00 GMT", 0, 0),
    _busy("Fri, 31 Dec 9999 23:59:59 GMT", 3600, _WEEK),
    _busy("Mon, 32 Foo 2026 25:61:00 GMT", 0, _WEEK),
    _busy("bald", 0, _WEEK),
    _busy("", 0, _WEEK),
    _busy("\xb2\xb3", 0, _WEEK),
    _busy("120, 240", 0, _WEEK),
    _busy("NaN", 0, _WEEK),
    _busy("Infinity", 0, _WEEK),
    _busy("P1D", 0, _WEEK),
)

PAGES = (
    told("maintenance, with status 200", page("Wartungsarbeiten", "Wir sind gleich wieder für Sie da."), "maintenance"),
    told("a login, with status 200", page("Anmelden", "<form><input type=password></form>"), "login"),
    told("a challenge, with status 200", page("Just a moment...", "<noscript>Enable JavaScript and cookies to continue</noscript>"), "challenge"),
    told("a consent wall, with status 200", page("Cookie-Einstellungen", "<button>Alle akzeptieren</button>"), ""),
    told("not found, with status 200", page("Seite nicht gefunden", "Die Seite gibt es nicht."), ""),
    told("an empty page", http(b"<!DOCTYPE html><html><body></body></html>", "Content-Type: text/html"), ""),
    told("a parked domain", page("talland.example steht zum Verkauf", "<a href='https://kauf.example/'>Jetzt kaufen</a>"), ""),
    told("a page that refreshes itself", http(b"<html><head><meta http-equiv=refresh content='0;url=/feed'></head></html>", "Content-Type: text/html"), ""),
    told("a redirect by a script", http(b"<html><script>location='/feed?x'</script></html>", "Content-Type: text/html"), ""),
    told("JSON that says an error", http(b'{"error": "rate limited"}', "Content-Type: application/json"), "JSON"),
    told("words that say an error", http(b"Too many connections", "Content-Type: text/plain"), ""),
    told("a listing of a folder", http(b"<html><head><title>Index of /</title></head><body><h1>Index of /</h1><pre><a href='../'>../</a></pre></body></html>", "Content-Type: text/html"), ""),
)  # fmt: skip

ANSWERS: tuple[Told, ...] = (*SLOW, *LARGE, *LENGTHS, *CUTS, *LIES, *STATUSES, *RETRIES, *PAGES)

# Where a public source redirects to, and must not: (Location, what the reason names). Nothing is dialled.
REDIRECTS = (
    ("file:///etc/passwd", ""),
    ("javascript:alert(1)", ""),
    ("data:application/rss+xml,<rss/>", ""),
    ("ftp://127.0.0.1/feed", ""),
    ("gopher://127.0.0.1:6379/_INFO", ""),
    ("dict://127.0.0.1:11211/stats", ""),
    ("unix:/var/run/docker.sock", ""),
    ("http+unix://%2Fvar%2Frun%2Fdocker.sock/info", ""),
    ("blob:http://quelle.example/x", ""),
    ("http://127.0.0.1/", "loopback"),
    ("http://127.0.0.1:22/", "loopback"),
    ("//127.0.0.1/", "loopback"),
    ("\\\\127.0.0.1\\x", None),
    ("http://127.1/", ""),
    ("http://0177.0.0.1/", ""),
    ("http://2130706433/", ""),
    ("http://0x7f.0.0.1/", ""),
    ("http://127.0.0.1./", ""),
    ("http://localhost/", ""),
    ("http://quelle.example@127.0.0.1/", "loopback"),
    ("http://127.0.0.1\\@quelle.example/", None),
    ("http://127.0.0.1%00.quelle.example/", ""),
    ("http://127。0。0。1/", ""),
    ("http://①②⑦.⓪.⓪.①/", ""),
    ("http://[::1]/", ""),
    ("http://[::]/", ""),
    ("http://[::ffff:127.0.0.1]/", ""),
    ("http://[::ffff:7f00:1]/", ""),
    ("http://[64:ff9b::7f00:1]/", ""),
    ("http://[2002:7f00:1::]/", ""),
    ("http://[fe80::1%25eth0]/", ""),
    ("http://[fc00::1]/", ""),
    ("http://0.0.0.0/", "reserved"),
    ("http://10.0.0.1/", "private"),
    ("http://172.16.0.1/", "private"),
    ("http://192.168.178.1/", "private"),
    ("http://100.64.0.1/", "NAT"),
    ("http://169.254.1.1/", "link-local"),
    ("http://169.254.169.254/latest/meta-data/", "metadata"),
    ("http://[fd00:ec2::254]/latest/", ""),
    ("http://100.100.100.200/", "metadata"),
    ("http://224.0.0.1/", "multicast"),
    ("http://255.255.255.255/", "reserved"),
    ("http://innen.example/", "private"),
    ("http://metadaten.example/", "metadata"),
    ("http://quelle.example:0/", ""),
    ("http://quelle.example:99999/", ""),
    ("http://quelle.example:-1/", ""),
    ("http://", None),
    ("http:///feed", None),
    ("http://[::1", ""),
    ("http://" + "a" * 100_000 + ".example/", ""),
    ("http://ä" + "ä" * 300 + ".example/", ""),
    ("http://.../", ""),
    ("http://quelle .example/", ""),
    ("/feed\r\nX-Injected: 1", None),
    ("http://10.0.0.1/\r\nHost: quelle.example", "private"),
)
NAMES = {
    "quelle.example": ["93.184.216.34"],
    "innen.example": ["10.1.2.3"],
    "metadaten.example": ["169.254.169.254"],
    "wechsel.example": ["93.184.216.34", "127.0.0.1"],  # another answer the second time (rebinding)
}
