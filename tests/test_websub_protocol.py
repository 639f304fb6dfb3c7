"""WebSub as it goes over the wire: what is understood of a request, and what is signed."""

from contextlib import suppress
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.model import HubLinks
from syndicate.parse import hubs_of_header
from syndicate.websub import (
    DEFAULT_LEASE,
    SIGNED_BY,
    Asked,
    BadRequest,
    agrees,
    asked,
    challenged,
    denied,
    form,
    link_header,
    signature,
)

FORM = "application/x-www-form-urlencoded"
TOPIC, CALLBACK = "https://presse.example.org/gesundheit.atom", "https://reader.example/hook?id=7"
PLAIN = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.callback": CALLBACK}


def body(**said: str) -> bytes:
    """`secret="x"` is hub.secret; an empty callback or the like takes it away."""
    fields = PLAIN | {f"hub.{name}": value for name, value in said.items()}
    return urlencode({name: value for name, value in fields.items() if value or name not in PLAIN}).encode()


# --- a request --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "changes"),
    [
        (body(), {}),
        (body(mode="unsubscribe"), {"mode": "unsubscribe"}),
        (body(secret="geheim ü"), {"secret": "geheim ü"}),
        (body(secret="x" * 200), {"secret": "x" * 200}),
        (body(secret=""), {}),
        (body(lease_seconds="86400"), {"lease": timedelta(days=1)}),
        (body(lease_seconds=""), {}),
        (body(lease_seconds=" 86400 "), {"lease": timedelta(days=1)}),
        (body(lease_seconds="0"), {"lease": timedelta(minutes=5)}),
        (body(lease_seconds="299"), {"lease": timedelta(minutes=5)}),
        (body(lease_seconds="2592001"), {"lease": timedelta(days=30)}),
        (body(lease_seconds="9" * 9_000), {"lease": timedelta(days=30)}),
        (body(verify_token="tok/en"), {"token": "tok/en"}),
        (body() + b"&foo=bar&hub.foo=hub.bar", {}),
        (body() + b"&hub.verify=sync&hub.verify=async&foo=1&foo=2", {}),
        (body() + b"&&=&x\r\n", {}),
        (body(callback="HTTP://192.0.2.7:8080"), {"callback": "HTTP://192.0.2.7:8080"}),
        (body(callback="http://[2001:db8::1]/x"), {"callback": "http://[2001:db8::1]/x"}),
        (body(callback="http://reader.example/@me?to=a@b"), {"callback": "http://reader.example/@me?to=a@b"}),
    ],
)
def test_what_is_understood(sent: bytes, changes: dict[str, object]) -> None:
    plain = {"mode": "subscribe", "topic": TOPIC, "callback": CALLBACK, "lease": DEFAULT_LEASE}
    assert asked(sent, f"{FORM}; charset=utf-8") == Asked(**(plain | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (b"", "hub.mode is missing"),
        (body(mode=""), "hub.mode is missing"),
        (body(mode="Subscribe"), "hub.mode is to be"),
        (body(mode="denied"), "hub.mode is to be"),
        (body(mode="publish"), "by itself"),
        (body(topic=""), "hub.topic is missing"),
        (body(topic="x" * 2_001), "hub.topic has more than"),
        (body(callback=""), "hub.callback is missing"),
        (body(callback="http://x.example/" + "y" * 2_000), "hub.callback has more than"),
        (body(callback="ftp://reader.example/"), "no absolute http or https"),
        (body(callback="javascript:alert(1)"), "no absolute http or https"),
        (body(callback="//reader.example/"), "no absolute http or https"),
        (body(callback="/hook"), "no absolute http or https"),
        (body(callback="http://"), "no absolute http or https"),
        (body(callback="http:///hook"), "no absolute http or https"),
        (body(callback="http://reader.example:0/"), "no absolute http or https"),
        (body(callback="http://reader.example:99999/"), "no absolute http or https"),
        (body(callback="http://reader.example\\@x/"), "a user or a password"),
        (body(callback="http://reader.example/a b"), "no absolute http or https"),
        (body(callback="http://reader.example/\r\nX: y"), "no absolute http or https"),
        (body(callback="http://b\u00fccher.example/"), "no absolute http or https"),
        (body(callback="http://u:p@reader.example/"), "a user or a password"),
        (body(callback="http://u@reader.example?x"), "a user or a password"),
        (body(callback="http://reader.example/#x"), "a fragment"),
        (body(callback="http://reader.example/#"), "a fragment"),
        (body(secret="x" * 201), "hub.secret has more than 200 bytes"),
        (body(secret="ü" * 101), "hub.secret has more than 200 bytes"),
        (body(lease_seconds="-1"), "no number"),
        (body(lease_seconds="1e5"), "no number"),
        (body(lease_seconds="٣٠٠"), "no number"),
        (body(verify_token="x" * 1_001), "hub.verify_token has more than"),
        (body() + b"&hub.mode=subscribe", "hub.mode is given more than once"),
        (body() + b"&hub.topic=", "hub.topic is given more than once"),
        (body() + b"&hub.callback=x", "hub.callback is given more than once"),
        (body(secret="a") + b"&hub.secret=b", "hub.secret is given more than once"),
        (body(lease_seconds="1") + b"&hub.lease_seconds=1", "hub.lease_seconds is given more than once"),
        (body() + b"&hub%2emode=subscribe", "hub.mode is given more than once"),
        (body() + b"&x=%zz", "no two hexadecimal digits"),
        (body() + b"&x=%4", "no two hexadecimal digits"),
        (body() + b"&x=%ff", "not UTF-8"),
        (body() + b"&x=\xff", "not UTF-8"),
        (body() + b"&x=%ed%a0%80", "not UTF-8"),
        (body() + b"&x=%00", "a NUL"),
        (body(secret="a\0b"), "a NUL"),
        (body(topic=TOPIC + "\0"), "a NUL"),
    ],
)
def test_what_is_not_understood_says_why_and_repeats_nothing(sent: bytes, words: str) -> None:
    with pytest.raises(BadRequest, match=words) as caught:
        asked(sent, FORM)
    assert "reader.example" not in str(caught.value)


