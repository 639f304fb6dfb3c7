"""What the clock or a person does to a release."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from syndicate import rules
from syndicate.errors import StoreError
from syndicate.model import Change, Changes, Key, Media, Plan, Release, Source, Topic
from syndicate.normalise import headlines, normalise
from syndicate.recording import classified, known_of, mint, record
from syndicate.revise import (
    ByHand,
    Edits,
    Incoming,
    SourceContext,
    edit,
    emerge,
    lift,
    restore,
    revise,
    said_of,
    settle,
    shown,
    split,
    withdraw,
    yielded,
)
from syndicate.store import Store, dump_field
from syndicate.text import squeeze, tag_uri
from syndicate.urls import canonical_url


@dataclass(frozen=True)
class Lift:
    """End a release's embargo: now, as a person says, or as the clock does, if it is `due` by then."""

    release: str
    due: datetime | None = None


@dataclass(frozen=True)
class Withdraw:
    """Take a release back, whoever delivered it."""

    release: str
    reason: str | None = None


@dataclass(frozen=True)
class Restore:
    """Undo a withdrawal."""

    release: str


@dataclass(frozen=True)
class Edit:
    """Change fields by hand: a field of `Release` → its value, clean as normalise would leave it.

    `revert` are fields that are to be their source's again. `media` are the files that a new value names.
    """

    release: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    note: str | None = None
    minor: bool = False
    no_notes: bool = False
    revert: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()


@dataclass(frozen=True)
class Split:
    """Two editions are two releases after all: this source's becomes one of its own."""

    release: str
    source: str


@dataclass(frozen=True)
class Settle:
    """What a source said of it and that has waited is put in, now that its time has come."""

    release: str
    source: str


Act = Settle | Lift | Withdraw | Restore | Edit | Split


def amend(store: Store, act: Act, *, plan: Plan, now: datetime) -> Changes:
    """What the clock or a person does to one release, recorded as an ingest is. StoreError where it cannot be done."""
    with store.transaction():
        stored = store.releases.get(act.release)
        if stored is None:
            raise StoreError(f"{act.release}: no such release")
        match act:
            case Settle():
                made = _settle(store, stored, act, plan, now)
            case Lift():
                made = _lift(store, stored, act.due, plan, now)
            case Withdraw():
                made = _withdraw(stored, act, now)
            case Restore():
                made = _restore(store, stored, now)
            case Edit():
                made = _edit(store, stored, act, plan, now)
            case Split():
                made = _split(store, stored, act, plan, now)
        changes = Changes(changes=tuple(classified(change, store, plan, now) for change in made))
        if isinstance(act, Edit):
            changes = replace(changes, **_by_hand(store, stored, act))
        record(store, changes, plan, now=now)
        if told := _told(act, changes):
            store.acts.put_of_release(told[0], stored, told[1], now)
        if isinstance(act, Split):  # an entry that told the one may be of the other: each is to be read again
            store.documents.drop({edition.source for edition in store.releases.editions(act.release)} | {act.source})
    return changes


def _told(act: Act, changes: Changes) -> tuple[str, Mapping[str, Any]] | None:
    """For the journal: what a person does. What the clock does it does again; `record` tells what is withdrawn."""
    match act:
        case Lift(due=None):
            return "lift", {}
        case Restore():
            return "restore", {}
        case Split():
            return "split", {"source": act.source, "apart": changes.changes[-1].release.atom_id}
        case Edit():
            fields = {name: dump_field(name, value) for name, value in act.fields.items()}
            return "edit", {
                "fields": fields,
                "note": act.note,
                "minor": act.minor,
                "no_notes": act.no_notes,
                "revert": act.revert,
            }
    return None


