"""Nothing invalid is published: each document is checked before it replaces the last good one.

A release that cannot be rendered is left out, and its neighbours go on; where that does not help, the last good
document stays. Either is an alarm until it is rendered again as it should be.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from syndicate.errors import RenderError
from syndicate.mediatypes import TYPES
from syndicate.model import Document, FeedPage, Release, Site
from syndicate.render import Joined, feed_paths, has_page, html, joined, render
from syndicate.store import Fragment, Shown, Store
from syndicate.validate import culprits, faults

_HTML = TYPES[".html"]


class Validation:
    """`kept` are the paths whose last good document stays; `failed` and `passed` name releases (ids) and paths."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.kept: set[str] = set()
        self.failed: dict[str, str] = {}
        self.passed: set[str] = set()

    def sound(self, subject: str, path: str, make: Callable[[], Document]) -> Iterator[Document]:
        """One document, if it is valid. `subject`: the release or the path that an alarm would name."""

        def judged() -> tuple[Document, tuple[str, ...]]:
            document = make()
            return document, faults(document)

        return self._if_sound(subject, path, judged)

    def page(self, subject: str, path: str, make: Callable[[], Joined]) -> Iterator[Document]:
        """The same of a page for people."""

        def judged() -> tuple[Document, tuple[str, ...]]:
            joined = make()
            return Document(path, _HTML, joined.whole), self._faults(path, _HTML, joined)

        return self._if_sound(subject, path, judged)

    def _if_sound(
        self, subject: str, path: str, judged: Callable[[], tuple[Document, tuple[str, ...]]]
    ) -> Iterator[Document]:
        try:
            document, wrong = judged()
        except RenderError as error:
            wrong = (str(error),)
        if wrong:
            self.failed[subject] = wrong[0]
            self.kept.add(path)
            return
        self.passed.add(subject)
        yield document

    def pages(self, page: FeedPage, formats: Iterable[str]) -> Iterator[Document]:
        """A feed's page in these formats; a release that would make one of them invalid is in none."""
        formats = list(formats)
        wrong, documents = _try(page, formats)
        while wrong:
            bad = _bad(page, formats, documents)
            if not bad:
                self.kept |= {*feed_paths(page, formats)}
                self.failed |= dict.fromkeys(feed_paths(page, formats), wrong)
                return
            self.failed |= {release.id: _try(_alone(page, release), formats)[0] or wrong for release in bad}
            page = replace(page, releases=tuple(r for r in page.releases if r not in bad))
            wrong, documents = _try(page, formats)
        self.passed |= {release.id for release in page.releases} | {document.path for document in documents}
        yield from documents

    def joined(
        self, page: FeedPage, names: Iterable[str], shown: Sequence[Shown], entries: Mapping[str, Sequence[Fragment]]
    ) -> list[tuple[Document, list[Fragment]]] | None:
        """The same, each with its entries, which were made and checked one by one: what is left is the rest.

        None where that is at fault; `pages` finds out what it is.
        """
        names = [name for name in names if has_page(page, name)]
        bad = dict[str, str]()
        for name in names:
            for fragment in entries[name]:
                if fragment.fault:
                    bad.setdefault(fragment.release, fragment.fault)
        standing = [each for each in shown if each.id not in bad]
        if not _are_distinct(page, standing):
            return None
        documents = []
        for name in names:
            sound = [each for each in entries[name] if each.release not in bad]
            found = _joined(page, name, [each.body for each in sound])
            if found is None:
                return None
            documents.append((found, sound))
        self.failed |= bad
        self.passed |= {each.id for each in standing} | {document.path for document, _ in documents}
        return documents

    def framed(self, path: str, media_type: str, joined: Joined) -> list[Document] | None:
        """The same of a page for people, or of a map, at this path."""
        if self._faults(path, media_type, joined):
            return None
        self.passed.add(path)
        return [Document(path, media_type, joined.whole)]

    def _faults(self, path: str, media_type: str, joined: Joined) -> tuple[str, ...]:
        """What stands on each page for people is checked once."""
        common = self._in_common if media_type == _HTML else ()
        return common or faults(Document(path, media_type, joined.frame))

    @cached_property
    def _in_common(self) -> tuple[str, ...]:
        return tuple(fault for first in (True, False) for fault in faults(html.empty(self._site, first=first)))

    def without_failed(self, page: FeedPage) -> FeedPage:
        """The page as `pages` had it in the end."""
        return replace(page, releases=tuple(r for r in page.releases if r.id not in self.failed))

    def report(self, store: Store, now: datetime) -> None:
        """Ring for what failed; end the alarms of what is as it should be again."""
        for subject, text in self.failed.items():
            store.alarms.ring("render", subject, f"{subject}: left out, as it would make a feed invalid: {text}", now)
        for alarm in store.alarms.list():
            if alarm.kind == "render" and alarm.subject in self.passed - self.failed.keys():
                store.alarms.end("render", alarm.subject)


def _joined(page: FeedPage, name: str, entries: Sequence[bytes]) -> Document | None:
    try:
        document, frame = joined(page, name, entries)
    except RenderError:
        return None
    return None if faults(frame) else document


def _are_distinct(page: FeedPage, shown: Sequence[Shown]) -> bool:
    """No id twice, none that is the feed's, and none beside its own tombstone."""
    ids = [each.atom_id for each in shown]
    return len({*ids}) == len(ids) and {*ids}.isdisjoint({page.atom_id, *(t.atom_id for t in page.tombstones)})


def _bad(page: FeedPage, formats: list[str], documents: Iterable[Document]) -> list[Release]:
    """The releases that are at fault: those that the documents name, else those that fail alone."""
    named = {identifier for document in documents for identifier in culprits(document)}
    return [release for release in page.releases if release.atom_id in named] or [
        release for release in page.releases if _try(_alone(page, release), formats)[0]
    ]


def _alone(page: FeedPage, release: Release) -> FeedPage:
    return replace(page, releases=(release,), tombstones=())


def _try(page: FeedPage, formats: list[str]) -> tuple[str, tuple[Document, ...]]:
    """Why it may not be published, empty where it may; and the documents."""
    try:
        documents = render(page, formats)
    except RenderError as error:
        return str(error), ()
    return next((fault for document in documents for fault in faults(document)), ""), documents
