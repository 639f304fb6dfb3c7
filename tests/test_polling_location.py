"""Where a source is asked: what moves it, and what brings it back to its `url`."""

from dataclasses import replace

import pytest

from syndicate.errors import FetchError, HTTPStatusError, SourceGone, UnexpectedPage
from syndicate.model import FetchResult, FetchState, Source
from syndicate.polling import location

URL, NEW, OTHER = "https://alt.example/rss", "https://neu.example/rss", "https://andere.example/rss"
SOURCE = Source(id="s", url=URL)
KNOWN = FetchState(source="s", configured=URL, etag='"1"', last_modified="gestern", hash="h", form="feed")


@pytest.mark.parametrize(
    ("polls", "address", "moves"),
    [
        ((NEW,), None, 1),
        ((NEW, NEW), None, 2),
        ((NEW, NEW, NEW), NEW, 0),
        ((NEW, OTHER, NEW, OTHER), None, 1),
        ((NEW, NEW, None, NEW), None, 1),
        ((NEW, NEW, OTHER, OTHER, OTHER), OTHER, 0),
        ((NEW, NEW, NEW, None, None), NEW, 0),
        ((NEW, NEW, NEW, OTHER, OTHER), NEW, 2),
        ((NEW, NEW, NEW, OTHER, OTHER, OTHER), OTHER, 0),
        ((NEW, NEW, NEW, URL, URL, URL), None, 0),
    ],
)
def test_three_good_polls_at_one_place(polls: tuple[str | None, ...], address: str | None, moves: int) -> None:
    state = KNOWN
    for moved in polls:
        state = location.arrived(SOURCE, FetchResult(state=state, moved=moved))
    assert (state.address, state.moves, state.etag) == (address, moves, '"1"')


def refused(status: int, retry_after: float | None = None) -> HTTPStatusError:
    return HTTPStatusError("x", status=status, server="neu.example", retry_after=retry_after)


@pytest.mark.parametrize(
    ("errors", "stays"),
    [
        ([refused(500)], True),
        ([refused(500), FetchError("DNS")], True),
        ([refused(500), FetchError("DNS"), refused(500)], False),
        ([refused(429, 60), refused(429, 60), refused(503, 60), refused(503, 60)], True),
        ([refused(404)], False),
        ([SourceGone("x")], False),
        ([UnexpectedPage("x")], False),
    ],
)
def test_a_place_that_is_no_good_is_left(errors: list[Exception], stays: bool) -> None:
    state = replace(KNOWN, address=NEW)
    for n, error in enumerate(errors):
        state = location.failed(SOURCE, replace(state, failures=n + 1), error)
    if stays:
        assert (state.address, state.etag) == (NEW, '"1"')
    else:
        assert (state.address, state.etag, state.last_modified, state.hash) == (None, None, None, None)
    assert state.form == "feed"  # a page that comes now is not taken for one
    assert not state.gone


@pytest.mark.parametrize(
    ("state", "unread"),
    [
        (FetchState(source="s"), True),
        (KNOWN, False),
        (replace(KNOWN, address=NEW), False),
        (location.linked(KNOWN, NEW), False),
        (location.failed(SOURCE, replace(KNOWN, address=NEW), SourceGone("x")), True),
        (location.failed(SOURCE, KNOWN, refused(404)), False),
    ],
)
def test_what_was_not_read_yet_where_it_is_asked(state: FetchState, unread: bool) -> None:
    assert location.unread(state) == unread


def test_gone_is_what_the_operators_own_address_says() -> None:
    assert location.failed(SOURCE, KNOWN, SourceGone("x")).gone
    assert not location.failed(SOURCE, KNOWN, refused(404)).gone
    assert location.failed(SOURCE, replace(KNOWN, gone=True), refused(500)).gone
    assert not location.arrived(SOURCE, FetchResult(state=replace(KNOWN, gone=True))).gone


def test_another_url_is_another_source() -> None:
    state = replace(KNOWN, address=NEW, moved=OTHER, moves=2, gone=True, paused=True, failures=3)
    assert location.recalled(state, SOURCE) == state
    again = location.recalled(state, Source(id="s", url=OTHER))
    assert again == FetchState(source="s", paused=True)


def test_a_linked_feed_is_asked_without_the_validators_of_its_page() -> None:
    state = location.linked(KNOWN, NEW)
    assert (state.address, state.etag, state.last_modified, state.hash) == (NEW, None, None, None)
