"""Values ↔ what SQLite keeps: releases as JSON, moments as RFC 3339 UTC text that sorts by time."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any, get_type_hints, overload

from pydantic import TypeAdapter

from syndicate.model import Memory, Release


def dump(release: Release) -> str:
    return _adapter(Release).dump_json(release, exclude_defaults=True, exclude={"sketch"}).decode()


def load(data: str) -> Release:
    release: Release = _adapter(Release).validate_json(data)
    return release


def dump_memory(memory: Memory) -> str:
    return _adapter(Memory).dump_json(memory, exclude_defaults=True).decode()


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
    return json.dumps([*rows], ensure_ascii=False)


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
