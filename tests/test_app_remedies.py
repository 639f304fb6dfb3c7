"""Whatever needs a person, what to do about it is said: each kind has a remedy, and each command in one is there."""

import ast
import errno
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import typer

from syndicate.app import REMEDIES, Embargoed, SourceState, State, commands, of_alarm, of_fault, remedy
from syndicate.cli import app
from syndicate.store import OF_SOURCES, Alarm, Quarantined
from worlds import NOW

SRC = Path(__file__).parents[1] / "src" / "syndicate"
ID = "k2mq4xv7a9bz"


def rung() -> Iterator[str]:
    """The kinds of alarms that the program rings, as its source has them."""
    for path in SRC.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "ring":
                yield from literals(node.args[0], path)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Need", "remedy"):
                yield from literals(node.args[0], path)


def literals(node: ast.expr, path: Path) -> Iterator[str]:
    """Of a name or a condition: the strings that it may be."""
    if isinstance(node, ast.Constant):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*literals(node.body, path), *literals(node.orelse, path))
    elif isinstance(node, ast.Name):
        yield from re.findall(rf'^{node.id}\b.*= "(.+)"$', path.read_text("utf-8"), re.MULTILINE)


def observed() -> Iterator[str]:
    """Those of sources, and those of jobs, stand in tables of their own."""
    yield from re.findall(r'told(?:\["|: .*= \{"|: .* = \{")([a-z ]+)"', (SRC / "alarms.py").read_text("utf-8"))
    yield from OF_SOURCES
    kinds = re.search(r"_KINDS.*?\}", (SRC / "app/troubles.py").read_text("utf-8"), re.DOTALL)
    assert kinds
    yield from re.findall(r'"([a-z]+)"', kinds[0])


def test_each_kind_of_need_has_a_remedy() -> None:
    found = {*rung(), *observed()}
    assert {"guard", "page selector", "clock", "publish", "webhook", "newsroom", "gone", "refused"} <= found
    assert found - REMEDIES.keys() == set()


@pytest.mark.parametrize("kind", REMEDIES)
def test_each_command_in_a_remedy_is_there_and_whole(kind: str) -> None:
    said = remedy(kind, "it's")
    assert said
    assert "{" not in said
    assert "syndicate releases edit" not in commands(said)  # of what?
    for words in (found.split() for found in commands(said)):
        command, rest = typer.main.get_command(app), words[1:]
        while hasattr(command, "get_command"):
            command = command.get_command(typer.Context(command), rest.pop(0))  # raises where there is none
        options = {name for each in command.params for name in each.opts}
        assert {word for word in rest if word.startswith("--")} <= options, kind


def test_what_it_is_about_is_one_word_for_a_shell() -> None:
    assert commands(remedy("newsroom", "Tag & Blatt; rm -rf")) == (
        "syndicate newsrooms revoke 'Tag & Blatt; rm -rf'",
        "syndicate newsrooms add 'Tag & Blatt; rm -rf'",
    )


SOURCE = SourceState(
    id="amt",
    enabled=True,
    last_attempt=NOW,
    last_success=NOW,
    age=0,
    next_poll=NOW,
    waits=None,
    overdue=0,
    failures=0,
    error=None,
    paused=False,
    gone=False,
    address=None,
)
REFUSED = (Quarantined("amt", "kaputt.md", "line 2 is no YAML", NOW, harmless=False),)
NEEDS = [
    ({"gone": True, "error": "answered 410 Gone"}, "`syndicate sources remove amt`, or"),
    ({"error": "answered 500"}, "it is asked again by itself; `syndicate ingest amt` asks it now"),
    ({"error": "https://amt.example/ answered 403 Forbidden"}, "see `headers` of the source"),
    ({"error": "https://amt.example/ answered 404 Not Found"}, "see where it is now"),
    ({"error": "the host amt.example was not found (DNS: Name or service not known)"}, "see the host's name"),
    ({"error": "TLS error: its certificate is not valid (certificate has expired)"}, "tell whoever runs it"),
    ({"error": "a page came instead of a feed"}, "see in a browser what stands there"),
    ({"error": "it looks like a login page"}, "see in a browser what stands there"),
    ({"error": "its body is larger than 10 MB"}, "if that is meant, let it have more: `max_bytes`"),
    ({"error": "x.xml: takes longer than 20 s to read"}, "if that is meant, give it more time: `parse_timeout`"),
    ({"error": "the folder /srv/x does not exist"}, "bring it back, or put `path`"),
    ({"error": "/srv/x is neither a file nor a folder"}, "bring it back, or put `path`"),
    ({"error": "answered 429", "waits": NOW + timedelta(hours=1)}, "it is asked again when its server allows it"),
    ({"error": "a.example answered 404 Not Found", "waits": NOW + timedelta(hours=1)}, "see where it is now"),
    ({"error": "the folder x cannot be read: Permission denied"}, "see who owns it"),
    ({"overdue": 7200.0}, "start the daemon: `systemctl start syndicate` where it is a service, else `syndicate run`"),
    ({"overdue": 7200.0, "absent": "web-2"}, "start `syndicate worker` or `syndicate run` on that machine, or see"),
    ({"overdue": 7200.0, "absent": "web-2", "error": "/srv/x does not exist"}, "start `syndicate worker` or `syndi"),
    ({"last_attempt": None, "absent": "web-2"}, "start `syndicate worker` or `syndicate run` on that machine, or see"),
    ({"refused": REFUSED}, "tell whoever runs it"),
    ({"refused": REFUSED, "folder": True}, "put it right: it is read again when it changes"),
]


