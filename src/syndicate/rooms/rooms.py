"""The rooms of one program, by their addresses. What was made is remembered as long as nothing is recorded."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from syndicate.documents import Context, Remembered
from syndicate.formats import FORMATS
from syndicate.model import Document, Media, Newsroom, Plan
from syndicate.rooms.advances import Advances, advances
from syndicate.rooms.feeds import Room, View
from syndicate.store import ALL, Store

_PLACE = re.compile(r"([a-z0-9-]{1,60})(?:/([1-9][0-9]{0,8}))?")


@dataclass(frozen=True)
class Made:
    """A document of a room, or what there is in place of one: where it `moved` to, a path within the room."""

    document: Document | None = None
    moved: str | None = None


class _Stands(NamedTuple):
    """As long as nothing is recorded, and not until its time; None: it has none."""

    generation: str
    until: datetime | None


class _Place(NamedTuple):
    topic: str
    format: str
    number: int | None

    @property
    def path(self) -> str:
        page = "" if self.number is None else f"/{self.number}"
        return f"{self.topic}{page}.{FORMATS[self.format].suffix}"


class Rooms:
    """For threads. `plan`: today's."""

    def __init__(self, store: Store, plan: Callable[[], Plan], clock: Callable[[], datetime]) -> None:
        self._store = store
        self._plan = plan
        self._clock = clock
        self._making = threading.Lock()
        self._kept: Remembered[tuple[View, _Place], _Stands] = Remembered()
        self._held: tuple[str, Plan, Advances] | None = None

    def feed(self, newsroom: Newsroom, below: str, path: str) -> Made | None:
        """What this newsroom has at `path`, like `gesundheit.atom`; None: nothing. `below`: where its addresses are.

        May raise RenderError.
        """
        plan = self._plan()
        place = _place(path, plan)
        if place is None:
            return None
        view = _view(newsroom, plan, below)
        if renamed := plan.renamed.get(place.topic):
            there = view.topics is None or renamed in view.topics
            return Made(moved=place._replace(topic=renamed).path) if there else None
        with self._making:
            document = self._store.looked(lambda: self._document(view, place, plan))
        return Made(document) if document else None

    def media(self, newsroom: Newsroom, digest: str, name: str) -> Media | None:
        """A file beside something that this newsroom is shown; None: there is none."""
        plan = self._plan()
        view = _view(newsroom, plan, "")

        def found() -> Media | None:
            named = view.embargoed and self._advances(plan).of(view.topics or {ALL}).shows(digest, name)
            return self._store.outputs.media(digest, name) if named or self._is_shown(view, digest, name) else None

        with self._making:
            return self._store.looked(found)

    def _is_shown(self, view: View, digest: str, name: str) -> bool:
        """Is it published, beside a release that stands in one of these topics?"""
        owners = {mark.id for mark in self._store.outputs.of(f"media/{digest}/{name}") if mark.kind == "release"}
        shown = {i for i, release in self._store.releases.among(owners).items() if release.visible}
        return bool(shown if view.topics is None else self._store.narrowed.standing_in(shown, view.topics))

    def _document(self, view: View, place: _Place, plan: Plan) -> Document | None:
        now, generation, key = self._clock(), self._store.generation(), (view, place)
        if kept := self._kept.get(key, plan):
            stands, made = kept
            if stands.generation == generation and not (stands.until and stands.until <= now):
                return made
        room = Room(Context(self._store, plan, now), view, self._advances(plan) if view.embargoed else Advances())
        document = room.document(*place)
        if document:
            self._kept.keep(key, plan, _Stands(generation, room.until), document)
        return document

    def _advances(self, plan: Plan) -> Advances:
        generation = self._store.generation()
        if self._held is None or self._held[:2] != (generation, plan):
            self._held = generation, plan, advances(self._store, plan, self._clock())
        return self._held[2]


def _view(newsroom: Newsroom, plan: Plan, below: str) -> View:
    """Its topics as they are called today."""
    topics = frozenset(plan.renamed.get(topic, topic) for topic in newsroom.topics)
    return View(topics or None, newsroom.embargoed, below)


def _place(path: str, plan: Plan) -> _Place | None:
    for name in plan.publish.formats:
        suffix = f".{FORMATS[name].suffix}"
        found = _PLACE.fullmatch(path.removesuffix(suffix)) if path.endswith(suffix) else None
        if found:
            return _Place(found[1], name, int(found[2]) if found[2] else None)
    return None
