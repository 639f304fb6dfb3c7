"""Is there a release on a page, whatever words its title has? Asked before a page is taken for another.

A release has a headline and prose of its own. What maintenance, login, challenge and error pages say is about the site
and its visitor: that it is not reachable, what to switch on, whom to ask meanwhile.
"""

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from syndicate.notices import contact, kind
from syndicate.parse.tree import holds_blocks, words
from syndicate.text import fold, squeeze

FURNITURE = frozenset({"nav", "header", "footer", "aside", "dialog"})
_OUTSIDE = FURNITURE | {"form", "button", "script", "style", "noscript"}
_BANNER = re.compile(r"cookie|consent|gdpr|dsgvo|\bcmp\b|usercentrics|borlabs|klaro", re.IGNORECASE)
_END = re.compile(r"(?<=[.!?…])[“”\"«»)]*\s+(?=[„“\"«»(]*[A-ZÄÖÜ0-9])")
_SITE = (
    r"(?:web-?sites?|web-?seiten?|web-?auftritt\w*|internet-?(?:seiten?|auftritt\w*|angebot\w*|portal\w*|präsenz)|"
    r"online-?(?:angebot\w*|dienste?\w*|portal\w*|auftritt\w*)|homepage|(?:bürger|service|presse|landes|"
    r"stadt)?-?portal\w*|"
    r"servers?|rechenzentrum\w*|datenbank\w*|(?:diese[rnms]?|die|unsere?[rnms]?|der|this|the|our) (?:\w+ )?"
    r"(?:seiten?|dienst|service|anwendung|angebot|system\w*|page|site|application|content|resource|url|file)|"
    r"requested (?:url|page|resource)|backend|gateway|host|domain)"
)
_STATE = (
    r"(?:(?:nicht|kein\w*|leider|wieder|kürze|erst|not|no longer)\b.{0,40}\b(?:erreichbar|verfügbar|zur verfügung|"
    r"abrufbar|"
    r"aufgerufen|available|online)|gewartet|wartung\w*|überarbeite\w*|aktualisier\w*|offline|"
    r"gesperrt|gefunden|existier\w*|verschoben|gelöscht|umgezogen|in arbeit|im aufbau|entsteht|gestört|störung\w*|"
    r"überlast\w*|fehler\w*|"
    r"unavailable|down|maintenance|found|exist\w*|moved|error\w*|overload\w*|capacity|unable|problem\w*|"
    r"blocked|denied|forbidden|protect\w*|security|permission|berechtig\w*|zugriff|bearbeite\w*|angezeigt)"
)
_ABOUT_SITE = re.compile(rf"\b{_SITE}\b.*\b{_STATE}\b|\b{_STATE}\b.*\b{_SITE}\b", re.IGNORECASE)
_TO_VISITOR = re.compile(
    r"\b(?:java-?script|browser|captcha|ip-?adress\w*|ip address|ray id|cloudflare|nginx|apache|varnish|xid|"
    r"error (?:code|id)|"
    r"fehler-?code|http ?\d{3}|status ?code|cookies? (?:aktiv|zu|ab|enable|accept)\w*|passw[oö]r\w*|kennwort\w*|"
    r"benutzernam\w*|"
    r"benutzerkonto|zugangsdaten|nutzerkonto|log ?in|sign in|username|password|credentials|single sign.?on|verif\w+|"
    r"roboter|robot|"
    r"human|ein mensch|adresszeile|schreibweise|lesezeichen|tippfehler|administrator|url)\b|"
    r"(?:versuchen sie|probieren sie|try|check back|schauen sie).{0,100}(?:später|erneut|noch einmal|nochmals?|"
    r"again|later|wieder)|"
    r"(?:wir|diese|unsere|we|this)\b.{0,60}\bcookies?\b|\bcookies?\b.{0,120}(?:zustimm|akzeptier|einwillig|ablehn|"
    r"zulass|accept|consent)|"
    r"(?:ihre?[rnms]?|deine?[rnms]?|your)\b.{0,30}\b(?:verbindung|anfrage|sitzung|session|anmeldung|zugriff|"
    r"zustimmung|einwilligung|privatsphäre|"
    r"connection|request|privacy|consent|access|authentifizierung|daten)|"
    r"(?:melden sie sich|bitte melde dich|um .{0,60}(?:anzumelden|zuzugreifen)|anmelden, um)|"
    r"(?:gesuchte|angeforderte|gewünschte|aufgerufene|requested)[nrs]?\b|"
    r"\b(?:seite|inhalt|page)\b.{0,20}\bgibt es\b.{0,20}\b(?:nicht|keine)|"
    r"\bauf (?:ihrem|deinem) (?:gerät|endgerät|computer)\b|\bon your device\b|(?:this|page|site) .{0,40}(?:reload|"
    r"refresh)|neu laden|"
    r"(?:keine|nicht|no|don'?t have).{0,40}(?:berechtig|zugriff|permission|access)|einen (?:kleinen )?moment\b|"
    r"(?:you (?:have been|are being|will be) (?:blocked|redirected))|weitergeleitet|schief ?gelaufen|(?:die|"
    r"you) (?:sie suchen|are looking for)|went wrong|wurde nichts gefunden",
    re.IGNORECASE,
)
_MANNERS = re.compile(
    r"\b(?:verständnis|geduld|entschuldig\w*|bedauern|unannehmlichkeit\w*|patience|apologi[sz]e\w*|sorry|inconvenience|"
    r"thank you|oops|hoppla|leider)\b|"
    r"(?:bald|gleich|kürze|shortly|soon|minutes?|minuten?|momentarily)\b.{0,40}$|"
    r"\b(?:erreichen sie|wenden sie sich|kontaktieren sie|contact)\b|"
    r"^(?:bitte|please)\b.{0,60}\bsie\b|\b(?:prüfen|kontrollieren|nutzen|verwenden|gehen|kehren|rufen|laden|"
    r"schließen|aktivieren|"
    r"überprüfen) sie\b|^(?:möglicherweise|wahrscheinlich|vielleicht|eventuell|dies kann)\b|"
    r"^(?:zurück|zur|go|back|return|weiter|gehen sie|nutzen sie|verwenden sie|benutzen sie|besuchen sie)\b",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"\bwir\b.{0,80}\b(?:zurück|wieder (?:da|für sie|erreichbar|online)|arbeiten (?:gerade|derzeit|daran|mit)|"
    r"wartung\w*|warten|"
    r"wartungs\w*|verbessern|aktualisieren|führen .{0,60}durch)|\bwe\b.{0,60}\b(?:back|working|maintenance|"
    r"improv\w*|perform\w*)",
    re.IGNORECASE,
)
_BUILT = re.compile(r"\bhier entsteht\b.*(?:seite|web|internet|homepage|portal|auftritt)", re.IGNORECASE)
_SENTENCE = 25  # characters
_SOME, _ENOUGH = 40, 60  # characters of prose of its own: beside a date, and without one
_PLENTY = 150  # characters, beside sentences about the site
_MOST, _TEXT = 4_000, 2_000  # characters that are looked at, of the page and of one text


