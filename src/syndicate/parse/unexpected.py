"""Pages that come, answered with status 200, where another was asked for: maintenance, a login, a challenge.

They are told by their title or their markup, and by having next to nothing else to say. Whether there is a release
comes first: a headline with prose of its own is one, also where it tells of maintenance work, or of a login.
"""

import re

from lxml.html import HtmlElement

import syndicate.parse.genuine as genuine
from syndicate.parse.tree import words
from syndicate.text import squeeze

_LITTLE = 900  # characters of text: a release that is shorter than that is dated or marked as an article
_NOTHING = 400

_TITLED = {
    "bot challenge": re.compile(
        r"\bjust a moment\b|einen moment,? bitte|^one moment,? please|attention required|"
        r"checking your (?:browser|connection)|verif(?:y|ying) (?:that )?you are (?:a )?human|"
        r"(?:are you|you'?re not|you are not) a (?:ro)?bot\b|human verification|\bcaptcha\b|"
        r"sicherheits(?:über)?prüfung|sicherheitsabfrage|security (?:check|verification|challenge)|ddos|"
        r"bot[- ](?:schutz|protection|verification)|(?:ihr|dein) browser wird (?:über|ge)prüft|"
        r"pardon our interruption|sind sie ein (?:mensch|roboter)|kein roboter|"
        r"überprüfung (?:ihres browsers|der verbindung)",
        re.IGNORECASE,
    ),
    "refusal": re.compile(
        r"(?:zugriff|zugang|zutritt) (?:\w+ )?(?:verweigert|gesperrt|nicht (?:erlaubt|gestattet))|"
        r"access (?:is |to this page has been )?denied|^(?:error |fehler )?40[13]\b|\bforbidden\b|"
        r"request (?:rejected|blocked)|^unauthorized|keine (?:zugriffs)?berechtigung|sorry, you have been blocked|"
        r"nicht berechtigt",
        re.IGNORECASE,
    ),
    "maintenance page": re.compile(
        r"wartungs(?:arbeiten|modus|seite|fenster|pause)|^(?:\W|\w+ ){0,4}wartung\b|\bmaintenance\b|"
        r"under construction|im aufbau|"
        r"(?:vorübergehend|derzeit|momentan|zur ?zeit|aktuell|kurzzeitig) (?:\w+ ){0,6}nicht (?:erreichbar|"
        r"verfügbar)|(?:temporarily|currently|service|site) (?:unavailable|down)|"
        r"(?:gleich|bald|in kürze) wieder (?:da|erreichbar|verfügbar|für sie)|be right back|technische störung|"
        r"^(?:error |fehler )?50[0234]\b|internal server error|bad gateway|gateway time-?out",
        re.IGNORECASE,
    ),
    "login page": re.compile(
        r"^(?:\w+[- ])?(?:anmelden|anmeldung|login|log[- ]?in|sign[- ]?in|einloggen|benutzeranmeldung)(?: .{0,30}|"
        r" ?[|–—:-].{0,80})?$|(?:anmeldung|login) erforderlich|"
        r"(?:please|bitte) (?:log|sign|melden sie sich) (?:in|an)\b|single sign[- ]?on",
        re.IGNORECASE,
    ),
    "consent wall": re.compile(
        r"^(?:cookies?(?:[- ]\w+)?|datenschutz-?einstellungen|privatsphäre-?einstellungen|ihre privatsphäre.{0,30}|"
        r"wir (?:benötigen|brauchen) ihre (?:zustimmung|einwilligung)|zustimmung (?:erforderlich|"
        r"zu cookies)|bevor sie (?:fortfahren|zu .{1,40}weiter).{0,30}|before you continue.{0,30}|"
        r"consent|einwilligung(?: erforderlich)?)$",
        re.IGNORECASE,
    ),
    "error page": re.compile(
        r"seite (?:wurde )?(?:leider )?nicht gefunden|(?:page|file) not found|\bfehler 404\b|"
        r"\b404 (?:not found|fehler|error|–|-)|^(?:error )?404\b",
        re.IGNORECASE,
    ),
}
_CHALLENGE = re.compile(
    r"_cf_chl_opt|/cdn-cgi/challenge-platform/h/|cf-turnstile|challenges\.cloudflare\.com|_incapsula_resource|"
    r"g-recaptcha|h-captcha|hcaptcha\.com/1/api|sgcaptcha|distil_r_captcha|px-captcha|captcha-delivery\.com|anubis_challenge|"
    r"\.within\.website/x/cmd/anubis|awswaf|friendlycaptcha|__ddg\d|ddos-guard|bunkerweb|/_sec/cp_challenge|perfdrive\.com",
    re.IGNORECASE,
)
_SCRIPT_ONLY = re.compile(
    r"(?:enable|activate|requires?|aktivieren|benötigt|erfordert)\b.{0,40}\b(?:javascript|cookies)", re.I
)
_ARTICLE = re.compile(
    r"""article:published_time|["'](?:News|Press)?(?:Article|Release)["']|itemprop=["']?(?:articleBody|datePublished)|<time\b""",
    re.IGNORECASE,
)


def kind(root: HtmlElement, text: str, headline: str | None = None) -> str | None:
    """What kind of page it is; None where it is none of these, or a release. `text` is its markup.

    `headline` is that of the release whose page was asked for, where its feed or list has named it.
    """
    suspected = _suspected(root, text)
    return suspected if suspected and not genuine.release(root, headline) else None


def _suspected(root: HtmlElement, text: str) -> str | None:
    told = _told(root)
    if told > _LITTLE or _ARTICLE.search(text):
        return None
    headings = _headings(root)
    if not told and not any(not _outside(element) and words(element) for element in root.iter("h1", "h2")):
        headings += [words(element, 200) for element in root.iter("h1", "h2")]
    for name, pattern in _TITLED.items():
        if any(pattern.search(heading) for heading in headings):
            return name
    password = any((field.get("type") or "").casefold() == "password" for field in root.iter("input"))
    if told > _NOTHING:
        return None
    if _CHALLENGE.search(text):
        return "bot challenge"
    if password:
        return "login page"
    shown = words(root, 2000)
    found = next((name for name in ("maintenance page", "refusal") if _TITLED[name].search(shown)), None)
    if found is None and _SCRIPT_ONLY.search(text[:50_000]) and not told:
        return "bot challenge"
    return found or ("error page" if genuine.idle(root) else None)


def title(root: HtmlElement) -> str | None:
    """The page's own title, for a message."""
    return next(iter(_headings(root)), None)


def _headings(root: HtmlElement) -> list[str]:
    """`<title>`, and the first heading of the page's own part."""
    found = [squeeze("".join(element.itertext())) for element in list(root.iter("title"))[:1]]
    for tag in ("h1", "h2"):
        shown = (words(element) for element in list(root.iter(tag))[:4] if not _outside(element))
        first = [heading for heading in shown if heading][:1]
        if first:
            found += first
            break
    return [heading[:200] for heading in found if heading]


def _told(root: HtmlElement) -> int:
    """How many characters of running text it has, its furniture not counted."""
    found = 0
    for element in root.iter("p", "li", "td", "blockquote", "dd"):
        if not _outside(element) and element.find(".//p") is None:
            said = len(words(element, 2 * _LITTLE))
            found += said if said > 30 else 0
        if found > _LITTLE:
            break
    return found


def _outside(element: HtmlElement) -> bool:
    return genuine.outside(element.iterancestors())
