"""Something that is brought to somebody else's server: a push, a question, a ping."""

from collections.abc import Callable, Hashable

from syndicate.model.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """`act` does it, in a thread of its own, without the store, and returns what came of it.

    It raises ClientClosed where the program ends, else for a fault of ours alone. Of one `key` there is one at a time.
    `slow`: it took long the last time, and waits in a lane of its own.
    """

    key: Hashable
    act: Callable[[], object]
    slow: bool = False
