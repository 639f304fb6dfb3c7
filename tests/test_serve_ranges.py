"""Byte ranges: the table of RFC 9110 section 14, then what a server makes of them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.serve import STREAMED, Server, create_app, wanted
from test_serve_files import GZIP, Site

WHOLE, NOWHERE = None, range(0)


@pytest.mark.parametrize(
    ("field", "part"),
    [  # of 10,000 bytes, as the examples of section 14.1.2 are
        (b"bytes=0-499", range(500)),
        (b"bytes=500-999", range(500, 1000)),
        (b"bytes=-500", range(9500, 10000)),
        (b"bytes=9500-", range(9500, 10000)),
        (b"bytes=0-0", range(1)),
        (b"bytes=-1", range(9999, 10000)),
        (b"bytes=0-", range(10000)),
        (b"bytes=0-9999", range(10000)),
        (b"bytes=0-10000", range(10000)),
        (b"bytes=9999-99999999999999999999", range(9999, 10000)),
        (b"bytes=-10001", range(10000)),
        (b"bytes=-99999999999999999999", range(10000)),
        (b"bytes=007-08", range(7, 9)),
        (b"BYTES=0-0", range(1)),
        (b"bytes=, 0-0 ,,", range(1)),  # section 5.6.1: a list may have empty elements
        (b"bytes=10000-, 0-0", range(1)),
        (b"bytes=10000-", NOWHERE),
        (b"bytes=10000-10001", NOWHERE),
        (b"bytes=-0", NOWHERE),
        (b"bytes=10000-,-0,20000-30000", NOWHERE),
        (b"bytes=0-0,-1", WHOLE),
        (b"bytes=500-600,601-999", WHOLE),
        (b"bytes=500-700,601-999", WHOLE),
        (b"bytes=2-1", WHOLE),  # not valid, so it is as if it were not there
        (b"bytes=0-0,2-1", WHOLE),
        (b"bytes=10001-10000", WHOLE),
        (b"bytes=", WHOLE),
        (b"bytes=,", WHOLE),
        (b"bytes=-", WHOLE),
        (b"bytes=5", WHOLE),
        (b"bytes=a-b", WHOLE),
        (b"bytes=0-1-2", WHOLE),
        (b"bytes=--1", WHOLE),
        (b"bytes=+0-1", WHOLE),
        (b"bytes=0 - 1", WHOLE),
        (b"bytes=0-1;q=1", WHOLE),
        (b"bytes=\xb2-3", WHOLE),
        (b"bytes =0-1", WHOLE),
        (b"bytes=0-1,bytes=3-4", WHOLE),
        (b"lines=0-1", WHOLE),
        (b"0-1", WHOLE),
        (b"", WHOLE),
        (b"bytes=0-" + b"9" * 5000, WHOLE),
    ],
)
def test_what_is_asked_for(field: bytes, part: range | None) -> None:
    assert wanted(field, 10_000) == part


@pytest.mark.parametrize("field", [b"bytes=0-", b"bytes=-5", b"bytes=0-0"])
def test_of_nothing_there_is_no_part(field: bytes) -> None:
    assert wanted(field, 0) is None


@given(st.integers(1, 50), st.integers(0, 60), st.integers(0, 60))
def test_a_part_is_what_a_slice_is(length: int, first: int, last: int) -> None:
    whole = range(length)
    assert (wanted(b"bytes=%d-" % first, length) or range(0)) == whole[first:]
    assert (wanted(b"bytes=-%d" % last, length) or range(0)) == whole[length - min(last, length) :]
    if first <= last:
        assert (wanted(b"bytes=%d-%d" % (first, last), length) or range(0)) == whole[first : last + 1]


@given(st.binary(max_size=40), st.integers(0, 100))
def test_any_bytes_have_a_part(field: bytes, length: int) -> None:
    part = wanted(b"bytes=" + field, length)
    assert part is None or (not part) or (0 <= part[0] <= part[-1] < length)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("feeds")
    with Server(create_app(folder), "127.0.0.1", 0) as running:
        site = Site(folder, running.port)
        site.put("media/0f/foto.jpg", FOTO)
        site.put("media/0f/tafel.csv", TEXT)
        site.put("media/0f/film.mp4", FILM)
        site.put("all.atom", TEXT)
        yield site


FOTO = os.urandom(5000)
TEXT = b"Talland;3,4\n" * 300
FILM = os.urandom(2**20) * 9
assert len(FILM) > STREAMED
FILES = {"foto.jpg": FOTO, "film.mp4": FILM, "tafel.csv": TEXT}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("field", ["0-", "0-0", "100-199", "-300", "1000-1000000", "1000-9000000000"])
def test_a_part_is_206(site: Site, name: str, field: str) -> None:
    body = FILES[name]
    whole, answer = site.ask(f"/media/0f/{name}"), site.ask(f"/media/0f/{name}", {"Range": f"bytes={field}"} | GZIP)
    part = wanted(f"bytes={field}".encode(), len(body))
    assert part
    assert (answer.status, answer.body) == (206, body[part.start : part.stop])
    assert answer.headers["content-range"] == f"bytes {part[0]}-{part[-1]}/{len(body)}"
    assert answer.headers["content-length"] == str(len(part))
    own = {"content-range", "content-length", "date"}
    same = {header: value for header, value in whole.headers.items() if header not in own}
    assert {header: value for header, value in answer.headers.items() if header not in own} == same
    assert whole.headers["accept-ranges"] == "bytes"
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("name", FILES)
def test_a_part_that_is_not_there_is_416(site: Site, name: str) -> None:
    answer = site.ask(f"/media/0f/{name}", {"Range": f"bytes={len(FILES[name])}-"})
    assert (answer.status, answer.headers["content-range"]) == (416, f"bytes */{len(FILES[name])}")
    assert not {"etag", "last-modified"} & set(answer.headers)
    assert site.ask(f"/media/0f/{name}", {"Range": "bytes=0-0"}).status == 206


@pytest.mark.parametrize("field", ["bytes=0-0,-1", "bytes=2-1", "lines=0-1"])
def test_otherwise_it_is_the_whole(site: Site, field: str) -> None:
    answer = site.ask("/media/0f/foto.jpg", {"Range": field})
    assert (answer.status, answer.body) == (200, FOTO)
    assert "content-range" not in answer.headers


def test_a_head_has_no_parts(site: Site) -> None:
    for field in ("bytes=0-0", "bytes=999999-"):
        answer = site.ask("/media/0f/foto.jpg", {"Range": field}, "HEAD")
        assert (answer.status, answer.headers["content-length"]) == (200, str(len(FOTO)))


def test_what_is_packed_has_no_parts(site: Site) -> None:
    answer = site.ask("/media/0f/tafel.csv", GZIP)
    assert (answer.headers["content-encoding"], answer.headers["accept-ranges"]) == ("gzip", "none")
    packed, rest = answer.headers["etag"], {"Range": "bytes=100-"}
    assert site.ask("/media/0f/tafel.csv", GZIP | rest | {"If-Range": packed}).status == 200


def test_a_feed_has_no_parts(site: Site) -> None:
    answer = site.ask("/all.atom", {"Range": "bytes=0-9"})
    assert (answer.status, answer.body, answer.headers["accept-ranges"]) == (200, TEXT, "none")


def test_a_download_goes_on_with_the_same_bytes_only(site: Site) -> None:
    whole = site.ask("/media/0f/foto.jpg").headers
    rest = {"Range": "bytes=4000-"}
    for mine in (whole["etag"], whole["last-modified"]):
        assert site.ask("/media/0f/foto.jpg", rest | {"If-Range": mine}).body == FOTO[4000:]
    for other in ('"other"', f"W/{whole['etag']}", "Thu, 01 Jan 1970 00:00:00 GMT"):
        answer = site.ask("/media/0f/foto.jpg", rest | {"If-Range": other})
        assert (answer.status, answer.body) == (200, FOTO)
        gone = {"Range": "bytes=999999-", "If-Range": other}
        assert site.ask("/media/0f/foto.jpg", gone).status == 200


def test_conditions_come_before_parts(site: Site) -> None:
    etag = site.ask("/media/0f/foto.jpg").headers["etag"]
    for field in ("bytes=0-0", "bytes=999999-"):
        for condition, status in (("If-None-Match", 304), ("If-Match", 206 if field == "bytes=0-0" else 416)):
            assert site.ask("/media/0f/foto.jpg", {"Range": field, condition: etag}).status == status
        assert site.ask("/media/0f/foto.jpg", {"Range": field, "If-Match": '"other"'}).status == 412


def test_a_file_that_comes_in_parts_is_whole(tmp_path: Path, site: Site) -> None:
    step = 1_000_003
    parts = [site.ask("/media/0f/film.mp4", {"Range": f"bytes={n}-{n + step - 1}"}) for n in range(0, len(FILM), step)]
    assert {part.status for part in parts} == {206}
    assert b"".join(part.body for part in parts) == FILM


def test_what_is_not_there_has_no_parts(site: Site) -> None:
    assert site.ask("/media/0f/none.jpg", {"Range": "bytes=0-0"}).status == 404
