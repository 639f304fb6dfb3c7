"""A line or a paragraph by which a release puts an earlier one right.

`Korrektur: …` and `Richtigstellung zu …` are notices; `Korrektur der Finanzplanung beschlossen` is news, and a
`Zumeldung` or a `Richtigstellung zu Medienberichten` is about somebody else's words.
"""

import re

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
_CORRECTION = (
    r"(?:berichtigung|korrektur(?:meldung|mitteilung|hinweis)?|richtigstellung|update|aktualisierung|erratum|"
    r"correction|(?:korrigierte|berichtigte|aktualisierte|geänderte) (?:fassung|version|pressemitteilung|meldung))"
)
_EARLIER_ONE = r"(?:\w*mitteilung|\w*meldung|\w*information|\w*fassung|\w*version|nachricht|press release)"
_CORRECTS = re.compile(
    rf"(?P<label>{_CORRECTION})(?:\s*[!.]?$|\s*(?:[:|]|[–—-]\s)\s*(?P<text>.+)|"
    rf" (?P<of>(?:der|zur|zu|unserer|vom|von|to)\b.{{0,80}}(?:{_EARLIER_ONE}|\d{{4}}).*))",
    re.IGNORECASE,
)
_REPLACES = re.compile(
    r"ersetz|korrigier|berichtig|richtiggestell|richtig (?:ist|muss|heißt)|fehlerhaft|irrtümlich|versehentlich|falsch|"
    r"stand|statt|tatsächlich|zurückgezogen|ungültig",
    re.IGNORECASE,
)
_NAMES_ONE = re.compile(rf"\b{_EARLIER_ONE}\b.{{0,60}}?(?:\bvom\b|\bNr\b|„|\bvon\b)", re.IGNORECASE)


def marked(text: str) -> tuple[str, str] | None:
    """(marker, what stands behind it) of a line that opens as a correction."""
    match = next((found for form in _FORMS if (found := form.fullmatch(text))), None)
    if match is None or (match["label"].lower().startswith("richtigstellung") and _OTHERS.search(match["rest"])):
        return None
    return match["label"], match["rest"].strip()


def replaces(words: str) -> bool:
    said = _SAYS.search(words)
    return bool(said and _NAMES.search(said["rest"]))


def names_earlier(words: str) -> bool:
    """Is an earlier release named in it?"""
    return _NAMES.search(words) is not None


def of_itself(words: str) -> bool:
    """Does it speak of an earlier version of this very text?"""
    return _ITSELF.search(words) is not None


def hints(text: str) -> bool:
    """Is there a word in it that a correction would have? Asked first, since few texts have one."""
    return _HINT.search(text) is not None


def marker(text: str) -> tuple[str, str] | None:
    """(marker, what it says of the earlier release: may be empty) of a line that opens like a correction."""
    match = _CORRECTS.fullmatch(text.strip("() +*")) if len(text) <= 1000 else None
    if match is None:
        return None
    return match["label"], match["text"] or (text.strip("() +*") if match["of"] else "")


def refers(text: str) -> bool:
    """Does a paragraph put an earlier release right?"""
    text = text[:1000]
    return bool(_NAMES_ONE.search(text) and _REPLACES.search(text))
