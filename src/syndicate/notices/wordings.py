"""The wordings of embargoes, a row each. What stands behind them is read by `embargo`."""

import re
from dataclasses import dataclass

_WHEN = (
    r"(?:bis(?: zum| einschließlich)?|(?:ist |gilt |läuft )+bis(?: zum)?|endet(?: am| um)?|läuft|gilt|until|"
    r"jusqu['’]au|to|till|"
    r"vor|ab|am|um|zum|for release(?: at| on)?)\b"
)
_PRESS = (
    r"(?:(?:für|for) (?:die |den |das |alle |sämtliche )*(?:\w*medien|\w*press\w*|\w*print\w*|online\w*|\w*funk|radio|"
    r"tv|\w*fernseh\w*|\w*agentur\w*|\w*zeitung\w*|\w*redaktion\w*|veröffentlichung\w*|alle|"
    r"diese[nrs]? \w+)(?:(?:,| und) [\w-]+){0,4})"
)
_N = (
    r"(?:(?:erst|presse)?(?:veröffentlichung|publikation|verwendung|abdruck|verbreitung|ausstrahlung|weitergabe|"
    r"berichterstattung)|publication|release)"
)
_FREE = r"(?:(?:presse|medien)-?)?frei(?:gegeben|gabe)?(?:[ -]?(?:zeitpunkt|termin|zeit|datum))?"
_JOINT = r"\s*(?:[:=|]|[–—-](?=\s)|\((?=\d))\s*"

# What may stand before a wording without making it running text.
LEAD = re.compile(
    r"(?:(?:achtung|wichtig\w*|hinweise?|please|note|bitte|beachte\w*|sie|wir|bitten|um|beachtung|mit|unter|strictly|"
    r"streng|strengstens|under|es|gilt|gelten|besteht|die|der|das|eine[rn]?|diese[rns]?|folgende[rn]?|presse|medien|"
    r"vorab\w*|redaktion\w*|an|alle|neue[rn]?|geänderte[rn]?|aktualisierte[rn]?|verlängerte[rn]?|verschobene[rn]?|"
    r"verbindliche[rn]?|unsere[rn]?|(?:presse|medien)?(?:mitteilung|meldung|information|einladung|erklärung|unterlagen?|"
    r"mappe)|nachricht|text|inhalte?|redetext|redemanuskript|material|beitrag|sendung|darf|dürfen|ist|sind|wird|bleibt|"
    r"soll|veröffentlichen|verwenden|verbreiten|publizieren|"
    r"unterlieg(?:t|en)|strict|complete|this|the|press|may|must|is|be|new)\b[ ,:;!.–—-]*)*",
    re.IGNORECASE,
)
# A lead that makes a sentence of it: then a time must stand behind the word.
ANNOUNCED = re.compile(r"\b(?:die|der|das|eine[rn]?|wir|sie|ist|wird|es)\b", re.IGNORECASE)
PREPOSITION = re.compile(r"(?:bis(?: zum)?|gilt bis(?: zum)?|ab)\b:? (?=\S)", re.IGNORECASE)
_SPERR = r"(?:[\w-]*spee?rr?[- ]?(?:frist|first|vermerk)(?:e?n?de|termin|zeitpunkt|vermerk)?)"

# Each is an embargo where it opens a line; group 1 is what it states.
STRONG = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        rf"{_SPERR}(?: ?/ ?embargo)?(?: (?:bitte )?beachten)?(?: {_PRESS})?"
        r"(?: (?:ist |wird |wurde )?(?:verlängert|verschoben|geändert|korrigiert|aktualisiert))?"
        rf"(?: ?[:–—(=]| - |,|!|;| auf\b| {_WHEN}|(?= *$)|(?= \d)) *(.*)",
        rf"(?:presse-?|media )?embargo(?: (?:date|time|period|(?:lifts?|ends?|expires?)(?: at| on)?))?"
        rf"(?: ?[:–—(=]| - |!| {_WHEN}|(?= *$)|(?= \d)) *(.*)",
        rf"(?:strictly )?embargoed(?: ?:| {_WHEN}| for release:?| before|(?= *$)) *(?:until |at |on )?(.*)",
        r"gesperrt:? für (?:alle |die )*(?:presse|medien)\b(?! bis)(.*)",
    )
)


@dataclass(frozen=True, slots=True)
class Wording:
    """`tells`: a word for publishing must stand before or behind the time. `states`: behind it. `clock`: in full."""

    pattern: re.Pattern[str]
    tells: bool = False
    states: bool = False
    clock: bool = False


def _row(pattern: str, *, tells: bool = False, states: bool = False, clock: bool = False) -> Wording:
    return Wording(re.compile(pattern, re.IGNORECASE), tells, states, clock)


_AFTER = (
    r"(?:(?:erst|frühestens|ist|wird|erfolgt|nicht|nur|bitte|only|not) )*(?:ab|nach|vor|from|after|before|until)\b:?"
)

