"""Of what reads documents. Another one may find other words in the same bytes: nothing is corrected by that."""

import re
import threading
from collections.abc import Collection
from dataclasses import fields
from email import message_from_string
from functools import cache, lru_cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path

from syndicate import __version__
from syndicate.model import Source
from syndicate.text import digest

# The program's text, not its version alone: who works on it, or carries a patch of his own, reads otherwise as well. A
# comment that changes costs one more reading, of which nobody sees anything.
# Which rooms those are, their imports tell; nouns, files as such, when a source is asked, and how like two releases are
# have no part in it.
_NO_READERS = {"model", "errors", "fetch", "polling", "revise", "__version__"}
_IMPORTED = re.compile(r"^(?:from|import) syndicate(?:\.(\w+)| import (\([\w\s,]+\)|[\w, ]+))", re.MULTILINE)
_LIBRARIES = [
    "charset-normalizer",
    "cssselect",
    "feedparser",
    "idna",
    "lxml",
    "lxml_html_clean",
    "markdown-it-py",
    "nh3",
    "pyyaml",
    "trafilatura",
]
# What of a source's configuration has no part in how its documents are read. A key that is not here has.
_APART = {"path", "url", "interval", "topics", "missing", "enabled", "priority", "content", "adaptive", "tag"}
_APART |= {"allow_private", "headers", "hub", "proxy", "update"}
_RULES = {"keep", "drop"}  # decide what is held, and have no part in what it says
_once = threading.Lock()


@lru_cache(maxsize=1024)
def reader_of(source: Source) -> str:
    """The fingerprint of what reads this source's documents: the program, and the source's configuration."""
    return _fingerprint(source, _APART)


@lru_cache(maxsize=1024)
def words_by(source: Source) -> str:
    """Of what decides on the words of an entry, and on what it is known by: other rules leave those as they are."""
    return _fingerprint(source, _APART | _RULES)


def _fingerprint(source: Source, apart: Collection[str]) -> str:
    chosen = [f"{field.name}={getattr(source, field.name)!r}" for field in fields(source) if field.name not in apart]
    return digest(program(), *chosen, length=16)


def program() -> str:
    """Of the rooms and libraries that read, as they are when it is first asked: by one of several threads."""
    with _once:
        return _program()


@cache
def _program() -> str:
    found = sha256(__version__.encode())
    for name in _LIBRARIES:
        found.update(f"{name} {_version(name)}\n".encode())
    for name, text in sorted(rooms(Path(__file__).parents[1]).items()):
        found.update(f"{name} {digest(text)}\n".encode())
    return found.hexdigest()


def rooms(package: Path) -> dict[str, str]:
    """The rooms that read, from `reading` downwards: name → text. Empty texts where the program has none with it."""
    found, sought = dict[str, str](), ["reading"]
    while sought:
        name = sought.pop()
        place = package / name
        files = sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
        found[name] = "\n".join(file.read_text("utf-8") for file in files if file.is_file())
        imports = ((one or several).strip("()").split(",") for one, several in _IMPORTED.findall(found[name]))
        named = {words[0] for names in imports for each in names if (words := each.split())}
        sought += sorted(named - found.keys() - _NO_READERS - {*sought})
    return found


def _version(name: str) -> str:
    try:
        said = metadata.distribution(name).read_text("METADATA") or ""
    except metadata.PackageNotFoundError:
        return ""
    # Its head alone: behind that stands the library's whole description, which `metadata.version` reads line by line.
    return message_from_string(said.partition("\n\n")[0]).get("Version", "")
