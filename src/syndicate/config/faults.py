"""Values are read by their keys, and there is a line for each that cannot be used."""

import difflib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from syndicate.config.keys import Key
from syndicate.config.masked import masked
from syndicate.config.values import Untold

Values = dict[str, Any]


class Faults:
    """Reads values and keeps a line for each that cannot be used; what was read of the others goes on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: list[str] = []

    def add(self, where: str, what: str) -> None:
        self.lines.append(f"{self.path}: {where}: {what}")

    def unknown(self, where: str, given: Iterable[str], known: Iterable[str]) -> None:
        for name in given:
            if name not in known:
                close = difflib.get_close_matches(name, known, 1)
                hint = f'did you mean "{close[0]}"?' if close else f"known are {', '.join(known)}"
                self.add(f"{where}.{name}".lstrip("."), f"unknown key ({hint})")

    def table(self, where: str, data: object, keys: dict[str, Key], defaults: Values | None = None) -> Values:
        """Each key that is given or has a default (as read already); None where its value cannot be used."""
        if not isinstance(data, dict):
            name, inside, _ = where.partition("[")
            self.add(where, f"{shown(data)} is not a table ({f'[[{name}]]' if inside else f'[{name}]'})")
            return {}
        self.unknown(where, data, keys)
        values: Values = {}
        defaults = self.defaults(keys) if defaults is None else defaults
        for name, key in keys.items():
            if name in data:
                values[name] = self.value(f"{where}.{name}", data[name], key)
            elif name in defaults:
                values[name] = defaults[name]
            elif key.required:
                self.add(f"{where}.{name}", f"is missing, it has to be {key.allowed}")
        return values

    def tables(self, name: str, data: object, keys: dict[str, Key]) -> list[Values]:
        if not isinstance(data, list):
            known = data if isinstance(data, dict) else {}
            hidden = {each: "…" for each, key in keys.items() if key.secret and each in known}
            self.add(name, f"{shown({**known, **hidden} or data)} is not a list of tables ([[{name}]])")
            return []
        defaults = self.defaults(keys)  # once: there may be ten thousand tables
        return [self.table(f"{name}[{n}]", entry, keys, defaults) for n, entry in enumerate(data)]

    def defaults(self, keys: dict[str, Key]) -> Values:
        return {name: self.value(name, key.default, key) for name, key in keys.items() if key.default is not None}

    def value(self, where: str, value: object, key: Key) -> Any:
        if key.each:
            if not isinstance(value, list):
                self.add(where, f"{shown(value)} is not a list (of {key.allowed})")
                return None
            read = tuple(self.value(f"{where}[{n}]", entry, key._replace(each=False)) for n, entry in enumerate(value))
            return None if None in read else read
        try:
            return key.read(value)
        except ValueError as allowed:
            self.add(where, f"{'…' if key.secret or isinstance(allowed, Untold) else shown(value)} is not {allowed}")
            return None


def shown(value: object) -> str:
    """As in the file, nearly; never with a secret."""
    text = json.dumps(masked(value), ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:79] + "…"
