"""The options that commands share, and what their help has in common. Imports nothing heavy: `--help` is fast."""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from syndicate.doors import ByName

CONTEXT = {"help_option_names": ["--help", "-h"]}
UNSET = Path()  # neither --config nor SYNDICATE_CONFIG
_IDS = ByName("syndicate.cli.completion", "ids")
_CONFIG_HELP = "The configuration; default: config.toml."


class WrongUse(typer.TyperException):
    """The arguments cannot be used. Exit status 2."""

    exit_code = 2


def _inherited(ctx: typer.Context, value: Path) -> Path:
    """Behind the command, before it, from the environment: the first that is given."""
    parent = ctx.parent
    while value == UNSET and parent:
        value = parent.params.get("config", UNSET)
        parent = parent.parent
    return value


def _inherited_flag(ctx: typer.Context, value: bool) -> bool:
    return value or bool(ctx.find_root().params.get("verbose"))


RootConfig = Annotated[
    Path,
    typer.Option("--config", envvar="SYNDICATE_CONFIG", metavar="PATH", show_default=False, help=_CONFIG_HELP),
]
ConfigPath = Annotated[
    Path,
    typer.Option("--config", callback=_inherited, metavar="PATH", show_default=False, help=_CONFIG_HELP),
]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", callback=_inherited_flag, help="Log everything to standard error.")
]
Json = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]


def whole_number(least: int, most: int = 2**31) -> Callable[[str], int]:
    """What an option's text comes to."""

    def parsed(text: str) -> int:
        said = text.strip()
        if re.fullmatch("[0-9]{1,10}", said) and least <= int(said) <= most:
            return int(said)
        raise typer.BadParameter(
            f'"{text}" is no whole number from {least} on' + (f" to {most}" if most < 2**31 else "")
        )

    return parsed


Limit = Annotated[
    int | None,
    typer.Option("--limit", parser=whole_number(0), metavar="N", help="At most so many; default: all."),
]
SHOWN = 50  # of a list that may be long, where no limit is given
Few = Annotated[
    int | None,
    typer.Option("--limit", parser=whole_number(0), metavar="N", help=f"At most so many; 0: all. Default: {SHOWN}."),
]
Port = Annotated[
    int | None,
    typer.Option(
        "--port",
        parser=whole_number(0, 65535),
        metavar="N",
        help="Serve on this one; 0: any that is free. Default: [serve] port.",
    ),
]
Reference = Annotated[
    str, typer.Argument(metavar="RELEASE", help="Its id, four or more first characters of it, its atom:id or URL.")
]


def source_ids(ctx: typer.Context, incomplete: str) -> list[str]:
    """What a shell completes a source's id to."""
    found: list[str] = _IDS("source", ctx, incomplete)
    return found


def topic_ids(ctx: typer.Context, incomplete: str) -> list[str]:
    """What a shell completes a topic's id to."""
    found: list[str] = _IDS("topic", ctx, incomplete)
    return found


def one_of(*words: str) -> Callable[[str], list[str]]:
    """What a shell completes one of these words to."""

    def complete(incomplete: str) -> list[str]:
        return [word for word in words if word.startswith(incomplete)]

    return complete


def command_app(group: type[TyperGroup] | None = None) -> typer.Typer:
    """A Typer for the commands of a module, or for a group of other modules'."""
    return typer.Typer(cls=group, add_completion=False, rich_markup_mode=None, context_settings=CONTEXT)


def examples(*lines: str) -> str:
    """The end of a command's help."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)  # \b: keep these lines as they are


def needs_command(ctx: typer.Context) -> int:
    """A group alone is wrong use: its help, on standard error."""
    if ctx.invoked_subcommand:
        return 0
    typer.echo(ctx.get_help(), err=True)
    raise typer.Exit(2)


def known(kind: str, given: Iterable[str], ids: Iterable[str]) -> list[str]:
    """The given ids, each once. WrongUse where one is none of `ids`, with those that there are."""
    there = list(ids)
    wanted = list(dict.fromkeys(given))
    for identifier in wanted:
        if identifier not in there:
            raise none_such(kind, identifier, there)
    return wanted


def none_such(kind: str, named: str, there: Sequence[str]) -> WrongUse:
    """Of what was typed, with what may have been meant."""
    close = difflib.get_close_matches(named, there, 1)
    which = f'did you mean "{close[0]}"?' if close else f"there are {', '.join(there) or 'none'}"
    return WrongUse(f'there is no {kind} "{named}" ({which})')
