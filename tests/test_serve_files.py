"""The published folder over a real server: what each request gets."""

import asyncio
import gzip
import hashlib
import http.client
import os
import resource
import socket
import threading
from collections.abc import Iterator
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from starlette.types import Message

from syndicate.serve import STREAMED, Cache, Files, Server, create_app, kind_of, read

FEED = "<feed>Förderung für Talland</feed>\n".encode() * 200
GZIP = {"Accept-Encoding": "gzip"}


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Site(NamedTuple):
    """A folder, and the server in front of it."""

    folder: Path
    port: int

    def put(self, path: str, body: bytes, mtime: float | None = None) -> None:
        """As `publish` does: a temporary file, renamed into place."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.tmp")
        temporary.write_bytes(body)
        if mtime is not None:
            os.utime(temporary, (mtime, mtime))
        temporary.replace(target)

    def ask(self, path: str, headers: dict[str, str] | None = None, method: str = "GET") -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def ask_raw(self, target: bytes) -> Answer:
        """For what http.client refuses to send."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            response = http.client.HTTPResponse(connection)
            response.begin()
            with response:
                return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("feeds")
    with Server(create_app(folder), "127.0.0.1", 0) as running:
        yield Site(folder, running.port)


@pytest.fixture
def site(server: Site) -> Site:
    """The module's server with an empty folder."""
    for path in sorted(server.folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    return server


def test_a_feed_is_whole_and_has_its_validators(site: Site) -> None:
    site.put("gesundheit.atom", FEED, mtime=1_780_000_000)
    answer = site.ask("/gesundheit.atom")
    digest = hashlib.sha256(FEED).hexdigest()
    assert answer.status == 200
    assert answer.body == FEED
    del answer.headers["date"]
    assert answer.headers == {
        "content-type": "application/atom+xml; charset=utf-8",
        "content-length": str(len(FEED)),
        "etag": f'"{digest[:32]}"',
        "last-modified": formatdate(1_780_000_000, usegmt=True),
        "cache-control": "max-age=60",
        "access-control-allow-origin": "*",
        "vary": "accept-encoding, a-im, sec-fetch-dest",
        "accept-ranges": "none",
        "x-content-type-options": "nosniff",
        "referrer-policy": "strict-origin-when-cross-origin",
        "content-security-policy": "default-src 'none'; style-src 'self'; img-src http: https:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'",
    }


def test_gzip_is_another_representation(site: Site) -> None:
    site.put("all.rss", FEED)
    plain, packed = site.ask("/all.rss"), site.ask("/all.rss", GZIP)
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed.body) == plain.body == FEED
    assert int(packed.headers["content-length"]) == len(packed.body) < len(FEED)
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.headers["etag"].endswith('-gzip"')
    assert packed.headers["vary"] == plain.headers["vary"] == "accept-encoding, a-im, sec-fetch-dest"
    assert site.ask("/all.rss", {"Accept-Encoding": "gzip;q=0, *"}).body == FEED


def packed(text: bytes, level: int = 1) -> bytes:
    return gzip.compress(text, level, mtime=0)


@pytest.mark.parametrize(
    ("beside", "used"),
    [
        (packed(FEED), True),
        (packed(FEED, 9), True),
        (packed(FEED[:-1]), False),  # of an earlier file
        (packed(FEED + b" "), False),
        (packed(FEED)[:-1], False),  # not whole
        (packed(FEED)[:-8] + bytes(8), False),  # its sum is wrong
        (packed(FEED) + b"\0", False),
        (packed(FEED[:900]) + packed(FEED[900:]), False),  # several members: not everybody reads on
        (packed(FEED, 0), False),  # it saves nothing
        (packed(bytes(10**7)), False),  # a bomb
        (FEED, False),
        (b"", False),
    ],
)
def test_what_is_packed_beside_a_file_is_used_where_it_is_that_file(site: Site, beside: bytes, used: bool) -> None:
    site.put("all.atom.gz", beside)
    site.put("all.atom", FEED)
    answer = site.ask("/all.atom", GZIP)
    assert (answer.headers["content-encoding"], gzip.decompress(answer.body)) == ("gzip", FEED)
    assert (answer.body == beside) is used
    assert site.ask("/all.atom").body == FEED
    assert site.ask("/all.atom.gz").status == 404


