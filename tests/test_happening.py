"""What is told of a release when a publish has shown it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import MORNING, make_release
from syndicate.model import Embargo, Release
from syndicate.placement import Announced, Stand, announcing, happening

NOW = MORNING + timedelta(hours=1)
LATER, LONG_AGO = NOW + timedelta(hours=1), MORNING - timedelta(days=9)

NEW = make_release()
OLD = make_release(published=LONG_AGO)
ARCHIVED = make_release(published=MORNING - timedelta(days=30))
HEADLINE = make_release(headline=True)
WITHDRAWN = replace(NEW, withdrawn=NOW)
CORRECTED = replace(NEW, revision=2, updated=NOW)
MINOR = replace(NEW, revision=2)
DATED = replace(NEW, updated=NOW)
HELD = replace(NEW, held=True)
EMBARGOED = make_release(embargo=Embargo(LATER), issued=None)
LIFTED = replace(EMBARGOED, lifted=NOW)
ENDED_BEFORE = replace(NEW, embargo=Embargo(LONG_AGO), lifted=LONG_AGO)
UNDATED = replace(NEW, inferred=("published",))

IN_HEAD, BELOW, PAST, NOWHERE = Stand(120, 100), Stand(7, 100), Stand(-3, 0), Stand(None, 100)


def told(release: Release) -> Announced:
    return Announced(release.state, release.revision, release.updated)


# What is shown, what was last announced of it, where it stands in the feed of everything, and what happens.
ROWS: list[tuple[str, Release, Release | None, Stand, str | None]] = [
    ("a new one", NEW, None, IN_HEAD, "published"),
    ("an old one that comes to the head", OLD, None, IN_HEAD, "published"),
    ("one of long ago that comes to the head", ARCHIVED, None, IN_HEAD, "published"),
    ("one of an archive that was withdrawn, again", replace(ARCHIVED, updated=LATER), WITHDRAWN, IN_HEAD, "published"),
    ("a correction in an archive", replace(ARCHIVED, revision=2, updated=NOW), ARCHIVED, IN_HEAD, "corrected"),
    ("one of today, of very many", NEW, None, BELOW, "published"),
    ("an old one, of very many", OLD, None, BELOW, None),
    ("an undated one, of very many", UNDATED, None, BELOW, None),
    ("one that a backfill brings", NEW, None, PAST, None),
    ("a headline", HEADLINE, None, IN_HEAD, "published"),
    ("its full release", replace(CORRECTED, headline=False), HEADLINE, IN_HEAD, "published"),
    ("a headline with another title", replace(HEADLINE, revision=2, updated=NOW), HEADLINE, IN_HEAD, "corrected"),
    ("the same again", NEW, NEW, IN_HEAD, None),
    ("the same on an archive page", NEW, NEW, BELOW, None),
    ("a correction", CORRECTED, NEW, IN_HEAD, "corrected"),
    ("a correction on an archive page", CORRECTED, NEW, BELOW, "corrected"),
    ("a backfill's correction in the past", CORRECTED, NEW, PAST, None),
    ("a minor change", MINOR, NEW, IN_HEAD, None),
    ("a date that its source states later", DATED, NEW, IN_HEAD, None),
    ("one that was corrected before anybody was told", CORRECTED, None, IN_HEAD, "published"),
    ("a withdrawal", WITHDRAWN, NEW, NOWHERE, "withdrawn"),
    ("a withdrawal from the past", WITHDRAWN, NEW, PAST, "withdrawn"),
    ("a withdrawal again", WITHDRAWN, WITHDRAWN, NOWHERE, None),
    ("withdrawn before anybody saw it", WITHDRAWN, None, NOWHERE, None),
    ("withdrawn under embargo", replace(EMBARGOED, withdrawn=NOW), None, NOWHERE, None),
    ("there again", replace(NEW, updated=LATER), WITHDRAWN, IN_HEAD, "published"),
    ("an embargo", EMBARGOED, None, NOWHERE, None),
    ("its end", LIFTED, None, IN_HEAD, "lifted"),
    ("its end, while others came", replace(LIFTED, published=LONG_AGO), None, BELOW, "lifted"),
    ("an embargo that had ended when it was first read", ENDED_BEFORE, None, IN_HEAD, "published"),
    ("the end of an embargo on a correction", replace(CORRECTED, lifted=NOW), NEW, IN_HEAD, "corrected"),
    ("one that is held for its topic", HELD, None, NOWHERE, None),
    ("one that is held again", HELD, NEW, NOWHERE, None),
]


@pytest.mark.parametrize(("what", "release", "before", "stand", "kind"), ROWS, ids=[row[0] for row in ROWS])
def test_what_happens(what: str, release: Release, before: Release | None, stand: Stand, kind: str | None) -> None:
    assert happening(release, told(before) if before else None, stand, NOW) == kind


@pytest.mark.parametrize(("what", "release", "before", "stand", "kind"), ROWS, ids=[row[0] for row in ROWS])
def test_what_is_announced_happens_no_more(
    what: str, release: Release, before: Release | None, stand: Stand, kind: str | None
) -> None:
    last = told(before) if before else None
    later = announcing(release, last) or last
    assert happening(release, later, stand, NOW) is None


def test_nothing_is_announced_of_what_nobody_has_seen() -> None:
    assert [announcing(each, None) for each in (EMBARGOED, HELD, WITHDRAWN)] == [None, None, None]