def as_lifted(store: Store, identifier: str, *, plan: Plan, now: datetime) -> tuple[Release, tuple[Topic, ...]]:
    """A release as readers would have it if its embargo ended, and its topics. Nothing is recorded.

    One whose end is stated is shown as at that end. StoreError for one that is withdrawn.
    """
    stored = store.releases.get(identifier)
    if stored is None:
        raise StoreError(f"{identifier}: no such release")
    if stored.withdrawn:
        raise StoreError(f"{identifier}: is withdrawn; there is nothing to show")
    pending = next(iter(store.releases.waits(identifier)), None)
    change = Change(verdict="reclassified", release=stored)
    if stored.state == "embargoed" or pending:
        held = (pending or stored).embargo
        now = max(now, held.until) if held and held.until else now
        change = _lift(store, stored, None, plan, now)[0]
    change = classified(change, store, plan, now)
    return change.release, tuple(topic for topic, _ in change.reasons)


def _lift(store: Store, stored: Release, due: datetime | None, plan: Plan, now: datetime) -> list[Change]:
    pending = next(iter(store.releases.waits(stored.id)), None)
    if stored.withdrawn or (stored.state != "embargoed" and pending is None):
        raise StoreError(f"{stored.id}: is under no embargo")
    held = (pending or stored).embargo
    if due and (held is None or held.until is None or held.until > due):
        raise StoreError(f"{stored.id}: its embargo has been put off")
    editions, edits = store.releases.editions(stored.id), store.releases.edits(stored.id)
    change = lift(stored, pending, editions, edits, now=now)
    source = _source(change.release, plan)
    if stored.never_shown:
        change = _emerged(change, stored, edits, store, plan, now)
    # Its own headlines have waited with it.
    items = headlines(change.release) if source.headlines else ()
    made = (normalise(item, source, now=now) for item in items)
    waited: list[Incoming] = [
        (headline, None) for headline in made if isinstance(headline, Release) and not _is_ruled_out(headline, source)
    ]
    known = known_of(store, (release for release, _ in waited), tag=source.tag)
    return [change, *revise(waited, known, SourceContext(source, mint(store)), now=now)]


def _is_ruled_out(headline: Release, source: Source) -> bool:
    """By what is looked for in no time: here nothing ends an expression that hangs, so none is heeded."""
    return rules.judged(headline, source, lambda *_: None, related=True).out


def _settle(store: Store, stored: Release, act: Settle, plan: Plan, now: datetime) -> list[Change]:
    editions, edits = store.releases.editions(stored.id), store.releases.edits(stored.id)
    source = plan.by_id.get(act.source) or Source(id=act.source)
    change = settle(stored, source, editions, edits, now=now)
    return [change] if change else []


def _emerged(change: Change, stored: Release, edits: Edits, store: Store, plan: Plan, now: datetime) -> Change:
    """What nobody has seen comes out: as an edition of what readers have, or as a release of its own."""
    if not change.release.visible:
        return change
    source = _source(stored, plan)
    said = change.edition.said if change.edition else change.release
    known = known_of(store, (said,), tag=source.tag)
    files = frozenset(store.sources.state(source.id).files) if source.path else frozenset()
    return emerge(change, edits, known, SourceContext(source, mint(store), files), now=now)


def _source(release: Release, plan: Plan) -> Source:
    return plan.by_id.get(release.source or "") or Source(id=release.source or "")


def _withdraw(stored: Release, act: Withdraw, now: datetime) -> list[Change]:
    if stored.withdrawn:
        raise StoreError(f"{stored.id}: is withdrawn already")
    return [withdraw(stored, squeeze(act.reason or "") or None, now=now)]


def _restore(store: Store, stored: Release, now: datetime) -> list[Change]:
    if not stored.withdrawn:
        raise StoreError(f"{stored.id}: is not withdrawn")
    if stored.source is None:
        raise StoreError(f"{stored.id}: nobody knows its words any more: it was adopted, and no source has it")
    return [restore(stored, store.releases.editions(stored.id), store.releases.edits(stored.id), now=now)]


