# ruff: noqa: E501  # a case is a row, however long
"""What a server may answer: its statuses, when it wants to be asked again, and pages where a feed should be."""

from hostile import answers
from hostile.answers import FEED, Told, fine, http, told

PAGE = "<!DOCTYPE html><html><head><title>{}</title></head><body><h1>{}</h1><p>{}</p></body></html>"


def page(title: str, words: str = "Bitte haben Sie Geduld.") -> bytes:
    return http(PAGE.format(title, title, words).encode(), "Content-Type: text/html")


_LONG = "lang " * 2_000
_ESCAPES = "\x1b]0;x\x07\x1b[31m"
WORDS = (  # a server's own, which would stand in the reason
    told("a phrase of 10 kB", http(status=f"500 {_LONG}"), "500 Internal"),
    told("a phrase that a terminal obeys", http(status=f"500 {_ESCAPES}"), "500 Internal"),
    told("a status line of 10 kB that is none", f"SSH-2.0 {_LONG}\r\n\r\n".encode(), "no valid HTTP"),
    told("a status line that is none and that a terminal obeys", f"SSH{_ESCAPES}\r\n\r\n".encode(), "no valid HTTP"),
    told("a header of 10 kB that is none", http(FEED, _LONG), "no valid HTTP"),
    told("the name of a header, of 10 kB", http(FEED, f"{'x' * 10_000} : 1"), "no valid HTTP"),
    told("a Content-Length of 10 kB", http(FEED, f"Content-Length: {_LONG}", length=-1), "no valid HTTP"),
    told("a Transfer-Encoding of 10 kB", http(FEED, f"Transfer-Encoding: {_LONG}", length=-1), "no valid HTTP"),
    fine("a coding of 10 kB", http(FEED, f"Content-Encoding: {_LONG}")),
    fine("a coding that a terminal obeys", http(FEED, f"Content-Encoding: {_ESCAPES}rot")),
    fine("a coding beyond ASCII", http(FEED, "Content-Encoding: r\xf6t\x9b31m")),
    told("a Location of 10 kB to another scheme", http(b"", f"Location: gopher://x/{'a' * 10_000}", status="302 Found"), "neither http nor https"),
    told("a Location of 10 kB to nowhere", http(b"", f"Location: http://x:0/{'a' * 10_000}", status="302 Found"), "no port that there is"),
    told("a Location whose host is of 10 kB", http(b"", f"Location: http://{'a.' * 5_000}x/", status="302 Found"), "was not found"),
    told("a Location of 10 kB to a private address", http(b"", f"Location: http://10.0.0.1/{'a' * 10_000}", status="301 Moved"), "private"),
)  # fmt: skip

STATUSES = (
    told("200 without a body", http(b""), "empty"),
    fine("201", http(status="201 Created")),
    told("204", http(b"", status="204 No Content"), "204"),
    told("206", http(FEED[:100], f"Content-Range: bytes 0-99/{len(FEED)}", status="206 Partial Content"), "206"),
    told("226 that nobody asked for", http(status="226 IM Used"), "226 IM Used: a difference"),
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
    _busy("120", 120, 126),  # from the answer
    _busy("120", 120, 126, "503 Service Unavailable"),
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
    told("a consent wall, with status 200", page("Cookie-Einstellungen", "<button>Alle akzeptieren</button>"), "consent wall"),
    told("not found, with status 200", page("Seite nicht gefunden", "Die Seite gibt es nicht."), "error page"),
    told("an empty page", http(b"<!DOCTYPE html><html><body></body></html>", "Content-Type: text/html"), "no release"),
    told("a parked domain", page("talland.example steht zum Verkauf", "<a href='https://kauf.example/'>Jetzt kaufen</a>"), "no release"),
    told("a page that refreshes itself", http(b"<html><head><meta http-equiv=refresh content='0;url=/feed'></head></html>", "Content-Type: text/html"), "no release"),
    told("a redirect by a script", http(b"<html><script>location='/feed?x'</script></html>", "Content-Type: text/html"), "no release"),
    told("JSON that says an error", http(b'{"error": "rate limited"}', "Content-Type: application/json"), "JSON"),
    told("words that say an error", http(b"Too many connections", "Content-Type: text/plain"), "no running text"),
    told("a listing of a folder", http(b"<html><head><title>Index of /</title></head><body><h1>Index of /</h1><pre><a href='../'>../</a></pre></body></html>", "Content-Type: text/html"), "no release"),
)  # fmt: skip

ALL: tuple[Told, ...] = (
    *answers.SLOW,
    *answers.LARGE,
    *answers.LENGTHS,
    *answers.CUTS,
    *answers.LIES,
    *WORDS,
    *STATUSES,
    *RETRIES,
    *PAGES,
)
