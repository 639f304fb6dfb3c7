"""config.toml as a person would change it: a `[[source]]` more or less, every other byte as it was.

    text | statements | the block of each [[source]] | text → checked as a whole → the file, in one step

A file is replaced only by one that can be loaded, and that differs from it in nothing but these sources.
"""

import os
import re
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import tomlkit

from syndicate.disk import real_path
from syndicate.errors import ConfigError

Value = str | bool | list[str]
Check = Callable[[str, Path], object]  # `syndicate.config.read`: ConfigError where a text cannot be loaded
_BOM = "\ufeff"
# What a line end does not end: strings of four kinds, comments; brackets open and close what may span lines.
_TOKEN = re.compile(
    r'"{3}(?:\\.|[^\\])*?"{3,5}|' + r"'{3}.*?'{3,5}|" + r'"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'|#[^\n]*|[\[\]{}\n]",
    re.DOTALL,
)
_DISABLED = re.compile(r"#+\s*([\w.-]+\s*=|\[)")  # a key or a table that is switched off, and belongs where it stands


class Entry(NamedTuple):
    """A source to be added: its keys in their order, and a comment above it, for people."""

    values: Mapping[str, Value]
    comment: str = ""


def add_sources(path: Path, entries: Sequence[Entry], check: Check) -> None:
    """Write these sources behind the others. ConfigError: nothing was changed."""
    _change(path, lambda text: added(text, entries), check)


def remove_source(path: Path, identifier: str, check: Check) -> None:
    """Take a source out, with the comments that belong to it. ConfigError: nothing was changed."""
    _change(path, lambda text: removed(text, identifier), check)


def added(text: str, entries: Sequence[Entry]) -> str:
    """The text of a configuration with these sources behind the last one, or at its end. ValueError: it cannot be."""
    parts = _statements(text)
    blocks = _blocks(parts)
    at = blocks[-1][1] if blocks else len(parts)
    before, after = "".join(parts[:at]), "".join(parts[at:])
    if before and not before.endswith("\n"):
        before += "\n"
    made = "\n".join(_written(entry) for entry in entries)
    if before.strip() and not (at and not parts[at - 1].strip()):
        made = f"\n{made}"
    new = before + (made.replace("\n", "\r\n") if "\r\n" in text else made) + after
    there = _parsed(text)
    _check(new, there | {"source": [*_sources(there), *(dict(entry.values) for entry in entries)]})
    return new


def removed(text: str, identifier: str) -> str:
    """The text of a configuration without this source. ValueError: it cannot be."""
    there = _parsed(text)
    sources, parts = _sources(there), _statements(text)
    blocks = _blocks(parts)
    at = next((n for n, source in enumerate(sources) if source.get("id") == identifier), None)
    if at is None:
        raise ValueError(f'there is no source "{identifier}" in it')
    if len(blocks) != len(sources):
        raise ValueError("its sources are not written as [[source]] tables")
    start, end = blocks[at]
    if end == len(parts) or not parts[end].strip():  # two runs of blank lines would meet
        while start and not parts[start - 1].strip():
            start -= 1
    new = "".join(parts[:start] + parts[end:])
    rest = sources[:at] + sources[at + 1 :]
    _check(new, there | {"source": rest} if rest else {name: there[name] for name in there if name != "source"})
    return new


# --- text -------------------------------------------------------------------------------------------------------------


def _statements(text: str) -> list[str]:
    """Headers, keys with their values, comment lines and blank lines, each whole: joined, they are the text."""
    parts, start, depth = [], 0, 0
    for token in _TOKEN.finditer(text):
        if token[0] in ("[", "{"):
            depth += 1
        elif token[0] in ("]", "}"):
            depth -= 1
        elif token[0] == "\n" and depth <= 0:
            parts.append(text[start : token.end()])
            start = token.end()
    return [*parts, text[start:]] if start < len(text) else parts


def _blocks(parts: Sequence[str]) -> list[tuple[int, int]]:
    """From where to where each `[[source]]` goes: with the tables below it, and with the comments that touch it."""
    headers = [(n, tomllib.loads(part)) for n, part in enumerate(parts) if part.lstrip().startswith("[")]
    starts = [(_first_comment(parts, n), table) for n, table in headers]
    blocks: list[tuple[int, int]] = []
    for number, ((header, _), (start, table)) in enumerate(zip(headers, starts, strict=True)):
        limit = starts[number + 1][0] if number + 1 < len(starts) else len(parts)
        if isinstance(table.get("source"), list):
            blocks.append((start, _end(parts, header, limit)))
        elif "source" in table and blocks:
            blocks[-1] = (blocks[-1][0], _end(parts, header, limit))
    return blocks


def _first_comment(parts: Sequence[str], header: int) -> int:
    while header and _comment(parts[header - 1]) and not _DISABLED.match(parts[header - 1].strip()):
        header -= 1
    return header


def _end(parts: Sequence[str], header: int, limit: int) -> int:
    """Behind the last key and the comments right below it."""
    end = max(n for n in range(header, limit) if parts[n].strip() and not _comment(parts[n])) + 1
    while end < limit and _comment(parts[end]):
        end += 1
    return end


def _comment(part: str) -> bool:
    return part.lstrip().startswith("#")


def _written(entry: Entry) -> str:
    comment = f"# {entry.comment}" if entry.comment else ""
    if _DISABLED.match(comment):  # a title like `a = b` is no key that somebody switched off
        comment = f"# „{entry.comment}“"
    comment += "\n" if comment else ""
    return comment + tomlkit.dumps({"source": [dict(entry.values)]})


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"is not TOML: {error}") from error


def _sources(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    sources = data.get("source", [])
    if not isinstance(sources, list):
        raise ValueError("its sources are not written as [[source]] tables")
    return sources


def _check(new: str, expected: Mapping[str, Any]) -> None:
    """Whatever the layout, this and nothing else has to have changed."""
    try:
        fine = tomllib.loads(new) == expected
    except tomllib.TOMLDecodeError:
        fine = False
    if not fine:
        raise ValueError("its sources are written in a way that only a person can change")


# --- the file ---------------------------------------------------------------------------------------------------------


def _change(path: Path, change: Callable[[str], str], check: Check) -> None:
    target = real_path(path)  # the file that a link leads to is replaced, not the link
    try:
        before = target.read_bytes()
        text = before.decode("utf-8")
        mark = _BOM if text.startswith(_BOM) else ""
        new = mark + change(text.removeprefix(_BOM))
        check(new, path)
        if target.read_bytes() != before:
            raise ConfigError(f"{path}: was changed by somebody else just now; nothing was written")
        _replace(target, new.encode("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(f"{path}: {error}; nothing was changed") from error


def _replace(target: Path, body: bytes) -> None:
    """In one step, with the mode and, where we may, the owner of the file that was there."""
    was = target.stat()
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            if os.geteuid() == 0:
                os.fchown(handle, was.st_uid, was.st_gid)
            os.fchmod(handle, was.st_mode & 0o7777)
            file.write(body)
            file.flush()
            os.fsync(handle)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
