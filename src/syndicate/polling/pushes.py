"""What a hub's pushes are worth: a poll that finds nothing that they had not brought may come later. Pure."""

from dataclasses import replace
from datetime import datetime

from syndicate.model import FetchState, Pushes


def after_push(before: FetchState) -> Pushes:
    """One that has brought something new."""
    return replace(before.pushes, brought=before.pushes.brought + 1)


def after_poll(before: FetchState, *, brought: int, since: datetime | None) -> Pushes:
    """A good poll that changed so many releases; `since` when all that changes is pushed, None: it is not.

    What it finds that was there before that, or before the poll before it, no push had to bring.
    """
    pushes = before.pushes
    if since is None or before.last_success is None or since > before.last_success:
        return replace(pushes, brought=0, agreed=0)
    if brought:
        return Pushes(missed=pushes.missed + brought)
    return replace(pushes, brought=0, agreed=pushes.agreed + (pushes.brought > 0))
