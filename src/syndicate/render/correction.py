"""What a corrected release says of itself: the note of its revision, and what it corrects or is corrected by."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from syndicate.model import Correction, Release, Site
from syndicate.render.words import long_time, words
from syndicate.text import squeeze


class Linked(NamedTuple):
    """`words` say what the other release is to this one: `Diese Meldung berichtigt`."""

    words: str
    title: str
    url: str


def note(release: Release, site: Site) -> str:
    """`Korrigierte Fassung vom 14. März 2026, 11:00 Uhr: note`, plain text; empty where there is no note."""
    text = squeeze(release.note or "")
    when = long_time(release.updated, site.language, site.timezone)
    return words(site.language)["corrected_version"].format(date=when, note=text) if text else ""


def linked(corrections: Iterable[Correction], site: Site) -> Iterator[Linked]:
    word = words(site.language)
    says = {"corrects": word["corrects_release"], "corrected_by": word["corrected_by_release"]}
    for kind, title, url in corrections:
        yield Linked(says[kind], squeeze(title), url)
