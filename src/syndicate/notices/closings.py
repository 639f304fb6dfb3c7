"""What a page prints behind a release about itself: share, print, subjects, changes, ratings, comments, the way back.

Told by its shape: an order made of nothing but the words that pages have for themselves (`Artikel versenden`, `Diese
Meldung als PDF`), a label with a short value, a sentence about this page. It is no part of the text behind its last
paragraph; within a text these are words like others.
"""

import re

import syndicate.notices.datelines as datelines
import syndicate.notices.kind as kind
import syndicate.notices.labels as labels
from syndicate.notices.lines import LONGEST, any_of, words

_ACTS = words(
    """
    overview teilen mitteilen weitersagen tweet tweeten twittern posten senden versenden verschicken empfehlen
    weiterempfehlen weiterleiten drucken ausdrucken druckversion druckansicht druckfassung druck speichern merken
    kopieren vorlesen anhören abonnieren abonnement abo bestellen anmelden folgen bewerten bewertung bewertungen
    kommentieren kommentar kommentare schreiben hinterlassen antworten zurück weiter übersicht gesamtübersicht
    archiv pressearchiv oben seitenanfang top vorherige vorheriger vorheriges nächste nächster nächstes ältere
    älterer neuere neuerer bookmark lesezeichen permalink pdf rss atom feed feeds rss-feed newsletter schließen
    einklappen share print printversion save email subscribe back next previous comment comments download
    herunterladen anzeigen ansehen melden feedback stimmen startseite liste drucker facebook twitter linkedin
    whatsapp xing mastodon bluesky telegram threads instagram pinterest reddit youtube signal threema pocket
    flipboard gefällt
    """
)
_FILLERS = words(
    """
    sämtliche
    diese diesen dieser dieses dies die der das den dem des ein eine einen als per via über auf bei in im an mit
    zu zur zum nach von vom und oder alle aller weitere hier jetzt bitte uns mir ihnen sie noch neu neue neuen
    neuer keine mehr es gibt seite artikel artikels beitrag beiträge beitrags meldung meldungen nachricht
    nachrichten mitteilung mitteilungen text inhalt inhalte link url adresse presse pressemitteilung
    pressemitteilungen presseinformation presseinformationen medieninformationen pressemeldungen pressemeldung
    medienmitteilungen news aktuelles mail e-mail e mails freunde freund zwischenablage datei version ansicht
    format anfang liste x datenschutz this page article post to the of on by from as a all more lassen öffnen
    laden einen mich auch uns erste letzte seiten seitenende ergebnisse web-link weblink kurzlink
    """
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_MOST = 10  # words of an order
_PAGE = r"(?:seite|artikel|beitrag|meldung|inhalt|text|pressemitteilung|information|dokument|page|article|post)"
_ABOUT = any_of(
    rf"(?:war|ist|fanden|finden|wie|hat|haben)\b.{{0,30}}\bdiese[rnms]?\b.{{0,20}}\b{_PAGE}\w*\b.{{0,60}}",
    rf"(?:dies(?:e[rnms]?)?|de[rnms]|this) {_PAGE}\b.{{0,60}}\b(?:geändert|aktualisiert|bearbeitet|überarbeitet|"
    rf"geteilt|teilen|"
    r"drucken|bewerten|empfehlen|kommentieren|archiviert|updated|changed|modified)\b.{0,60}",
    rf"(?:bitte )?(?:bewerten|kommentieren|teilen|empfehlen|rate) (?:sie )?(?:diese[rnms]?|this|den|"
    rf"die) {_PAGE}.{{0,60}}",
    rf"(?:diese[rnms]?|den) {_PAGE}\w* (?:bewerten|kommentieren|teilen|empfehlen|versenden)\b.{{0,60}}",
    r"(?:ihre|deine|your) (?:e-?mail-?adresse|bewertung|rückmeldung|meinung|email address)\b.{0,200}",
    r"(?:\(?\d+\)? )?(?:es (?:sind|gibt|wurden|liegen) )?(?:noch |bisher )?keine kommentare\b.{0,60}|"
    r"(?:kommentare?|bewertungen|comments?|stimmen) ?[:(]? ?\d+\)?|\d+ (?:kommentare?|bewertungen|stimmen|comments?|"
    r"mal gelesen)|"
    r"(?:die )?kommentar(?:e|funktion)\b.{0,40}(?:geschlossen|deaktiviert).{0,20}|comments are closed.{0,20}",
    r"(?:schreib\w*|hinterlass\w*|verfass\w*|leave)\b.{0,30}\b(?:kommentar|comment|reply)\b.{0,40}|"
    r"(?:neuen )?kommentar (?:schreiben|hinzufügen|verfassen|abgeben)|(?:erforderliche|pflicht)-?felder\b.{0,80}|"
    r"add (?:a )?(?:new )?comment",
    r"(?:abonnieren|bestellen) sie\b.{0,160}|.{0,80}\b(?:newsletter|rss-?feed)\b.{0,80}\b(?:abonnieren|anmelden|"
    r"bestellen|anmeldung|"
    r"abonnement|subscribe)\b.{0,40}|.{0,60}\bkeine (?:meldung|neuigkeit|nachricht|"
    r"news)(?:en)? mehr verpassen\b.{0,60}",
    r"\W{1,20}",
    rf"diese {_PAGE} (?:finden|lesen) sie (?:auch )?(?:unter|auf|im|hier)\b.{{0,120}}",
    r"(?:erschienen|veröffentlicht|publiziert|published) (?:am|im|on|in)\b[^!?]{0,40}\d{4}\b[^.!?]{0,60}",
    r"(?:das|dies) (?:könnte|dürfte) (?:sie|ihnen|dich|dir)\b[^.!?]{0,40}",
    r"(?:(?:sie haben|hast du) )?(?:einen? )?(?:fehler|mangel)\b.{0,20}(?:gefunden|entdeckt|melden)\b.{0,80}",
    rf"(?:dies(?:e[rnms]?)?|de[rnms]|this) {_PAGE}\b.{{0,30}}\b(?:\d+ ?(?:mal|x|times)\b.{{0,40}}|gelesen\b.{{0,20}})",
    r"(?:©|\(c\)|copyright\b)[^.!?]{0,80}|[^.!?]{0,60}alle rechte vorbehalten\.?",
    r"(?:\w+ ){0,4}als (?:pdf|word|rtf|docx?)\b(?:-\w+)? ?(?:herunterladen|öffnen|ansehen|speichern|laden|download)?"
    r"(?: ?\([\w.,; /-]{2,40}\))?",
    r"(?:veröffentlicht|einsortiert|abgelegt|gepostet|posted|filed|publié|pubblicato|publicado) "
    r"(?:in|unter|under|dans|en) "
    r"[^.!?]{2,60}",
    r"(?:retour (?:à|au)|torna (?:a|al|alla|indietro)|volver a|terug naar|powrót do)\b.{0,40}|(?:imprimer|partager|"
    r"stampa|condividi|imprimir|compartir|afdrukken|delen|envoyer|invia)(?:\W+(?:imprimer|partager|envoyer|stampa|condividi|invia|imprimir|compartir|delen|"
    r"cette page|la page|questa pagina|la pagina))*\W*",
    r"(?:folgen|besuchen) sie uns\b.{0,100}|follow us\b.{0,80}",
    r"durchschnitt(?:lich)?\b.{0,10}\(?\d+.{0,40}|(?:bewertung|rating)\b.{0,10}\d.{0,40}|(?:★|☆|⭐|\d(?: |"
    r"$)){3,}.{0,30}",
    r"seite \d+(?: von \d+)?|\d+ ?(?:von|/) ?\d+|(?:seiten)?aufrufe?:? ?\d+",
    r"(?:«|‹|<{1,2}|←|⟵|◄)(?!.*[»›]).{0,160}",
    rf"(?:[‹«←] ?)?(?:vorherige[rs]?|vorige[rs]?|nächste[rs]?|previous|next|ältere[rs]?|neuere[rs]?) (?:{_PAGE}|"
    rf"news|nachricht)(?:en|s)?"
    r"(?:\W*| ?[:»›→].{0,160})",
    r"(?:zurück|weiter)(?: zu[rm]?)? .{0,40}(?:übersicht|liste|archiv|seite|meldungen|mitteilungen|artikel|suche|"
    r"presse)\w*",
)
_KEPT = re.compile(r"quelle|aktenzeichen|az\.?|hinweis", re.IGNORECASE)
_ASIDE = ("tags", "author", "number", "page", "topic")
_VALUE = 160  # characters behind a label


def closing(text: str) -> bool:
    """Is a line that stands behind the text about the page, and nothing of the release's own?"""
    text = text.strip()
    if not text or len(text) > LONGEST:
        return False
    return order(text) or _ABOUT.fullmatch(text) is not None or _labelled(text)


def subjects(label: str) -> bool:
    """Is it a label that stands above a page's subjects, or the page's own services: `Schlagwörter`, `Teilen`?"""
    return labels.meaning(label) in ("tags", "topic", "page") or order(label)


def order(text: str) -> bool:
    """Is it nothing but a page's own words, of which one at least says what to do, or where to go?"""
    said = [word.casefold() for word in _WORD.findall(text)]
    acts = any(word in _ACTS for word in said) or said[:1] in (["alle"], ["sämtliche"], ["all"])
    return acts and len(said) <= _MOST and all(word in _ACTS or word in _FILLERS for word in said)


def _labelled(text: str) -> bool:
    said = labels.labelled(text)
    if said is not None and not _KEPT.fullmatch(said.label) and len(said.value) <= _VALUE and said.meaning in _ASIDE:
        return True
    stated = kind.meta(text)
    return stated is not None and (datelines.read(text) is not None or kind.number(text)) and not stated.rest
