"""What content systems print at the end of an excerpt, and whether a text says again what its excerpt says."""

import re

from syndicate.notices.lines import any_of
from syndicate.text import fold

# Where the text goes on. The words of a link, or the last ones of an excerpt.
MORE = (
    r"(?:hier |jetzt |mehr |den |ganzen |vollständigen )*"
    r"(?:weiter ?lesen|lesen sie (?:hier )?(?:mehr|weiter)|"
    r"mehr (?:lesen|erfahren|dazu)|(?:artikel|beitrag|meldung|text) lesen)|zu[mr] (?:artikel|beitrag|meldung)|"
    r"(?:continue|keep) reading|read (?:more|on|the rest|the full|full)|lire (?:la suite|plus)|en savoir plus|"
    r"leer más|seguir leyendo|continua a leggere|leggi (?:tutto|di più|ancora)|lees (?:verder|meer)|"
    r"ler mais|continue (?:lendo|a ler)|czytaj (?:dalej|więcej)|číst (?:dál|více|celé)|läs mer|læs mere|les mer"
)
_SHORT = r"mehr|weiter|more|mer|meer|suite|plus"
_CONTINUED = re.compile(rf"(?:^|\W)(?:(?:{MORE})\b.{{0,300}}|(?:{_SHORT})\W*)$", re.IGNORECASE | re.DOTALL)
# Where it appeared: what WordPress adds in its languages.
_APPEARED = any_of(
    r"the (?:post|article) .{1,400} (?:first appeared|appeared first|was originally published) (?:on|at|in) .{1,200}",
    r"(?:der|dieser) (?:beitrag|artikel) .{0,400}(?:erschien|ist) (?:zuerst|ursprünglich) (?:auf|bei|in) .{1,200}",
    r"(?:l.article|cet article) .{0,400}(?:est apparu en premier|a été publié en premier) sur .{1,200}",
    r"la entrada .{1,400} (?:se publicó primero|apareció primero|aparece primero) en .{1,200}",
    r"l.articolo .{1,400} (?:proviene da|sembra essere il primo su|è stato pubblicato per la prima volta su) .{1,200}",
    r"het bericht .{1,400} (?:verscheen eerst op|is geplaatst op) .{1,200}",
    r"o (?:post|conteúdo|artigo) .{1,400} (?:apareceu|aparece|foi publicado) primeiro (?:em|no|na) .{1,200}",
    r"(?:artykuł|wpis) .{1,400} pochodzi z serwisu .{1,200}",
    r"příspěvek .{1,400} pochází z .{1,200}",
    r"(?:inlägget|indlægget) .{1,400} (?:dök först upp på|blev først udgivet på) .{1,200}",
)
# The letters that each of these has, in small: asked first, as few texts have any.
_APPEARED_LETTERS = (
    "appeared", "originally", "zuerst", "ursprünglich", "apparu", "publié", "primero", "proviene", "sembra",
    "prima volta", "verscheen", "geplaatst", "primeiro", "pochodzi", "pochází", "först", "først",
)  # fmt: skip
_ENOUGH = 20  # letters: fewer may be the same by chance
_BEFORE = 800  # letters before the opening: a heading, a caption, who wrote it
_PASSES = 3
_TAIL = 600  # characters in which the last words of an excerpt begin
_CUTS = " .…[]()»›→"
_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())
_NO_LETTERS = re.compile(r"[\W_]+")  # what str.isalnum is not true of


def says(excerpt: str) -> bool:
    """Does it say anything but its marks?"""
    return bool(_without_marks(excerpt).strip(_CUTS))


def letters(text: str) -> str:
    """For comparing what two texts say: without case, spaces and punctuation, as markup and cuts change those."""
    plain = fold(text).encode().translate(None, _SIGNS).decode()  # a tenth of the time of a look at each character
    return plain if plain.isalnum() else _NO_LETTERS.sub("", plain)


def repeats(excerpt: str, *texts: str) -> bool:
    """Does one of the texts say at its beginning all that the excerpt says? Its marks do not count.

    The texts are one text with and without what may stand between its paragraphs. Of a cut one the last word is torn.
    """
    whole = letters(excerpt)
    if not whole:
        sign = excerpt.strip(_CUTS)
        return not sign or any(sign in text for text in texts)
    said = list[str]()
    for text in dict.fromkeys(texts):
        said.append(letters(text[: reach(excerpt)]))
        if _opens(whole, said[-1]):
            return True
    told = letters(_without_marks(excerpt))
    return _ENOUGH <= len(told) < len(whole) and any(_opens(told, text) for text in said)


def reach(excerpt: str) -> int:
    """How many characters of a text it takes to tell whether it repeats this."""
    return 2 * len(excerpt) + 2 * _BEFORE if excerpt else 0


def _opens(told: str, said: str) -> bool:
    at = said.find(told, 0, len(told) + _BEFORE)
    return at == 0 or (at > 0 and len(told) >= _ENOUGH)


def _without_marks(excerpt: str) -> str:
    low = excerpt.lower()
    appeared = [(_APPEARED, 0)] if any(map(low.__contains__, _APPEARED_LETTERS)) else []
    for _ in range(_PASSES):
        before = excerpt
        for mark, start in (*appeared, (_CONTINUED, max(0, len(excerpt) - _TAIL))):
            found = list(mark.finditer(excerpt, start))
            if found and not letters(excerpt[found[-1].end() :]):
                excerpt = excerpt[: found[-1].start()].rstrip()
        if excerpt == before:
            break
    return excerpt
