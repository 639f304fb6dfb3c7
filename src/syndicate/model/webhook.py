"""Where each thing that happens is sent to, and how a person is told that something needs one."""

from syndicate.model.values import dataclass

EVENTS = ("published", "corrected", "withdrawn", "lifted", "alarm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """`topics`: ids; none: every one. `allow_private`: may its host be on a private network or this machine."""

    url: str
    secret: str
    topics: tuple[str, ...] = ()
    events: tuple[str, ...] = EVENTS
    allow_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarming:
    """Mail goes to `mail`, from `sender`, by way of `smtp` (`smtp://user@host:587`, `smtps://…`); to nobody: none."""

    mail: tuple[str, ...] = ()
    sender: str = ""
    smtp: str = ""
    password: str = ""
