"""Labels that pages print before a fact of a release: one lexicon of what each names.

`Datum: 11.03.2026`, `Ressort` above `Inneres`, `zuletzt geändert am`. A label is never a topic, a teaser or text.
"""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from syndicate.notices.lines import LONGEST, any_of, whole

Meaning = Literal["published", "changed", "number", "kind", "topic", "tags", "place", "author", "event", "page"]

_PAGE = r"(?:seite|artikels?|meldung|beitrags?|inhalts?|dokuments?|textes|information(?:en)?|pressemitteilung)"
_CHANGE = r"(?:geändert|aktualisiert|bearbeitet|überarbeitet|ergänzt|modifiziert|updated|modified|changed|edited)"
_PUBLISH = (
    r"(?:veröffentlicht|publiziert|erschienen|erstellt|eingestellt|online gestellt|published|posted|released|created)"
)
_DAY = r"(?:datum|tag|stand)"
_RELEASE = r"(?:presse|medien)(?:mitteilung|meldung|information|info|erklärung)|meldung|mitteilung|artikel|beitrag|news"

_NAMES: dict[Meaning, re.Pattern[str]] = {
    "published": any_of(
        rf"(?:{_PUBLISH})(?: (?:worden|von [\w-]{{1,40}}|in [\w-]{{1,40}}))?(?: (?:am|on|vom|seit))?",
        r"(?:gespeichert|verfasst|geschrieben|submitted|written)(?: (?:von|"
        r"by) [\w.-]{1,40}(?: [\w.-]{1,40})?)?(?: am| on)?",
        rf"(?:(?:veröffentlichungs?|erscheinungs?|erstellungs?|publikations?|ausgabe|eingangs|artikel|beitrags?|"
        rf"meldungs|"
        rf"presse|einstell)-?(?:{_DAY}|termin)|"
        r"(?:date|day)(?: of)? publi(?:cation|shed)|publi(?:cation|shed|shing) date|"
        r"release date|post date|veröffentlichung|erscheinung|publikation|ausgabe vom)(?: am)?",
        rf"datum(?: der (?:veröffentlichung|{_RELEASE}))?|date|am|vom|den|on|online seit|seit|(?:{_RELEASE})(?: vom|"
        rf" am)",
        r"(?:publié|mis en ligne|paru)(?: le)?|date de publication|pubblicato(?: il)?|data(?: di pubblicazione)?|"
        r"publicado(?: el| em)?|fecha(?: de publicación)?|gepubliceerd(?: op)?|geplaatst(?: op)?|publicatiedatum|"
        r"opublikowano|data publikacji|udgivet|offentliggjort|le|il|el|du",
        rf"stand(?: (?:vom|am|der {_PAGE}|des {_PAGE}))?|as of",
    ),
    "changed": any_of(
        rf"(?:(?:zuletzt|letztmalig|last|nachträglich|{_PAGE}) )?{_CHANGE}(?: (?:worden|am|on|vom|von [\w-]{{1,40}}))?"
        r"(?: am)?",
        r"(?:letzte|datum der letzten|last)[rn]? (?:änderung|aktualisierung|bearbeitung|überarbeitung|update|change|"
        r"modification|modified|updated)(?: am| vom| on)?",
        rf"(?:änderungs|aktualisierungs|bearbeitungs|update)-?{_DAY}|aktualisierung|änderung|update(?: vom| am)?|"
        r"(?:dernière )?(?:mise à jour|modification)(?: le)?|(?:mis à jour|modifié|actualisé)(?: le)?|"
        r"ultim[oa] (?:aggiornamento|modifica)(?: il)?|aggiornato(?: il)?|última (?:actualización|modificación|"
        r"atualização)|actualizado(?: el)?|atualizado(?: em)?|laatst (?:bijgewerkt|gewijzigd)(?: op)?|"
        r"bijgewerkt(?: op)?|"
        r"ostatnia (?:aktualizacja|zmiana)|date modified|modification date|date updated|last modified on",
    ),
    "number": any_of(
        rf"(?:(?:(?:{_RELEASE})s?|pm|mi|pi|lfd\.?|laufende|archiv|vorgangs|beitrags?|artikel|mitteilungs)[ -]?)?"
        r"(?:nr|nummer|no|id|kennung|kennziffer|number)\.?",
        r"ausgabe|aktenzeichen|az\.?|jahrgang|reference|ref\.?",
    ),
    "kind": any_of(r"typ|art|dokument(?:en)?typ|inhaltstyp|textsorte|format|type|content type|kind|meldungsart"),
    "topic": any_of(
        r"(?:haupt|schwerpunkt|ober)?them(?:a|en|enfeld|enbereich|engebiet|engebiete|enfelder|enbereiche|enwelt)|"
        r"rubrik|"
        r"ressort|bereich|sachgebiet|fachbereich|politikfeld|politikbereich|handlungsfeld|fachgebiet|sparte|"
        r"aufgabenbereich|topic|section|category|subject|kategorie|gebiet"
    ),
    "tags": any_of(
        r"schlag(?:worte?|wörter)|stich(?:worte?|wörter)|tags?|keywords?|topics|categories|kategorien|rubriken|"
        r"hashtags?|"
        r"(?:abgelegt|einsortiert|gespeichert|filed|posted|veröffentlicht|zu finden)(?: (?:unter|under|in))|"
        r"tagged(?: with)?|mots[- ]clés|thèmes|étiquettes|parole chiave|etichette|palabras clave|etiquetas|trefwoorden|"
        r"verschlagwortet(?: (?:mit|als))?|zugeordnete (?:themen|kategorien|schlagworte|schlagwörter)|"
        r"(?:mehr|weitere meldungen|weitere artikel|weiteres|alles) (?:zu|zum|aus)|suchbegriffe|getaggt(?: mit)?"
    ),
    "place": any_of(r"ort|standort|place|location|dateline|gemeinde|region"),
    "author": any_of(
        r"redaktion|autor(?:en|in|innen)?|verfasser(?:in|innen)?|herausgeber(?:in)?|herausgegeben (?:von|vom)|"
        r"verantwortlich|quelle|absender|urheber(?:in)?|dienststelle|behörde|institution|organisation|einrichtung|"
        r"(?:von|by|text|text von|ein beitrag von|author|authors|publisher|source|issued by|written by)|"
        r"beitragsautor(?:in)?|presse(?:stelle|referat|amt)|zuständig(?:keit)?|federführung|bearbeiter(?:in)?|"
        r"ersteller(?:in)?"
    ),
    "event": any_of(
        r"wann|wo|wer|was|zeit|uhrzeit|beginn|ende|einlass|eintritt|treffpunkt|anmeldung|veranstalter(?:in)?|termin|"
        r"veranstaltungsort|dauer|kosten|when|where|time|venue|hinweis"
    ),
    "page": any_of(
        r"permalink|kurz-?link|url|link(?: zu dieser seite)?|(?:seiten)?aufrufe|zugriffe|besuche|hits|views|sprachen?|"
        r"languages?|lese(?:zeit|dauer)|reading time|dateigröße|größe|umfang|druckdatum|bewertung(?:en)?|rating|"
        r"durchschnitt|kommentare?|comments?|beitragsbild|lizenz|license|bookmark|version|status|teilen(?: auf| mit|"
        r" via)?|"
        r"share(?: on)?|gelesen|downloads?"
    ),
}  # fmt: skip
_CHANGES = re.compile(rf"\b{_CHANGE}\b|letzte änderung|\bzuletzt\b|last change", re.IGNORECASE)
_SIGN = re.compile(r"\s*[:：]\s*")
_LABEL = 50  # characters


class Labelled(NamedTuple):
    """A line that says what it states: `label` as printed, what that names, and the rest."""

    label: str
    meaning: Meaning
    value: str


def meaning(text: str) -> Meaning | None:
    """What a text names that is but a label, perhaps with a colon: `Datum`, `Letzte Änderung:`; None for all else."""
    text = text.strip(" :|·•–—-()")
    return _meaning(text) if 0 < len(text) <= _LABEL else None


@lru_cache(maxsize=2_000)  # every page and every line has the same few
def _meaning(text: str) -> Meaning | None:
    return next((name for name, pattern in _NAMES.items() if whole(pattern, text)), None)


def of_change(text: str) -> bool:
    """Does a short text beside a date speak of a change?"""
    return len(text) <= LONGEST and _CHANGES.search(text) is not None


def labelled(line: str) -> Labelled | None:
    """`Ressort: Inneres` in its parts; None where no label of the lexicon stands before a colon."""
    if len(line) > LONGEST:
        return None
    label, *value = _SIGN.split(line.strip(), maxsplit=1)
    named = meaning(label) if value else None
    return Labelled(label, named, value[0].strip()) if named else None
