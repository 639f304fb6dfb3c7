"""What the program says of known material, written down: a line for each document, and how to tell where one differs.

Ids are random until they are made from what a release is: each is replaced by its place in an order that does not
depend on them. So are the moments at which the material was read.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFESTS = Path(__file__).parent / "data" / "golden"
_DIGITS = 16  # of a document's SHA-256
_HINTED = 3_000  # lines of a document whose own digests are kept


@dataclass(frozen=True)
class Golden:
    """The documents of one play, by name, as they are compared."""

    name: str
    documents: Mapping[str, str]
    hints: bool = True  # whether the lines have digests of their own, by which the first that differs is found

    @property
    def path(self) -> Path:
        return MANIFESTS / f"{self.name}.json"

    def write(self) -> None:
        rows = sorted(
            f"{json.dumps(self._key(name))}: {json.dumps(self._row(text))}" for name, text in self.documents.items()
        )
        self.path.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")

    def differences(self) -> list[str]:
        """A line for each document that is new, gone or other than it was, with the first line in which it differs."""
        before: dict[str, list[str]] = json.loads(self.path.read_text(encoding="utf-8"))
        keys = {self._key(name): name for name in self.documents}
        found = [f"{key}: is no longer there" for key in before.keys() - keys.keys()]
        found += [f"{keys[key]}: is new" for key in keys.keys() - before.keys()]
        for key in keys.keys() & before.keys():
            name = keys[key]
            if self._row(self.documents[name])[0] != before[key][0]:
                found.append(f"{name}: {_first(self.documents[name], before[key][1])}")
        return sorted(found)

    def _key(self, name: str) -> str:
        """Where the material is not ours, not even its words in a document's name are written down."""
        return name if self.hints else hashlib.sha256(name.encode()).hexdigest()[:_DIGITS]

    def _row(self, text: str) -> list[str]:
        whole = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:_DIGITS]
        return [whole, "".join(map(_short, text.splitlines()[:_HINTED])) if self.hints else ""]


def _short(line: str) -> str:
    """Two characters: one changed line in four thousand is not seen by them, and the document's digest sees it."""
    return base64.urlsafe_b64encode(hashlib.sha256(line.encode("utf-8", "surrogateescape")).digest())[:2].decode()


def _first(text: str, before: str) -> str:
    if not before:
        return "is other than it was"
    for number, line in enumerate(text.splitlines(), 1):
        if _short(line) != before[2 * number - 2 : 2 * number]:
            return f"line {number} is now {line.strip()[:300]!r}"
    return "it ends earlier than it did, or differs in its line ends"


class Steady:
    """Replaces what differs from run to run: the ids of these releases (as `releases list --json` tells them)."""

    def __init__(self, releases: Iterable[Mapping[str, Any]], *others: tuple[str, str]) -> None:
        """`others` are patterns, and what to put for them."""
        by_words = sorted(
            releases, key=lambda told: json.dumps([told.get(name) for name in ("title", "url", "published")])
        )
        self._ids = {told["id"]: f"release{number:05}" for number, told in enumerate(by_words, 1)}
        self._id = re.compile(r"(?<![a-z0-9])[a-z0-9]{12}(?![a-z0-9])")
        self._others = [(re.compile(pattern), put) for pattern, put in others]

    def __call__(self, text: str) -> str:
        text = self._id.sub(lambda match: self._ids.get(match[0], match[0]), text)
        for pattern, put in self._others:
            text = pattern.sub(put, text)
        return text

    def tree(self, documents: Mapping[str, bytes]) -> dict[str, str]:
        return {self(path): self(body.decode("utf-8", "surrogateescape")) for path, body in documents.items()}
