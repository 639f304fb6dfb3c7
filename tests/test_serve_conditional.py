from datetime import UTC, datetime
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.serve import accepts_gzip, failed, goes_on, unchanged

ETAG = b'"0123abcd-gzip"'
MODIFIED = int(datetime(2026, 3, 14, 11, 0, 0, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("none_match", "same"),
    [
        (b'"0123abcd-gzip"', True),
        (b'W/"0123abcd-gzip"', True),
        (b"*", True),
        (b" * ", True),
        (b'"other", "0123abcd-gzip"', True),
        (b'"other",W/"0123abcd-gzip" , "third"', True),
        (b',, "0123abcd-gzip",', True),
        (b'"a,b", "0123abcd-gzip"', True),  # a comma within a tag ends nothing
        (b'"0123abcd"', False),  # the other coding's bytes
        (b'"0123ABCD-gzip"', False),
        (b"0123abcd-gzip", False),  # a tag has quotes
        (b'w/"0123abcd-gzip"', False),  # W is case-sensitive
        (b'"a" "0123abcd-gzip"', False),
        (b'"x"0123abcd-gzip"', False),
        (b'*, "other"', False),
        (b"", False),
    ],
)
def test_if_none_match(none_match: bytes, same: bool) -> None:
    assert unchanged(none_match, None, etag=ETAG, modified=MODIFIED) is same


@pytest.mark.parametrize(
    ("since", "same"),
    [
        (b"Sat, 14 Mar 2026 11:00:00 GMT", True),
        (b"Sat, 14 Mar 2026 11:00:01 GMT", True),
        (b"Sat, 14 Mar 2026 10:59:59 GMT", False),
        (b"Saturday, 14-Mar-26 11:00:00 GMT", True),
        (b"Saturday, 14-Mar-26 10:00:00 GMT", False),
        (b"Sat Mar 14 11:00:00 2026", True),
        (b"Sat Mar 14 10:00:00 2026", False),
        (b"Sat, 14 Mar 2026 11:30:00 +0100", False),  # no HTTP date, but plain enough
        (b"Sat, 32 Mar 2026 11:00:00 GMT", False),
        (b"yesterday", False),
        (b"", False),
        (b"Sat, 14 Mar 0000 11:00:00 GMT", False),
        (b"Sat, 14 Mar 99999999999 11:00:00 GMT", False),
    ],
)
def test_if_modified_since(since: bytes, same: bool) -> None:
    assert unchanged(None, since, etag=ETAG, modified=MODIFIED) is same


def test_a_date_counts_only_without_tags() -> None:
    late = formatdate(MODIFIED + 10, usegmt=True).encode()
    assert not unchanged(b'"other"', late, etag=ETAG, modified=MODIFIED)
    assert unchanged(ETAG, b"Thu, 01 Jan 1970 00:00:00 GMT", etag=ETAG, modified=MODIFIED)


@pytest.mark.parametrize(
    ("match", "until", "other"),
    [
        (None, None, False),
        (ETAG, None, False),
        (b"*", None, False),
        (b'"other", "0123abcd-gzip"', None, False),
        (b'W/"0123abcd-gzip"', None, True),  # strongly
        (b'W/"0123abcd-gzip", "0123abcd-gzip"', None, False),
        (b'"other"', None, True),
        (b"0123abcd-gzip", None, True),
        (b"", None, True),
        (None, b"Sat, 14 Mar 2026 11:00:00 GMT", False),
        (None, b"Sat, 14 Mar 2026 11:00:01 GMT", False),
        (None, b"Sat, 14 Mar 2026 10:59:59 GMT", True),
        (None, b"yesterday", False),
        (ETAG, b"Sat, 14 Mar 2026 10:59:59 GMT", False),  # a date counts only without tags
        (b'"other"', b"Sat, 14 Mar 2026 11:00:01 GMT", True),
    ],
)
def test_another_version_than_is_wanted(match: bytes | None, until: bytes | None, other: bool) -> None:
    assert failed(match, until, etag=ETAG, modified=MODIFIED) is other


@pytest.mark.parametrize(
    ("if_range", "fits"),
    [
        (None, True),
        (ETAG, True),
        (b'W/"0123abcd-gzip"', False),
        (b'"other"', False),
        (b'"other", "0123abcd-gzip"', False),  # it is one tag, no list
        (b"*", False),
        (b"0123abcd-gzip", False),
        (b"Sat, 14 Mar 2026 11:00:00 GMT", True),
        (b"Sat, 14 Mar 2026 11:00:01 GMT", False),  # the very date
        (b"Sat, 14 Mar 2026 10:59:59 GMT", False),
        (b"", False),
        (b"yesterday", False),
    ],
)
def test_a_part_fits_to_these_bytes_alone(if_range: bytes | None, fits: bool) -> None:
    assert goes_on(if_range, etag=ETAG, modified=MODIFIED) is fits


def test_nothing_asked_is_a_whole_answer() -> None:
    assert not unchanged(None, None, etag=ETAG, modified=MODIFIED)


_TAGS = st.lists(
    st.tuples(
        st.booleans(), st.binary(max_size=6).map(lambda b: bytes(c for c in b if c not in b'"\x7f ' and c > 0x20))
    ),
    max_size=6,
)


@given(_TAGS, st.sampled_from([b",", b" , ", b",\t", b",,"]), st.binary(max_size=4).map(bytes.hex))
def test_a_tag_is_the_same_exactly_where_it_is_in_the_list(
    tags: list[tuple[bool, bytes]], comma: bytes, mine: str
) -> None:
    etag = b'"%s"' % mine.encode()
    field = comma.join((b'W/"%s"' if weak else b'"%s"') % tag for weak, tag in tags)
    expected = etag in [b'"%s"' % tag for _, tag in tags]
    assert unchanged(field, None, etag=etag, modified=0) is expected


@given(st.binary(max_size=60), st.binary(max_size=60), st.binary(max_size=60))
def test_any_bytes_have_an_answer(none_match: bytes, since: bytes, accept: bytes) -> None:
    assert unchanged(none_match, None, etag=ETAG, modified=MODIFIED) in (True, False)
    assert unchanged(None, since, etag=ETAG, modified=MODIFIED) in (True, False)
    assert failed(none_match, since, etag=ETAG, modified=MODIFIED) in (True, False)
    assert goes_on(since, etag=ETAG, modified=MODIFIED) in (True, False)
    assert accepts_gzip(accept) in (True, False)


@given(st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)), st.integers(-3, 3))  # noqa: DTZ001  (hypothesis wants naive bounds)
def test_our_own_date_comes_back_right(when: datetime, later: int) -> None:
    modified = int(when.timestamp())
    since = formatdate(modified + later, usegmt=True).encode()
    assert unchanged(None, since, etag=ETAG, modified=modified) is (later >= 0)


@pytest.mark.parametrize(
    ("accept", "gzip"),
    [
        (b"gzip", True),
        (b"GZip", True),
        (b"x-gzip", True),
        (b"gzip, deflate, br, zstd", True),
        (b"br;q=1.0, gzip;q=0.001", True),
        (b"gzip;q=0.5", True),
        (b"*", True),
        (b"identity, gzip", True),
        (b"", False),
        (b"identity", False),
        (b"br, deflate", False),
        (b"gzip;q=0", False),
        (b"gzip; q=0.000", False),
        (b"gzip;Q=0", False),
        (b"gzip;q=0, *", False),
        (b"*;q=0", False),
        (b"identity;q=1, gzip;q=0.5", False),
        (b"gzip;q=2", False),
        (b"gzip;q=", False),
        (b"notgzip", False),
        (b"gzip" + b", x" * 200, False),
    ],
)
def test_accept_encoding(accept: bytes, gzip: bool) -> None:
    assert accepts_gzip(accept) is gzip