def test_what_is_packed_beside_a_file_may_be_late(site: Site) -> None:
    site.put("all.atom", FEED)
    site.put("all.atom.gz", packed(FEED))
    assert gzip.decompress(site.ask("/all.atom", GZIP).body) == FEED
    site.put("all.atom", FEED[::-1])
    assert gzip.decompress(site.ask("/all.atom", GZIP).body) == FEED[::-1]
    (site.folder / "all.atom").unlink()
    assert site.ask("/all.atom", GZIP).status == 404


def test_what_is_packed_outside_the_folder_is_not_used(site: Site) -> None:
    outside = site.folder.parent / "outside.gz"
    outside.write_bytes(packed(FEED))
    (site.folder / "all.atom.gz").symlink_to(outside)
    site.put("all.atom", FEED)
    assert site.ask("/all.atom", GZIP).body not in (outside.read_bytes(), b"")


@pytest.mark.parametrize("headers", [{}, GZIP])
@pytest.mark.parametrize("path", ["/all.atom", "/healthz", "/unknown.html"])
def test_head_tells_what_get_would_bring(site: Site, path: str, headers: dict[str, str]) -> None:
    site.put("all.atom", FEED)
    get, head = site.ask(path, headers), site.ask(path, headers, "HEAD")
    assert head.body == b""
    assert head.status == get.status
    assert int(head.headers["content-length"]) == len(get.body)
    get.headers["date"] = head.headers["date"]
    assert head.headers == get.headers


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("coding", [{}, GZIP])
@pytest.mark.parametrize("validator", ["etag", "weak", "star", "date"])
def test_304_for_what_the_client_holds(site: Site, method: str, coding: dict[str, str], validator: str) -> None:
    site.put("all.json", FEED)
    first = site.ask("/all.json", coding)
    field = {
        "etag": {"If-None-Match": first.headers["etag"]},
        "weak": {"If-None-Match": f'"other", W/{first.headers["etag"]}'},
        "star": {"If-None-Match": "*"},
        "date": {"If-Modified-Since": first.headers["last-modified"]},
    }[validator]
    answer = site.ask("/all.json", coding | field, method)
    assert answer.status == 304
    assert answer.body == b""
    del answer.headers["date"]
    kept = ("etag", "last-modified", "cache-control", "access-control-allow-origin", "vary")
    assert answer.headers == {name: first.headers[name] for name in kept}


def test_one_coding_validates_no_other(site: Site) -> None:
    site.put("all.atom", FEED)
    packed = site.ask("/all.atom", GZIP).headers["etag"]
    assert site.ask("/all.atom", {"If-None-Match": packed}).body == FEED


def test_the_lines_of_a_list_are_one_list(site: Site) -> None:
    site.put("all.atom", FEED)
    etag = site.ask("/all.atom").headers["etag"].encode()
    lines = b'/all.atom HTTP/1.1\r\nIf-None-Match: "x"\r\nIf-None-Match: ' + etag + b'\r\nIf-None-Match: "y"\r\nHost: x'
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as connection:
        connection.sendall(b"GET " + lines + b"\r\nConnection: close\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 304")


def test_a_tag_outweighs_a_date(site: Site) -> None:
    site.put("all.atom", FEED)
    late = formatdate(4_000_000_000, usegmt=True)
    assert site.ask("/all.atom", {"If-None-Match": '"other"', "If-Modified-Since": late}).status == 200


def test_a_replaced_file_is_out_at_once(site: Site) -> None:
    site.put("all.atom", FEED)
    old = site.ask("/all.atom")
    site.put("all.atom", b"X" * len(FEED))
    new = site.ask("/all.atom", {"If-None-Match": old.headers["etag"]})
    assert (new.status, new.body) == (200, b"X" * len(FEED))
    (site.folder / "all.atom").unlink()
    assert site.ask("/all.atom", {"If-None-Match": "*"}).status == 404


