"""Bytes → text, whatever header and prolog say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import ParseError
from syndicate.parse import decode

WORDS = "Grüße aus Weidental: „Spaß“ – 5 € 😀\r\nZeile"
LATIN = "Grüße aus Weidental: „Spaß“ – 5 €"
ASCII_PROLOG = '<?xml version="1.0" encoding="{}"?><rss>Grüße, „Spaß“</rss>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("charset", [None, "utf-8", "iso-8859-1", "us-ascii", "x-unknown", ""])
def test_unicode_is_known_by_its_bytes(encoding: str, charset: str | None) -> None:
    assert decode(WORDS.encode(encoding), charset) == WORDS


@pytest.mark.parametrize("charset", [None, "utf-8", "iso-8859-1", "windows-1252", "us-ascii", "utf-16", "rot13", "zip"])
def test_windows_1252_whatever_is_declared(charset: str | None) -> None:
    assert decode(LATIN.encode("cp1252"), charset) == LATIN


@pytest.mark.parametrize(
    ("inside", "charset"), [("windows-1251", None), ("windows-1251", "iso-8859-1"), ("utf-8", "koi8-r")]
)
def test_another_encoding_is_that_of_header_or_prolog(inside: str, charset: str | None) -> None:
    text = f'<?xml version="1.0" encoding="{inside}"?><a>Новости</a>'
    assert decode(text.encode("koi8-r" if charset == "koi8-r" else inside), charset) == text


RUSSIAN = "Правительство области сообщает о строительстве нового моста через реку. Министр посетил школу и больницу."
JAPANESE = "県は新しい橋の建設を発表しました。知事は学校と病院を訪問し、教師や医師と話し合いました。"
CHINESE = "省政府宣布将在河上修建一座新桥。省长访问了学校和医院，并与教师和医生进行了交谈。"
GREEK = "Η κυβέρνηση ανακοίνωσε την κατασκευή νέας γέφυρας. Ο υπουργός επισκέφθηκε το σχολείο και το νοσοκομείο."
ITEM = (
    "<item><title>{0}</title><link>https://www.talland.example/1</link><description>&lt;p&gt;{0}</description></item>"
)


@pytest.mark.parametrize("said", [None, "utf-8", "iso-8859-1", "us-ascii"])
@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("windows-1251", RUSSIAN),
        ("koi8-r", RUSSIAN),
        ("shift_jis", JAPANESE),
        ("euc-jp", JAPANESE),
        ("gb18030", CHINESE),
        ("windows-1253", GREEK),
    ],
)
def test_other_letters_tell_the_encoding_that_nobody_does(encoding: str, text: str, count: int, said: str) -> None:
    feed = f"<rss><channel>{ITEM.format(text) * count}</channel></rss>"
    assert decode(feed.encode(encoding), said) == feed


@pytest.mark.parametrize(
    "text", [LATIN, "Über Öl", "Größe " * 100, "Öffnung für Ämter, Bürgerbüros und Gehörlose. " * 50]
)
def test_german_is_never_taken_for_other_letters(text: str) -> None:
    feed = f"<rss><channel>{ITEM.format(text) * 10}</channel></rss>"
    assert decode(feed.encode("cp1252")) == feed


def test_a_lying_prolog() -> None:
    text = ASCII_PROLOG.format("utf-8")
    assert decode(text.encode("cp1252")) == text
    text = ASCII_PROLOG.format("ISO-8859-1")
    assert decode(text.encode("utf-8")) == text


def test_seven_bits_that_are_no_ascii() -> None:
    assert decode("日本".encode("iso-2022-jp"), "ISO-2022-JP") == "日本"


def test_utf8_with_a_few_other_bytes() -> None:
    body = "Grüße aus Weidental, Öffnung, „heute“ ".encode() + "später – €".encode("cp1252")
    assert decode(body) == "Grüße aus Weidental, Öffnung, „heute“ später – €"


@pytest.mark.parametrize("body", [b"Text\x00" * 6, b"\x01\x02\x03\x04\x05\x06\x07", b"%PDF-1.4"])
def test_what_is_no_text(body: bytes) -> None:
    with pytest.raises(ParseError, match="not text"):
        decode(body)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), max_size=80))
def test_utf8_survives(text: str) -> None:
    assert decode(text.encode()) == text
