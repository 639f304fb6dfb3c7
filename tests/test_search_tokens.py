"""One tokenizer: what is the same word, of whatever script."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.search import MOST, MOST_LETTERS, tokens

TABLE = [
    ("Das neue Klinikum", ["das", "neue", "klinikum"]),
    ("MÜNCHEN München Mu\u0308nchen muenchen", ["muenchen"] * 4),
    ("Straße STRASSE strasse STRA\u1e9eE", ["strasse"] * 4),
    ("Öl, Äpfel; Übung", ["oel", "aepfel", "uebung"]),
    ("Tubingen", ["tubingen"]),  # is not Tübingen
    ("Café cafe\u0301 CAFE", ["cafe"] * 3),
    ("Smørrebrød Łódź", ["smoerrebroed", "lodz"]),
    ("Vĩnh Phúc", ["vinh", "phuc"]),
    ("ﬁnden ＡＢＣ １２ ½", ["finden", "abc", "12", "1", "2"]),
    ("İstanbul ISTANBUL ılık", ["istanbul", "istanbul", "ilik"]),
    ("ΟΔΟΣ οδός", ["οδοσ", "οδοσ"]),
    ("Москва МОСКВА Ёлка", ["москва", "москва", "елка"]),
    ("Україна їжак", ["украіна", "іжак"]),
    ("שָׁלוֹם", ["שלום"]),
    ("مُحَمَّد محمد", ["محمد", "محمد"]),
    ("हिन्दी", ["हनद"]),
    ("東京都 第２回", ["東京都", "第2回"]),
    ("ガス ｶﾞｽ", ["カス", "カス"]),
    ("한국", [unicodedata.normalize("NFKD", "한국")]),
    ("𐐔𐐯𐑅𐐨𐑉𐐯𐐻", ["𐐼𐐯𐑅𐐨𐑉𐐯𐐻"]),
    ("𞤀𞤣𞤤𞤢𞤥", ["𞤢𞤣𞤤𞤢𞤥"]),
    ("Gesund\u00adheit Ge\u200bsundheit", ["gesundheit"] * 2),
    ("E-Mail: a_b@amt.example", ["e", "mail", "a", "b", "amt", "example"]),
    ("1.000,50 Euro", ["1", "000", "50", "euro"]),
    ("Firma™ № 5 ℃", ["firmatm", "no", "5", "c"]),
    ("„…“ – & <b> \x00 \ud800", ["b"]),
    ("🚀 👩‍🚒", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "found"), TABLE, ids=[row[0].encode("unicode_escape").decode() for row in TABLE])
def test_tokens(text: str, found: list[str]) -> None:
    assert tokens(text) == found


@given(st.text())
def test_the_tokens_of_tokens_are_these(text: str) -> None:
    assert tokens(" ".join(tokens(text))) == tokens(text)


@given(st.text(), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_how_a_text_is_composed_does_not_count(text: str, form: str) -> None:
    assert tokens(unicodedata.normalize(form, text)) == tokens(text)  # type: ignore[arg-type]  # one of the four


@given(st.text())
def test_a_token_has_letters_and_digits_only(text: str) -> None:
    assert all(token.isalnum() and len(token) <= MOST_LETTERS for token in tokens(text))


def test_there_are_at_most_so_many_and_none_is_longer_than_that() -> None:
    assert len(tokens("wort " * (MOST + 1))) == MOST
    assert tokens("a" * 100) == ["a" * MOST_LETTERS]
    assert tokens("eins zwei drei", most=2) == ["eins", "zwei"]
