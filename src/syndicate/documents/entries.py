"""The lines of entries: as they were kept, or made and checked now.

They are made of a release as it is held, of what links to it and of the plan. A hash over all of that is kept with
them, so that none is ever taken for another: what is out of date is made again, and the same comes out of the same.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from syndicate.documents.linking import Linked, Linking, without_withdrawn
from syndicate.errors import RenderError
from syndicate.formats import FORMATS
from syndicate.mediatypes import TYPES
from syndicate.model import FeedPage, Plan, Release, Topic
from syndicate.render import content_of, entry, html, sitemap
from syndicate.store import Fragment, Links, Shown, Store
from syndicate.validate import faults_of_entry

ARTICLE = "article"  # on the pages of a feed
LEADING, LINE = "leading", "line"  # on the first page of the site
MAPPED, NEWS = "map", "news"  # in a map for search engines
MAPS = (MAPPED, NEWS)
_MOST = 1_000  # releases whose lines are remembered within a run


@dataclass
class _Known:
    """A release that was looked at. What is linked is at least its own: all that were looked at with it share that."""

    shown: Shown
    key: bytes
    linked: Linked
    forms: dict[str, Fragment] = field(default_factory=dict)


class Entries:
    """Of one run. `named`: topics by their ids. `made` is to be kept from now on, `passing` where the release stands
    in a head as well.
    """

    def __init__(
        self, store: Store, plan: Plan, named: Callable[[Iterable[str]], tuple[Topic, ...]], fingerprint: str
    ) -> None:
        self._store = store
        self._linking = Linking(plan)
        self._named = named
        self._fingerprint = fingerprint.encode()
        self._known: dict[str, _Known] = {}
        self.made: list[Fragment] = []
        self.passing: list[Fragment] = []

    def of(
        self, shown: Sequence[Shown], page: FeedPage, forms: Sequence[str], *, keep: bool = False
    ) -> dict[str, list[Fragment]]:
        """By form, in the order of what is shown. `page` is any that has these entries; its `releases` are left aside.

        `keep`: they stand in a head, or in the map of the newest.
        """
        known = self._look(shown)
        wanting = [each for each in known if not each.forms.keys() >= {*forms}]
        if wanting:
            self._recall(wanting, forms)
        for each in wanting:
            missing = [form for form in forms if form not in each.forms]
            if missing:
                made = self._make(each, page, missing)
                each.forms.update({fragment.form: fragment for fragment in made})
                (self.made if keep else self.passing).extend(made)
        return {form: [each.forms[form] for each in known] for form in forms}

    def _look(self, shown: Sequence[Shown]) -> list[_Known]:
        fresh = [each for each in shown if each.id not in self._known or self._known[each.id].shown != each]
        if len(self._known) + len(fresh) > _MOST:
            self._known.clear()
            fresh = [*shown]
        if fresh:
            links = self._store.feeds.links([each.id for each in fresh])
            linked = self._linking.of(links)
            self._known |= {each.id: _Known(each, self._key(each, links), linked) for each in fresh}
        return [self._known[each.id] for each in shown]

    def _key(self, shown: Shown, links: Links) -> bytes:
        told = blake2b(self._fingerprint, digest_size=16)
        told.update(shown.data)
        told.update(links.of(shown.id).encode())
        return told.digest()

    def _recall(self, wanting: Sequence[_Known], forms: Iterable[str]) -> None:
        for fragment in self._store.fragments.kept([each.shown.id for each in wanting], forms):
            known = self._known[fragment.release]
            if fragment.key == known.key:
                known.forms.setdefault(fragment.form, fragment)

    def _make(self, known: _Known, page: FeedPage, forms: Iterable[str]) -> list[Fragment]:
        (release,) = without_withdrawn([known.shown.load()], known.linked.links)
        page = replace(
            page,
            releases=(release,),
            tombstones=(),
            topics=self._named(release.topics),
            links=known.linked.related,
            corrections=known.linked.corrections,
        )
        content = content_of(page)

        def made(form: str) -> Fragment:
            try:
                body = entry(release, page, form, content) if form in FORMATS else _for_people(release, page, form)
                fault = next(iter(faults_of_entry(body, _media_type(form))), "")
            except RenderError as error:
                body, fault = b"", str(error)
            return Fragment(release.id, form, known.key, b"" if fault else body, fault)

        return [made(form) for form in forms]


def _for_people(release: Release, page: FeedPage, form: str) -> bytes:
    if form in MAPS:
        return sitemap.piece(release, page.site, news=form == NEWS)
    if form == LINE:
        return html.line(release, page)
    return html.listed(release, page, html.LEADING_HEADING if form == LEADING else html.HEADING)


def _media_type(form: str) -> str:
    if form in FORMATS:
        return FORMATS[form].media_type
    return TYPES[".xml" if form in MAPS else ".html"]
