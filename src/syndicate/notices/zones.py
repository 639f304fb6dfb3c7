"""Time zones as sources name them: offsets, abbreviations, names of the IANA database."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_HOURS = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "wez": 0, "west": 1, "bst": 1, "cet": 1, "mez": 1, "met": 1,
    "cest": 2, "mesz": 2, "mest": 2, "eet": 2, "oez": 2, "eest": 3, "oesz": 3, "msk": 3, "jst": 9, "kst": 9, "hkt": 8,
    "sgt": 8, "awst": 8, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "ast": -4, "adt": -3, "brt": -3,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8,
    "hst": -10,
}  # fmt: skip
FORM = r"(?:(?:utc|gmt|ut) ?)?[+-] ?\d{1,2}(?::?\d\d)?|[a-z]{1,4}"  # an offset or an abbreviation, in lower case
_OFFSET = re.compile(r"[a-z ]*([+-]) ?(\d{1,2}):?(\d\d)?")
_WITHIN = re.compile(
    r"(?<![a-z/_])(?P<place>(?:africa|america|antarctica|arctic|asia|atlantic|australia|canada|etc|europe|indian|pacific|us)"
    r"(?:/[a-z_+-]{2,30}){1,2})(?![a-z/_])|"
    r"(?P<offset>(?:(?:utc|gmt|ut) ?)?[+-] ?\d{1,2}(?::?\d\d)?)(?!\d)|(?<![a-z/_])(?P<name>[a-z]{1,5})(?![a-z/_])"
)


def named(name: str) -> tzinfo | None:
    """An offset or an abbreviation. Single letters are UTC: RFC 822 had their signs wrong (RFC 5322 section 4.3)."""
    if name in _HOURS:
        return timezone(timedelta(hours=_HOURS[name]))
    if re.fullmatch(r"[a-ik-y]", name):
        return UTC
    offset = _OFFSET.fullmatch(name)
    if not offset:
        return None
    hours, minutes = int(offset[2]), int(offset[3] or 0)
    if hours > 14 or minutes > 59:
        return None
    return timezone((-1 if offset[1] == "-" else 1) * timedelta(hours=hours, minutes=minutes))


def within(text: str) -> tzinfo | None:
    """The first zone that we know in what stands behind a time; a letter alone is one only where it is `z`."""
    for found in _WITHIN.finditer(text):
        if found["place"]:
            zone: tzinfo | None = _place(found["place"])
        else:
            name = found["offset"] or re.sub("^z+$", "z", found["name"])
            zone = named(name) if len(name) > 1 or name == "z" else None
        if zone:
            return zone
    return None


def _place(name: str) -> ZoneInfo | None:
    """`europe/berlin`, with the capitals that the database has."""
    capitals = re.sub(r"^us/|(?<=^etc/).*|(?<![a-z])(?!of_|au_)[a-z]", lambda found: found[0].upper(), name)
    try:
        return ZoneInfo(capitals)
    except (KeyError, ValueError, OSError):  # not there, no name of one, a folder of zones
        return None
