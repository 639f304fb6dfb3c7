"""Who asks: addresses, proxies that are trusted and what others write into their lists."""

import ipaddress

import pytest

from syndicate.addresses import one_client
from syndicate.serve import Clients, speaks_for_others

TRUSTED = Clients(map(ipaddress.ip_network, ("10.0.0.0/8", "2001:db8:1::/48", "127.0.0.1/32")))
PEER = "10.0.0.1"


@pytest.mark.parametrize(
    ("said", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("192.0.2.7:41234", "192.0.2.7"),
        ("2001:db8:2::7", "2001:db8:2::7"),
        ("[2001:db8:2::7]", "2001:db8:2::7"),
        ("[2001:db8:2::7]:443", "2001:db8:2::7"),
        ("2001:DB8:2:0::7", "2001:db8:2::7"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        # several proxies: the last that is not one of ours
        ("192.0.2.7, 10.0.0.2", "192.0.2.7"),
        ("192.0.2.7, 10.0.0.2, 10.0.0.3", "192.0.2.7"),
        ("192.0.2.7,2001:db8:1::5,10.0.0.2", "192.0.2.7"),
        # what stands left of it was written by whoever asks
        ("198.51.100.9, 192.0.2.7", "192.0.2.7"),
        ("127.0.0.1, 192.0.2.7", "192.0.2.7"),
        ("198.51.100.9, 10.0.0.9, 192.0.2.7, 10.0.0.2", "192.0.2.7"),
        ("10.0.0.4, 10.0.0.3", "10.0.0.4"),  # a reader within the trusted network
        # garbage: the last that is known
        ("", PEER),
        (",", PEER),
        ("unknown", PEER),
        ("_hidden", PEER),
        ("192.0.2.7, unknown", PEER),
        ("192.0.2.7, unknown, 10.0.0.2", "10.0.0.2"),
        ("192.0.2.300", PEER),
        ("192.0.2.7 198.51.100.9", PEER),
        ("<script>", PEER),
        ("\xff\xfe", PEER),
        ("0x7f.1", PEER),
        ("192.0.2.7, " + "a" * 5000, PEER),
        ("192.0.2.7," * 3000 + "192.0.2.8", "192.0.2.8"),
        ("192.0.2.7," + "10.0.0.2," * 100 + "10.0.0.3", "10.0.0.2"),  # no more than so many
    ],
)
def test_what_a_trusted_proxy_says(said: str, client: str) -> None:
    assert TRUSTED.behind(PEER, [(b"x-forwarded-for", said.encode("latin-1"))]) == client


@pytest.mark.parametrize(
    ("said", "client"),
    [
        ("for=192.0.2.7", "192.0.2.7"),
        ("For=192.0.2.7;proto=https;by=10.0.0.1", "192.0.2.7"),
        ("proto=https; for=192.0.2.7", "192.0.2.7"),
        ('for="192.0.2.7:41234"', "192.0.2.7"),
        ('for="[2001:db8:2::7]:443"', "2001:db8:2::7"),
        ('for="[2001:db8:2::7]", for=10.0.0.2', "2001:db8:2::7"),
        ("for=198.51.100.9, for=192.0.2.7", "192.0.2.7"),
        ('for="a,b", for=192.0.2.7', "192.0.2.7"),
        ('for=198.51.100.9, for="192.0.2.7, 127.0.0.1"', PEER),
        ('for="192.0.2.7\\", for=127.0.0.1"', PEER),
        ("for=unknown", PEER),
        ("for=_x", PEER),
        ("proto=https", PEER),
        ('for="', PEER),
        ("for=192.0.2.7 for=198.51.100.9 x", PEER),
        ("", PEER),
    ],
)
def test_what_it_says_as_the_standard_has_it(said: str, client: str) -> None:
    assert TRUSTED.behind(PEER, [(b"forwarded", said.encode("latin-1"))]) == client


def test_lines_of_one_name_are_one_list_and_the_usual_one_counts() -> None:
    lines = [
        (b"x-forwarded-for", b"198.51.100.9"),
        (b"x-forwarded-for", b"192.0.2.7"),
        (b"forwarded", b"for=127.0.0.1"),
    ]
    assert TRUSTED.behind(PEER, lines) == "192.0.2.7"
    assert TRUSTED.behind(PEER, [(b"host", b"x")]) == PEER


@pytest.mark.parametrize(
    ("address", "trusted"),
    [
        ("10.255.0.1", True),
        ("2001:db8:1:ffff::1", True),
        ("2001:db8:2::1", False),
        ("192.0.2.7", False),
        ("::ffff:10.0.0.1", True),
        ("", False),
        ("testclient", False),
    ],
)
def test_who_is_trusted(address: str, trusted: bool) -> None:
    assert TRUSTED.trusts(address) is trusted


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:2::7", "2001:db8:2::/64"),
        ("2001:db8:2:0:ffff:1:2:3", "2001:db8:2::/64"),
        ("2001:db8:2:1::7", "2001:db8:2:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
def test_what_is_counted_as_one(address: str, client: str) -> None:
    assert one_client(address) == client


@pytest.mark.parametrize(
    ("headers", "for_others"),
    [
        ({"Host": "press.example.org"}, True),
        ({"Host": "press.example.org:8000"}, True),
        ({"Host": "x"}, True),
        ({"Host": "localhost:8000"}, False),
        ({"Host": "presse.localhost"}, False),
        ({"Host": "127.0.0.1:8000"}, False),
        ({"Host": "[::1]:8000"}, False),
        ({"Host": ""}, False),
        ({}, False),
        ({"Host": "127.0.0.1", "X-Forwarded-For": "192.0.2.7"}, True),
        ({"Host": "127.0.0.1", "X-Real-IP": "192.0.2.7"}, True),
        ({"Host": "127.0.0.1", "Via": "1.1 proxy"}, True),
        ({"Host": "127.0.0.1", "User-Agent": "curl/8"}, False),
    ],
)
def test_who_asks_for_somebody_else(headers: dict[str, str], for_others: bool) -> None:
    assert speaks_for_others([(n.lower().encode(), v.encode()) for n, v in headers.items()]) is for_others
