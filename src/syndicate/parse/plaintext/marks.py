"""What a line of text is as furniture: reading time, share, print, navigation, and the markers that open a block."""

import re

from syndicate.notices import LONGEST, any_of, whole

_NETWORK = (
    r"(?:facebook|x|twitter|x \(twitter\)|linkedin|whatsapp|xing|mastodon|bluesky|telegram|threads|instagram|e-?mail)"
)
_PAGE = r"(?:seite|artikel|meldung|beitrag|text|pressemitteilung|link)"
_ARROW = r"(?:›|»|>|→|\.\.\.|…)?"


_READING = any_of(
    r"berechne (?:die )?(?:lesezeit|lesedauer)[ .…]*",
    r"(?:geschätzte )?(?:lesezeit|lesedauer)(?::.{0,40}| ?(?:ca\.? ?)?(?:\d+|eine) ?min\w*\.?)?",
    r"(?:ca\.? ?)?(?:\d+|eine|weniger als eine) ?min\w*\.? (?:lesezeit|lesedauer)",
)
_SHARE = any_of(rf"(?:diese[nrs]? )?(?:{_PAGE} )?teilen:?", "share")
_MORE = any_of(rf"{_ARROW} ?mehr(?: erfahren| lesen| anzeigen| dazu)? ?{_ARROW}", "weiterlesen")
_NOISE = any_of(
    rf"(?:auf|über|per|bei|via) {_NETWORK} (?:teilen|versenden|empfehlen|senden)",
    rf"(?:diese[nrs]? )?(?:{_PAGE} )?(?:ausdrucken|drucken|vorlesen|weiterempfehlen|kopieren|merken)",
    r"druck(?:version|ansicht|vorschau|fassung)(?: (?:öffnen|schließen|anzeigen|vom .{0,40}))?",
    r"link kopieren|als pdf (?:speichern|öffnen)|nach oben|startseite|sie sind hier:.*",
    r"zu[mr] (?:inhalt|seitenanfang|hauptinhalt|menü|startseite|navigation|übersicht|suche)(?: springen)?",
    r"(?:zurück|weiter)(?: zur (?:übersicht|liste|startseite))?|(?:vorherige|nächste) (?:seite|meldung)",
    r"seite \d+(?: ?(?:von|/) ?\d+)?|[–-] ?\d+ ?[–-]",
    r"(?:(?:bild|foto|image|slide) )?\(?\d+ ?(?:von|of|/) ?\d+\)?",
    r"(?:druckdatum|datum des ausdrucks|(?:aus)?gedruckt(?: am)?|ausdruck(?: vom)?|abgerufen(?: am)?|stand|erstellt am|"
    r"(?:letzte|zuletzt) (?:aktualisier\w+|geändert|änderung)(?: am)?|last (?:updated|modified)(?: on)?)"
    r":? ?(?:\w+\.?,? )?\d{1,2}\. ?(?:\d{1,2}\.|\w+) ?\d{2,4}.{0,60}",
    r"(?:©|\(c\)|copyright) ?\d{4}.{0,80}|alle rechte vorbehalten\.?",
    r"(?:bild|galerie|video|karte|foto) (?:vergrößern|herunterladen|öffnen|laden|abspielen|starten)|vergrößern",
    r"(?:vorheriges|nächstes) (?:bild|element)|(?:inhalt|video) (?:laden|anzeigen|zulassen)",
    r"zustimmen(?: und .{0,30})?|akzeptieren|einwilligen|[_=~*–—-]{3,}",
    r"bild de[sr] (?:benutzers|autors|nutzers|benutzerin|autorin) .{1,60}",
    r"(?:skip|jump) to (?:main |page )?(?:content|navigation)|(?:direkt )?zum hauptinhalt(?: springen)?",
    r"es gilt das gesprochene wort[.!]*|zur sofortigen veröffentlichung[.!]*|for immediate release[.!]*",
)
_SITE = any_of(
    r"\d{1,2}\.\d{1,2}\.\d{2,4},? \d{1,2}:\d{2}(?! ?uhr) .{3,}",
    r"(?:das )?landesportal(?: [\w-]+)?(?: ?[|–-] .{0,200})?|[^|–]{3,40}[|–-] ?(?:das )?landesportal.{0,40}",
    r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:de|eu|org|com|net|example|land)(?: ?\| ?[^|]{3,60})?",
    r"(?:startseite|home|service|presse|start)(?: ?[›»>] ?[^›»>]{1,60}){1,8}|(?:[^›»>]{1,60} [›»>] ){2,8}[^›»>]{1,60}",
)
_FOOTER = any_of(
    r"impressum|datenschutz(?:erklärung)?|kontakt|(?:erklärung zur )?barrierefreiheit|sitemap|rss(?:-feed)?|"
    r"newsletter|leichte sprache|gebärdensprache|inhaltsübersicht|benutzungshinweise|cookie-einstellungen|drucken",
    r"(?:(?:impressum|datenschutz|kontakt|barrierefreiheit|sitemap) ?[|·•] ?)+.{0,60}",
)
_DATA = re.compile(r"data:[\w.+-]+/[\w.+-]+[;,]\S*$", re.IGNORECASE)  # RFC 2397: a picture's bytes, however long
_VIDEO = re.compile(r"video|youtube|vimeo|livestream|extern\w* (?:inhalt|medi)|medieninhalt", re.IGNORECASE)
_CONSENT = re.compile(
    r"zustimm|einwillig|willig\w* |datenschutz|cookie|übertrag|übermittel|drittanbieter", re.IGNORECASE
)
_PLAYER = re.compile(
    r"klick|abspiel|abzuspiel|anzeigen|angezeigt|anzuseh|anseh|\bladen\b|geladen|aktivier|eingebettet|einzubetten|starten",
    re.IGNORECASE,
)
_PAGE_URL = re.compile(
    r"(?:(quelle|url|link(?: (?:dieser|zu dieser|zur|der) (?:seite|meldung))?|permalink|internet|online|web-?adresse|"
    r"adresse(?: dieser seite)?) ?:? ?)?<?(https?://[^\s<>]+)>?(?: \d+ ?/ ?\d+)?",
    re.IGNORECASE,
)
_URL_LABEL = re.compile(
    r"(?:quelle|url|permalink|link (?:dieser|zu dieser|zur|der) (?:seite|meldung)|adresse dieser seite) ?:?",
    re.IGNORECASE,
)

