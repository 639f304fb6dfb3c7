"""Of what reads documents. Another one may find other words in the same bytes: nothing is corrected by that."""

from dataclasses import fields
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path

from syndicate import __version__
from syndicate.model import Source
from syndicate.text import digest

# The program's text, not its version alone: who works on it, or carries a patch of his own, reads otherwise as well. A
# comment that changes costs one more reading, of which nobody sees anything.
ROOMS = (
    "text.py",
    "markup",
    "mediatypes.py",
    "languages.py",
    "addresses.py",
    "beside.py",
    "notices",
    "parse",
    "normalise",
    "reading",
)
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
_APART |= {"allow_private", "headers"}


def reader_of(source: Source) -> str:
    """The fingerprint of what reads this source's documents: the program, and the source's configuration."""
    chosen = [f"{field.name}={getattr(source, field.name)!r}" for field in fields(source) if field.name not in _APART]
    return digest(program(), *chosen, length=16)


@cache
def program() -> str:
    """Of the rooms and libraries that read, as they are when it is first asked."""
    found = sha256(__version__.encode())
    for name in _LIBRARIES:
        found.update(f"{name} {_version(name)}\n".encode())
    for name in ROOMS:
        found.update(room(Path(__file__).parents[1] / name).encode())
    return found.hexdigest()


def room(place: Path) -> str:
    """Of a module's text, or of all texts in a package."""
    found = sha256()
    for path in sorted(place.rglob("*.py")) if place.is_dir() else (place,):
        found.update(path.name.encode())
        found.update(path.read_bytes() if path.is_file() else b"")  # none: installed without its text
    return found.hexdigest()


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
