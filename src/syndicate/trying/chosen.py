"""What of a configuration decides what is held, and what readers get of it: as a value that the store can keep.

Nothing secret is in it: of where a source is there is a hash, of headers and proxies nothing.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from syndicate.classify import Rules
from syndicate.model import Plan, Site, Source, Topic
from syndicate.store import shown
from syndicate.text import digest, span
from syndicate.urls import is_loopback_host

_NOT_TOLD = frozenset({"url", "path", "headers", "proxy", "interval", "follows_rhythm", "adaptive", "tag", "machine"})
TOLD = {each.name: each.default for each in fields(Source) if each.name not in _NOT_TOLD and each.name != "id"}
_OF_TOPICS = {each.name: each.default for each in fields(Topic)}
_SITE = [each.name for each in fields(Site) if each.name != "icon"]
_PUBLISH = ("directory", "formats", "page_size", "tombstones", "withdrawal_notice", "html")

_HERE = "this machine"

Value = Any  # of a key, as JSON has it


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Of a source counts what `TOLD` names. `whole`: keys of the tables that there is one of, like `site.base_url`.

    `places`: source → a hash of where it is.
    """

    topics: tuple[Topic, ...] = ()
    sources: tuple[Source, ...] = ()
    whole: Mapping[str, Value] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def rules(self) -> Rules:
        """What decides in which topics a release is."""
        given = {source.id: source.topics for source in self.sources}
        return Rules(self.topics, str(self.whole.get("topics.unmapped", "publish")), given)

    @cached_property
    def by_id(self) -> Mapping[str, Source]:
        return {source.id: source for source in self.sources}

    @cached_property
    def renamed(self) -> Mapping[str, str]:
        """Earlier id of a topic → its id."""
        return {alias: topic.id for topic in self.topics for alias in topic.aliases}


def chosen(plan: Plan) -> Chosen:
    """What of it counts here."""
    whole = {f"site.{name}": getattr(plan.site, name) for name in _SITE}
    whole |= {f"publish.{name}": _plain(getattr(plan.publish, name)) for name in _PUBLISH}
    if is_loopback_host(urlsplit(plan.site.base_url).hostname or ""):
        whole["site.base_url"] = _HERE  # its port may follow an option or the environment
    whole |= {"topics.unmapped": plan.unmapped, "store.url": shown(plan.store)}
    return Chosen(
        topics=plan.topics,
        sources=plan.sources,
        whole=whole,
        places={source.id: digest(source.url or source.path or "", length=16) for source in plan.sources},
    )


def dumped(it: Chosen) -> str:
    """As JSON, without what is as it is by default."""
    return json.dumps(
        {
            "topics": [_stated(topic, _OF_TOPICS) for topic in it.topics],
            "sources": [{"id": source.id} | _stated(source, TOLD) for source in it.sources],
            "whole": it.whole,
            "places": it.places,
        },
        ensure_ascii=False,
    )


def loaded(text: str) -> Chosen:
    """What `dumped` has made, with what this program knows of it."""
    said = json.loads(text)
    return Chosen(
        topics=tuple(Topic(**_known(row, _OF_TOPICS)) for row in said["topics"]),
        sources=tuple(Source(id=row["id"], **_known(row, TOLD)) for row in said["sources"]),
        whole={name: _plain(value) for name, value in said["whole"].items()},
        places=said["places"],
    )


def _stated(value: Any, of: Mapping[str, Any]) -> dict[str, Value]:
    return {name: found for name, default in of.items() if (found := getattr(value, name)) != default}


def _known(row: Mapping[str, Value], of: Iterable[str]) -> dict[str, Any]:
    return {name: _tuples(row[name]) for name in of if name in row}


def _tuples(value: Value) -> Any:
    return tuple(_tuples(each) for each in value) if isinstance(value, list) else value


def _plain(value: Any) -> Value:
    """As JSON has it."""
    if isinstance(value, timedelta):
        return span(round(value.total_seconds()))
    if isinstance(value, tuple | list):
        return [*value]
    return value if isinstance(value, str | int | bool) else str(value)