def test_the_same_bytes_keep_their_tag(site: Site) -> None:
    site.put("all.atom", FEED, mtime=1_780_000_000)
    old = site.ask("/all.atom").headers
    site.put("all.atom", FEED, mtime=1_780_000_100)
    new = site.ask("/all.atom").headers
    assert new["etag"] == old["etag"]
    assert new["last-modified"] == formatdate(1_780_000_100, usegmt=True)


@pytest.mark.parametrize("later", [0, 0.4, -3600], ids=["same instant", "same second", "clock set back"])
def test_a_change_shows_also_to_who_asks_by_date_alone(site: Site, later: float) -> None:
    site.put("all.atom", FEED, mtime=1_780_000_000.2)
    date = site.ask("/all.atom").headers["last-modified"]
    site.put("all.atom", FEED[::-1], mtime=1_780_000_000.2 + later)
    second = site.ask("/all.atom", {"If-Modified-Since": date})
    assert second.body == FEED[::-1]
    assert site.ask("/all.atom", {"If-Modified-Since": second.headers["last-modified"]}).status == 304


def test_no_file_is_from_the_future(site: Site) -> None:
    site.put("all.atom", FEED, mtime=4_000_000_000)
    headers = site.ask("/all.atom").headers
    assert parsedate_to_datetime(headers["last-modified"]) <= parsedate_to_datetime(headers["date"])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"])
@pytest.mark.parametrize("path", ["/all.atom", "/unknown"])
def test_only_get_and_head(site: Site, method: str, path: str) -> None:
    site.put("all.atom", FEED)
    if method == "BREW":
        assert site.ask(path, method=method).status in (400, 405)  # the parser knows the methods that exist
        return
    answer = site.ask(path, method=method)
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/", "/index.html", "/?utm_source=x"])
def test_the_index(site: Site, path: str) -> None:
    site.put("index.html", b"<h1>Themen</h1>")
    answer = site.ask(path)
    assert answer.body == b"<h1>Themen</h1>"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["vary"] == "accept-encoding"


OPENED = {"Sec-Fetch-Dest": "document"}


@pytest.mark.parametrize(
    ("path", "page", "shown"),
    [
        ("gesundheit.atom", "gesundheit.html", True),
        ("gesundheit.rss", "gesundheit.html", True),
        ("gesundheit/3.atom", "gesundheit/3.html", True),
        ("all.atom", "index.html", True),
        ("all/3.atom", "all/3.html", True),
        ("gesundheit.json", "gesundheit.html", False),
        ("topics.opml", "topics.html", False),
    ],
)
def test_who_opens_a_feed_in_a_browser_sees_its_page(site: Site, path: str, page: str, shown: bool) -> None:
    site.put(path, FEED)
    without = site.ask(f"/{path}", OPENED)
    assert without.body == FEED, "there is no page of it"
    site.put(page, b"<h1>Gesundheit</h1>" * 100)
    for coding in ({}, GZIP):
        opened, read = site.ask(f"/{path}", OPENED | coding), site.ask(f"/{path}", coding)
        assert (opened.headers["content-type"] == "text/html; charset=utf-8") is shown
        assert opened.headers["vary"] == read.headers["vary"]
        assert read.headers["content-type"].startswith("text/html") is False
        for other in ("empty", "iframe", "script", "audio"):
            assert site.ask(f"/{path}", {"Sec-Fetch-Dest": other} | coding).body == read.body
        again = site.ask(f"/{path}", OPENED | coding | {"If-None-Match": opened.headers["etag"]})
        assert (again.status, again.headers["vary"]) == (304, read.headers["vary"])
    crossed = site.ask(f"/{path}", {"If-None-Match": site.ask(f"/{path}", OPENED).headers["etag"]})
    assert crossed.status == (200 if shown else 304), "a reader never takes the page for the feed"


