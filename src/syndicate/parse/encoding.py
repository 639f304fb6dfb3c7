"""Bytes to text: what the bytes are, whatever a header or a prolog says of them."""

import codecs
import re
from importlib import import_module

from syndicate.errors import ParseError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (rb"%PDF-", "a PDF document"),
    (rb"\x89PNG\r", "a PNG image"),
    (rb"\xff\xd8\xff", "a JPEG image"),
    (rb"GIF8[79]a", "a GIF image"),
    (rb"RIFF....WEBP", "a WebP image"),
    (rb"II\*\x00|MM\x00\*", "a TIFF image"),
    (rb"PK\x03\x04", "a ZIP archive or an Office document (.docx, .odt)"),
    (rb"\xd0\xcf\x11\xe0", "an Office document of the old kind (.doc)"),
    (rb"\{\\rtf", "an RTF document"),
    (rb"\x1f\x8b", "a gzip archive"),
    (rb"7z\xbc\xaf|Rar!\x1a", "an archive"),
    (rb"....ftyp|\x1aE\xdf\xa3", "a video or an image of a camera"),
    (rb"ID3[\x02-\x04]|OggS\x00|RIFF....WAVE", "a sound file"),
    (rb"SQLite format 3\x00", "a database"),
)
_DECLARED = re.compile(
    rb"""(?:<\?xml[^>]{0,200}?\sencoding\s*=\s*|<meta\s[^>]{0,200}?charset\s*=\s*)["']?\s*([\w.:-]{2,40})""",
    re.IGNORECASE,
)
# Seven-bit encodings: their bytes are valid UTF-8 and mean something else.
_SEVEN_BIT = re.compile(r"iso2022|^hz$")
_LATIN = frozenset({"iso8859-1", "ascii", "cp1252"})
# Writings of other letters than Latin ones are told by them; which Latin encoding it is, German texts do not show.
_OTHER_LETTERS = (
    "cp1251", "koi8_r", "cp932", "euc_jp", "gb18030", "big5", "cp949", "cp1253", "cp1255", "cp1256", "cp874",
)  # fmt: skip
_SAMPLE = 50_000  # bytes
_STRAY = 4  # NULs in a text that is one all the same: somebody's database cut a field to its width
_NO_WORDS = re.compile(rb"<[^<>]*>|&lt;[^<>]{0,300}?&gt;|&[#\w]{1,10};|https?://[^\s<]+")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(body: bytes, charset: str | None = None) -> str:
    """The text of a body, without a byte order mark or a stray NUL; line ends are left as they are.

    A mark decides; else UTF-8 where the bytes are UTF-8; else `charset` (a header's) or what the document declares;
    else, or where that is ISO-8859-1, what letters other than Latin ones tell; else Windows-1252, which it is for
    ISO-8859-1, too, in the WHATWG Encoding Standard. Raises ParseError for what is no text.
    """
    for pattern, kind in _SIGNATURES:
        if re.match(pattern, body, re.DOTALL):
            raise ParseError(f"this is {kind}, not text")
    text = _decode(body, charset).removeprefix("\ufeff")
    head = text[:4096]
    if text.count("\0") > _STRAY or len(_CONTROLS.findall(head)) > max(4, len(head) // 20):
        raise ParseError("this is a binary file, not text")
    return text.replace("\0", "")


def _decode(body: bytes, charset: str | None) -> str:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    if unmarked := _utf16(body):
        return body.decode(unmarked, "replace")
    declared = _declared(body, charset)
    for name in declared:
        if _SEVEN_BIT.search(name):
            return body.decode(name, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if _mostly_utf8(body):
        return body.decode("utf-8", "syndicate-cp1252")
    for name in declared:
        try:
            if name not in _LATIN:
                return body.decode(name)
        except UnicodeDecodeError:
            continue
    return body.decode(_guessed(body) or "cp1252", "replace")


def _guessed(body: bytes) -> str | None:
    """The encoding of a text that is mostly of other letters than ASCII, as no text of Latin letters is."""
    sample = body[:_SAMPLE]
    words = _NO_WORDS.sub(b" ", sample[: sample.rfind(b">") + 1] or sample)
    others, letters = len(re.findall(rb"[\x80-\xff]", words)), len(re.findall(rb"[A-Za-z]", words))
    if others < 40 or others < letters:
        return None
    # Heavy, and hardly ever needed.
    found = import_module("charset_normalizer").from_bytes(words, cp_isolation=list(_OTHER_LETTERS)).best()
    return str(found.encoding) if found else None


def _utf16(body: bytes) -> str | None:
    """UTF-16 without a mark shows by the empty upper bytes of its letters."""
    low, high = body[:4096:2], body[1:4096:2]
    if len(high) < 2:
        return None
    if high.count(0) > len(high) * 0.4 and low.count(0) < len(low) * 0.1:
        return "utf-16-le"
    if low.count(0) > len(low) * 0.4 and high.count(0) < len(high) * 0.1:
        return "utf-16-be"
    return None


def _declared(body: bytes, charset: str | None) -> list[str]:
    """Python's names of the encodings that header and document name. Latin-1 last: it is many a server's default."""
    inside = _DECLARED.search(body[:2048])
    stated = [charset or "", inside[1].decode("ascii", "replace") if inside else ""]
    names = []
    for name in stated:
        try:
            names.append(codecs.lookup(name.strip()).name)
        except (LookupError, ValueError):
            continue
    # UTF-8 and UTF-16 were tried; codecs such as zlib or rot13 are no character encodings.
    usable = [n for n in names if re.match(r"iso|cp|koi8|mac|gb|big5|euc|shift|ascii|hz|tis|ptcp|kz|johab", n)]
    return sorted(usable, key=lambda n: n in _LATIN)


def _mostly_utf8(body: bytes) -> bool:
    """UTF-8 into which somebody pasted a few bytes of another encoding, or that was cut within a letter."""
    text = body.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = sum(1 for c in text if c > "\x7f") - wrong
    return right > wrong


def _single_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("syndicate-cp1252", _single_bytes)
