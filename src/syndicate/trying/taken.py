"""By which configuration the store was classified last, and by what the releases of each source are known.

That of the whole is noted at each start. An `identity` that is another on a source with releases is not taken by a
start: a person takes it on.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from syndicate.doors import ByName
from syndicate.errors import ConfigError
from syndicate.model import Plan, Source
from syndicate.store import Store
from syndicate.text import count
from syndicate.trying.chosen import Chosen, chosen, dumped, loaded

_USUAL = "auto"
_ask = ByName("syndicate.trying.asking", "ask")  # by name: it needs what reads
ALARM = "new rules"


class Untaken(NamedTuple):
    """A source with so many `releases` that are known `by` another identity than its configuration has it now."""

    number: int
    source: Source
    by: str
    releases: int


def taken(store: Store) -> Chosen | None:
    """None where an earlier program has classified it."""
    with suppress(ValueError, KeyError, TypeError, AttributeError):  # of a later program, which has another form
        if text := store.recalled("chosen"):
            return loaded(text)
    return None


def identities(store: Store) -> Mapping[str, str]:
    """Source → by what its releases are known, where that is not the usual."""
    found: dict[str, str] = json.loads(store.recalled("identities") or "{}")
    return found


def untaken(store: Store, plan: Plan) -> Iterator[Untaken]:
    """The sources whose identity a person has to take on."""
    known = identities(store)
    for number, source in enumerate(plan.sources):
        by = known.get(source.id, _USUAL)
        if source.identity != by and (held := len(store.releases.listing(source=source.id))):
            yield Untaken(number, source, by, held)


def not_taken(store: Store, plan: Plan) -> list[str]:
    """What no start takes, each with the way out."""
    return [
        f'source[{each.number}].identity: "{each.source.identity}" is another than "{each.by}", by which'
        f" the {count(each.releases, 'release')} of {each.source.id} {'are' if each.releases > 1 else 'is'} known:"
        " two may become one, or one two; `syndicate try` shows which, `syndicate try --accept` takes it on"
        for each in untaken(store, plan)
    ]


def check(store: Store, plan: Plan) -> None:
    """Before anything is asked: ConfigError where an identity was not taken on."""
    if lines := not_taken(store, plan):
        raise ConfigError("\n".join(f"{plan.path}: {line}" for line in lines))


def take(store: Store, plan: Plan, now: datetime) -> None:
    """Once everything is as this plan has it. Writes only where it is another one."""
    text = dumped(chosen(plan))
    if store.recalled("chosen") == text:
        return
    before = taken(store)
    with store.transaction():
        _know(store, plan, {each.source.id for each in untaken(store, plan)})
        if before:  # mostly there is nothing to ask
            _ask(store, plan, before, now)
        store.remember("chosen", text)


def accept(store: Store, plan: Plan) -> tuple[Untaken, ...]:
    """A person takes on what a start would not, and what rings since one did. Returns the identities."""
    with store.transaction():
        found = tuple(untaken(store, plan))
        _know(store, plan, set())
        for source in plan.sources:
            store.alarms.end(ALARM, source.id)
    return found


def _know(store: Store, plan: Plan, but: set[str]) -> None:
    """Each source's identity is that of this plan. One that is configured no more keeps its own."""
    known = dict(identities(store))
    known |= {source.id: source.identity for source in plan.sources if source.id not in but}
    text = json.dumps({name: by for name, by in sorted(known.items()) if by != _USUAL}, ensure_ascii=False)
    if text != (store.recalled("identities") or "{}"):
        store.remember("identities", text)
