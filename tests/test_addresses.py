"""What may stand in a document as an id, an address, a mail address: nothing that the W3C feed validator calls wrong.

Its rules stand here once more, as its source has them (validators.py, InvalidTAG to InvalidURLAttribute).
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.addresses import is_address, is_id, is_iri, is_link, is_mail, is_public, mailto, plain_mail
from syndicate.urls import clean_url

_CHARACTERS = r"[0-9a-zA-Z;/?:@&=+$\.\-_!~*'()%,#]"
FULL = re.compile(rf"[a-zA-Z][0-9a-zA-Z+\-\.]*:(//)?{_CHARACTERS}+$")
TAG = re.compile(
    r"^tag:([a-z0-9\-\._]+?@)?[a-z0-9\.\-]+?,\d{4}(-\d{2}(-\d{2})?)?:[0-9a-zA-Z;/\?:@&=+$\.\-_!~*'\(\)%,]*"
    r"(#[0-9a-zA-Z;/\?:@&=+$\.\-_!~*'\(\)%,]*)?$"
)
URN = re.compile(r"^[Uu][Rr][Nn]:[a-zA-Z0-9][a-zA-Z0-9-]{1,31}:([a-zA-Z0-9()+,\.:=@;$_!*'\-]|%[0-9A-Fa-f]{2})+$")
UUID = re.compile(r"^urn:uuid:[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$", re.IGNORECASE)
ENCLOSURE = re.compile(
    r"(http|https)://(([0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.)|(([A-Z0-9\-]+\.)+))([A-Z0-9][-A-Z0-9]*)(?::\d+)?(/|$)",
    re.IGNORECASE,
)


def admitted(text: str) -> bool:
    """May it be an id, by those rules?"""
    scheme = text.split(":")[0].lower()
    if scheme == "tag":
        return bool(TAG.match(text))
    if scheme == "urn":
        return bool(URN.match(text)) and (not text.lower().startswith("urn:uuid:") or bool(UUID.match(text)))
    return bool(FULL.match(text)) and (scheme != "http" or bool(re.match(r"^\w+://[^/].*", text)))


IDS = [
    "http://e.test", "https://e.test/", "http://e.test:8080/a?b=c#d", "http://e.test/?p=12", "http://1.2.3.4/x",
    "http://intranet/a", "http://my_host.e.test/a", "http://e.test/a%C3%BC", "http://xn--mnchen-3ya.test/",
    "http://e.test:/",
    "tag:e.test,2026:a", "tag:e.test,2026-01-02:a/b?c#d", "tag:redaktion@e.test,2026:", "tag:my_name@e.test,2026:a",
    "tag:localhost,2026:a%20b", "tag:blogger.com,1999:blog-1.post-2",
    "urn:uuid:8d5261ba-bf62-4c81-946c-9276ea617917", "urn:uuid:8D5261BA-BF62-4C81-946C-9276EA617917",
    "urn:isbn:0-395-36341-1", "urn:newsml:dpa.com:20260101:1-2", "urn:x-wmo:md:a",
]  # fmt: skip
NO_IDS = [
    "", "1", "a b", "/relative", "//e.test/a", "mailto:a@e.test", "ftp://e.test/a", "info:a", "http:", "http://",
    "http:///a",
    "http:e.test", "http://user@e.test/", "https://user:word@e.test/a", "http://e.test/a b", "http://e.test/[a]",
    "http://e.test/<a>",
    "http://e.test/ü", "http://münchen.test/", "http://e.test/%", "http://e.test/%zz", "http://e.test/#a#b",
    "http://e.test:99999/",
    "http://e.test:8o/", "http://[::1]/a", "http://e.test/a|b", "http://e.test/{a}", "http://e.test/a^b",
    "http://e.test\\a",
    "http://e.test/`", 'http://e.test/"a"', " http://e.test/", "http://e.test/\n", "http://?a", "https://#a",
    "HTTP://e.test/", "tag:e_x.test,2026:a",
    "tag:E.test,2026:a", "tag:Name@e.test,2026:a", "TAG:e.test,2026:a", "tag:e.test:a",
    "tag:e.test,26:a",
    "tag:e.test,2026-13:a", "tag:e.test,2026-1:a", "tag:e.test,2026:a b", "tag:e.test,2026:[a]",
    "tag:e.test,2026:a#b#c",
    "tag:e.test,2026:ü", "tag:,2026:a", "tag:e..test,2026:a", "tag:-e.test,2026:a", "tag:a+b@e.test,2026:a",
    "tag:e.test,2026",
    "urn:uuid:8d5261ba-bf62-ac81-946c-9276ea617917c", "urn:uuid:8d5261babf62ac81946c9276ea617917", "urn:uuid:",
    "urn:uuid:{8d5261ba}",
    "urn:a", "urn:a:b", "urn:isbn:", "urn:isbn:a/b", "urn:isbn:a b", "urn:isbn:a#b", "urn:isbn:a?b", "urn:-ab:c",
    "urn:isbn:%g1",
    "urn:ietf:a&b", "urn:ietf:a~b",
]  # fmt: skip


@pytest.mark.parametrize("text", IDS)
def test_an_id(text: str) -> None:
    assert is_id(text)
    assert is_iri(text)
    assert admitted(text)


@pytest.mark.parametrize("text", NO_IDS)
def test_what_is_no_id(text: str) -> None:
    assert not is_id(text)


_PIECES = """
http https urn tag uuid isbn : : / // . , @ # ? % %C3 - _ ~ [ ] ( ) { a B 7 2026 2026-01-02 e.test e_x ü & ' * + ; = !
$ | ^ \\ 8d5261ba-bf62-4c81-946c-9276ea617917
"""
_PARTS = st.sampled_from([*_PIECES.split(), " ", "\n"])


@given(st.lists(_PARTS, max_size=12).map("".join))
def test_no_id_is_admitted_that_the_validator_refuses(text: str) -> None:
    assert not is_id(text) or admitted(text)
    assert not is_link(text) or FULL.match(text) or "[" in text
    assert not is_public(text) or (ENCLOSURE.match(text) and FULL.match(text))


_NAMES = """
e.test E.Test my_host.e.test intranet localhost 1.2.3.4 e.test. a..b -e.test e-.test münchen.test fuß.test user@e.test
u:p@e.test [::1] [::1 256.1.1.1 0x7f.1 e.test:80 e.test:8080 e.test:99999 e.test: xn--a ＥＸ.test e,test e%2etest *
"""
_HOSTS = st.sampled_from([*_NAMES.split(), ""])
_PATHS = st.text(st.sampled_from(list("/a.Ü?=&#%[]{}|\\^`'\"<> ;:@!$()*+,-_~2F\t\u00a0€")), max_size=12)


@given(st.sampled_from(["http", "https", "HTTP"]), _HOSTS, _PATHS)
def test_what_is_made_an_address_is_one(scheme: str, host: str, path: str) -> None:
    made = clean_url(f"{scheme}://{host}/{path}")
    if made is not None:
        assert is_address(made)
        assert is_link(made)
        assert FULL.match(made)
        assert not is_public(made) or ENCLOSURE.match(made)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("https://www.e.test/a.mp3", True),
        ("http://e.test:8080/", True),
        ("http://e.test", True),
        ("http://127.0.0.1:8000/media/a", True),
        ("http://my_host.e.test/a.mp3", False),
        ("http://intranet/a.mp3", False),
        ("http://localhost:8000/a", False),
        ("http://e.test./a", False),
        ("http://a..b/a", False),
        ("http://-e.test/a", False),
        ("http://[::1]/a", False),
        ("http://e.test?a", False),
        ("mailto:a@e.test", False),
    ],
)
def test_an_enclosures_host_is_public(address: str, public: bool) -> None:
    assert is_public(address) == public


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("presse@talland.example", "mailto:presse@talland.example"),
        ("presse+mitte@talland.example", "mailto:presse+mitte@talland.example"),
        ("a?subject=x@talland.example", "mailto:a%3Fsubject%3Dx@talland.example"),
        ("a@b.example, c@d.example", None),
        ("a@b@c.example", None),
        ("Presse <a@b.example>", None),
        ("http://user@talland.example", None),
        ("Pressestelle", None),
        ("", None),
        (None, None),
    ],
)
def test_a_mailbox(address: str | None, expected: str | None) -> None:
    assert mailto(address) == expected
    assert is_mail(address or "") == (expected is not None)
    assert expected is None or is_link(expected)


def test_a_printed_mail_address() -> None:
    assert (
        plain_mail("presse (at) talland.example") == plain_mail("presse[at]talland.example") == "presse@talland.example"
    )