@pytest.mark.parametrize("media_type", [None, "", "application/json", "multipart/form-data; boundary=x", "text/plain"])
def test_the_body_is_a_form(media_type: str | None) -> None:
    with pytest.raises(BadRequest, match="is to be a form"):
        asked(body(), media_type)


@given(st.lists(st.tuples(st.text().filter(lambda t: "\0" not in t), st.text().filter(lambda t: "\0" not in t))))
def test_a_form_is_read_as_it_was_written(pairs: list[tuple[str, str]]) -> None:
    pairs = [pair for pair in pairs if pair != ("", "")]
    assert [pair for pair in form(urlencode(pairs).encode(), FORM) if pair != ("", "")] == pairs


@given(st.binary())
def test_any_bytes_are_read_or_refused(sent: bytes) -> None:
    with suppress(BadRequest):
        asked(sent, FORM)


# --- a question back --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("callback", "query"),
    [
        ("https://reader.example", "?"),
        ("https://reader.example/", "?"),
        ("https://reader.example/?", ""),
        ("https://reader.example/?id=7", "&"),
        ("https://reader.example/?id=7&", ""),
        ("https://reader.example/?hub.mode=x&a=%2F", "&"),
    ],
)
def test_a_query_that_is_there_stays_as_it_is(callback: str, query: str) -> None:
    question = challenged(Asked(mode="subscribe", topic=TOPIC, callback=callback), "abc")
    assert question.startswith(f"{callback}{query}hub.mode=subscribe&")


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (
            Asked(mode="subscribe", topic=TOPIC, callback=CALLBACK, token="t&k +"),
            {"hub.lease_seconds": "864000", "hub.verify_token": "t&k +"},
        ),
        (Asked(mode="unsubscribe", topic=TOPIC, callback=CALLBACK, secret="geheim"), {}),
    ],
)
def test_what_a_subscriber_is_asked(request_: Asked, expected: dict[str, str]) -> None:
    question = dict(parse_qsl(urlsplit(challenged(request_, "abc")).query))
    assert question == {"id": "7", "hub.mode": request_.mode, "hub.topic": TOPIC, "hub.challenge": "abc"} | expected


def test_what_a_subscriber_is_told_who_is_denied() -> None:
    told = dict(parse_qsl(urlsplit(denied(CALLBACK, TOPIC, "no such feed")).query))
    assert told == {"id": "7", "hub.mode": "denied", "hub.topic": TOPIC, "hub.reason": "no such feed"}


# --- signatures -------------------------------------------------------------------------------------------------------

# RFC 2202 and RFC 4231, test case 2.
KEY, DATA = "Jefe", b"what do ya want for nothing?"
KNOWN = {
    "sha1": "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
    "sha256": "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    "sha384": "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
    "sha512": "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fd"
    "caeab1a34d4a6b4b636e070a38bce737",
}


def test_ours_is_sha256_and_any_is_understood() -> None:
    assert signature(KEY, DATA) == f"sha256={KNOWN['sha256']}"
    assert {*KNOWN} == {*SIGNED_BY}


@pytest.mark.parametrize("method", SIGNED_BY)
def test_a_signature_that_agrees(method: str) -> None:
    good = f"{method}={KNOWN[method]}"
    assert [agrees(form, KEY, DATA) for form in (good, good.upper(), f" {good} ")] == [True] * 3
    for bad in (
        f"{method}={KNOWN[method][:-1]}",
        f"{good}0",
        f"{method}=",
        KNOWN[method],
        f"md5={KNOWN[method]}",
        "",
        "ü",
    ):
        assert not agrees(bad, KEY, DATA)
    assert not agrees(good, "jefe", DATA)
    assert not agrees(good, KEY, DATA + b"\n")


# --- links ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hub", ["https://hub.example/", ""])
def test_who_subscribes_finds_what_a_head_says(hub: str) -> None:
    assert hubs_of_header(link_header(hub, TOPIC), None) == HubLinks((hub,) if hub else (), TOPIC)
