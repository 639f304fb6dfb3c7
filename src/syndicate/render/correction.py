"""What a corrected release says of itself: the notes of its corrections, and what it corrects or is corrected by."""

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


def notes(release: Release, site: Site) -> list[str]:
    """`Korrigierte Fassung vom 14. März 2026, 11:00 Uhr: note`, plain text, the newest first."""
    say = words(site.language)["corrected_version"]
    return [
        say.format(date=long_time(note.at, site.language, site.timezone), note=text)
        for note in release.notes
        if (text := squeeze(note.text))
    ]


def linked(corrections: Iterable[Correction], site: Site) -> Iterator[Linked]:
    word = words(site.language)
    says = {"corrects": word["corrects_release"], "corrected_by": word["corrected_by_release"]}
    for kind, title, url in corrections:
        yield Linked(says[kind], squeeze(title), url)