@pytest.mark.parametrize(("values", "remedy"), NEEDS)
def test_what_is_wrong_and_what_to_do(values: dict[str, object], remedy: str) -> None:
    state = State(store="s.db", daemon=None, sources=(replace(SOURCE, **values),))  # type: ignore[arg-type]
    (need,) = state.each_need
    assert need.remedy.startswith(remedy)
    assert state.needs == (f"{need.fact}; {need.remedy}",)
    assert need.told.endswith(need.remedy)
    assert remedy not in need.fact


@pytest.mark.parametrize(
    ("fault", "fact", "todo"),
    [
        (
            "store /s.db: the disk is full; make room: what was stored is still there",
            "store /s.db: the disk is full",
            "make room: what was stored is still there",
        ),
        (
            f"feeds /f: cannot be written: {os.strerror(errno.ENOSPC)}; make room; nothing is published until then",
            f"feeds /f: cannot be written: {os.strerror(errno.ENOSPC)}",
            "make room; nothing is published until then",
        ),
        ("store /s.db: cannot be made: what?", "store /s.db: cannot be made: what?", REMEDIES["fault"]),
    ],
)
def test_a_fault_says_what_to_do(fault: str, fact: str, todo: str) -> None:
    need = of_fault(fault)
    assert (need.kind, need.subject, need.fact, need.remedy) == ("fault", fault.partition(":")[0], fact, todo)


@pytest.mark.parametrize(
    "words",
    [
        "answered {answer.status}",
        "was not found (DNS",
        "certificate is not valid",
        "page came instead of",
        "it looks like a",
        "body is larger than",
        "takes longer than",
        "does not exist",
        "is neither a file nor a folder",
    ],
)
def test_the_words_that_a_remedy_goes_by_are_said(words: str) -> None:
    rooms = ("client", "fetch", "reading", "parse", "workers")
    assert any(words in path.read_text("utf-8") for room in rooms for path in (SRC / room).rglob("*.py"))


@pytest.mark.parametrize(
    ("subject", "todo"), [(ID, f"`syndicate releases edit {ID} …`"), ("wald.atom", "`syndicate publish` tries again")]
)
def test_what_cannot_be_rendered_is_a_release_or_a_document(subject: str, todo: str) -> None:
    assert todo in of_alarm(Alarm("render", subject, f"{subject}: left out", NOW)).remedy


def test_an_alarm_of_the_machine_is_mended_where_it_is_wrong() -> None:
    need = of_alarm(Alarm("publish", "", f"feeds/all.atom: {os.strerror(errno.EROFS)}", NOW))
    assert need.remedy.startswith("mount it read-write (`dmesg` says why it is not), or open it to the service (")
    assert need.remedy.endswith("; it is tried again by itself")


@pytest.mark.parametrize(
    ("public", "acts"), [(False, ["releases lift"]), (True, ["releases lift", "releases withdraw"])]
)
def test_a_release_that_waits_is_lifted_or_taken_back(public: bool, acts: list[str]) -> None:
    need = Embargoed(ID, "Der Minister geht", None, "Rede", public).need
    assert [*commands(need.remedy)] == [f"syndicate {act} {ID}" for act in acts]
    assert "Minister" in need.text
    assert "Minister" not in need.told
