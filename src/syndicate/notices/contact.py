"""The press contact block: who, e-mail, telephone."""

import re
from collections.abc import Sequence
from functools import lru_cache

import syndicate.notices.dates as dates
import syndicate.notices.kind as kind
from syndicate.addresses import PRINTED_MAIL, plain_mail
from syndicate.model import Contact
from syndicate.notices.lines import LONGEST, any_of, whole

_EMAIL = re.compile(PRINTED_MAIL, re.IGNORECASE)
_PHONE = re.compile(r"(?<!\d)(?<!\d[./])(?:\+ ?\d{1,3}|\(?0)[\d ()/.–-]{4,24}\d")
_DATE = re.compile(dates.PRINTED, re.IGNORECASE)
_OF_YEAR = re.compile(r"[/-] ?(?:20)?\d\d$")  # the number of a release: `045/2026`
_FAX = re.compile(r"(?:tele)?fax", re.IGNORECASE)
_REACHED_BY = "telefon|tel|tél|téléphone|telefono|teléfono|telefoon|courriel|fon|phone|mobil|handy|e-?mail|mail"
_LABEL = re.compile(
    rf"(?:{_REACHED_BY}|telefax|fax|internet|web|www|anschrift|adresse|x|twitter)\b[.:]?.*", re.IGNORECASE
)
_NAMED = re.compile(rf"\b(?:{_REACHED_BY})\b", re.IGNORECASE)
_ROW = re.compile(
    r"(?:(?:vor- und nach|vor|nach)?name|ansprech(?:partner|person)\w*|funktion|position|abteilung|referat|rolle|"
    r"kontakt|"
    r"contact(?: person)?|pressesprecher(?:in)?|sprecher(?:in)?|zuständig|behörde|dienststelle)",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:(?:stellv(?:ertretende[rn]?|\.)|leitende[rn]?) )?(?:presse|regierungs|polizei|medien)?-?"
    r"(?:sprecher(?:in)?|referent(?:in)?)",
    re.IGNORECASE,
)
_PERSON_SAID = r"(?:(?:Frau|Herrn?|Dr\.|Prof\.|(?:die|der|das|den|dem) )\s*)*[A-ZÄÖÜ][^,;:()0-9@]{2,70}?"
_SENTENCE = re.compile(
    r"(?:(?:Für|Bei|Ihre?|Weitere|Journalistische|Alle)\b[^.;:]{0,60}?|Presse|Medien)?\W*"
    r"(?:Rückfragen|Nachfragen|Anfragen|Fragen|Auskünfte|Auskunft|Informationen|Kontakt|Presse-?[Kk]ontakt|"
    rf"Ansprech(?:partner|person)\w*|inquiries|questions|contact)\b[^,;()0-9@]{{0,60}}?(?:\b(?:beantwortet|"
    rf"beantworten|erteilt|"
    r"erteilen|gibt|geben|steht|stehen|ist|sind|an|bei)\b|:)\s*(?:(?:Ihnen|Sie|sich|bitte|gerne?|auch)\s+)*"
    rf"(?P<name>{_PERSON_SAID})\s*(?=[,;:(0-9@+]|\b(?:unter|per|telefonisch|via|Tel|Telefon|zur Verfügung|gern))",
)
_ANSWERABLE = re.compile(  # whom the law of the press asks for
    r"(?i:V\. ?i\. ?S\. ?d\. ?(?:P\.? ?R|Pr(?:esserechts|G)|P|M)\.?|ViSdP\.?|"
    r"(?:redaktionell |inhaltlich )?verantwortlich(?:e[rn]?)?(?: im sinne des presserechts| für den inhalt)?(?=:)|"
    r"(?:presse|medien)?-?sprecher(?:in)?(?=:)|herausgeber(?:in)?(?=:))"
    rf"\s*:?\s*(?P<name>{_PERSON_SAID})\s*(?=[,;:(0-9@+|·]|\b(?:Tel|Telefon|Fon|E-?Mail|Mail)\b)"
)
_ANOTHER = re.compile(r"(?<!Dr)(?<!Prof)(?<!Tel)(?<!Nr)[.!?]\s+[A-ZÄÖÜ][^\d]{25,}")  # one more sentence of some length
_ASKS = re.compile(
    r"(?:(?:per|eine|send(?: an)?|write an|écrire un|envoyer un|inviare un'?|scrivi un'?|enviar un) ?)?"
    r"(?:e-?mail|mail|nachricht|kontakt|anruf|telefon|courriel|message|messaggio|mensaje|correo)\w*(?: \w+){0,2}",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\b\d{5}\b|stra(?:ß|ss)e \d|str\. ?\d|platz \d|postfach \d", re.IGNORECASE)

_MEDIA = (
    r"(?:presse|medien|journalist\w*(?:[ /:*]?innen)?|medienschaffende|medienvertreter\w*(?:[/:*]-?innen)?|redaktionen)"
)
_PERSON = r"(?:ansprech(?:partner|person)\w*(?:[ /:*]-?in(?:nen)?)?)"
_OPENS = any_of(
    rf"(?:presse|medien)-?(?:kontakte?|anfragen|rückfragen|{_PERSON})",
    rf"(?:kontakt(?:daten)?|{_PERSON}|rückfragen|auskünfte?|auskunft|anfragen) (?:für|der|von|an) (?:die )?{_MEDIA}"
    r"(?: (?:bitte )?an)?",
    rf"kontakt {_MEDIA}|{_PERSON} {_MEDIA}|(?:press|media) contacts?|contact for (?:the )?(?:press|media)",
    r"(?:contacts?|relations?|service) (?:de )?presse|contacts? m[ée]dias?|(?:contatt[oi]|ufficio) (?:per la )?stampa|"
    r"contacto (?:de |para la )?prensa|contacto para (?:la )?imprensa|contacto de imprensa|perscontact|"
    r"kontakt (?:dla )?(?:prasowy|mediów)|(?:media|press|press) enquiries",
)
_MAY_OPEN = any_of(
    rf"kontakt(?:daten)?|{_PERSON}|rückfragen(?: an)?|rückfragehinweis|pressestelle|herausgeber(?:in)?|contact",
    r"(?:für|bei) (?:weitere[n]? )?(?:rückfragen|fragen|auskünfte).{0,60}|weitere auskünfte.{0,40}",
)
# One of these is in all that opens a block.
_HINTS = ("kontakt", "contact", "ansprech", "frage", "ausk", "pressestelle", "herausgeber")


def hints(text: str) -> bool:
    """Is there a word in it that opens a contact block? Asked first, since few texts have one."""
    return any(map(text.casefold().__contains__, _HINTS))


def opens(text: str) -> bool:
    return whole(_OPENS, text.rstrip(" :"))


def may_open(text: str) -> bool:
    """Opens a contact block only where an address or a number follows."""
    return whole(_MAY_OPEN, text.rstrip(" :"))


def inline(text: str) -> str | None:
    """What stands behind `Pressekontakt:` on the same line."""
    marker, colon, rest = text[:LONGEST].partition(":")
    return rest.strip() or None if colon and opens(marker) else None


def email(text: str) -> str | None:
    return _email(text) if len(text) <= LONGEST else None


@lru_cache(maxsize=500)  # each line of a block is asked a few times over
def _email(text: str) -> str | None:
    match = _EMAIL.search(text)
    return plain_mail(match[0]) if match else None


def phone(text: str) -> str | None:
    return _phone(text) if len(text) <= LONGEST and ("0" in text or "+" in text) else None


@lru_cache(maxsize=500)
def _phone(text: str) -> str | None:
    if kind.number(text) and _OF_YEAR.search(text):
        return None
    match = _PHONE.search(_DATE.sub(" ", _EMAIL.sub("", text)))
    return match[0].strip() if match else None


def reachable(text: str) -> bool:
    """Does the line give an address or a number, or say that it would?"""
    return len(text) <= LONGEST and bool(email(text) or phone(text) or _LABEL.fullmatch(text))


def contact(lines: Sequence[str]) -> Contact | None:
    """The block's first line that is neither number nor address is the name; of several numbers the first counts."""
    told = [_without_row(line) for line in lines]
    named = [line for line in told if line and not _LABEL.fullmatch(line[:LONGEST]) and _name(line)]
    named = [line for line in named if not _ADDRESS.search(line[:LONGEST])]
    name = next((line for line in named if not whole(_ROLE, line)), next(iter(named), None))
    mails = [found for line in lines if (found := email(line))]
    phones = [found for line in lines if not _FAX.match(line) and (found := phone(line))]
    if not (name or mails or phones):
        return None
    return Contact(_name(name) if name else None, mails[0] if mails else None, phones[0] if phones else None)


def sentence(text: str) -> Contact | None:
    """`Rückfragen beantwortet Jana Böhm, Telefon …`: of one sentence that says nothing but whom to ask, and how."""
    if len(text) > LONGEST:
        return None
    said = _ANSWERABLE.match(text)
    if _ANOTHER.search(_EMAIL.sub("", text[said.end() :] if said else text)):
        return None
    said = said or _SENTENCE.match(text)
    mail, number = email(text), phone(text)
    if said is None or not (mail or number):
        return None
    name = re.sub(r"^(?:(?:Frau|Herrn?|die|der|das|den|dem)\s+)+", "", said["name"]).strip(" ,;:(–-")
    return Contact(name or None, mail, number)


def linked(words: str, address: str) -> str:
    """The words of a link with the address that it goes to (of `mailto:`, `tel:`): the address is what counts."""
    if email(words) or phone(words):
        return words
    return address if _ASKS.fullmatch(words.strip()) else f"{words}, {address}"


def told(line: str, said: Contact) -> bool:
    """Does the contact say all that the line does?"""
    if said.email and email(line) == said.email:
        line = _EMAIL.sub(" ", line)
    for words in filter(None, (said.name, said.phone)):
        line = line.replace(words, " ")
    return not re.search(r"\w", _NAMED.sub(" ", line))


def _without_row(line: str) -> str:
    """A line of a table of details without its label; empty where it is but the label."""
    label, colon, value = line.partition(":")
    if colon and whole(_ROW, label.strip()):
        return value.strip()
    return "" if whole(_ROW, line.strip(" :")) else line


def _name(line: str) -> str | None:
    """The line up to where a number or an address begins in it."""
    line = line[:LONGEST]
    found = [match.start() for pattern in (_EMAIL, _PHONE) if (match := pattern.search(line))]
    if found:
        line = re.sub(
            r"(?:telefon|t[eé]l\.?|telefono|t[eé]l[eé]phone|courriel|e-?mail|mobil|mail)[ :.]*$",
            "",
            line[: min(found)].rstrip(" ,;:(–-"),
            flags=re.I,
        )
    return line.strip(" ,;:(–-") or None
