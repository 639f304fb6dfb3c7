"""Language tags as sources write them, and as documents carry them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import languages

TAGS = {
    # as BCP 47 has it
    "de": "de", "DE": "de", "en_US": "en-US", "de-ch-1996": "de-CH-1996", "fil": "fil", "zh-hant-tw": "zh-Hant-TW",
    "sr_latn_RS": "sr-Latn-RS", "es-419": "es-419", "sl-rozaj-biske": "sl-rozaj-biske",
    "de-u-co-phonebk": "de-u-co-phonebk",
    "de-x-leicht": "de-x-leicht", "zh-cmn-Hans-CN": "zh-cmn-Hans-CN", "hsb": "hsb", "gsw-CH": "gsw-CH",
    # other codes of the same language, and what programs call a language
    "deu": "de", "ger-AT": "de-AT", "eng": "en", "iw": "he", "in": "id", "ji": "yi", "mo": "ro", "cmn": "zh",
    "yue-HK": "zh-yue-HK", "sh-YU": "sr-Latn-YU", "no-bok": "nb", "i-klingon": "tlh", "i-lux": "lb",
    "en-GB-oed": "en-GB-oxendict",
    "de_DE.UTF-8": "de-DE", "de_DE@euro": "de-DE", "zh_CN.GB2312": "zh-CN", "Deutsch": "de", "English (US)": "en",
    # several: the first
    "en, de": "en", "de;en": "de", "de-AT|de": "de-AT", "de,en;q=0.9": "de", "x-default, fr": "fr", " \n de ": "de",
    # unknown: the first subtag, else none
    "de-foo-AT": "de", "de-verylongsubtag": "de", "de--AT": "de", "de-AT-!": "de-AT", "de-": "de",
    "de-1901-1901": "de-1901",
    "x-default": None, "i-default": None, "und": None, "mul": None, "zxx": None, "xx": None, "qaa": None, "C": None,
    "root": None, "none": None, "*": None, "": None, " ": None, "d": None, "germanic": None, "1996": None,
}  # fmt: skip


@pytest.mark.parametrize(("stated", "expected"), TAGS.items())
def test_a_tag(stated: str, expected: str | None) -> None:
    assert languages.tag(stated) == expected


@given(st.one_of(st.text(max_size=40), st.from_regex(r"[A-Za-z]{1,4}([_-][A-Za-z0-9]{1,9}){0,5}", fullmatch=True)))
def test_a_tag_is_the_tag_of_itself(stated: str) -> None:
    said = languages.tag(stated)
    assert said is None or languages.tag(said) == said


def test_the_first_that_is_a_tag() -> None:
    assert languages.first((None, "", "x-default", "und", "de_AT", "en")) == "de-AT"
    assert languages.first((None, "xx")) is None
