"""Fields by which a source holds an entry, and what they say: JSON, XML, front matter, meta tags."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from syndicate.notices.withdrawal import status
from syndicate.text import fold, squeeze

# Names of fields by which a source says "not before", folded: (ninjs, Superdesk, newsroom feeds, front matter).
_EMBARGO = re.compile(
    r"(?:sperr|gesperrt|freiab|freifuer|freigabe|freigegebenab|frei$|pressefrei|notbefore|nichtvor|releaseafter|"
    r"releasetime|holduntil|vertraulichbis).*|.*(?:sperrfrist|sperrvermerk|embargo|nachrichtensperre|mediensperre).*"
)
# Words that a misspelt name may have been meant as.
EMBARGO_WORDS = ("embargo", "sperrfrist", "sperrvermerk", "gesperrt", "freigabe", "holduntil", "notbefore")
_TO_EDITORS = frozenset({"ednote", "editorsnote", "usageterms", "instructions", "specialinstructions"})
_SAID = re.compile(
    r"sperr-?frist|sperrvermerk|embargo|gesperrt\b|nicht vor\b|not before\b|not for (?:release|publication|use)|"
    r"hold (?:for|until)|"
    r"(?:frei|freigegeben|freigabe|veröffentlichung|release)\b.{0,40}\b(?:ab|nach|am|bis|after)\b(?! sofort)",
    re.IGNORECASE,
)
_NONE_SAID = re.compile(
    r"\W*(?:keine?|no|ohne|without) (?:sperr-?frist|sperrvermerk|embargo)\W*|"
    r"\W*(?:sperr-?frist|sperrvermerk|embargo):? (?:keine?|none|aufgehoben|entfällt|lifted)\W*",
    re.IGNORECASE,
)
_LONGEST = 4_000  # characters of a note
_NAME = 100  # characters of a name that is remembered
_DEEPEST, _MOST_OBJECTS = 8, 2_000  # of a JSON entry's extensions
_NO_EMBARGO = frozenset(
    {
        "",
        "0",
        "-",
        "false",
        "no",
        "none",
        "null",
        "nein",
        "kein",
        "keine",
        "entfällt",
        "aufgehoben",
        "sofort",
        "ab sofort",
    }
)


# Only where the operator writes them, in front matter: elsewhere they say when something was published.
_LATER = frozenset(
    [
        "publishat",
        "publishdate",
        "publishon",
        "publishafter",
        "golive",
        "veroeffentlichung",
        "visiblefrom",
        "veroeffentlichungab",
        "veroeffentlichenab",
        "veroeffentlichungstermin",
        "veroeffentlichungam",
    ]
)


def is_embargo_key(name: str) -> bool:
    """Is this key of a file's front matter an embargo?"""
    return is_embargo_field(name) or field_name(name) in _LATER


def is_embargo_field(name: str) -> bool:
    """Is this the name of a field that says until when an entry is held?"""
    asked = _is_embargo_field if len(name) <= _NAME else _is_embargo_field.__wrapped__
    return asked(name)


@lru_cache(maxsize=1_000)  # every entry of a feed has the same few
def _is_embargo_field(name: str) -> bool:
    return bool(_EMBARGO.fullmatch(field_name(name)))


def field_name(name: str) -> str:
    """For comparing: without case, spaces, hyphens and underscores; ü is ue."""
    return re.sub(r"[\W_]", "", fold(name))


def says_embargo(text: str) -> bool:
    """Does a short text that is no release's own (a kind, a note to editors) speak of an embargo?"""
    said = squeeze(text)[:_LONGEST]
    return bool(_SAID.search(said)) and not _NONE_SAID.fullmatch(said)


def stated_embargo(value: str) -> str | None:
    """What an embargo field says; None where it says that there is none."""
    said = squeeze(value)
    return None if said.casefold() in _NO_EMBARGO else said


def embargo_of(*objects: Mapping[str, Any]) -> str | None:
    """What the objects of a JSON entry say of its embargo. `withheld`, and `embargoed` alone, wait for a person.

    The first is the entry; of it only extensions (`_name`) are looked into, of the others everything.
    """
    within = [*objects, *_within(objects)]
    held = status(*within)
    if held == "withheld":
        return held
    fields = [(field_name(key), value) for fields in within for key, value in fields.items()]
    # A reason or a note is words; a time says when it ends.
    fields.sort(key=lambda field: field[0] in _TO_EDITORS or "reason" in field[0])
    said = (
        stated_embargo("" if value is None else str(value))
        for name, value in fields
        if is_embargo_field(name) or (name in _TO_EDITORS and says_embargo(str(value)))
    )
    return next(filter(None, said), held if held == "embargoed" else None)


def _within(objects: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The objects inside the extensions, breadth first."""
    entry, extensions = objects[:1], objects[1:]
    level: list[Any] = [
        v for fields in entry for key, v in fields.items() if key.startswith("_") and isinstance(v, list)
    ]
    level += [value for fields in extensions for value in fields.values()]
    found: list[Mapping[str, Any]] = []
    for _ in range(_DEEPEST):
        level = [value for value in level if isinstance(value, (dict, list))][:_MOST_OBJECTS]
        found += [value for value in level if isinstance(value, dict)]
        level = [inner for value in level for inner in (value.values() if isinstance(value, dict) else value)]
    return found
