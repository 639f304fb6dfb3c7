import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.text import (
    clean,
    digest,
    fold,
    folded_words,
    release_id,
    slug,
    squeeze,
    squeezed_lines,
    strip_unprintable,
    unescaped,
)


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


@given(st.text(alphabet=st.characters()))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert squeeze(squeeze(text)) == squeeze(text)
    assert slug(slug(text)) == slug(text)


@given(
    st.text(alphabet="aÄ \t\n\x1c\x85\u00a0\u00ad\u200b\u200e\u2028\u3000e\u0301") | st.text(alphabet="aÄe\u0301 \n")
)
def test_lines_are_squeezed_each_by_itself(text: str) -> None:
    assert squeezed_lines(text) == [line for line in map(squeeze, text.split("\n")) if line]


@given(st.text(alphabet="aÄßſ ﬁœ\t\n\x1c\x85\u00a0\u00ad\u200b\u2028e\u0301İΣ"))
def test_words_are_those_of_the_folded_text(text: str) -> None:
    assert folded_words(text) == fold(text).split()
    assert squeeze(text) == " ".join(strip_unprintable(text).split())


def test_the_parts_of_a_digest_keep_their_borders() -> None:
    assert digest("ab", "c") != digest("a", "bc")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("&auml;&#228;&#xe4;&amp;auml;", "äää&auml;"),
        (f"&#{'9' * 1_000_000};", "\ufffd"),
        (f"&#{'0' * 5_000}65;", "A"),
        (f"&#{'0' * 5_000};", "\ufffd"),
        (f"{'9' * 5_000}&#", f"{'9' * 5_000}&#"),
    ],
    ids=["usual", "digits", "zeros", "zero", "none"],
)
def test_references_are_resolved_whatever_they_name(text: str, expected: str) -> None:
    assert unescaped(text) == expected


def test_a_release_id_is_made_of_its_atom_id() -> None:
    atom_id = "tag:presse.talland.example,2026:0123456789abcdef0123456789abcdef"
    assert release_id(atom_id) == "wqcfe7wjpb6v"
    ids = [release_id(f"urn:talland:{n}", count) for n in range(500) for count in (1, 2, 3)]
    assert len({*ids}) == len(ids)
    assert all(re.fullmatch("[a-z0-9]{12}", identifier) for identifier in ids)
