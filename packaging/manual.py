"""`make docs`: packaging/syndicate.1, the manual page, from the help of each command.

tests/test_manual.py fails where it is not what the help says.
"""

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from syndicate import __version__
from syndicate.cli import COMMANDS, app
from syndicate.config import TABLES

PAGE = Path(__file__).with_name("syndicate.1")
_DATE = "2026-11-27"  # of the last change; without one, readers of manual pages complain
_ABOUT = """
syndicate reads press releases from folders and feeds, keeps them in SQLite, and publishes Atom, RSS and JSON feeds with
a page for each topic and each release. What is under embargo is in no byte that it publishes; what is corrected keeps
its id. One daemon, `syndicate run`, polls, publishes and serves; every other command works beside it.
"""
_STATUS = [
    ("0", "Fine."),
    ("1", "Something needs a person: a source failed, a file was refused, a release waits."),
    (
        "2",
        "Wrong use, or a configuration that cannot be used; another daemon runs on this store, or another store"
        " publishes into the folder of feeds.",
    ),
]
_FILES = [
    ("config.toml", "The configuration: of the current folder, where nothing else is said."),
    ("syndicate.db", "The store. Back it up (`syndicate backup`), and config.toml."),
    ("feeds/", "What is published. It is made from the store."),
]
# What a terminal without Unicode has no letter for.
_PLAIN = {"…": "...", "–": "\\(en", "„": "\\(lq", "“": "\\(rq", "→": "\\->"}
_SIGNALS = [
    ("SIGTERM, SIGINT", "End, within five seconds. Nothing is lost by that."),
    ("SIGHUP", "Read the configuration again; one that cannot be used is refused, and the one before goes on."),
]


def manual() -> str:
    """The page as roff with the man macros, in ASCII."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    root: Any = typer.main.get_command(app)
    yield '.\\" Made by packaging/manual.py from the help: change that.'
    yield f'.TH SYNDICATE 1 "{_DATE}" "syndicate {__version__}" "User Commands"'
    yield from (".SH NAME", f"syndicate \\- {_text(_lower(root.help.rstrip('.')))}")
    yield ".SH SYNOPSIS"
    yield from _synopsis("syndicate", ["[OPTIONS]", "COMMAND", "[ARGUMENTS]"])
    yield from (".SH DESCRIPTION", *_prose(_ABOUT))
    yield ".SH OPTIONS"
    yield from _options(root, {*()})
    yield ".SH COMMANDS"
    for words, command in _commands(root):
        yield from _command(words, command)
    yield ".SH EXIT STATUS"
    yield from _terms(_STATUS)
    yield from (".SH ENVIRONMENT", *_terms(_environment()))
    yield from (".SH FILES", *_terms(_FILES))
    yield from (".SH SIGNALS", *_prose("Of `syndicate run`:"), *_terms(_SIGNALS))
    yield from (".SH EXAMPLES", *[*_examples(root.epilog)][1:])


def _environment() -> Iterator[tuple[str, str]]:
    yield "SYNDICATE_CONFIG", "The configuration, as `--config` names it."
    for table, keys in TABLES.items():
        for name, key in keys.items():
            if key.variable:
                yield key.variable, f"Goes over `{name}` of [{table}] in it."


def _commands(root: Any) -> Iterator[tuple[str, Any]]:
    """Each command and subcommand, with the words that call it."""
    for name in COMMANDS:
        command = root.get_command(None, name)
        subcommands = command.list_commands(None) if hasattr(command, "list_commands") else ()
        if not subcommands:
            yield name, command
        for sub in subcommands:
            yield f"{name} {sub}", command.get_command(None, sub)


def _command(words: str, command: Any) -> Iterator[str]:
    yield f'.SS "{_text(f"syndicate {words}")}"'
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    shown = [each.metavar or each.name.upper() for each in arguments]
    yield from _synopsis(f"syndicate {words}", ["[OPTIONS]", *shown])
    yield from (".PP", *_prose(command.help or ""))
    yield from _terms((metavar, each.help) for metavar, each in zip(shown, arguments, strict=True) if each.help)
    yield from _options(command, {"config", "verbose", "as_json", "help"})
    yield from _examples(command.epilog)


def _options(command: Any, common: set[str]) -> Iterator[str]:
    """Those that it has for itself."""
    for each in command.params:
        if each.param_type_name == "option" and each.name not in common and not each.hidden:
            takes = "" if each.is_flag else f" {each.metavar or each.name.upper()}"
            yield from _terms([(", ".join(each.opts) + takes, each.help or "")])


def _examples(epilog: str | None) -> Iterator[str]:
    lines = [line.strip() for line in (epilog or "").splitlines()[2:]]
    if lines:
        yield from (".PP", ".nf", ".RS", *map(_text, lines), ".RE", ".fi")


def _synopsis(name: str, rest: list[str]) -> Iterator[str]:
    yield f".B {_text(name)}"
    yield f".I {_text(' '.join(rest))}"


def _terms(pairs: Any) -> Iterator[str]:
    for term, said in pairs:
        yield from (".TP", f".B {_text(term)}", *(_lines(said) or ["\\&"]))


def _prose(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(re.split(r"\n\s*\n", textwrap.dedent(text).strip())):
        yield from ([".PP"] * (number > 0) + _lines(paragraph))


def _lines(text: str) -> list[str]:
    return textwrap.wrap(
        _text(" ".join(text.split()).replace("`", "")), 72, break_long_words=False, break_on_hyphens=False
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _text(text: str) -> str:
    """What roff prints as it stands here, wherever in a line it stands."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("'", "\\(aq")
    plain = "".join(_PLAIN.get(char, char) for char in escaped)
    ascii_only = "".join(char if char.isascii() else f"\\[u{ord(char):04X}]" for char in plain)
    return re.sub(r"(?m)(^|(?<=\s))(?=\.)", r"\\&", ascii_only)


if __name__ == "__main__":
    PAGE.write_text(manual(), encoding="ascii")
