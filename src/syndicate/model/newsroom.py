"""Who has access of its own."""

from datetime import datetime
from typing import Literal

from syndicate.model.values import dataclass

Standing = Literal["active", "suspended", "revoked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """A newsroom with a token of its own, which nobody has kept. `topics`: those that it gets, none: every one.

    `embargoed`: it gets what is held, too. `suspended`: since when its token counts for nothing until a person says so;
    `revoked`: since when for good. `used`: when it was last let in, to the minute.
    """

    name: str
    topics: tuple[str, ...] = ()
    embargoed: bool = False
    made: datetime
    used: datetime | None = None
    suspended: datetime | None = None
    revoked: datetime | None = None

    @property
    def state(self) -> Standing:
        if self.revoked:
            return "revoked"
        return "suspended" if self.suspended else "active"
