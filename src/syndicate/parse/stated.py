"""Front matter, asked key by key under all its names; what is no name is unknown, what is nearly one may be refused."""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from syndicate.errors import ParseError
from syndicate.notices import is_embargo_key, keys, says_embargo, stated_embargo
from syndicate.parse.fields import MOST, names
from syndicate.text import squeeze

_YES = {
    "true": True,
    "yes": True,
    "ja": True,
    "wahr": True,
    "false": False,
    "no": False,
    "nein": False,
    "falsch": False,
}
_NOT_YET = {"false", "no", "nein", "falsch", "0", "off"}
_STATUS = {"published", "publish", "public", "final", "veröffentlicht", "freigegeben", "live", "ok"}
_DECISIVE = ("title", "topics", "date")  # and the embargo: what is nearly one of these is not passed over
_AT_THE_TOP = "an embargo stands at the top of the front matter"
_TIME = "a time (like 2026-05-12T10:00:00+02:00) or an event in words"


class _Value(NamedTuple):
    name: str  # as printed
    value: Any


class Stated:
    """One table of front matter. `inside` names it in messages, like `image.`; `table` has the names of its keys.

    ParseError, naming key, value and what is allowed, for a value of the wrong kind, for one name twice, and for two
    names of one key that say different things.
    """

    def __init__(self, fields: dict[str, Any], table: keys.Keys = keys.RELEASE, inside: str = "") -> None:
        self.inside = inside
        self.notes: list[str] = []
        self._fields = fields
        self._table = table
        self._found: dict[str, list[_Value]] = {}
        self._unknown: list[_Value] = []
        for printed, value in fields.items():
            name = str(printed).strip()
            is_embargo = not inside and is_embargo_key(name)
            key = keys.EMBARGO if is_embargo else table.key(name) if name else ""
            if key is None:
                self._unknown.append(_Value(name, value))
            else:
                self._found.setdefault(key, []).append(_Value(name, value))

    def all(self, key: str) -> tuple[_Value, ...]:
        """What is stated under each name of a key: what is one, like `topic`, before a list, like `topics`."""
        return tuple(sorted(self._found.get(key, ()), key=lambda stated: isinstance(stated.value, list)))

    def take(self, key: str) -> Any:
        """What is stated under the one or other name."""
        return self._one(key).value

    def states(self, *keys_: str) -> bool:
        return any(not _is_empty(value) for key in keys_ for _, value in self.all(key))

    def text(self, key: str) -> str | None:
        return self._words(*self._one(key))

    def wrong(self, name: str, value: Any, allowed: str) -> ParseError:
        shown = str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, str) else str(value)
        return ParseError(f"{self.inside}{name}: {shown[:80]} is not {allowed}")

    def names(self, key: str, *, within: str = "") -> tuple[str, ...]:
        """Texts, one or a list of them, under all names of the key; `within`: or tables that have it."""
        found: list[str | None] = []
        for name, value in self.all(key):
            for entry in value if isinstance(value, list) else [value]:
                if within and isinstance(entry, dict):
                    entry = entry.get(within)
                if isinstance(entry, (list, dict, bool)):
                    raise self.wrong(name, value, "a name or a list of names")
                found.append(self._words(name, entry))
        return names(found)

    def flag(self, key: str) -> bool:
        name, value = self._one(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        said = value.strip().lower() if isinstance(value, str) else None
        if said == "" or said in _YES:
            return bool(said) and _YES[said]
        raise self.wrong(name, value, "true or false")

    def moment(self, key: str) -> str | datetime | None:
        """A time with its zone as such; a time without one, a day, and words as text."""
        name, value = self._one(key)
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value
        if isinstance(value, date):
            return value.isoformat()
        if value is None or isinstance(value, str):
            return squeeze(value or "") or None
        raise self.wrong(name, value, "a date (like 2026-05-12, 2026-05-12T10:00:00+02:00 or 12. Mai 2026, 10 Uhr)")

    def several(self, make: "Callable[[Stated, Any], Any]", key: str, table: keys.Keys) -> tuple[Any, ...]:
        """Tables or texts, one or a list of them."""
        found = []
        for name, value in self.all(key):
            for entry in value if isinstance(value, list) else [] if value is None else [value]:
                if isinstance(entry, str):
                    entry = {"": entry}
                if not isinstance(entry, dict):
                    raise self.wrong(name, value, "a text, or a table of keys and values, or a list of these")
                part = self.part(name, entry, table)
                found.append(make(part, part.text("")))
                self.notes += part.unknown()
        return tuple(found[:MOST])

    def part(self, name: str, fields: dict[str, Any], table: keys.Keys) -> "Stated":
        """A table within this one."""
        made = Stated(fields, table, f"{self.inside}{name}.")
        if held := next((printed for printed, _ in made._unknown if keys.is_plain_embargo(printed)), None):
            raise ParseError(f"{made.inside}{held}: {_AT_THE_TOP}")
        return made

    # --- what decides whether it is published ---------------------------------------------------------------------

    def refuse_draft(self) -> None:
        """A release that says it is not finished is none; when in doubt, nothing is published."""
        if self.flag("draft"):
            raise ParseError(f"{self._one('draft').name}: true: it is read when that line is gone")
        name, published = self._one("published")
        if str(published).strip().casefold() in _NOT_YET:
            raise ParseError(f"{name}: {published}: it is read when that line is gone")
        if str(published).strip().casefold() in ("true", "yes", "ja"):
            del self._found["published"]  # else it is a date
        name, status = self._one("status")
        said = squeeze(str(status or "")).casefold()
        if said and said not in _STATUS:
            raise ParseError(f"{name}: {said}: only what is published, final or public is read")

    def refuse_nearly_known(self) -> None:
        """Keys that are none and were meant as one that decides what is published, and when; an embargo's first."""
        held, missing = list[str](), list[str]()
        for name, value in self._unknown:
            key, meant = self._table.near(name) or ("", "")
            if word := keys.near_embargo(name):
                held.append(f"{name}: is no key; did you mean {word}?")
            elif inner := next(_embargoes_in(value, name), None):
                held.append(f"{inner}: {_AT_THE_TOP}")
            elif key in _DECISIVE and not self.states(*(("date", "published") if key == "date" else (key,))):
                missing.append(f"{name}: is no key; did you mean {meant}?")
        if held or missing:
            raise ParseError(" ".join(self.inside + fault for fault in (*held, *missing)))

    def embargo(self) -> str | datetime | None:
        """What is stated under `embargo` or a name like it. All but a plain no holds the release.

        So does a kind, or a value under a name that nobody knows, which speaks of one.
        """
        found: dict[str, str | datetime] = {}
        speaking = (each for each in (*self.all("kind"), *self._unknown) if _speaks_of_embargo(each.value))
        for name, value in (*self.all(keys.EMBARGO), *speaking):
            if isinstance(value, (list, dict)):
                raise self.wrong(name, value, _TIME)
            said = value.isoformat() if hasattr(value, "isoformat") else "" if value is None else str(value)
            if kept := stated_embargo(said):
                found[kept] = value if isinstance(value, datetime) and value.tzinfo else kept
        # Where two differ nobody can say when it ends: no time, so it holds.
        return next(iter(found.values())) if len(found) == 1 else " / ".join(found) or None

    def unknown(self) -> tuple[str, ...]:
        """What nobody knows, for a person to see; it does no harm."""
        return (*self.notes, *(self._told(name) for name, _ in self._unknown))

    # --- one key --------------------------------------------------------------------------------------------------

    def _one(self, key: str) -> _Value:
        """Its value, once, however often it is said."""
        stated = [each for each in self.all(key) if not _is_empty(each.value)] or [*self.all(key)]
        if any(each.value != stated[0].value for each in stated[1:]):
            said = " and ".join(each.name for each in stated)
            raise ParseError(f"{self.inside}{key}: is there twice, as {said}, and they say different things")
        return stated[0] if stated else _Value(key, None)

    def _words(self, name: str, value: Any) -> str | None:
        if value is None:
            return None
        if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
            return squeeze(str(value)) or None
        raise self.wrong(name, value, "a text (in quotation marks)")

    def _told(self, name: str) -> str:
        near = self._table.near(name)
        return f"unknown key in the front matter: {self.inside}{name}" + (f" (did you mean {near[1]}?)" if near else "")


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, (str, list, dict)) and not value)


def _embargoes_in(value: Any, inside: str) -> Iterator[str]:
    """Where a table that nobody asks for states an embargo, as `meta.sperrfrist`."""
    for name, key, _ in _inner(value, inside):
        if is_embargo_key(key) or keys.near_embargo(key):
            yield name


def _speaks_of_embargo(value: Any) -> bool:
    return any(says_embargo(str(said)) for _, _, said in [("", "", value), *_inner(value, "")] if not _has_inner(said))


def _inner(value: Any, inside: str) -> Iterator[tuple[str, str, Any]]:
    """(name, key, value) of all that stands in a value, however deep: what others write has any depth."""
    left = deque([(inside, value)])
    while left:
        name, value = left.popleft()
        if isinstance(value, dict):
            inner = [(f"{name}.{key}"[:200], str(key), entry) for key, entry in value.items()]
        else:
            inner = [(name, "", entry) for entry in value] if isinstance(value, list) else []
        yield from inner
        left += [(place, entry) for place, _, entry in inner]


def _has_inner(value: Any) -> bool:
    return isinstance(value, (list, dict))
