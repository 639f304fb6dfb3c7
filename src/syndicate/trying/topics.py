"""What would become of feeds. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from syndicate.trying.chosen import Chosen
from syndicate.trying.values import TopicChange


def topic_changes(
    stored: Mapping[str, tuple[str, int]], inside: Counter[str], after: Chosen, all_id: str
) -> Iterator[TopicChange]:
    """`stored`: every feed that ever was → its title, and how many readers find in it; `inside`: how many would be."""
    configured = {topic.id: topic for topic in after.topics}
    for identifier, (title, entries) in stored.items():
        topic = after.renamed.get(identifier)
        if identifier == all_id:
            continue
        if topic and topic != identifier:
            if topic not in stored:
                does = "its feeds have another address; those that readers have lead there (301), its ids stay"
                yield TopicChange("renamed", identifier, title, does, topic, entries)
        elif identifier in configured and configured[identifier].title != title:
            yield TopicChange(
                "retitled", identifier, title, f'its title is "{configured[identifier].title}"', None, entries
            )
        elif entries and not inside[identifier]:
            does = "its feeds stay, empty, and no list leads to them"
            if identifier not in configured:
                does += f'; if it is renamed, aliases = ["{identifier}"] in its new [[topic]] leads readers there'
            yield TopicChange("emptied", identifier, title, does, None, entries)
    yield from _new(stored, inside, after)


def _new(stored: Iterable[str], inside: Counter[str], after: Chosen) -> Iterator[TopicChange]:
    known = {after.renamed.get(each, each) for each in stored}
    titles = {topic.id: topic.title for topic in after.topics}
    for identifier in dict.fromkeys((*titles, *inside)):
        if identifier not in known:
            count = inside[identifier]
            does = f"a feed of its own, with {count} of what is held" if count else "a feed of its own, empty for now"
            yield TopicChange("new", identifier, titles.get(identifier, identifier), does, None, 0)