def test_a_feed_that_is_not_there_has_no_page(site: Site) -> None:
    site.put("404.html", b"nichts")
    site.put("gesundheit.html", b"<h1>Gesundheit</h1>")
    assert site.ask("/gesundheit.rss", OPENED).status == 404


NOTHING = [
    b"/releases/unknown00000.html",
    b"/gesundheit",
    b"/gesundheit/",
    b"/gesundheit/index.html",
    b"/.lock",
    b"/%2elock",
    b"/all.atom.tmp",
    b"/.all.atom.tmp",
    b"/syndicate.db",
    b"/../outside.html",
    b"/%2e%2e/outside.html",
    b"/..%2foutside.html",
    b"/gesundheit%2f1.atom",
    b"/gesundheit/..%2findex.html",
    b"//index.html",
    b"/index.html/",
    b"/index.html/x.html",
    b"/index.html%00",
    b"/out.html",
    b"/outdir/outside.html",
    b"/loop.html",
    b"/pipe.html",
    b"/folder.html",
    b"/" + b"a" * 300 + b".html",
    b"/" + b"a/" * 600 + b"a.html",
]


@pytest.fixture
def crowded(site: Site) -> Site:
    """A folder with all that must not be seen."""
    outside = site.folder.parent / "outside"
    outside.mkdir(exist_ok=True)
    for hidden in (outside / "outside.html", site.folder.parent / "outside.html"):
        hidden.write_bytes(b"geheim")
    for path in (".lock", "all.atom.tmp", ".all.atom.tmp", "syndicate.db", "index.html", "gesundheit/1.atom"):
        site.put(path, b"geheim" if path[0] != "i" else b"<h1>Themen</h1>")
    (site.folder / "out.html").symlink_to(outside / "outside.html")
    (site.folder / "outdir").symlink_to(outside)
    (site.folder / "loop.html").symlink_to("loop.html")
    (site.folder / "folder.html").mkdir()
    os.mkfifo(site.folder / "pipe.html")
    return site


@pytest.mark.parametrize("target", NOTHING)
def test_nothing_is_the_same_nothing_everywhere(crowded: Site, target: bytes) -> None:
    answer, unknown = crowded.ask_raw(target), crowded.ask_raw(b"/releases/never0000000.html")
    answer.headers["date"] = unknown.headers["date"]
    assert answer == unknown
    assert answer.status == 404
    assert b"geheim" not in answer.body
    assert not {"etag", "last-modified"} & set(answer.headers)
    assert answer.headers["cache-control"] == "no-store"  # what is held today may be public in a second


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/gesundheit", "gesundheit.html"),
        ("/gesundheit?utm_source=brief", "gesundheit.html?utm_source=brief"),
        ("/gesundheit/1", "../gesundheit/1.html"),
        ("/releases/talland00001", "../releases/talland00001.html"),
        ("/index", "index.html"),
        ("/gesundheit/", "../gesundheit.html"),
        ("/gesundheit/?utm_source=brief", "../gesundheit.html?utm_source=brief"),
        ("/gesundheit/1/", "../../gesundheit/1.html"),
        ("/releases/talland00001/", "../../releases/talland00001.html"),
    ],
)
def test_an_address_without_its_ending_leads_to_the_page(site: Site, method: str, target: str, location: str) -> None:
    for path in ("index.html", "gesundheit.html", "gesundheit/1.html", "releases/talland00001.html", "forst.atom"):
        site.put(path, b"<h1>Seite</h1>")
    answer = site.ask(target, method=method)
    assert (answer.status, answer.headers["location"]) == (301, location)
    assert answer.headers["cache-control"] == "max-age=300"
    for nothing in (
        "/gesundheit.htm",
        "/forst",
        "/releases",
        "/media/x/gesundheit",
        "/forst/",
        "//",
        "/gesundheit//",
        "/index.html/",
    ):
        assert site.ask(nothing, method=method).status == 404, nothing