# Each is an embargo where nothing but a time stands behind it.
WEAK = (
    _row(
        r"(?:nachrichten|presse|medien|informations|publikations|veröffentlichungs|sende)?-?sperr"
        r"(?:e|zeit|termin|zeitpunkt|ende)(?: (?:gilt|endet))?"
        rf"(?:{_JOINT}| (?:bis|ab|am|um|zum)\b:?|(?= \d))"
    ),
    _row(
        rf"{_FREE}(?: (?:zur?m? |für (?:die |den )?){_N}| {_PRESS})?"
        rf"(?:{_JOINT}| {_AFTER}| (?:ist |erfolgt )?(?:für(?: die| den)?|am|zum|um|frühestens(?: am)?)\b:?|(?= \d))"
    ),
    _row(
        rf"(?:nur )?(?:zu[rm]|für die) {_N}(?: (?:bestimmt|frei|freigegeben))?"
        rf"(?: {_AFTER}| (?:frühestens )?(?:am|um|zum|für)\b:?|{_JOINT}|(?= \d))"
    ),
    _row(rf"(?:keine )?{_N}(?: (?:ist|bitte|darf|(?:honorar)?frei|erlaubt|gestattet|möglich|zulässig|only))* {_AFTER}"),
    _row(rf"{_N} (?:frühestens|(?:bitte )?erst)(?: am| um)?\b"),
    _row(rf"{_N}(?:{_JOINT}| (?:am|zum)\b)", clock=True),
    _row(
        r"(?:(?:presse|erst)?(?:veröffentlichungs|publikations|freigabe|sperr)(?:termin|zeitpunkt|zeit|ende)|"
        rf"(?:release|publication) time){_JOINT}"
    ),
    _row(rf"(?:(?:veröffentlichungs|freigabe)datum|(?:release|publication) date){_JOINT}", clock=True),
    _row(rf"(?:nicht|keinesfalls)(?: zu[rm] {_N})?(?: (?:bestimmt|freigegeben))? vor\b(?: dem)?"),
    _row(r"nicht (?:zu )?(?:veröffentlichen|verwenden|publizieren|verbreiten|abdrucken) (?:vor|bis)\b(?: dem| zum)?"),
    _row(r"(?:erst|frühestens|nicht|nur) (?:ab|nach|am|um|vor|zum)\b|frühestens\b", tells=True),
    _row(r"(?:ab|bis|vor|nach|from|until|before)\b(?: (?:zum|dem|einschließlich))?", states=True),
    _row(
        r"(?:noch )?(?:gesperrt|vertraulich|geheim|(?:unter|im) verschluss|nicht öffentlich|zurückhalten|"
        rf"confidential|restricted)(?: {_PRESS})?:? (?:bis|until|before)\b(?: zum)?:?"
    ),
    _row(r"(?:gesperrt|verschluss)(?::|(?= \d))"),
    _row(
        r"(?:(?:is )?not (?:for|to be) (?:release|publication|broadcast|published|released|used)d?(?: or \w+)?|"
        r"do not (?:publish|release|use|broadcast)|no (?:publication|release))(?: this)? "
        r"(?:before|until|prior to|ahead of)\b"
    ),
    _row(r"(?:hold|held)(?: for release)?(?: until| till)?:?"),
    _row(r"(?:for )?(?:release|publication)d?(?: (?:at|on|after|from|not before)\b:?|:)"),
    _row(r"(?:may|can|to) be (?:published|released)(?: only)? (?:from|after|at|on)\b|publishable from\b"),
    _row(r"(?:not be |be )?(?:published|released|used) (?:before|until)\b"),
)
# What may stand behind the time: nothing, or what the wording began.
CLOSES = re.compile(
    r"(?:[, ]+(?P<state>(?:(?:noch|nicht|erst|zu|bitte|keine|not|under|und) )*(?:gesperrt|vertraulich|geheim|"
    r"(?:presse)?frei(?:gegeben)?(?: zu[rm] \w+)?|zu[rm] veröffentlichung(?: (?:frei|freigegeben|bestimmt))?|"
    r"(?:zu )?(?:veröffentlich|publizier|verwend|verbreit)(?:en|t)(?: werden)?|veröffentlichung|abdrucken|"
    r"möglich|erlaubt|gestattet|zulässig|"
    r"embargo(?:ed)?|confidential|published|released)))?"
    r"(?: (?:werden|bitte|beachten|bestimmt))*"
    r"(?:\W*$|[.!;:)\]] ?| ?[–—|•/] | - | \(| [*+|])",
    re.IGNORECASE,
)
TERM = re.compile(
    r"veröffentlich|publi[csz]|verwend|abdruck|abgedruckt|gesendet|verbreit|weitergabe|weitergegeben|release|bericht",
    re.IGNORECASE,
)
# An end that was, behind the one that is.
INSTEAD = re.compile(
    r"[ ,(]*(?:statt|anstatt|anstelle|nicht mehr|instead of|bisher|zuvor|ursprünglich|vorher|vormals|previously)\b",
    re.IGNORECASE,
)
BEHIND = re.compile(r"(?:bitte )?beachten|es gilt das gesprochene wort|ortszeit|local time", re.IGNORECASE)
AT_ONCE = re.compile(
    rf"(?:{_SPERR}|embargo|{_FREE}(?: zur veröffentlichung| zum abdruck)?|(?:zur )?veröffentlichung(?: frei)?)\s*"
    r"(?:[:!|=.,]|[–—-](?=\s)|\b)\s*(?:ist )?(?:ab |per )?"
    r"(?:(?:keine?|sofort\w*|entfällt|aufgehoben|none|immediate\w*|ohne)[.!]*(?: frei\w*)?[.!*]*|"
    r"(?:zur )?(?:sofortige[n]? veröffentlichung)[.!]*)\W*",
    re.IGNORECASE,
)
