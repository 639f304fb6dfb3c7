"""A source with an address: what is asked, and what becomes of each answer. Against a real server."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from servers import Reply, Server
from syndicate.client import Client, Limits
from syndicate.errors import FetchError, HTTPStatusError, SourceGone
from syndicate.fetch import fetch, fresh, retry_after
from syndicate.model import FetchResult, FetchState, Source
from test_client import anywhere

NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
NEW = FetchState(source="talland")
FEED = b"<rss version='2.0'><channel/></rss>"
HASH = sha256(FEED).hexdigest()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(Limits(user_agent="syndicate/test", timeout=5, max_bytes=100_000)) as opened:
        yield opened


def poll(client: Client, url: str, state: FetchState = NEW) -> FetchResult:
    return fetch(Source(id="talland", url=url, allow_private=True), state, client=client, now=NOW)


def failure(client: Client, url: str, state: FetchState = NEW) -> FetchError:
    with pytest.raises(FetchError) as caught:
        poll(client, url, state)
    return caught.value


def test_the_first_poll_asks_without_conditions(server: Server, client: Client) -> None:
    validators = {"ETag": 'W/"a"', "Last-Modified": "Wed, 01 Jul 2026 07:00:00 GMT"}
    url = server.answers("/feed", Reply(body=FEED, headers={"Content-Type": "text/xml; charset=utf-8", **validators}))
    result = poll(client, url)
    (capture,) = result.captures
    assert (capture.body, capture.media_type, capture.url, capture.path) == (FEED, "text/xml; charset=utf-8", url, None)
    assert result.state == FetchState(
        source="talland", etag='W/"a"', last_modified="Wed, 01 Jul 2026 07:00:00 GMT", hash=HASH, whole=NOW
    )
    sent = server.requests[0].headers
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == (None, None)
    assert sent["Accept"].startswith("application/atom+xml, application/rss+xml")


def test_validators_are_sent_exactly_as_stored(server: Server, client: Client) -> None:
    """Not as a date that was understood: a server may compare the characters."""
    state = FetchState(source="talland", etag='"kein;gültiges"', last_modified="gestern", hash=HASH, failures=3)
    url = server.answers("/feed", Reply(status=304))
    assert poll(client, url, state) == FetchResult(state=replace(state, whole=NOW))
    sent = server.requests[0].headers
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('"kein;gültiges"', "gestern")


def test_the_same_bytes_are_no_news_but_new_validators_are_kept(server: Server, client: Client) -> None:
    url = server.answers("/feed", Reply(body=FEED, headers={"ETag": '"2"'}))
    state = FetchState(source="talland", etag='"1"', last_modified="gestern", hash=HASH)
    result = poll(client, url, state)
    assert result.captures == ()
    assert result.state == FetchState(source="talland", etag='"2"', last_modified=None, hash=HASH, whole=NOW)


@pytest.mark.parametrize(("days", "doubted"), [(0, False), (6, False), (7, True), (30, True)])
def test_nothing_has_changed_is_not_believed_for_more_than_a_week(
    server: Server, client: Client, days: int, doubted: bool
) -> None:
    url = server.answers("/feed", Reply(body=FEED) if doubted else Reply(status=304))
    whole = NOW - timedelta(days=days)
    state = FetchState(source="talland", etag='"1"', last_modified="gestern", hash=HASH, whole=whole)
    result = poll(client, url, state)
    sent = server.requests[0].headers
    validators = (sent["If-None-Match"], sent["If-Modified-Since"], sent["A-IM"])
    assert validators == ((None, None, None) if doubted else ('"1"', "gestern", "feed"))
    assert result.captures == ()  # the bytes are what they were
    assert result.state.whole == (NOW if doubted else whole)


@pytest.mark.parametrize("status", [200, 201, 202, 203, 218, 299])
def test_an_answer_with_all_that_is_there(server: Server, client: Client, status: int) -> None:
    url = server.answers("/feed", Reply(status=status, body=FEED))
    assert [capture.body for capture in poll(client, url).captures] == [FEED]


def test_other_bytes_are_a_capture(server: Server, client: Client) -> None:
    url = server.answers("/feed", Reply(body=FEED + b" "))
    assert len(poll(client, url, FetchState(source="talland", hash=HASH)).captures) == 1


def test_a_304_that_nobody_asked_for(server: Server, client: Client) -> None:
    url = server.answers("/feed", Reply(status=304))
    message = str(failure(client, url, FetchState(source="talland", hash=HASH)))
    assert message == f"{url} answered 304 Not Modified, though it was not asked whether it was modified"


@pytest.mark.parametrize(
    ("status", "phrase"),
    [
        (204, "204 No Content"),
        (206, "206 Partial Content"),
        (300, "300 Multiple Choices"),
        (401, "401 Unauthorized"),
        (404, "404 Not Found"),
        (500, "500 Internal Server Error"),
        (599, "599"),
    ],
)
def test_any_other_answer_is_a_failure(server: Server, client: Client, status: int, phrase: str) -> None:
    url = server.answers("/feed", Reply(status=status, body=FEED))
    error = failure(client, url)
    assert str(error) == f"{url} answered {phrase}"
    assert not isinstance(error, SourceGone)
    assert error.retry_after is None


def test_gone_is_gone(server: Server, client: Client) -> None:
    url = server.answers("/feed", Reply(status=410))
    error = failure(client, url)
    assert isinstance(error, SourceGone)
    assert str(error) == f"{url} answered 410 Gone"


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        (429, "120", 120),
        (503, "120", 120),
        (503, "Wed, 01 Jul 2026 08:10:00 GMT", 600),
        (404, "120", None),
        (429, "soon", 900),
        (503, "soon", None),
    ],
)
def test_when_to_come_back(server: Server, client: Client, status: int, header: str, seconds: float | None) -> None:
    url = server.answers("/feed", Reply(status=status, headers={"Retry-After": header}))
    found = failure(client, url).retry_after
    assert found == seconds or (header in ("120", "soon") and seconds and found and seconds < found <= seconds + 5)


def test_seconds_count_from_the_answer_not_from_the_question(server: Server, client: Client) -> None:
    slow = server.answers("/feed", Reply(status=429, headers={"Retry-After": "60"}, delay=1.2))
    assert (failure(client, slow).retry_after or 0) >= 62


WEEK = timedelta(days=7).total_seconds()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        (" 3600 ", 3600),
        ("9" * 400, WEEK),
        ("Wed, 01 Jul 2026 08:00:30 GMT", 30),
        ("Wednesday, 01-Jul-26 08:00:30 GMT", 30),
        ("Wed Jul  1 08:00:30 2026", 30),
        ("Wed, 01 Jul 2026 10:00:30 +0200", 30),
        ("Wed, 01 Jul 2026 07:00:00 GMT", 0),
        ("Fri, 01 Jan 2100 00:00:00 GMT", WEEK),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("Wed, 99 Jul 2026 08:00:00 GMT", None),
    ],
)
def test_both_forms_of_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


def test_where_it_finally_came_from_without_credentials(server: Server, client: Client) -> None:
    end = server.answers("/new/feed.xml", Reply(body=FEED))
    url = server.answers("/feed", Reply(status=301, headers={"Location": "/new/feed.xml"}))
    (capture,) = poll(client, url.replace("//", "//presse:geheim@")).captures
    assert capture.url == end


def test_a_failure_names_no_password(server: Server, client: Client) -> None:
    url = server.url("/nichts").replace("//", "//presse:geheim@")
    assert str(failure(client, url)) == f"{server.url('/nichts')} answered 404 Not Found"


def test_private_hosts_need_leave(server: Server, client: Client) -> None:
    url = server.answers("/feed", Reply(body=FEED))
    with pytest.raises(FetchError, match=r"127\.0\.0\.1 is a loopback address; set allow_private = true"):
        fetch(Source(id="talland", url=url), NEW, client=client, now=NOW)
    assert server.requests == []


def test_fetching_files_does_not_import_httpx() -> None:
    """It takes longer than a whole cycle over unchanged files."""
    code = "import sys, syndicate.fetch; sys.exit('httpx' in sys.modules or 'httpcore' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_source_needs_something_to_ask() -> None:
    with pytest.raises(ValueError, match="talland"):
        fetch(Source(id="talland"), NEW, client=None, now=NOW)


# --- RFC 3229: what is new alone --------------------------------------------------------------------------------------

HELD = FetchState(source="talland", etag='"1"', hash=HASH)


def test_a_delta_is_asked_for_by_those_who_can_name_their_version(server: Server, client: Client) -> None:
    url = server.answers("/feed", Reply(body=FEED))
    poll(client, url)
    poll(client, url, FetchState(source="talland", last_modified="gestern"))
    poll(client, url, HELD)
    assert [r.headers["A-IM"] for r in server.requests] == [None, None, "feed"]


@pytest.mark.parametrize("header", ["feed", "gzip, Feed;x=1"])
def test_a_delta_is_taken_as_one(server: Server, client: Client, header: str) -> None:
    url = server.answers("/feed", Reply(status=226, body=FEED + b" ", headers={"IM": header, "ETag": '"2"'}))
    result = poll(client, url, HELD)
    assert (result.delta, len(result.captures), result.state.etag) == (True, 1, '"2"')


@pytest.mark.parametrize(("headers", "state"), [({}, HELD), ({"IM": "vcdiff"}, HELD), ({"IM": "feed"}, NEW)])
def test_another_226_is_a_failure(server: Server, client: Client, headers: dict[str, str], state: FetchState) -> None:
    url = server.answers("/feed", Reply(status=226, body=FEED, headers=headers))
    assert "a difference to something that it was not asked for" in str(failure(client, url, state))


# --- where it has moved to, for how long it is good, whose headers ----------------------------------------------------


@pytest.mark.parametrize("status", [200, 304])
def test_where_it_has_moved_to(server: Server, client: Client, status: int) -> None:
    end = server.answers("/neu", Reply(status=status, body=FEED))
    url = server.answers("/feed", Reply(status=308, headers={"Location": "/neu"}))
    assert poll(client, url, HELD).moved == end
    assert poll(client, end, HELD).moved is None


def test_it_is_asked_where_it_has_moved_to(server: Server, client: Client) -> None:
    end = server.answers("/neu", Reply(body=FEED))
    poll(client, server.url("/feed"), FetchState(source="talland", address=end))
    assert [r.path for r in server.requests] == ["/neu"]


def test_a_refusal_names_the_server_that_gave_it(server: Server) -> None:
    with Server() as other, anywhere() as client:
        end = other.answers("/b", Reply(status=503, headers={"Retry-After": "60"}))
        url = server.answers("/a", Reply(status=302, headers={"Location": end}))
        error = failure(client, url)
    assert isinstance(error, HTTPStatusError)
    assert (error.status, error.server) == (503, f"127.0.0.1:{other.port}")
    assert 60 < (error.retry_after or 0) <= 65


def test_the_operators_headers_go_before_ours(server: Server, client: Client) -> None:
    url = server.answers("/feed", Reply(body=FEED))
    asked = Source(id="s", url=url, allow_private=True, headers=(("accept", "text/xml"), ("X-Key", "geheim")))
    fetch(asked, NEW, client=client, now=NOW)
    sent = server.requests[0].headers
    assert (sent.get_all("Accept"), sent["X-Key"]) == (["text/xml"], "geheim")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=3600"}, 3600),
        ({"Cache-Control": 'public, Max-Age = "3600" , must-revalidate'}, 3600),
        ({"Cache-Control": "max-age=3600, max-age=60"}, 60),
        ({"Cache-Control": "s-maxage=86400"}, None),
        ({"Cache-Control": "s-maxage=86400, max-age=60"}, 60),
        ({"Cache-Control": "max-age=0"}, None),
        ({"Cache-Control": "max-age=-5"}, None),
        ({"Cache-Control": "max-age=bald"}, None),
        ({"Cache-Control": "max-age=" + "9" * 400}, 366 * 86400),
        ({"Cache-Control": "no-cache, max-age=3600"}, None),
        ({"Cache-Control": "no-store", "Expires": "Wed, 01 Jul 2026 10:00:00 GMT"}, None),
        ({"Cache-Control": "max-age=3600", "Age": "600"}, 3000),
        ({"Cache-Control": "max-age=3600", "Age": "7200"}, None),
        ({"Cache-Control": "max-age=3600", "Age": "alt"}, 3600),
        ({"Expires": "Wed, 01 Jul 2026 10:00:00 GMT"}, 7200),
        ({"Expires": "Wed, 01 Jul 2026 10:00:00 GMT", "Date": "Wed, 01 Jul 2026 09:00:00 GMT"}, 3600),
        ({"Expires": "Wed, 01 Jul 2026 10:00:00 GMT", "Date": "Wed, 01 Jul 2026 09:00:00 GMT", "Age": "60"}, 3540),
        ({"Expires": "Wed, 01 Jul 2026 10:00:00 GMT", "Cache-Control": "max-age=60"}, 60),
        ({"Expires": "0"}, None),
        ({"Expires": "Wed, 01 Jul 2026 07:00:00 GMT"}, None),
    ],
)
def test_for_how_long_an_answer_is_good(headers: dict[str, str], seconds: int | None) -> None:
    """RFC 9111 section 4.2."""
    lower = {name.lower(): value for name, value in headers.items()}
    assert fresh(lower, NOW) == (None if seconds is None else timedelta(seconds=seconds))


def test_freshness_comes_with_a_304_too(server: Server, client: Client) -> None:
    url = server.answers("/feed", Reply(status=304, headers={"Cache-Control": "max-age=60"}))
    assert poll(client, url, HELD).fresh == timedelta(seconds=60)
