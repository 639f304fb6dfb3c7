"""The command line: one file per noun or command. Each parses its arguments, calls one function and prints.

A command returns its exit status: 0 fine, 1 something needs a person, 2 wrong use or configuration.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

import typer

from syndicate import __version__
from syndicate.cli.groups import Group
from syndicate.cli.options import CONTEXT, UNSET, RootConfig, Verbose, examples, known, needs_command, one_of
from syndicate.cli.streams import hung_up, shown
from syndicate.doors import ByName
from syndicate.errors import ConfigError, OneStore, PublishError, StoreLocked, SyndicateError

__all__ = ["COMMANDS", "SHELLS", "app", "listing", "log", "main", "operators", "screen", "supervisor", "terminal"]

SHELLS = ("bash", "zsh", "fish")
_ANSWER_SHELLS = ByName("syndicate.cli.completion", "answer_shells")
_SCRIPT = ByName("syndicate.cli.completion", "script")
# Modules by name: a command imports what it needs, and `--help` nothing of it.
COMMANDS = {
    "run": ("syndicate.cli.run", "The daemon: polls, publishes and serves; --once does one cycle and ends."),
    "worker": ("syndicate.cli.worker", "Carries jobs of a store on PostgreSQL, on any machine beside a run."),
    "ingest": ("syndicate.cli.ingest", "Ask the sources that are due, or those named; publish what changed."),
    "publish": ("syndicate.cli.publish", "Render now, and say what changed."),
    "serve": ("syndicate.cli.serve", "Only serve what is published."),
    "check": ("syndicate.cli.check", "Is the configuration right, and everything it names there?"),
    "try": ("syndicate.cli.trying", "What a changed configuration would do to what is held. Changes nothing."),
    "preview": ("syndicate.cli.preview", "What would be read from a file or an address. Stores nothing."),
    "status": ("syndicate.cli.status", "Sources, topics, embargoes and store; 1 if something needs a person."),
    "sources": ("syndicate.cli.sources", "The sources of the configuration."),
    "topics": ("syndicate.cli.topics", "The topics with their counts; kickers that no topic claims."),
    "releases": ("syndicate.cli.releases", "What is held: list, show, withdraw, restore, lift, edit, split."),
    "newsrooms": ("syndicate.cli.newsrooms", "Access of their own for newsrooms: list, add, revoke, confirm."),
    "hub": ("syndicate.cli.hub", "Subscribers of the built-in WebSub hub: list, drop."),
    "why": ("syndicate.cli.why", "Where a release came from, and why it is in its topics."),
    "reach": ("syndicate.cli.reach", "Who still holds the wrong version after a correction or a withdrawal."),
    "backup": ("syndicate.cli.backup", "Copy the store while it is in use; whole, looked through, yours alone."),
    "restore": (
        "syndicate.cli.restore",
        "Put a backup in the store's place, and do again what was done since.",
    ),
    "store": ("syndicate.cli.store", "Copy what one store holds into another one: SQLite, PostgreSQL."),
    "init": ("syndicate.cli.init", "Write a commented config.toml and a folder for releases."),
}


class Commands(Group):
    """Those of the table. What their help would say of them is said without importing them."""

    modules: ClassVar[Mapping[str, str]] = {name: module for name, (module, _) in COMMANDS.items()}
    lines: ClassVar[Mapping[str, str]] = {name: line for name, (_, line) in COMMANDS.items()}

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        command = super().get_command(ctx, cmd_name)
        if command:
            command.short_help = COMMANDS[cmd_name][1]
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, help_line) in COMMANDS.items()])


app = typer.Typer(cls=Commands, add_completion=False, rich_markup_mode=None, context_settings=CONTEXT)


@app.callback(
    invoke_without_command=True,
    epilog=examples("syndicate init presse", "syndicate --config presse/config.toml run"),
)
def root(
    ctx: typer.Context,
    config: RootConfig = UNSET,
    verbose: Verbose = False,
    version: bool = typer.Option(False, "--version", help="Print the version and exit."),
    completion: Annotated[
        str,
        typer.Option(
            "--show-completion",
            metavar="SHELL",
            show_default=False,
            help=f"Print what makes a shell complete our commands: one of {', '.join(SHELLS)}.",
            autocompletion=one_of(*SHELLS),
        ),
    ] = "",
) -> int:
    """Press releases in, valid Atom, RSS and JSON feeds out, one per topic."""
    if version:
        typer.echo(f"syndicate {__version__}")
        raise typer.Exit
    if completion:
        known("shell", [completion], SHELLS)
        typer.echo(_SCRIPT(completion), nl=False)
        raise typer.Exit
    return needs_command(ctx)


def main(arguments: Sequence[str] | None = None) -> int:
    """The entry point. Returns the exit status; what a person can mend is one line on standard error."""
    with shown():
        return _status_of(arguments)


def _status_of(arguments: Sequence[str] | None) -> int:
    if "_SYNDICATE_COMPLETE" in os.environ:
        _ANSWER_SHELLS()
    try:
        status = typer.main.get_command(app).main(arguments, prog_name="syndicate", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        return hung_up()
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):  # the library has heard of it first
            return hung_up()
        raise
    except (ConfigError, OneStore, PublishError, StoreLocked) as error:
        return _complain(str(error), 2)
    except SyndicateError as error:
        return _complain(str(error), 1)
    except typer.TyperException as error:
        return _complain(f"{error.format_message()} {_hint(error)}".rstrip(), error.exit_code)
    except OSError as error:
        return _complain(f"{error.filename or 'input or output'}: {error.strerror or error}", 1)
    return status if isinstance(status, int) else 0


def _complain(message: str, status: int) -> int:
    for line in message.splitlines():
        typer.echo(f"syndicate: {line}", err=True)
    return status


def _hint(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    return f"(see {context.command_path} --help)" if context else ""
