"""Conditions on a release's state, for statements: readers see it, as `Release.visible` has it, or they do not."""

from typing import get_args

from syndicate.model import VISIBLE as SEEN
from syndicate.model import State


def _one_of(*states: State) -> str:
    return f"state IN ({', '.join(map(repr, states))})"


VISIBLE = _one_of(*SEEN)
HIDDEN = _one_of(*(state for state in get_args(State) if state not in SEEN))
