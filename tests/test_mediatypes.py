"""The table of media types: each kind that we publish beside a release is served as what it is."""

import pytest

from syndicate.mediatypes import KINDS, UNKNOWN, is_media_type, media_type, stated, syntax, with_charset
from syndicate.serve import kind_of


@pytest.mark.parametrize("suffix", [suffix for suffix, kind in KINDS.items() if kind.beside])
def test_what_is_published_beside_a_release_is_served_as_what_it_is(suffix: str) -> None:
    kind, served = KINDS[suffix], kind_of(f"media/0f/x{suffix}")
    assert served is not None
    assert served.media_type.partition(";")[0] == kind.media_type != UNKNOWN
    assert (b"content-disposition" in dict(served.whole)) is not kind.shown


@pytest.mark.parametrize("suffix", [suffix for suffix, kind in KINDS.items() if kind.active])
def test_what_could_act_as_ours_is_neither_published_nor_named(suffix: str) -> None:
    served = kind_of(f"media/0f/x{suffix}")
    assert served is not None
    assert served.media_type == UNKNOWN
    assert not KINDS[suffix].beside


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.example.org/Plan.PDF?v=2#seite", "application/pdf"),
        ("media:0f/foto.jpe", "image/jpeg"),
        ("https://www.example.org/", None),
        ("https://www.example.org/x.exe", None),
    ],
)
def test_an_address_promises_a_type(address: str, expected: str | None) -> None:
    assert media_type(address) == expected


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("audio/mpeg", True),
        ("audio/mpeg; charset=UTF-8", True),
        ('text/plain; format="flowed text"; delsp=yes', True),
        ("application/vnd.ms-excel", True),
        ("audio/mpeg; charset", False),
        ("audio/mpeg;", False),
        ("audio", False),
        ("audio/", False),
        ("a b/c", False),
        ("", False),
    ],
)
def test_what_may_be_called_a_media_type(text: str, is_one: bool) -> None:
    assert is_media_type(text) is is_one


@pytest.mark.parametrize(
    ("type_", "said", "is_"),
    [
        ("application/atom+xml", "application/atom+xml; charset=utf-8", "xml"),
        ("application/xml", "application/xml; charset=utf-8", "xml"),
        ("text/x-opml", "text/x-opml; charset=utf-8", "text"),
        ("text/csv", "text/csv; charset=utf-8", "text"),
        ("application/feed+json", "application/feed+json", "json"),
        ("application/json", "application/json", "json"),
        ("image/svg+xml", "image/svg+xml", "xml"),
        ("image/png", "image/png", ""),
    ],
)
def test_text_and_xml_of_ours_name_their_charset(type_: str, said: str, is_: str) -> None:
    assert with_charset(type_) == said
    assert syntax(type_) == is_


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("audio/mpeg", "audio/mpeg"),
        (" Audio/MPEG ", "audio/mpeg"),
        ("audio/mpeg; charset=UTF-8", "audio/mpeg; charset=UTF-8"),
        ('video/mp4;codecs="avc1.42E01E, mp4a.40.2"', 'video/mp4; codecs="avc1.42E01E, mp4a.40.2"'),
        ("audio/mpeg;", "audio/mpeg"),
        ("audio/mpeg; charset", "audio/mpeg"),
        ("mp3", None),
        ("audio/", None),
        ("", None),
        (None, None),
    ],
)
def test_a_type_as_somebody_states_it(said: str | None, expected: str | None) -> None:
    assert stated(said) == expected
