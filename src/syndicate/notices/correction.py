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
_LONGEST = 1_000  # characters of a line
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
        rf"{_ANY}[.!:]?(?P<rest>)",
        rf"{_SURE} (?:zu[rm]?|to) {_ARTICLE}(?P<rest>[„“”\"»«‚‘'].+)",
        rf"(?P<label>richtigstellung) (?:zu[rm]?|von|der|des) {_ARTICLE}(?P<rest>.+)",
        rf"{_SURE} (?:zu[rm]?|der|des|vo[nm]|unserer|to|of|for) {_ARTICLE}"
        rf"(?P<rest>(?:.{{0,40}}?{_EARLIER}|\d.{{0,30}}:).*)",
    )
)
_BEHIND = re.compile(r"(?P<title>.+?)(?: ?[\[(](?P<marker>[^()\[\]]+)[\])]| [–—|-] (?P<last>[^–—|]+))")
_NEWS = re.compile(r"\W*(?:\d\. )?(?:update|aktualisierung)\b", re.IGNORECASE)
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
_THAT = re.compile(r" die(?:jenige)? (?:vom|von|Nr)\b", re.IGNORECASE)  # `ersetzt die vom 11. Mai`
_NAMES = re.compile(_EARLIER, re.IGNORECASE)
# In small letters. The letters that all of these have come before the pattern: they are found in a tenth of its time.
_LETTERS = (
    "berichtig", "korrektur", "korrigier", "richtigstell", "ersetz", "aktualisierte ", "geänderte ", "erratum",
    "correct", "replace", "supersede",
)  # fmt: skip
_HINT = re.compile(
    r"berichtig|korrektur|korrigier|richtigstell|ersetz|aktualisierte [fvpm]|geänderte [fvpm]|erratum|correct|replace|"
    r"supersede"
)
_ITSELF = re.compile(
    r"(?:früher|vorig|ursprünglich|erst)\w* (?:fassung|version) (?:dies|des)|(?:earlier|previous) version of this",
    re.IGNORECASE,
)


def marked(text: str) -> tuple[str, str] | None:
    """(marker, what stands behind it: may be empty) of a line that opens as a correction."""
    text = text.strip() if len(text) <= _LONGEST else ""
    match = next((found for form in _FORMS if (found := form.fullmatch(text))), None)
    if match is None or (match["label"].lower().startswith("richtigstellung") and _OTHERS.search(match["rest"])):
        return None
    return match["label"], match["rest"].strip()


def titled(title: str) -> tuple[str, str] | None:
    """`marked`, of a title: there the marker may stand behind it, in brackets or behind a dash."""
    if found := marked(title):
        return found
    behind = _BEHIND.fullmatch(title) if len(title) <= _LONGEST else None
    found = marked(behind["marker"] or behind["last"]) if behind else None
    return (found[0], found[1] or behind["title"]) if behind and found else None


def noticed(line: str) -> tuple[str, str] | None:
    """`marked`, of a line that is no title: there an `Update:` goes on with its own news, and corrects nothing."""
    return None if _NEWS.match(line) else marked(line)


def replaces(words: str) -> bool:
    said = _SAYS.search(words)
    return bool(said and (_NAMES.search(said["rest"]) or _THAT.match(said["rest"])))


def names_earlier(words: str) -> bool:
    """Is an earlier release named in it?"""
    return _NAMES.search(words) is not None


def of_itself(words: str) -> bool:
    """Does it speak of an earlier version of this very text?"""
    return _ITSELF.search(words) is not None


def hints(text: str) -> bool:
    """Is there a word in it that a correction would have? Asked first, since few texts have one."""
    low = text.lower()
    return any(map(low.__contains__, _LETTERS)) and _HINT.search(low) is not None
