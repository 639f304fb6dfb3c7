"""What is to be done about what needs a person: one table, by the kinds of needs and alarms.

Commands stand in it as they are typed, between backticks; `{it}` is what they are about, as a shell takes it.
"""

import re
import shlex

from syndicate.app.troubles import JOBS
from syndicate.disk import mends

REMEDIES = {
    # of the store, and of the folder of feeds
    "fault": "`syndicate check` looks again, and says what else is wrong",
    # of a source
    "gone": "`syndicate sources remove {it}`, or `syndicate sources resume {it}` to ask it again",
    "failed": "it is asked again by itself; `syndicate ingest {it}` asks it now, `syndicate sources pause {it}` no"
    " more",
    "stuck": "start the daemon again; `syndicate ingest {it}` asks it now",
    "overdue": "start the daemon: `systemctl start syndicate` where it is a service, else `syndicate run`",
    "machine": "start `syndicate worker` or `syndicate run` on that machine, or see `machine` of the source and of"
    " [cluster] in config.toml",
    "pages": "see whether one opens in a browser, and `fulltext` and `robots` of the source in config.toml",
    "page": "`syndicate releases withdraw {it}`, or `syndicate releases keep {it}`",
    "pages gone": "`syndicate releases withdraw ID` or `syndicate releases keep ID` each of them",
    "refused file": "put it right: it is read again when it changes",
    "refused": "tell whoever runs it; it is looked at again at each poll",
    "guard": "if that is meant, `syndicate releases withdraw ID` each of `syndicate releases list --source {it}`; else"
    " bring the files or entries back",
    "silent": "see whether it still publishes there; `syndicate sources pause {it}` if that is how it is",
    "fewer": "see whether it is whole; after a week it is taken to be so",
    "encoding": "tell whoever runs it",
    "dates": "tell whoever runs it: that of first sight is shown",
    "selector": "see `select` of the source in config.toml; `syndicate ingest {it}` tries it",
    "page selector": "see `select` of the source in config.toml",
    "rules": "`syndicate why --dropped --source {it}` shows what; see `keep` and `drop` of the source in config.toml:"
    " what others let past comes if it is still there",
    "new rules": "see `keep` and `drop` of the source in config.toml: `syndicate try` says what others would do; or"
    " `syndicate try --accept` where that is meant",
    "expression": "put it otherwise in config.toml: repetitions within repetitions, like (a+)+, take long; what was"
    " kept stays",
    # of a release
    "embargo": "`syndicate releases lift {it}`",
    "new embargo": "`syndicate releases lift {it}` shows that, `syndicate releases withdraw {it}` takes away what"
    " readers have",
    "render": "put it right at its source, or by `syndicate releases edit {it} …`, then `syndicate publish`",
    "render document": "the last one that was as it should be stays; `syndicate publish` tries again",
    # of those who are told
    "webhook": "see whether it is there, and takes what is sent; what it has missed is sent when it does",
    "mail": "see [alarm] in config.toml; `syndicate check --fetch` tries it out",
    "hub": "see `hub` under [serve] in config.toml, and whether it is there; it is told when it is",
    "purge": "see `purge` under [publish] in config.toml, and whether it is there; it is told when it is",
    "suspended": "see `syndicate newsrooms list`, revoke whom you do not mean, then `syndicate newsrooms confirm {it}`",
    "newsroom": "give it a new one: `syndicate newsrooms revoke {it}`, then `syndicate newsrooms add {it}`",
    # of the daemon
    "ended": "it goes on where it was: `systemctl start syndicate` where it is a service, else `syndicate run`",
    "clock": "set this machine's clock (time synchronisation); if it is right, and was ahead then: `syndicate check"
    " --trust-clock`",
    "reload": "put config.toml right (`syndicate check`), then let the daemon read it again (`systemctl reload"
    " syndicate`, or SIGHUP); it goes on with what it read before",
    "publish": "what is published stays as it was; it is tried again each minute, at once by `syndicate publish`",
    "backup": "see `[store] backup_directory`; it is tried again each minute; `syndicate backup PATH` makes one now",
    "lift": "it is tried again each minute; `syndicate status` names what waits, `syndicate releases lift ID` does it"
    " by hand",
    "settle": "it is tried again each minute; the log of the daemon says more",
    "expire": "it is tried again each minute; the log of the daemon says more",
    "repair": "it is tried again each minute; `syndicate publish` says more",
}
# By what a source has answered, or what kept it from being asked: the first that is in it.
_BY_ANSWER = (
    ("answered 40[137]", "see `headers` of the source in config.toml, or ask whoever runs it whether we may"),
    (
        "answered 404",
        "see where it is now: `syndicate sources add URL` finds a feed, `syndicate sources remove {it}` ends this",
    ),
    (r"was not found \(DNS", "see the host's name in its `url`, and whether this machine can look names up"),
    ("certificate is not valid", "tell whoever runs it; see this machine's clock, and what it trusts"),
    (
        "page came instead of|it looks like a",
        "see in a browser what stands there: maintenance passes, a login does not",
    ),
    ("body is larger than", "if that is meant, let it have more: `max_bytes` of [fetch] in config.toml"),
    ("takes longer than", "if that is meant, give it more time: `parse_timeout` of [fetch] in config.toml"),
    (
        "does not exist|is neither a file nor a folder",
        "bring it back, or put `path` right in config.toml",
    ),
)
OF_THE_MACHINE = (*JOBS, "failed")
_AGAIN = "it is tried again by itself"
_LATER = "it is asked again when its server allows it"
_TO_FILL_IN = {"ID", "PATH", "URL", "…"}
_COMMAND = re.compile("`([^`]+)`")


def remedy(kind: str, about: str, fact: str = "", *, waits: bool = False) -> str:
    """What to do about it; `about`: a source, a release, a newsroom. `waits`: its server asked to be left alone."""
    if kind in OF_THE_MACHINE and (found := mends(fact)):
        return f"{found}; {_AGAIN}"
    answered = _BY_ANSWER if kind == "failed" else ()
    usual = _LATER if waits else REMEDIES.get(kind, "")  # waiting mends no address, and no password
    said = next((todo for told, todo in answered if re.search(told, fact)), usual)
    return said.format(it=shlex.quote(about))


def parted(text: str) -> tuple[str, str]:
    """What is wrong, and what mends it: messages of the machine say that themselves, behind a semicolon."""
    fact, _, said = text.partition("; ")
    return fact, said


def commands(text: str) -> tuple[str, ...]:
    """Those that a remedy names, as they are typed: none that has to be completed first."""
    named = (found for found in _COMMAND.findall(text) if found.startswith("syndicate "))
    return tuple(command for command in named if _TO_FILL_IN.isdisjoint(command.split()))
