"""Values ↔ what SQLite keeps: releases as JSON in two parts, moments as RFC 3339 UTC text that sorts by time.

A release's *words* are long and the same in each of its rows, so they stand once (`store/words.py`); what changes
without them, and what a list shows, is its row's *own*. Both are deflated, with a dictionary that both know.
"""

import json
import re
import zlib
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache, lru_cache
from hashlib import blake2b
from operator import attrgetter
from typing import Any, NamedTuple, get_type_hints, overload

from pydantic import TypeAdapter
from pydantic_core import to_json

from syndicate.model import Memory, Release
from syndicate.store.dictionary import DICTIONARY

# Fields of a row of its own; all others are words. Where a row has one of these as its own, that is read.
OWN = {"title", "issued", "updated", "modified", "revision", "topics", "headline", "embargo", "lifted", "withdrawn"}
OWN |= {"reason", "notes", "held", "entry", "reader"}
IDS = {"id", "atom_id"}  # a row's columns have them
_NOT_WORDS = OWN | IDS | {"sketch"}  # that stands in a table of its own
LONG = {"content", "teaser"}  # where these are others, so are the words
_OF_ALL = [each.name for each in fields(Release) if each.name not in OWN | {"sketch"}]
_values = attrgetter(*_OF_ALL)
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_QUICK = 3  # zlib's level for what is made often: no slower than 1 where a dictionary has nearly all of it
_REMEMBERED = 512  # releases: a few heads


def dump_whole(release: Release) -> str:
    return _adapter(Release).dump_json(release, exclude_defaults=True, exclude={"sketch"}).decode()


def load_whole(data: str) -> Release:
    release: Release = _adapter(Release).validate_json(data)
    return release


class Packed(NamedTuple):
    """A release in two parts: `own` as its row keeps it, `words` as JSON that is not deflated yet."""

    own: bytes
    words: bytes


class Row(NamedTuple):
    """What a release is loaded from, in the order of `words.LOADED`. `id`, `atom_id`: those of the release."""

    id: str
    atom_id: str
    own: bytes
    words: bytes


def hash_of(words: bytes) -> bytes:
    """By which words are known again."""
    return blake2b(words, digest_size=16).digest()


def words_of(version: Release) -> bytes:
    """What stands once."""
    return _adapter(Release).dump_json(version, exclude_defaults=True, exclude=_NOT_WORDS)


def dump(version: Release, release: Release, words: bytes) -> Packed:
    """For a row of the release, which has these words. A version with the same text has them, too.

    In what it is another, it has that as its own.
    """
    pairs = zip(_OF_ALL, _values(version), _values(release), strict=True)
    other = {name for name, mine, its in pairs if mine is not its and mine != its}
    if apart := not other.isdisjoint(LONG):
        other &= IDS
    own = _adapter(Release).dump_json(version, exclude_defaults=True, include=OWN)
    if other:
        own = _joined(own, _adapter(Release).dump_json(version, include=other))
    return Packed(deflate(own), words_of(version) if apart else words)


@lru_cache(_REMEMBERED)
def load(row: Row) -> Release:
    """The release of a row. The same rows are asked for again and again: for `all`, for each topic, for each poll."""
    return load_once(row)


def load_once(row: Row) -> Release:
    """As `load`, of one that is not asked for again soon."""
    release: Release = _adapter(Release).validate_json(whole(row))
    return release


def whole(row: Row) -> bytes:
    """The release's JSON."""
    ids = json.dumps({"id": row.id, "atom_id": row.atom_id}).encode()
    return _joined(_joined(ids, inflate(row.words)), inflate(row.own))


def _joined(first: bytes, second: bytes) -> bytes:
    """Two JSON objects as one; of a name that both have, the second's value is read."""
    return first[:-1] + b"," + second[1:] if len(second) > len(b"{}") else first


def without_ids(own: bytes) -> bytes:
    """As one of the release itself, which keeps no ids of its own."""
    said = json.loads(inflate(own))
    if said.keys().isdisjoint(IDS):
        return own
    return deflate(as_json({name: value for name, value in said.items() if name not in IDS}))


def as_json(said: Mapping[str, Any]) -> bytes:
    """As it is written of a release."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def title_of(own: bytes) -> str:
    """For lists: without its words."""
    return str(json.loads(inflate(own))["title"])


def deflate(plain: bytes) -> bytes:
    packing = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=DICTIONARY)
    return packing.compress(plain) + packing.flush()


def inflate(packed: bytes) -> bytes:
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS, zdict=DICTIONARY)
    return unpacking.decompress(packed) + unpacking.flush()


def packed(plain: bytes, beside: bytes) -> bytes:
    """Deflated, with what is known of it `beside` it: what stands there takes next to no room."""
    packing = zlib.compressobj(_QUICK, zdict=beside or b" ")
    return packing.compress(plain) + packing.flush()


def unpacked(body: bytes, beside: bytes) -> bytes | None:
    """None where that is not what it was packed beside."""
    unpacking = zlib.decompressobj(zdict=beside or b" ")
    try:
        return unpacking.decompress(body) + unpacking.flush()
    except zlib.error:
        return None


def as_blob(numbers: Iterable[int]) -> bytes:
    """Of a sketch: eight bytes each, in their order."""
    return array("q", sorted(numbers)).tobytes()


def numbers(blob: bytes | None) -> set[int]:
    return {*array("q", blob or b"")}


def dump_memory(memory: Memory) -> str:
    return _adapter(Memory).dump_json(memory, exclude_defaults=True, exclude={"waiting": {"said": {"sketch"}}}).decode()


def load_memory(data: str) -> Memory:
    memory: Memory = _adapter(Memory).validate_json(data)
    return memory


def dump_field(name: str, value: object) -> str:
    """One field of a release, as a person changed it."""
    return _field(name).dump_json(value).decode()


def load_field(name: str, data: str) -> Any:
    return _field(name).validate_json(data)


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    """Made when it is first asked for: that takes longer than a poll that brings nothing."""
    return TypeAdapter(kind)


@cache
def _field(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(get_type_hints(Release)[name] | None)


def listed(rows: Iterable[object]) -> str:
    """Rows or values as one of a statement's, for its `json_each`: any number of them, by one plan."""
    text = to_json([*rows]).decode()  # in half the time that `json` takes
    return _NUL.sub("\\1\ufffd", text) if "\\u0000" in text else text  # no text that is kept has one


@overload
def stamp(moment: datetime) -> str: ...
@overload
def stamp(moment: datetime | None) -> str | None: ...
def stamp(moment: datetime | None) -> str | None:
    """`2026-06-30T12:00:00.000000Z`: one width, so that text compares as time does."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z" if moment else None


@overload
def moment(text: str) -> datetime: ...
@overload
def moment(text: str | None) -> datetime | None: ...
def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
