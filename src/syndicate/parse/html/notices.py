"""Notices to the press on a page: an embargo, wherever near the head it stands, and a correction."""

from collections.abc import Sequence

from lxml.html import HtmlElement

from syndicate.notices import correction, is_embargo_field, stated_embargo
from syndicate.notices import embargo as notices
from syndicate.parse.correction import opening
from syndicate.parse.fields import plain
from syndicate.parse.html.metadata import Metadata
from syndicate.parse.tree import lines

Held = tuple[str | None, list[str]]


def embargo(root: HtmlElement, meta: Metadata) -> Held:
    """(what a statement says, the lines that are nothing else). Of two ends both are given: a person decides.

    What stands only in the page's own description or title counts as well.
    """
    found: list[str] = []
    said: list[str] = []
    told = lines(root)
    for at, taken, statement in notices.statements(told):
        said += () if statement.rest else told[at : at + taken]
        found.append(statement.said)
    apart = (text for text in (*meta.titles, meta.teaser, meta.description) if text)
    found += [one.said for text in apart if (one := notices.statement(text))]
    for name, values in meta.tags.items():
        if is_embargo_field(name):
            found += [v for value in values if (v := stated_embargo(value))]
    full = [value for value in dict.fromkeys(found) if not notices.is_label(value)] or found[:1]
    whole = [value for value in full if not any(value in other and value != other for other in full)]
    return "; ".join(whole) or None, said


def corrects(
    kicker: str | None,
    title: str | None,
    teaser: str | None,
    content: str | None,
    kind: str | None,
    above: Sequence[str] = (),
) -> str | None:
    """What a page says of the earlier release that it puts right, as it is printed above or below its text."""
    texts = [kind or "", kicker or "", title or "", teaser or "", plain(opening(content) or ""), *above]
    notices = [notice for text in texts if text and (notice := correction.marker(text))]
    said = next((words for _, words in notices if words and correction.refers(words)), None)
    said = said or next((text for text in texts if notices and correction.refers(text)), None)
    if said or not notices:
        return said
    marked = next((label for text in above if (marked := correction.marker(text)) for label in marked[:1]), None)
    return next((words for _, words in notices if words), marked)
