"""What a line of text is as language: a sentence, a quotation, a bare name. Linear in the length of the line."""

import re

from syndicate.notices import months

_OPENING = "„“\"»«”‚‘'"
_CLOSED = "“”\"«»’‘')]"
_STATEMENT = re.compile(r"[„“\"»][^„“”\"«»]{1,2000}[“”\"«]")
_SAID = re.compile(
    r"\b(sagt|sagte|betont\w*|erklär\w+|so (der|die|das|Minist\w+|Staats\w+|\w+)|unterstrich|hob|freut\w*|teilte|"
    r"erläuter\w+|kommentier\w+|ergänz\w+|said|added|explained)\b"
)
_BREAK = re.compile(r"(\S+)[.!?…][“”\"«»)]*\s+(?=[„“\"»(]*[A-ZÄÖÜ0-9])")
_ABBREVIATION = re.compile(
    r"(?:dr|prof|dipl|ing|med|phil|jur|st|str|nr|ca|bzw|usw|etc|inkl|evtl|abs|art|bd|hr|fr|geb|gest|max|min|mio|mrd|tel|"
    rf"vgl|zzgl|{months.ABBREVIATED}|mrs?)\.?"
)


def ends(text: str) -> bool:
    """Does it end like a sentence? Marks of quotation and brackets after the full stop do not count."""
    return text.rstrip(_CLOSED + " ").endswith((".", "!", "?", "…"))


def full_stop(text: str) -> bool:
    """Does it end like a sentence that cannot be a title or a heading? These ask and shout, but do not stop."""
    return text.rstrip(_CLOSED + " ").endswith((".", "…", ":", ";", ","))


def sentences(text: str) -> int:
    """How many sentences; "Prof. Dr. Sölch", "z. B." and "9. Mai" end none."""
    count = 0
    for match in _BREAK.finditer(text[:4000]):
        word = match[1].lstrip(_OPENING + "(").casefold()
        count += len(word) > 2 and not _ABBREVIATION.fullmatch(word)
    return count + bool(text)


def words(text: str) -> int:
    return text.count(" ") + 1 if text else 0


def prose(text: str) -> bool:
    """A running sentence of some length, as no name, title, alt or label is."""
    if len(text) < 40 or words(text) < 6 or not (ends(text) or text.endswith(":")):
        return False
    head = text[:2000]
    letters = sum(map(str.isalpha, head))
    return letters > 0.65 * len(head) and (head[0].isalnum() or head[0] in _OPENING + "(–[")


def paragraph(text: str) -> bool:
    """Prose that is too much for the description of a picture, or plainly none."""
    return prose(text) and (len(text) > 160 or sentences(text) > 1)


def opens_with_statement(text: str) -> bool:
    """Does it begin with what somebody said, and not just with a name in quotation marks?"""
    if not text or text[0] not in _OPENING:
        return False
    quoted = _STATEMENT.match(text)
    if not quoted:
        return True
    after = text[quoted.end() : quoted.end() + 200]
    return words(quoted[0]) >= 6 or ends(quoted[0]) or (after.startswith(",") and bool(_SAID.search(after)))


def statement(text: str) -> bool:
    """Does somebody speak in it?"""
    text = text[:4000]
    return any(words(m[0]) >= 6 for m in _STATEMENT.finditer(text)) and bool(_SAID.search(text))
