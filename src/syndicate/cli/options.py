"""The options that commands share, and what their help has in common. Imports nothing heavy: `--help` is fast."""

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

CONTEXT = {"help_option_names": ["--help", "-h"]}
UNSET = Path()  # neither --config nor SYNDICATE_CONFIG
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
Limit = Annotated[
    int | None, typer.Option("--limit", min=0, max=2**31, metavar="N", help="At most so many; default: all.")
]
Reference = Annotated[
    str, typer.Argument(metavar="RELEASE", help="Its id, four or more first characters of it, its atom:id or URL.")
]


def command_app() -> typer.Typer:
    """A Typer for the one command of a module, or for its group."""
    return typer.Typer(add_completion=False, rich_markup_mode=None, context_settings=CONTEXT)


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
            close = difflib.get_close_matches(identifier, there, 1)
            which = f'did you mean "{close[0]}"?' if close else f"there are {', '.join(there) or 'none'}"
            raise WrongUse(f'there is no {kind} "{identifier}" ({which})')
    return wanted
