import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.text import LINKS, canonical_url, clean, clean_url, digest, fold, slug, squeeze, without_query


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("Digi\u00adtali\u00adsierung", "Digitalisierung"),
        ("1.000\u00a0Euro,\u202fbrutto", "1.000 Euro, brutto"),
        (unicodedata.normalize("NFD", "Übergröße"), "Übergröße"),
        ("a\x00b\x0bc\ufffed\ud800e", "abcde"),
    ],
)
def test_clean_leaves_what_xml_can_carry(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [("STRASSE", "Straße"), ("Städtebau", "Staedtebau"), ("  Kunst \n und Kultur", "kunst und kultur"), ("Ⅷ", "viii")],
)
def test_names_that_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Städtebauförderung", "staedtebaufoerderung"),
        ("Kinder und Jugendliche", "kinder-und-jugendliche"),
        ("Straße / Weg", "strasse-weg"),
        ("Çelik & Søn", "celik-soen"),
        ("日本", ""),
        ("x" * 59 + " yz", "x" * 59),
    ],
)
def test_slug(text: str, expected: str) -> None:
    assert slug(text) == expected


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


def test_addresses_of_two_pages() -> None:
    assert canonical_url("https://talland.example/a?id=1") != canonical_url("https://talland.example/a?id=2")


def test_without_query() -> None:
    assert without_query("https://talland.example/b.jpg?v=2#x") == "https://talland.example/b.jpg"


@given(st.text(alphabet=st.characters()))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert squeeze(squeeze(text)) == squeeze(text)
    assert slug(slug(text)) == slug(text)


@given(st.text())
def test_a_cleaned_address_stays_as_it_is(text: str) -> None:
    url = clean_url("https://talland.example/" + text)
    assert url is not None
    assert url.isascii()
    assert clean_url(url) == url


def test_the_parts_of_a_digest_keep_their_borders() -> None:
    assert digest("ab", "c") != digest("a", "bc")
