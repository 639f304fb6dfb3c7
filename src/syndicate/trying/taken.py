"""By which configuration the store was classified last: it says so itself."""

from contextlib import suppress

from syndicate.model import Plan
from syndicate.store import Store
from syndicate.trying.chosen import Chosen, chosen, dumped, loaded


def taken(store: Store) -> Chosen | None:
    """None where an earlier program has classified it."""
    with suppress(ValueError, KeyError, TypeError):  # of a later program, which has another form
        if text := store.recalled("chosen"):
            return loaded(text)
    return None


def take(store: Store, plan: Plan) -> None:
    """Once everything is as this plan has it. Writes only where it is another one."""
    text = dumped(chosen(plan))
    if store.recalled("chosen") != text:
        with store.transaction():
            store.remember("chosen", text)
