"""What a person changed of a release, and what of it hides something newer of its source."""

from collections.abc import Iterable
from typing import NamedTuple

from syndicate.revise import hides, shown
from syndicate.store import ByHand, Store

# What a person can change, as commands name it → the field of a release.
FIELDS = {
    "title": "title",
    "teaser": "teaser",
    "kicker": "kicker",
    "body": "content",
    "language": "language",
    "topic": "assigned",
    "image": "images",
    "contact": "contact",
    "url": "url",
    "date": "stated",
    "embargo": "embargo",
}
_NAMES = {field: name for name, field in FIELDS.items()} | {"published": "date"}


def name_of_field(field: str) -> str:
    """As a person names a field of a release."""
    return _NAMES.get(field, field)


class Hidden(NamedTuple):
    """A field of a release as a person changed it, over words of a source that came later."""

    id: str
    title: str
    field: str
    source: str

    def __str__(self) -> str:
        name = name_of_field(self.field)
        return (
            f"{self.id} „{self.title}“: your {name} hides a newer one of {self.source};"
            f" `syndicate releases edit {self.id} --revert {name}`"
        )


def hidden(store: Store, edits: Iterable[ByHand]) -> tuple[Hidden, ...]:
    """Those of these edits that hide something: good to know until a person says it again, or gives the field back."""
    found = []
    for edit in edits:
        said, release = shown(store.releases.editions(edit.release), {}), store.releases.get(edit.release)
        if said and release and hides(said, edit.field, edit.value, edit.over):
            found.append(Hidden(edit.release, release.title, edit.field, said.source or ""))
    return tuple(found)
