"""What needs a person, and what is to be done about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from syndicate.store import Alarm

# What to do about an alarm; that of a guard says so itself.
_REMEDIES = {
    "clock": "set this machine's clock (time synchronisation)",
    "render": "put it right at its source, or by `syndicate releases edit`, and publish",
    "silent": "see whether it still publishes there; `syndicate sources pause` if that is how it is",
    "fewer": "see whether it is whole; after a week it is taken to be so",
    "encoding": "tell whoever runs it",
    "dates": "tell whoever runs it: that of first sight is shown",
    "webhook": "see whether it is there, and takes what is sent; what it has missed is sent when it does",
    "mail": "see [alarm] in config.toml; `syndicate check --fetch` tries it out",
    "newsroom": "give it a new one: `syndicate newsrooms revoke`, then `add`",
    "backup": "see `[store] backup_directory`; it is tried again each minute; `syndicate backup PATH` makes one now",
    "publish": "what is published stays as it was; it is tried again each minute",
    "reload": "put config.toml right, or start the daemon again; it goes on with what it read before",
}


class Need(NamedTuple):
    """What a person should do something about. `kind` and `subject` say what it is, however its words change.

    `outside`: as it may be told by mail, and to webhooks: a release that is held is named by its id alone.
    """

    kind: str
    subject: str
    text: str
    outside: str = ""

    @property
    def told(self) -> str:
        return self.outside or self.text


@dataclass(frozen=True)
class Embargoed:
    """`public`: readers have an earlier version of it, and keep that. `completes`: all that they have is its teaser."""

    id: str
    title: str
    until: datetime | None
    event: str | None
    public: bool
    completes: bool = False

    @property
    def needs_person(self) -> bool:
        """A known end needs nobody; but where readers have the text already, somebody may want to take it back."""
        return self.until is None or (self.public and not self.completes)

    @property
    def need(self) -> Need:
        lift, withdraw = (f"`syndicate releases {act} {self.id}`" for act in ("lift", "withdraw"))
        says = f"waits for your word: {lift}"
        if self.public:
            says = f"is public, and its new version has an embargo: {lift} shows that, {withdraw} takes away what"
            says += " readers have"
        return Need("embargo", self.id, f"„{self.title}“ {says}", f"{self.id} {says}")


def remedied(alarm: Alarm) -> str:
    """What is wrong, and what to do. Each ends by itself when it is no longer so."""
    return f"{alarm.text}; {remedy}" if (remedy := _REMEDIES.get(alarm.kind)) else alarm.text
