"""The topics that a person names: alike for every command."""

from collections.abc import Iterable, Sequence

from syndicate.app import Row, topic_rows, which_topic
from syndicate.cli.options import none_such
from syndicate.model import Plan
from syndicate.store import Store


def topic_named(name: str, plan: Plan, store: Store) -> Row:
    """By id, title, kicker or alias. WrongUse where there is none such."""
    return topics_named([name], plan, topic_rows(plan, store))[0]


def topics_named(names: Iterable[str], plan: Plan, rows: Sequence[Row]) -> list[Row]:
    """As `topic_named` of several, each once, among these."""
    found = list[Row]()
    for name in names:
        row = which_topic(name, plan, rows)
        if row is None:
            raise none_such("topic", name, [each.id for each in rows])
        found.append(row)
    return list(dict.fromkeys(found))
