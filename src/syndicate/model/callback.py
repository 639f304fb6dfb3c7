"""What we have asked hubs to push, and what they have pushed."""

from datetime import datetime
from typing import Literal

from syndicate.model.values import dataclass

# asked: not answered yet; active: verified; denied: the hub will not; ending: we want no more of it.
CallbackState = Literal["asked", "active", "denied", "ending"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """A subscription of ours. `token` ends its address (`/websub/TOKEN`): whoever knows it is the hub.

    `due`: when there is next something to do, None: nothing; `tries` of that, without success. `since` when is it
    active, and `until` when at the longest. `private`: its hub is a host of the operator's own. `refused` pushes were
    not signed by who knows the secret.
    """

    source: str
    hub: str
    topic: str
    token: str
    secret: str
    private: bool = False
    id: int = 0  # 0: not stored yet
    state: CallbackState = "asked"
    due: datetime | None = None
    since: datetime | None = None
    until: datetime | None = None
    tries: int = 0
    error: str | None = None
    pushes: int = 0
    refused: int = 0
    pushed: datetime | None = None  # the last of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """What a hub has sent, as it came, until it is ingested. `coding`: its Content-Encoding."""

    body: bytes
    media_type: str | None
    coding: str
    at: datetime
    id: int = 0  # 0: not stored yet
