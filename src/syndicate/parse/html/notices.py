"""Notices to the press on a page: an embargo, wherever near the head it stands."""

from lxml.html import HtmlElement

from syndicate.notices import embargo as notices
from syndicate.notices import is_embargo_field, stated_embargo
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
