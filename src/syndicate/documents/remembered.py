"""Documents that were made when they were asked for, as long as they may be asked for again."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, NamedTuple, TypeVar

from syndicate.model import Document, Plan

_MOST = 200  # that are remembered, …
_BYTES = 64 * 2**20  # … of so many bytes in all
_Key = TypeVar("_Key", bound=Hashable)
_State = TypeVar("_State")


class _Kept(NamedTuple, Generic[_State]):
    plan: Plan
    made_of: _State
    document: Document


class Remembered(Generic[_Key, _State]):
    """Key → (what it was made of, document). Those of another plan are forgotten, then those asked for longest ago.

    Not for threads: who makes documents does it one at a time.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, _Kept[_State]] = OrderedDict()
        self._size = 0

    def get(self, key: _Key, plan: Plan) -> tuple[_State, Document] | None:
        """None: it was not made by this plan, or is forgotten."""
        kept = self._kept.get(key)
        if kept is None or kept.plan is not plan:
            return None
        self._kept.move_to_end(key)
        return kept.made_of, kept.document

    def keep(self, key: _Key, plan: Plan, made_of: _State, document: Document) -> None:
        """The newest is kept, whatever its size."""
        for stale in (key, *(k for k, each in self._kept.items() if each.plan is not plan)):
            self._forget(stale)
        self._kept[key] = _Kept(plan, made_of, document)
        self._size += len(document.body)
        while len(self._kept) > 1 and (self._size > _BYTES or len(self._kept) > _MOST):
            self._forget(next(iter(self._kept)))

    def _forget(self, key: _Key) -> None:
        gone = self._kept.pop(key, None)
        self._size -= len(gone.document.body) if gone else 0