def test_the_folder_may_bring_its_own_page_for_nothing(site: Site) -> None:
    site.put("404.html", b"<h1>Nicht gefunden</h1>")
    answer = site.ask("/releases/unknown00000.html", {"If-None-Match": "*", **GZIP})
    assert (answer.status, answer.body) == (404, b"<h1>Nicht gefunden</h1>")


def test_a_link_within_the_folder_is_followed(site: Site) -> None:
    site.put("new.atom", FEED)
    (site.folder / "old.atom").symlink_to("new.atom")
    assert site.ask("/old.atom").body == FEED
    (site.folder / "old.atom").unlink()
    (site.folder / "old.atom").symlink_to(site.folder.parent / "outside.html")
    assert site.ask("/old.atom").status == 404


@pytest.mark.parametrize(
    ("path", "media_type", "saved"),
    [
        ("media/0f/foto.jpg", "image/jpeg", False),
        ("media/0f/karte.svg", "image/svg+xml", False),
        ("media/0f/haushalt.pdf", "application/pdf", True),
        ("media/0f/seite.html", "application/octet-stream", True),
    ],
)
def test_media_never_run_as_a_page_of_ours(site: Site, path: str, media_type: str, saved: bool) -> None:
    site.put(path, b"<svg onload='alert(1)'/>")
    headers = site.ask(f"/{path}").headers
    assert headers["content-type"] == media_type
    assert headers["content-security-policy"].endswith("sandbox")
    assert headers["x-content-type-options"] == "nosniff"
    assert (headers.get("content-disposition") == "attachment") is saved
    assert headers["cache-control"] == "max-age=300"


KEPT = [
    ("all.atom", "max-age=60"),
    ("gesundheit.rss", "max-age=60"),
    ("gesundheit.json", "max-age=60"),
    ("gesundheit.html", "max-age=60"),
    ("index.html", "max-age=60"),
    ("topics.opml", "max-age=60"),
    ("sitemap.xml", "max-age=60"),
    ("releases/talland00001.html", "max-age=60"),
    ("gesundheit/1.atom", "max-age=300"),
    ("gesundheit/1.json", "max-age=300"),
    ("gesundheit/1.html", "max-age=300"),
    ("all/12.html", "max-age=300"),
    ("sitemaps/1.xml", "max-age=300"),
    ("media/0f/foto.jpg", "max-age=300"),
    ("media/0f/all.atom", "max-age=300"),
    ("feed.css", "max-age=300"),
    ("robots.txt", "max-age=300"),
    ("favicon.ico", "max-age=300"),
]


@pytest.mark.parametrize(("path", "kept"), KEPT)
def test_how_long_a_cache_may_keep_it(site: Site, path: str, kept: str) -> None:
    """Of the bytes, and of the word that they are still the same."""
    site.put(path, FEED)
    answer = site.ask(f"/{path}")
    again = site.ask(f"/{path}", {"If-None-Match": answer.headers["etag"]})
    assert (answer.status, again.status) == (200, 304)
    assert answer.headers["cache-control"] == again.headers["cache-control"] == kept


@pytest.mark.parametrize(
    ("target", "method", "headers", "status"),
    [
        ("/nichts", "GET", {}, 404),
        ("/nichts.atom", "HEAD", {"If-None-Match": "*"}, 404),
        ("/all.atom", "POST", {}, 405),
        ("/all.atom", "GET", {"If-Match": '"another"'}, 412),
        ("/media/0f/foto.jpg", "GET", {"Range": "bytes=999999-"}, 416),
        ("/healthz", "GET", {}, 200),
        ("/readyz", "GET", {}, 200),
        ("/healthz", "POST", {}, 405),
    ],
)
def test_what_nobody_may_keep(site: Site, target: str, method: str, headers: dict[str, str], status: int) -> None:
    site.put("all.atom", FEED)
    site.put("media/0f/foto.jpg", FEED)
    answer = site.ask(target, headers, method)
    assert (answer.status, answer.headers["cache-control"]) == (status, "no-store")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "referrer-policy" in answer.headers


