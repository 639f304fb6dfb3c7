"""Kickers that are printed in capitals, as their words are written elsewhere."""

import re

from syndicate.notices.lines import words

_WORD = re.compile(r"[^\W\d_]+")
_VOWEL = re.compile("[AEIOUÄÖÜY]")
_ACRONYMS = words(  # that have vowels, and more than three letters
    """
    UNESCO UNICEF NATO OECD OSZE EFRE ELER LEADER INTERREG MINT COVID AIDS WLAN ÖPNV SARS OPEC UNHCR BAMF BAUA ASEAN
    EUREGIO LGBTIQ LSBTIQ DEKRA ADAC ADFC NABU DEHOGA BITKOM ARGE INSPIRE EHEC
    """
)
_LINKING = words(
    """
    UND ODER DER DIE DAS DES DEM DEN FÜR IM IN AM AN AUF AUS ZU ZUR ZUM VON VOM MIT BEI BEIM VOR NACH ÜBER UNTER
    DURCH OHNE GEGEN AND OF THE FOR
    """
)
_WORDS = words(
    """
    WALD LAND BAHN JAGD WEIN KIND AUTO HAUS REDE PARK MOOR WOLF RAUM BAUEN OBST BROT RUHE GELD WAHL ARZT LUFT MEER
    SEEN FEST KINO ZOLL FORST
    """
)
_SHORT = words("BAU TAL SEE RAD AMT ORT TAG WEG ZOO NEU ALT BUS HOF TOR")


def ordinary_case(name: str) -> str:
    """A kicker in capitals as its words are written elsewhere: `LÄRMSCHUTZ` is `Lärmschutz`; `EU` and `UNESCO` stay."""
    printed = _WORD.findall(name)
    if any(c.islower() and c != "ß" for c in name) or not any(map(_is_word, printed)):
        return name
    first = next(iter(printed), "")
    told = _WORD.sub(lambda match: _written(match[0]), name)
    return first[:1] + told[1:] if told[:1].isalpha() and first in _LINKING else told


def _written(word: str) -> str:
    if word in _LINKING:
        return word.lower()
    return word[0] + word[1:].lower() if _is_word(word, 4) or word in _SHORT else word


def _is_word(word: str, least: int = 5) -> bool:
    """Is it a word, and no acronym: of some length, with vowels? Four letters alone are one where it is known."""
    return word in _WORDS or (len(word) >= least and bool(_VOWEL.search(word)) and word not in _ACRONYMS)
