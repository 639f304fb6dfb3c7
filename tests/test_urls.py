from itertools import product
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.urls import (
    LINKS,
    ascii_host,
    canonical_url,
    clean_url,
    feed_key,
    form_fields,
    is_clean,
    names_secret,
    older_canonical_url,
    with_ascii_host,
    without_query,
    without_secrets,
)


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        ("/a ü", "https://Talland.example:443/b/", "https://talland.example/a%20%C3%BC"),
        ("https://münster.example/", None, "https://xn--mnster-3ya.example/"),
        ("http://talland.example:8080", None, "http://talland.example:8080/"),
        ("https://talland.example/?utm_source=x&q=1&pk_campaign=y", None, "https://talland.example/?q=1"),
        ("https://u:secret@talland.example/", None, "https://talland.example/"),
        ("java\nscript:alert(1)", None, None),
        (" javascript:alert(1)", "https://talland.example/", None),
        ("data:text/html,x", None, None),
        ("https://", None, None),
        ("http://[::1", None, None),
        ("http://a_b.example/%zz%e4", None, "http://a_b.example/%25zz%E4"),
        ("bild.jpg", None, None),
    ],
)
def test_clean_url(url: str, base: str | None, expected: str | None) -> None:
    assert clean_url(url, base) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Talland.EXAMPLE", "talland.example"),
        ("münster.example", "xn--mnster-3ya.example"),
        ("fußball.example", "xn--fuball-cta.example"),  # fussball.example is somebody else
        ("FUSSBALL.example", "fussball.example"),
        ("日本。example", "xn--wgv71a.example"),
        ("a_ä.example", "xn--a_-wia.example"),
        ("💩.example", "xn--ls8h.example"),
        ("ä.", "xn--4ca."),
        ("ﬀ.example", "ff.example"),
        ("a_b", "a_b"),
    ],
)
def test_a_host_as_it_is_dialled(name: str, expected: str) -> None:
    assert ascii_host(name) == expected
    assert clean_url(f"https://{name}/") == f"https://{expected.rstrip('.')}/"
    assert with_ascii_host(f"//u:p@{name}:81/ä?ß").lower() == f"//u:p@{expected}:81/ä?ß"


