"""Nothing invalid is published: each document is checked before it replaces the last good one.

A release that cannot be rendered is left out, and its neighbours go on; where that does not help, the last good
document stays. Either is an alarm until it is rendered again as it should be.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from syndicate.errors import RenderError
from syndicate.model import Document, FeedPage, Release
from syndicate.render import feed_paths, render
from syndicate.store import Store
from syndicate.validate import culprits, faults


class Validation:
    """`kept` are the paths whose last good document stays; `failed` and `passed` name releases (ids) and paths."""

    def __init__(self) -> None:
        self.kept: set[str] = set()
        self.failed: dict[str, str] = {}
        self.passed: set[str] = set()

    def sound(self, subject: str, path: str, make: Callable[[], Document]) -> Iterator[Document]:
        """One document, if it is valid. `subject`: the release or the path that an alarm would name."""
        try:
            document = make()
            wrong = faults(document)
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
