"""Names of the keys of a release's front matter, in German and English (interface: A release as a Markdown file).

Case, spaces, hyphens, underscores and the form of umlauts do not count. A name that is nearly one of a key that decides
what is published, and when, is told from one that nobody knows: a misspelt embargo would be public at once.
"""

import re
from collections.abc import Iterator

from syndicate.notices.fields import EMBARGO_WORDS, field_name, is_embargo_key
from syndicate.text import fold

EMBARGO = "embargo"
_LONG = 7  # letters of a name, from which on two may be wrong

# key: its other names; singular and plural are one key.
_RELEASE = """
title: titel überschrift headline schlagzeile
kicker: dachzeile
teaser: vorspann anreißer anriss vorspanntext lead summary description excerpt zusammenfassung kurzfassung kurztext
topics: topic thema themen
categories: category kategorie kategorien tags tag schlagwort schlagwörter schlagworte stichwort stichwörter stichworte
date: datum
published: veröffentlicht erschienen pubdate
updated: update aktualisiert geändert modified lastmod stand
url: link permalink webadresse internetadresse
id: kennung guid
kind: art
author: authors autor autoren autorin autorinnen verfasser verfasserin byline
language: lang sprache
image: images bild bilder foto fotos picture pictures titelbild
enclosures: enclosure anlage anlagen anhang anhänge attachment attachments download downloads datei dateien
contact: contacts kontakt kontakte pressekontakt ansprechpartner ansprechpartnerin ansprechperson
related: verwandt verwandte weitere weiteremeldungen
corrects: berichtigt korrigiert
withdrawn: zurückgezogen widerrufen retracted
reason: grund begründung
license: licence lizenz
draft: entwurf
status: zustand
"""
_IMAGE = """
src: url href link datei file pfad path adresse
alt: alternativtext alttext bildbeschreibung beschreibung description
caption: bildunterschrift unterschrift bildtext bildlegende legende bu
credit: bildnachweis nachweis foto fotograf fotografin urheber urheberin copyright rechte photographer photo
source: quelle
"""
_ENCLOSURE = """
url: src href link datei file pfad path adresse quelle source
type: typ medientyp mediatype
length: länge
title: titel name bezeichnung
"""
_CONTACT = """
name: person ansprechpartner ansprechpartnerin ansprechperson
email: mail mailadresse emailadresse
phone: telefon tel fon telephone telefonnummer rufnummer
"""
_RELATED = """
title: titel überschrift
topic: thema
url: link adresse href
teaser: vorspann
"""
# What they are called elsewhere: no names here, but whoever writes them means them.
_FOREIGN = """
title: titre titolo título titulo tytuł nadpis
topics: sujet sujets thème tema temas temi theme themes onderwerp temat subject
date: data fecha dato
"""


def _rows(table: str) -> Iterator[tuple[str, list[str]]]:
    for row in table.strip().splitlines():
        key, _, names = row.partition(":")
        yield key, [key, *names.split()]


class Keys:
    """The keys of one table of front matter, by their names."""

    def __init__(self, rows: str, foreign: str = "") -> None:
        self._printed = {field_name(name): (name, key) for key, names in _rows(rows) for name in names}
        self._foreign = {field_name(name): key for key, names in _rows(foreign) for name in names[1:]}

    def key(self, name: str) -> str | None:
        """The key that this is a name of; None for what is none."""
        return self._printed.get(field_name(name), ("", None))[1]

    def near(self, name: str) -> tuple[str, str] | None:
        """(key, the name that was meant) of what is no name, but nearly one: a letter or two, another language."""
        folded = field_name(name)
        if folded in self._foreign:
            return self._foreign[folded], self._foreign[folded]
        close = [
            (apart, key, printed)
            for other, (printed, key) in self._printed.items()
            if (apart := _apart(folded, other)) <= _allowed(other)
        ]
        return min(close, key=lambda found: found[0])[1:] if close else None


RELEASE, IMAGE, ENCLOSURE = Keys(_RELEASE, _FOREIGN), Keys(_IMAGE), Keys(_ENCLOSURE)
CONTACT, RELATED = Keys(_CONTACT), Keys(_RELATED)


def is_plain_embargo(name: str) -> bool:
    """Is this an embargo's name, or nearly one, that means nothing else: of a picture, `Freigabe` is who may use it?"""
    plain = ("embargo", "sperrfrist", "sperrvermerk")
    return near_embargo(name) in plain or any(word in field_name(name) for word in plain)


def near_embargo(name: str) -> str | None:
    """The word for an embargo that a name which is none was meant as, in any of its words: `embrago bis`."""
    if is_embargo_key(name):
        return None
    folded = field_name(name)
    for word in EMBARGO_WORDS:
        lengths = range(len(word) - 2, len(word) + 3)
        parts = {*re.split(r"[\W_]+", fold(name)), folded}
        parts |= {folded[:n] for n in lengths} | {folded[-n:] for n in lengths}
        if any(_apart(part, word) <= _allowed(word) for part in parts):
            return word
    return None


def _allowed(name: str) -> int:
    return 0 if len(name) < 3 else 1 if len(name) < _LONG else 2


def _apart(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many or have changed places (Damerau and Levenshtein); 3 is too many."""
    if abs(len(one) - len(other)) > 2:
        return 3
    last: list[int] = []
    before: list[int] = [*range(len(other) + 1)]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        last, before = before, row
    return before[-1]
