"""Who *holds* what we gave out: versions of feeds' documents, counted by what agents call themselves."""

from datetime import datetime
from typing import NamedTuple


class Given(NamedTuple):
    """A version that we gave out: what its ETag says, and its place among what was published (`generation`)."""

    digits: str
    generation: int


class Hold(NamedTuple):
    """Of one version and one agent: `n` hold it as their validators say; `plain` more copies went out without any.

    A row whose copies have all come back stays with nothing in it: who sends that validator again is none of them.
    """

    given: Given
    n: int
    plain: int
    last: datetime  # when it was last fetched, or its validator was sent
    fetched: datetime | None = None  # without a validator, the last time
    subscribers: int | None = None  # for how many the agent says that it asks
    whole: bool = True  # was each copy of it counted when it went out? Not where it was first seen to be held


class Copies(NamedTuple):
    """Of which document, and by whom, something is held."""

    document: str
    agent: str
