"""A title or a first paragraph by which a release puts an earlier one right.

`Korrektur: …` and `Richtigstellung zu …` are notices; `Korrektur der Finanzplanung beschlossen` is news, and a
`Zumeldung` or a `Richtigstellung zu Medienberichten` is about somebody else's words.
"""

import html
import re

from syndicate.parse._fields import plain
from syndicate.text import clean_url, squeeze, unescaped

_LONGEST = 4000  # characters of a first paragraph, with its markup
_SHOWN = 300  # characters of what a notice says
_LINKS = 5  # of a first paragraph

_EARLIER = (
    r"\b(?:(?:presse|medien)(?:mitteilung|meldung|information|einladung|erklärung)|mitteilung|meldung|nachricht|PM|"
    r"(?:press |news )?release)\b"
)
_FASSUNG = r"(?:korrigierte|berichtigte|aktualisierte|geänderte) (?:fassung|version|pressemitteilung|meldung)"
_WORD = rf"(?:berichtigung|korrektur(?:meldung|mitteilung|hinweis)?|richtigstellung|erratum|correction|{_FASSUNG})"
_NUMBERED = r"(?:(?:\d{1,2}\.|erneute|weitere|zweite|dritte) )?"
_ANY = rf"(?P<label>{_NUMBERED}(?:{_WORD}|update|aktualisierung)(?: \d{{1,2}})?(?: vom \d[^:–—|]{{0,30}}?)?)"
_SURE = rf"(?P<label>{_NUMBERED}{_WORD}(?: \d{{1,2}})?)"
_ARTICLE = r"(?:(?:unserer|unsere|der|den|dem|our|the) )?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"[\[(+*#!]{{1,5}} ?{_ANY} ?[\])+*#!]{{1,5}}[\s:–—-]*(?P<rest>.*)",
        rf"{_ANY}(?:\s*[:|]|!)\s*(?P<rest>.+)",
        rf"{_SURE} [–—-] (?P<rest>.+)",
        rf"{_SURE}[.!:]?(?P<rest>)",
        rf"{_SURE} (?:zu[rm]?|to) {_ARTICLE}(?P<rest>[„“”\"»«‚‘'].+)",
        rf"(?P<label>richtigstellung) (?:zu[rm]?|von|der|des) {_ARTICLE}(?P<rest>.+)",
        rf"{_SURE} (?:zu[rm]?|der|des|vo[nm]|unserer|to|of|for) {_ARTICLE}"
        rf"(?P<rest>(?:.{{0,40}}?{_EARLIER}|\d.{{0,30}}:).*)",
    )
)
_OTHERS = re.compile(
    r"(?:medien|presse|zeitungs|fernseh|falsch|agentur)\w{0,2}(?:bericht|artikel|meldungen)|berichterstattung|behauptung|äußerung|"
    r"vorw[uü]rf|falschmeldung|gerücht|\b(?:zeitung|artikel|bericht)",
    re.IGNORECASE,
)
_VERB = r"\b(?:berichtig|korrigier|ersetz|corrects?\b|replaces?\b|supersedes?\b)\w*"
_SAYS = re.compile(
    rf"(?:^|\b(?:dies\w*|vorliegende\w*|(?:nach)?folgende\w*|wir|hiermit|hierdurch|this|we)\b.{{0,80}}?){_VERB}"
    rf"(?P<rest>.{{0,100}})",
    re.IGNORECASE,
)
_NAMES = re.compile(_EARLIER, re.IGNORECASE)
_HINT = re.compile(
    r"berichtig|korrektur|korrigier|richtigstell|ersetz|erratum|correct|replace|supersede", re.IGNORECASE
)
_ITSELF = re.compile(
    r"(?:früher|vorig|ursprünglich|erst)\w* (?:fassung|version) (?:dies|des)|(?:earlier|previous) version of this",
    re.IGNORECASE,
)
_LINK = re.compile(r"""<a\s[^<>]{0,500}?\bhref\s*=\s*["']?([^"'\s<>]{1,2000})[^<>]*>""", re.IGNORECASE)
_BORDER = re.compile(r"</?(?:p|div|h[1-6]|ul|ol|blockquote|figure|table)\b[^<>]*>|<br\b[^<>]*>\s*<br\b[^<>]*>", re.I)
_TAG = re.compile(r"<[^<>]*>")


def corrects(title: str | None, teaser: str | None, content: str | None, base: str | None = None) -> str | None:
    """`notice` of an entry: `title` and `teaser` are plain text, `content` is HTML."""
    shown = html.escape(teaser, quote=False) if teaser else None
    return notice(title, opening(content) or shown, base) or notice(None, shown)


def notice(title: str | None, first_paragraph: str | None, base: str | None = None) -> str | None:
    """What a release says of the earlier one that it corrects; None: it corrects none.

    That is the address it links as the corrected release, else the rest of the title, else the paragraph's words, else
    the bare marker. `first_paragraph` is HTML; `base` is the release's own address.
    """
    marked = _marked(squeeze(title or "")[:1000])
    paragraph = (first_paragraph or "")[:_LONGEST]
    if not marked and not _HINT.search(paragraph):
        return None
    if url := _linked(paragraph, base, marked=marked is not None):
        return url
    if marked and marked[1]:
        return marked[1][:_SHOWN]
    words = plain(paragraph)
    if not _ITSELF.search(words):
        opened = _marked(words)
        if opened and not re.match("update|aktualis", words, re.IGNORECASE):
            return (opened[1] or opened[0])[:_SHOWN]
        if _replaces(words) or (marked and _NAMES.search(words)):
            return words[:_SHOWN]
    return marked[0] if marked else None


def opening(markup: str | None) -> str | None:
    """The first paragraph of HTML that holds words, as HTML."""
    parts = _BORDER.split((markup or "")[: 2 * _LONGEST])
    return next((part for part in parts if _TAG.sub("", part).strip()), None)


def _marked(text: str) -> tuple[str, str] | None:
    """(marker, what stands behind it) of a line that opens as a correction."""
    match = next((found for form in _FORMS if (found := form.fullmatch(text))), None)
    if match is None or (match["label"].lower().startswith("richtigstellung") and _OTHERS.search(match["rest"])):
        return None
    return match["label"], match["rest"].strip()


def _replaces(words: str) -> bool:
    said = _SAYS.search(words)
    return bool(said and _NAMES.search(said["rest"]))


def _linked(paragraph: str, base: str | None, *, marked: bool) -> str | None:
    """The address of the earlier release, where the words before a link, or those of the link, name it as such."""
    for link in list(_LINK.finditer(paragraph))[:_LINKS]:
        said = plain(f"{paragraph[: link.start()]} {paragraph[link.end() :].partition('</a')[0]}")
        if _replaces(said) or (marked and _NAMES.search(said)):
            url = clean_url(unescaped(link[1]), base)
            if url and url != base:
                return url
    return None