def _edit(store: Store, stored: Release, act: Edit, plan: Plan, now: datetime) -> list[Change]:
    before, editions = store.releases.edits(stored.id), store.releases.editions(stored.id)
    edits = {name: value for name, value in {**before, **act.fields}.items() if name not in act.revert}
    _check(store, stored, act, plan, now)
    by_hand = ByHand(squeeze(act.note or "") or None, act.minor, act.no_notes, act.revert)
    store.outputs.keep(act.media)
    change = edit(stored, editions, edits, by_hand, now=now)
    return [_emerged(change, stored, edits, store, plan, now) if stored.never_shown else change]


def _check(store: Store, stored: Release, act: Edit, plan: Plan, now: datetime) -> None:
    """StoreError, with the way out, for what cannot be changed."""
    before, said = store.releases.edits(stored.id), shown(store.releases.editions(stored.id), {})
    if stored.withdrawn:
        raise StoreError(f"{stored.id}: is withdrawn; `releases restore` brings it back")
    if "embargo" in act.fields and stored.state != "embargoed":
        raise StoreError(
            f"{stored.id}: is public already, an embargo would hide nothing; `releases withdraw` takes it back"
        )
    for name in act.revert:
        if name not in before:
            raise StoreError(f"{stored.id}: its {name} is not changed by hand")
        if said is None:
            raise StoreError(f"{stored.id}: nobody knows what its source says: it was adopted, and no source has it")
        ended = said.embargo is None or said.lifted or (said.embargo.until and said.embargo.until <= now)
        if name == "embargo" and stored.state == "embargoed" and ended:
            raise StoreError(f"{stored.id}: its source states no embargo that holds; `releases lift` publishes it")
    if "stated" in act.fields and stored.issued:
        if "published" not in stored.inferred and "stated" not in before:
            raise StoreError(f"{stored.id}: its source states its date, and readers have seen it")
        if act.fields["stated"] > now:
            raise StoreError(f"{stored.id}: is public already, and that date is to come")
    if address := act.fields.get("url"):
        key = Key("url", "", canonical_url(address))
        holder = known_of(store, (replace(stored, keys=(key,)),), tag=plan.site.tag).by_key.get(key)
        if holder not in (None, stored.id):
            raise StoreError(f"{stored.id}: {address} is the address of {holder}")


def _by_hand(store: Store, stored: Release, act: Edit) -> dict[str, Any]:
    """Of an edit, for `Changes`: what is changed, what its source says of that now, and what is its source's again."""
    said = shown(store.releases.editions(stored.id), {})
    return {
        "edits": {stored.id: act.fields},
        "over": {stored.id: {name: said_of(said, name) for name in act.fields}} if said else {},
        "reverted": {stored.id: act.revert},
    }


def _split(store: Store, stored: Release, act: Split, plan: Plan, now: datetime) -> list[Change]:
    if stored.withdrawn:
        raise StoreError(f"{stored.id}: is withdrawn; `releases restore` brings it back")
    editions = store.releases.editions(stored.id)
    told = [edition.source for edition in editions]
    if act.source not in told or len(told) < 2:
        raise StoreError(
            f"{stored.id}: has no second edition by {act.source} (editions by: {', '.join(told) or 'none'})"
        )
    if all(e.said.withdrawn for e in editions if e.source != act.source):
        raise StoreError(f"{stored.id}: {act.source} has the only edition of it that can be shown")
    said = next(edition.said for edition in editions if edition.source == act.source)
    # The source's own id where nobody has it, else one that a lost database would give again.
    known = known_of(store, [said], tag=plan.site.tag)
    holder = known.releases.get(known.by_atom_id.get(said.atom_id, ""))
    free = holder is None or holder.never_shown
    minted = said.atom_id if free else tag_uri(plan.site.tag, act.source, stored.atom_id, "split")
    rest, apart = split(
        stored,
        editions,
        store.releases.edits(stored.id),
        act.source,
        ids=(mint(store)(minted), minted),
        now=now,
    )
    return [rest, yielded(apart, known, plan.site.tag, mint(store))]