_RELEASES = r"(?:(?:presse)?(?:meldungen|mitteilungen|informationen)|nachrichten|artikel|beiträge|news)"
_ANNOUNCES = any_of(
    r"(?:(?:der|die|das) )?[^.:!?„“\"]{3,120} (?:teilt|teilen)(?: (?:dazu|heute|hierzu|weiter))? mit:",
    r"[^.:!?„“\"]{3,120} (?:announces|informs):",
)
_LIST = any_of(
    r"(?:alle |unsere |aktuelle )?"
    r"(?:(?:presse)?(?:meldungen|mitteilungen)|(?:presse|news)?archiv|aktuelles|nachrichten|presse|news)"
    r"(?: \d{4}| (?:aus|des|der|vom|von|im) .{2,60})?|aktuell|übersicht",
    r"(?:(?:all|latest|our) )?(?:press )?(?:news|releases|announcements)(?: archive)?(?: \d{4})?",
)
_RELATED = any_of(
    r"(?:weitere|ähnliche|verwandte|aktuelle|neueste|letzte|mehr) (?:(?:aktuelle|interessante|ähnliche|neue) )?"
    rf"(?!informationen){_RELEASES}"
    r"(?: (?:zum thema|zu diesem thema|zum selben thema|aus|des|der|von|vom) ?.{0,60})?:?",
    r"das könnte (?:sie|dich) (?:auch |ebenfalls )?interessieren:?|(?:das ist )?auch interessant:?|lesen sie auch:?",
    r"(?:mehr|passend|ebenfalls|verwandtes|meldungen|auch) zum thema:?|related (?:news|articles|releases):?",
)
_LINKS = any_of(
    r"(?:weitere|weiterführende) (?:informationen|infos|links)(?: .{0,60})?:?|downloads?:?|zum herunterladen:?|links:?",
    r"anlagen?:?|hinweise? (?:für|an) (?:die )?(?:redaktion(?:en)?|medien|presse):?",
)


def reading(text: str) -> bool:
    return whole(_READING, text)


def share(text: str) -> bool:
    return whole(_SHARE, text)


def anchor(text: str) -> bool:
    """The lines between head and images: reading time and share."""
    return reading(text) or share(text)


def more(text: str) -> bool:
    return whole(_MORE, text)


def noise(text: str) -> bool:
    """Furniture that tells nothing: print, navigation, page numbers, buttons, the notice in front of a video, data."""
    return whole(_NOISE, text) or more(text) or consent(text) or _DATA.match(text) is not None


def site(text: str) -> bool:
    """What stands above the head: the portal's name, the path to the page, a browser's print header."""
    return whole(_SITE, text)


def footer(text: str) -> bool:
    """What stands at a page's foot; anywhere else these are words like others."""
    return whole(_FOOTER, text) or site(text)


def consent(text: str) -> bool:
    """The notice that stands where a video would be."""
    return (
        len(text) <= 2 * LONGEST
        and not text.startswith(("„", "“", '"', "»"))
        and all(pattern.search(text) for pattern in (_VIDEO, _CONSENT, _PLAYER))
    )


def page_url(text: str) -> tuple[bool, str] | None:
    """(is it labelled, the address) where the line is but an address."""
    match = _PAGE_URL.fullmatch(text) if len(text) <= 2000 else None
    return (match[1] is not None, match[2]) if match else None


def url_label(text: str) -> bool:
    return whole(_URL_LABEL, text)


def related(text: str) -> bool:
    return whole(_RELATED, text)


def announces(text: str) -> bool:
    """`Der Minister für Europa teilt mit:`: who speaks, between teaser and body."""
    return whole(_ANNOUNCES, text)


def list_title(text: str) -> bool:
    """What a list of releases is called."""
    return whole(_LIST, text)


def links(text: str) -> bool:
    return whole(_LINKS, text)