@pytest.mark.parametrize("name", ["ä..example", "ä" * 60 + ".example", "אa.example", "①②⑦.0.0.1", "１２７.0.0.0x1"])
def test_what_is_no_host(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        ascii_host(name)
    assert clean_url(f"https://{name}/") is None
    assert with_ascii_host(f"https://{name}/") == f"https://{name}/"


@pytest.mark.parametrize(
    ("url", "older"),
    [
        ("https://www.fußball.example:8080/x?a=1", "//fussball.example:8080/x?a=1"),
        ("https://groß.münster.example", "//gross.xn--mnster-3ya.example"),
        ("https://münster.example/x", None),
        ("https://talland.example/x", None),
        ("https://xn--zz--.example/x", None),
        ("https://💩.example/x", None),
    ],
)
def test_what_an_address_was_known_by(url: str, older: str | None) -> None:
    assert older_canonical_url(canonical_url(clean_url(url) or "")) == older


def test_clean_url_takes_other_schemes_where_they_are_allowed() -> None:
    assert clean_url("mailto:presse@talland.example", None, LINKS) == "mailto:presse@talland.example"
    assert clean_url("mailto:presse@talland.example") is None


@pytest.mark.parametrize(
    "other",
    [
        "http://talland.example/a",
        "https://www.talland.example/a/",
        "https://talland.example/a?utm_medium=rss",
        "https://talland.example//a?print=1&type=98",
    ],
)
def test_addresses_of_one_page(other: str) -> None:
    assert canonical_url(clean_url(other) or "") == canonical_url("https://talland.example/a")


@pytest.mark.parametrize(
    "other",
    [
        "HTTPS://A.Example/feed/",
        "http://www.a.example/feed?utm_source=x",
        "https://a.example/feed#top",
        "https://a.example:443/feed",
    ],
)
def test_addresses_of_one_feed(other: str) -> None:
    assert feed_key(other) == feed_key("https://a.example/feed")
    assert feed_key("https://a.example/feed?topic=1") != feed_key("https://a.example/feed?topic=2")


def test_addresses_of_two_pages() -> None:
    assert canonical_url("https://talland.example/a?id=1") != canonical_url("https://talland.example/a?id=2")


def test_without_query() -> None:
    assert without_query("https://talland.example/b.jpg?v=2#x") == "https://talland.example/b.jpg"


@given(st.text())
def test_a_cleaned_address_stays_as_it_is(text: str) -> None:
    url = clean_url("https://talland.example/" + text)
    assert url is not None
    assert url.isascii()
    assert clean_url(url) == url


HOSTS = [
    "https://a.example",
    "http://www.a-b.example",
    "https://A.example",
    "https://a.example:443",
    "http://a.example:80",
    "http://127.0.0.1:8080",
    "http://127.0.0.1:49152",
    "https://a.example:64999",
    "https://a.example:65535",
    "https://a.example:65536",
    "https://a.example:080",
    "https://a.example:0443",
    "https://a.example:99999",
    "https://ä.example",
    "",
]
PATHS = [
    "/",
    "",
    "/a",
    "/a/",
    "//a",
    "/a//b",
    "/./a",
    "/../a",
    "/a/..",
    "/.a",
    "/a;",
    "/a;b",
    "/a%7e",
    "/ä",
    "/a:b",
    "/a b",
    "b",
    "../b",
]
QUERIES = [
    "",
    "?",
    "?a=1&b=2",
    "?utm_source=x",
    "?a=1&utm_source=x&b",
    "?a=1&&b",
    "?a=%7e",
    "?a=ä",
    "?a=b;c",
    "?fbclid",
]
FRAGMENTS = ["", "#", "#a", "#ä", "#a?b"]


BASES = ["https://base.example/x/y?z", "http://base.example", "https://Base.example/x/", "http://b.example:8080/x/y"]
BASES += ["http://b.example:80", "https://b.example:443/x", "http://b.example:0/"]


@pytest.mark.parametrize("base", [None, *BASES])
def test_what_is_told_at_once_is_what_the_parts_come_to(base: str | None) -> None:
    """White space before an address is no part of it, and has it taken apart."""
    for host, path, query, fragment in product(HOSTS, PATHS, QUERIES, FRAGMENTS):
        address = f"{host}{path}{query}{fragment}"
        found = clean_url(address, base)
        assert found == clean_url(f" {address}", base), address
        if is_clean(address):
            assert urljoin(base or "", address) == address
    assert is_clean("https://a.example/a?b=1#c")
    assert is_clean("http://127.0.0.1:49152/a")


@pytest.mark.parametrize("address", ["java\tscript:x", "java\nscript:x", "\tjavascript:x", "java\r\nscript\t:x"])
def test_a_browser_drops_tabs_and_line_ends_of_an_address(address: str) -> None:
    assert clean_url(address, "https://a.example/") is None
    assert clean_url("https://a.example/b\tc\nde") == "https://a.example/bcde"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/f?x=1&y=2#top", "https://a.example/f?x=1&y=2#top"),
        ("https://u:p@a.example/f?token=a&b=1", "https://a.example/f?b=1"),
        ("https://u@a.example:8080/", "https://a.example:8080/"),
        ("https://u:p@q@a.example/", "https://a.example/"),
        ("https://u:p/q@a.example/feed", "https://a.example/feed"),
        ("https://a.example/@ada?b=1;access_token=x", "https://a.example/@ada?b=1"),
        ("https://a.example:8080/@ada", "https://a.example:8080/@ada"),
        ("https://[::1]:80/@ada", "https://[::1]:80/@ada"),
        ("https://a.example/f?API-Key=1", "https://a.example/f"),
        ("https://a.example/f?%74oken=1&x=2", "https://a.example/f?x=2"),
        ("https://a.example/f?X-Amz-Signature=a&X-Amz-Credential=b&v=1", "https://a.example/f?v=1"),
        ("https://a.example/f#access_token=abc", "https://a.example/f"),
        ("https://a.example/f?hash=1&access-key=q&sessionid=7&authkey=3", "https://a.example/f?hash=1"),
        ("https://a.example/f?keyword=schule&passage=2", "https://a.example/f?keyword=schule&passage=2"),
        ("feed.xml", "feed.xml"),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_what_is_secret(url: str, shown: str) -> None:
    assert without_secrets(url) == shown


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        *(
            (name, True)
            for name in ("password", "sslpassword", "passfile", "sslkey", "scram_client_key", "token", "KEY")
        ),
        *((name, False) for name in ("host", "sslmode", "options", "keepalives", "passage", "keyword")),
    ],
)
def test_a_parameter_that_is_named_like_a_secret(name: str, is_one: bool) -> None:
    assert names_secret(name) == is_one


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"", []),
        (b"&&", []),
        (b"q=Stra%C3%9Fe+1&q=&x", [("q", "Straße 1"), ("q", ""), ("x", "")]),
        (b"a=b=c&=d", [("a", "b=c"), ("", "d")]),
        (b"a=%zz%4&b=%00", [("a", "%zz%4"), ("b", "\0")]),
        (b"%26=%3D%2B", [("&", "=+")]),
    ],
)
def test_form_fields(raw: bytes, found: list[tuple[str, str]]) -> None:
    assert [*form_fields(raw)] == found


def test_form_fields_that_are_no_text() -> None:
    with pytest.raises(UnicodeDecodeError):
        [*form_fields(b"a=%ff")]
