"""Files beside a release that it names: pictures, documents, sound and film, inside the source's folder only."""

import hashlib
import os
import posixpath
import re
import unicodedata
from urllib.parse import unquote

from syndicate.fetch.disk import MAX_BYTES, Unreadable, inside, look, read, too_large
from syndicate.mediatypes import KINDS
from syndicate.model import Media
from syndicate.text import slug

CompanionState = tuple[str, int, int]

_ABSENT = (-1, -1)


def companion(
    folder: str, path: str, reference: str, *, max_bytes: int = MAX_BYTES
) -> tuple[CompanionState, Media | None, str | None]:
    """What the file at `path` (relative to the source's folder) means by a relative address like `bilder/moor.jpg`.

    Returns the state to remember (its path relative to the folder, size and mtime, or -1 and -1 where there is nothing
    to read), the file, and else the reason why there is none ("is not there").
    """
    wanted = [_joined(path, name) for name in _readings(reference)]
    reason = "names no file"
    for relative in wanted:
        try:
            full = _located(folder, relative)
        except Unreadable as error:
            reason = reason if relative != wanted[0] else str(error)
            continue
        return _taken(full, relative, max_bytes)
    return (wanted[0] if wanted else reference, *_ABSENT), None, reason


def state_of(folder: str, relative: str) -> CompanionState:
    """What `companion` would remember of this path now; nothing is read."""
    try:
        seen = look(_located(folder, relative))
    except (Unreadable, FileNotFoundError):
        return relative, *_ABSENT
    return relative, seen.size, seen.mtime_ns


def unchanged(folder: str, remembered: CompanionState) -> bool:
    """Is it as it was? One `stat` where it is: this is asked of every companion at every poll."""
    relative, *before = remembered
    try:
        found = os.stat(os.path.join(folder, relative))
    except (OSError, ValueError):
        return state_of(folder, relative) == remembered
    return [found.st_size, found.st_mtime_ns] == before or state_of(folder, relative) == remembered


def _taken(full: str, relative: str, max_bytes: int) -> tuple[CompanionState, Media | None, str | None]:
    stem, suffix = posixpath.splitext(posixpath.basename(relative))
    state = (relative, *_ABSENT)  # an unreadable one is tried again at the next poll
    try:
        seen = look(full)
        kind = KINDS.get(suffix.lower())
        if kind is None or not kind.beside:
            state = (relative, seen.size, seen.mtime_ns)
            raise Unreadable("files of this kind are not published beside a release")
        if seen.size > max_bytes:
            state = (relative, seen.size, seen.mtime_ns)
            raise too_large(max_bytes)
        body = read(full, seen)
        if body is None:
            raise Unreadable("is still being written")
    except FileNotFoundError:
        return state, None, "is not there"
    except Unreadable as error:
        return state, None, str(error)
    name = f"{slug(stem) or 'file'}{suffix.lower()}"
    found = Media(hashlib.sha256(body).hexdigest()[:16], name, kind.media_type, body)
    return (relative, seen.size, seen.mtime_ns), found, None


def _readings(reference: str) -> list[str]:
    """As an address (percent-encoded, perhaps with query and fragment), and as a file's plain name."""
    reference = reference.strip()
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", reference):
        return []
    address = unquote(re.split("[?#]", reference, maxsplit=1)[0])
    return list(dict.fromkeys(name for name in (address, reference) if name))


def _joined(path: str, name: str) -> str:
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    return unicodedata.normalize("NFC", joined)


def _located(folder: str, relative: str) -> str:
    """The file on disk, whose names may be NFC or NFD. Raises Unreadable where it is not there or not allowed."""
    if relative.startswith(("/", "../")) or relative == ".." or "\\" in relative or "\0" in relative:
        raise Unreadable("leads out of the source's folder")
    here = folder
    for part in relative.split("/"):
        if part.startswith("."):
            raise Unreadable("is a hidden file")
        forms = (os.path.join(here, form) for form in (part, unicodedata.normalize("NFD", part)))
        found = next((form for form in forms if os.path.lexists(form)), None)
        if found is None:
            raise Unreadable("is not there")
        here = found
    if not inside(here, folder):
        raise Unreadable("is a link that leads out of the source's folder")
    real = os.path.realpath(here)
    if any(part.startswith(".") for part in os.path.relpath(real, os.path.realpath(folder)).split(os.sep)):
        raise Unreadable("is a link to a hidden file")
    return real
