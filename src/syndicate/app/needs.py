"""What needs a person, and what is to be done about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from syndicate.app.remedies import OF_THE_MACHINE, parted, remedy
from syndicate.disk import mends
from syndicate.store import Alarm


class Need(NamedTuple):
    """What a person should do something about: what is wrong, and what to do. `kind` and `subject` say what it is,
    however its words change.

    `outside`: what is wrong as it may be told by mail, and to webhooks: what is held is named by its id alone.
    """

    kind: str
    subject: str
    fact: str
    remedy: str
    outside: str = ""

    @property
    def about(self) -> str:
        """The source, the release or the file that it is of."""
        return self.subject.partition(" ")[0]

    @property
    def text(self) -> str:
        return _joined(self.fact, self.remedy)

    @property
    def told(self) -> str:
        return _joined(self.outside or self.fact, self.remedy)


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
        kind, says = "embargo", "waits for your word"
        if self.public:
            kind, says = "new embargo", "is public, and its new version has an embargo"
        return Need("embargo", self.id, f"„{self.title}“ {says}", remedy(kind, self.id), f"{self.id} {says}")


def of_alarm(alarm: Alarm) -> Need:
    """Each ends by itself when it is no longer so."""
    # What cannot be rendered is a release, or a document by its path.
    kind = "render document" if alarm.kind == "render" and "." in alarm.subject else alarm.kind
    fact, said = parted(alarm.text) if kind in OF_THE_MACHINE else (alarm.text, "")
    return Need(alarm.kind, alarm.subject, fact, said or remedy(kind, alarm.subject, fact))


def of_fault(fault: str) -> Need:
    """Of the store or the folder of feeds."""
    fact, said = parted(fault)
    return Need("fault", fault.partition(":")[0], fact, said or mends(fact) or remedy("fault", ""))


def _joined(fact: str, remedy: str) -> str:
    return f"{fact}; {remedy}" if remedy else fact