def test_a_page_says_its_policy_in_a_header_too(site: Site) -> None:
    """A header alone can say who may frame it; a page of an earlier version has the hash of its own style."""
    stated = "default-src &#39;none&#39;; style-src &#39;sha256-abc=&#39;"
    page = f'<!DOCTYPE html>\n<meta http-equiv="Content-Security-Policy" content="{stated}"><p>x'.encode()
    for path in ("index.html", "404.html"):
        site.put(path, page)
    for target in ("/", "/nichts"):
        policy = site.ask(target).headers["content-security-policy"]
        assert policy == "default-src 'none'; style-src 'sha256-abc='; frame-ancestors 'none'"
    site.put("bare.html", b"<p>x" + b" " * 3000 + page)  # said too late to be ours
    assert site.ask("/bare.html").headers["content-security-policy"].startswith("default-src 'none'; base-uri")


def test_media_names_are_any_names(site: Site) -> None:
    site.put("media/0f/Übersicht März 2026.pdf", b"%PDF-")
    assert site.ask("/media/0f/%C3%9Cbersicht%20M%C3%A4rz%202026.pdf").body == b"%PDF-"


def test_old_or_new_never_mixed(site: Site) -> None:
    versions = [bytes([65 + n]) * (40_000 + 30_000 * n) for n in range(4)]
    site.put("all.atom", versions[0])
    stop = threading.Event()

    def replace() -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            site.put("all.atom", versions[turn % 4])

    writer = threading.Thread(target=replace)
    writer.start()
    try:
        for turn in range(150):
            answer = site.ask("/all.atom", GZIP if turn % 2 else {})
            assert answer.status == 200
            body = gzip.decompress(answer.body) if turn % 2 else answer.body
            assert body in versions
            assert answer.headers["etag"].startswith(f'"{hashlib.sha256(body).hexdigest()[:32]}')
    finally:
        stop.set()
        writer.join()


def test_a_big_file_is_streamed(site: Site) -> None:
    body = os.urandom(1000) * (STREAMED // 1000 + 100)
    site.put("media/0f/film.mp4", body)
    answer = site.ask("/media/0f/film.mp4", GZIP)
    assert answer.body == body
    assert int(answer.headers["content-length"]) == len(body)
    assert site.ask("/media/0f/film.mp4", {"If-None-Match": answer.headers["etag"]}).status == 304
    assert site.ask("/media/0f/film.mp4", method="HEAD").headers["content-length"] == str(len(body))


def test_a_big_file_replaced_while_it_is_read_is_the_old_one(site: Site) -> None:
    old, new = b"a" * (STREAMED + 1), b"b" * (STREAMED + 2)
    site.put("media/0f/film.mp4", old)
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    connection.request("GET", "/media/0f/film.mp4")
    with connection.getresponse() as response:
        first = response.read(1000)
        site.put("media/0f/film.mp4", new)
        assert first + response.read() == old
    connection.close()
    assert site.ask("/media/0f/film.mp4").body == new


def test_a_big_file_replaced_before_it_is_opened_is_the_new_one(site: Site) -> None:
    """Between the look at the file and its first byte: the headers must be those of the bytes."""
    site.put("media/0f/film.mp4", b"a" * (STREAMED + 1))
    files = Files(site.folder, not_found=b"")
    scope = {"method": "GET", "raw_path": b"/media/0f/film.mp4", "headers": []}
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def race() -> None:
        old = await files._find("media/0f/film.mp4")
        assert old is not None
        site.put("media/0f/film.mp4", b"b" * (STREAMED + 2))
        await files._stream(old, scope, send)

    asyncio.run(race())
    assert dict(sent[0]["headers"])[b"content-length"] == b"%d" % (STREAMED + 2)
    assert b"".join(message["body"] for message in sent[1:]) == b"b" * (STREAMED + 2)


def test_what_nobody_reads_on_is_not_read(site: Site) -> None:
    site.put("media/0f/film.mp4", b"a" * (STREAMED + 1))
    files = Files(site.folder, not_found=b"")
    scope = {"method": "GET", "raw_path": b"/media/0f/film.mp4", "headers": []}
    sent: list[Message] = []
    left = asyncio.Event()

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) == 3:
            left.set()

    async def receive() -> Message:
        await left.wait()
        return {"type": "http.disconnect"}

    asyncio.run(files(scope, receive, send))
    assert sum(len(message.get("body", b"")) for message in sent) < STREAMED // 2


