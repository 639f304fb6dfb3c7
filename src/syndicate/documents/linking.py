"""What the store knows of links between releases, as pages have it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from syndicate.model import Correction, Plan, Release
from syndicate.render import release_path
from syndicate.store import Links, Store
from syndicate.text import head


class Linked(NamedTuple):
    """Links of one or more releases, with the addresses to which they lead."""

    links: Links
    related: Mapping[tuple[str, str], str]
    corrections: Mapping[str, tuple[Correction, ...]]


class Linking:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def of(self, links: Links) -> Linked:
        return Linked(links, self.related(links), self.corrections(links))

    def related(self, links: Links) -> dict[tuple[str, str], str]:
        return {head: self._address(*target) for head, target in links.related.items()}

    def corrections(self, links: Links) -> dict[str, tuple[Correction, ...]]:
        return {
            identifier: tuple(Correction(link.kind, link.title, self._address(link.id, link.url)) for link in found)
            for identifier, found in links.corrections.items()
        }

    def _address(self, identifier: str, url: str | None) -> str:
        """Where a release of ours is read: here, or at its source where we publish no pages."""
        return self._plan.site.base_url + release_path(identifier) if self._plan.publish.html or url is None else url


def as_shown(store: Store, plan: Plan, release: Release) -> Release:
    """What of a release may be told to everybody, as its documents do: of some sources the teaser alone."""
    (shown,) = without_withdrawn((release,), store.feeds.links([release]))
    if plan.content_of(release) != "full":
        return replace(shown, content="", images=(), enclosures=(), related=(), contact=None)
    return shown


def without_withdrawn(releases: Iterable[Release], links: Links) -> tuple[Release, ...]:
    """The releases, without what they say of withdrawn ones, in related blocks or as corrections: no word stays."""

    def cleaned(release: Release) -> Release:
        gone = links.withdrawn.get(release.id, ())
        kept = tuple(r for r in release.related if head(r.topic, r.title) not in gone)
        said = None if release.id in links.taken_back else release.corrects
        changed = gone or said != release.corrects
        return replace(release, related=kept, corrects=said) if changed else release

    return tuple(cleaned(release) for release in releases)