def release(root: HtmlElement, headline: str | None = None) -> bool:
    """Has the page a headline and prose of its own? `headline` is what its feed or list calls the release.

    Where the page's own part asks for a password, or its headline is about the site, a date has to say so as well.
    """
    heading = _heading(root)
    if heading is None:
        return False
    own = site = 0
    dated = False
    for text in _texts(root, heading):
        stated = kind.meta(text)
        dated = dated or (stated is not None and stated.date is not None)
        for sentence in () if stated else _END.split(text):
            if _about_site(sentence):
                site += len(sentence)
            elif len(sentence) >= _SENTENCE and sentence.rstrip("“”\"«»)' ").endswith((".", "!", "?", "…")):
                own += 0 if _manners(sentence) else len(sentence)
    if headline and _named(heading, headline):
        return own >= _SENTENCE
    if dated:
        return own >= _SOME
    if _BUILT.search(heading) or _asks(root):
        return False
    return own >= (_PLENTY if site else _ENOUGH) and own > 3 * site


def idle(root: HtmlElement) -> bool:
    """Says the page nothing but what a site tells its visitor: sentences about itself, and no others?"""
    heading = _heading(root)
    told = [s for text in _texts(root, heading or "") for s in _END.split(text) if len(s) >= _SENTENCE]
    return any(map(_about_site, told)) and all(_about_site(s) or _manners(s) for s in told if s.endswith((".", "!")))


def outside(chain: Iterable[HtmlElement], tags: frozenset[str] = FURNITURE) -> bool:
    """Is one of these furniture, or a banner that stands before the page rather than for it?"""
    return any(
        (element.tag in tags and not _of_article(element))
        or (element.tag != "body" and _BANNER.search(f"{element.get('class')} {element.get('id')}"))
        for element in chain
    )


def _of_article(element: HtmlElement) -> bool:
    """Is it the head of an article, not of the site?"""
    return element.tag == "header" and any(
        above.tag in ("article", "main") or above.get("role") in ("article", "main")
        for above in element.iterancestors()
    )


def _asks(root: HtmlElement) -> bool:
    fields = (field for field in root.iter("input") if (field.get("type") or "").casefold() == "password")
    return any(not _outside(field, _OUTSIDE - {"form"}) for field in fields)


def _heading(root: HtmlElement) -> str | None:
    shown = (words(e, 400) for tag in ("h1", "h2") for e in root.iter(tag) if not _outside(e))
    return next(filter(None, shown), None)


def _named(heading: str, headline: str) -> bool:
    """Do page and feed mean the same by their titles, a cut end aside?"""
    here, there = fold(heading), fold(headline).rstrip(" .…")
    return len(there) > 3 and (there in here or here in there)


def _about_site(sentence: str) -> bool:
    return bool(_TO_VISITOR.search(sentence) or _ABOUT_SITE.search(sentence))


def _manners(sentence: str) -> bool:
    """What is said to a visitor who cannot be served: that one is sorry, when one is back, whom to call meanwhile."""
    polite = _MANNERS.search(sentence) is not None and (len(sentence) < 90 or contact.email(sentence) is not None)
    return polite or (len(sentence) < 200 and _OURS.search(sentence) is not None)


def _texts(root: HtmlElement, heading: str) -> Iterator[str]:
    """The blocks of the page's own part that hold no block, each a text; its heading is none."""
    seen = 0
    for element in root.iter("p", "li", "td", "dd", "blockquote", "div", "span", "section", "time", "main", "article"):
        if seen > _MOST:
            return
        if _outside(element) or element.tag in ("h1", "h2"):
            continue
        inner = holds_blocks(element)
        text = _between(element) if inner else words(element, _TEXT)
        if element.tag == "span" and (parent := element.getparent()) is not None and words(parent, _TEXT) != text:
            continue
        if text and fold(text) != fold(heading):
            seen += len(text)
            yield text


def _between(element: HtmlElement) -> str:
    """Its own words, beside the blocks in it."""
    return squeeze(" ".join([element.text or "", *(inner.tail or "" for inner in element)]))[:_TEXT]


def _outside(element: HtmlElement, tags: frozenset[str] = _OUTSIDE) -> bool:
    return outside((element, *element.iterancestors()), tags)