def test_a_passing_failure_is_no_absence(site: Site) -> None:
    """A reader drops a feed that is gone; one that it cannot have just now it asks again."""
    site.put("all.atom", FEED)
    site.put("media/0f/film.mp4", bytes(STREAMED + 1))
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    connection.request("HEAD", "/media/0f/film.mp4")
    connection.getresponse().read()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(0)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, hard))
    try:
        for path in ("/all.atom", "/media/0f/film.mp4"):  # one to be read, one that is known and to be streamed
            connection.request("GET", path)
            response = connection.getresponse()
            assert (response.status, response.headers["retry-after"]) == (503, "60")
            response.read()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    connection.request("GET", "/all.atom")
    assert connection.getresponse().read() == FEED
    connection.close()


def test_health(site: Site) -> None:
    answer = site.ask("/healthz")
    assert (answer.status, answer.body) == (200, b'{"status":"ok"}')
    assert answer.headers["cache-control"] == "no-store"
    assert site.ask("/readyz").status == 200
    assert site.ask("/healthz", method="POST").status == 405


def test_ready_when_it_is(tmp_path: Path) -> None:
    ready = threading.Event()
    with Server(create_app(tmp_path, ready=ready.is_set, not_found=b"nothing"), "127.0.0.1", 0) as running:
        site = Site(tmp_path, running.port)
        assert site.ask("/readyz").status == 503
        assert site.ask("/healthz").status == 200
        ready.set()
        assert site.ask("/readyz").status == 200
        assert site.ask("/").body == b"nothing"


def test_the_cache_is_bounded_and_forgets_the_oldest(tmp_path: Path) -> None:
    cache = Cache(capacity=100_000)
    kind = kind_of("a.atom")
    assert kind is not None
    for number in range(8):
        (tmp_path / f"{number}.atom").write_bytes(os.urandom(20_000))
        cache.keep(read(str(tmp_path), f"{number}.atom", kind, None))
        cache.get("0.atom")
        assert cache.size <= 100_000
    assert [n for n in range(8) if cache.get(f"{n}.atom")] == [0, 7]  # gzip beside it: two fit
    cache.forget("0.atom")
    cache.forget("7.atom")
    assert cache.size == 0


def test_what_is_answered_is_noted(tmp_path: Path) -> None:
    """The first answer is read from the disk, the others are given at once: noted alike."""
    noted = list[tuple[str, str, int, dict[bytes, bytes]]]()
    (tmp_path / "all.atom").write_bytes(FEED)
    digest, name = hashlib.sha256(FEED).hexdigest(), {"User-Agent": "reader/1.0"}
    with Server(create_app(tmp_path, note=noted.append), "127.0.0.1", 0) as running:
        site = Site(tmp_path, running.port)
        tag = site.ask("/all.atom", name).headers["etag"]
        site.ask("/all.atom", GZIP | name)
        for method in ("GET", "HEAD"):
            site.ask("/all.atom", {"If-None-Match": tag}, method)
            site.ask("/all.atom", {"If-None-Match": tag, "If-Match": tag}, method)  # not at once
        site.ask("/all.atom", method="HEAD")  # who gets no bytes holds none
        site.ask("/all.rss")
    assert [(path, hash_, status) for path, hash_, status, _ in noted] == [
        ("all.atom", digest, status) for status in (200, 200, 304, 304, 304, 304)
    ]
    assert [asked.get(b"user-agent") for *_, asked in noted][:2] == [b"reader/1.0"] * 2
    assert [asked.get(b"if-none-match") for *_, asked in noted][2:] == [tag.encode()] * 4
