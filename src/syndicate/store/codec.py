"""Values ↔ what SQLite keeps: releases as JSON, moments as RFC 3339 UTC text that sorts by time."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any, get_type_hints, overload

from pydantic import TypeAdapter

from syndicate.model import Memory, Release

_RELEASE = TypeAdapter(Release)
_MEMORY = TypeAdapter(Memory)
_KINDS = get_type_hints(Release)


def dump(release: Release) -> str:
    return _RELEASE.dump_json(release, exclude_defaults=True, exclude={"sketch"}).decode()


def load(data: str) -> Release:
    return _RELEASE.validate_json(data)


def dump_memory(memory: Memory) -> str:
    return _MEMORY.dump_json(memory, exclude_defaults=True).decode()


def load_memory(data: str) -> Memory:
    return _MEMORY.validate_json(data)


def dump_field(name: str, value: object) -> str:
    """One field of a release, as a person changed it."""
    return _field(name).dump_json(value).decode()


def load_field(name: str, data: str) -> Any:
    return _field(name).validate_json(data)


@cache
def _field(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(_KINDS[name] | None)


def listed(rows: Iterable[object]) -> str:
    """Rows or values as one of a statement's, for its `json_each`: any number of them, by one plan."""
    return json.dumps([*rows], ensure_ascii=False)


@overload
def stamp(moment: datetime) -> str: ...
@overload
def stamp(moment: datetime | None) -> str | None: ...
def stamp(moment: datetime | None) -> str | None:
    """`2026-06-30T12:00:00.000000Z`: one width, so that text compares as time does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment else None


@overload
def moment(text: str) -> datetime: ...
@overload
def moment(text: str | None) -> datetime | None: ...
def moment(text: str | None) -> datetime | None:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z") if text else None
