"""Words by which a source takes an entry back, or keeps it to itself."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from syndicate.text import squeeze

_REASON = 500  # characters
# ninjs `pubstatus`, as a word or as its NewsML-G2 code (stat:canceled): the later, the stricter.
_STATUS = {"embargoed": 1, "withheld": 2, "canceled": 3, "cancelled": 3, "withdrawn": 3}
_ONE = r"(?:(?:presse|medien)?(?:mitteilung|meldung|information|einladung|erklärung)|nachricht|(?:press )?release)"
_GONE = r"(?:zurückgezogen|zurückgenommen|widerrufen|withdrawn|retracted)"
# The statement, and why, in a sentence or a clause of its own.
_TAKES_BACK = re.compile(
    rf"[\W_]*(?:(?:achtung|hinweis|wichtig)[:!]? )?(?:{_GONE}|widerruf|withdrawal|"
    rf"(?:{_GONE}|widerruf|withdrawal)(?::| [–—-]) (?:.{{0,200}})|"
    rf"(?:(?:die|diese|unsere|obige|vorstehende|the|this|our) )?{_ONE}(?: (?:vom|nr|of)\b.{{1,60}}?|[ ]„.{{1,200}}?“)* "
    rf"(?:wurde|wird|ist|hat|haben|has been|is|was)(?: (?:hiermit|von uns|\w+)){{0,2}} {_GONE}"
    rf"(?:(?:[.!:;,–—-]| -) ?.{{0,300}})?|"
    rf"wir ziehen (?:die|diese|unsere) {_ONE}.{{0,200}}? zurück(?:[.!,].{{0,300}})?)[\W_]*",
    re.IGNORECASE | re.DOTALL,
)
_SHORT = 400  # characters: what says more than that still says what it says
_STRICTER = {1: "embargoed", 2: "withheld", 3: "withdrawn"}


def status(*objects: Mapping[str, Any]) -> str | None:
    """What ninjs' `pubStatus` says, the strictest of all: withdrawn, withheld, embargoed; None: it may be shown."""
    said = (
        _STATUS.get(value.strip().lower().rpartition(":")[2], 0)
        for fields in objects
        for key, value in fields.items()
        if re.sub(r"[_\s-]", "", key).lower() == "pubstatus" and isinstance(value, str)
    )
    return _STRICTER.get(max(said, default=0))


def takes_back(title: str | None, lines: Sequence[str]) -> bool:
    """Is a notice of withdrawal all that is left of a release, in its text, or in its title where it has no text?

    A release that is still told beside the notice is none that is gone: it is shown, with the notice in it.
    """
    told = [line for line in lines if line]
    if sum(map(len, told)) > _SHORT:
        return False
    return _TAKES_BACK.fullmatch(told[0] if told else title or "") is not None


def reason(text: object) -> str | None:
    """Why something was withdrawn, on one line: readers will see it."""
    return squeeze(text)[:_REASON] or None if isinstance(text, str) else None
