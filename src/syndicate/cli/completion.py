"""What a shell may complete at TAB: the words that the configuration has.

The scripts of `--show-completion` call the program with the line so far. What is wrong with it, or with the
configuration, is told by the command itself, and not in the middle of a line that somebody types.
"""

from collections.abc import Iterable
from importlib.resources import files

import typer
from typer._click.shell_completion import CompletionItem
from typer._completion_classes import completion_init

from syndicate.cli.stored import configured
from syndicate.errors import SyndicateError


def script(shell: str) -> str:
    """What makes this shell ask us: bash, zsh or fish."""
    return (files("syndicate.cli") / "templates" / f"completion.{shell}").read_text(encoding="utf-8")


def answer_shells() -> None:
    """From here on the program answers what the scripts ask, in place of doing what the line says."""
    completion_init()


def items(found: Iterable[tuple[str, str | None]]) -> list[CompletionItem]:
    """Words, each with what a shell may show beside it."""
    return [CompletionItem(word, help=line) for word, line in found]


def ids(kind: str, ctx: typer.Context, incomplete: str) -> list[str]:
    """Of the configured sources or topics, those that begin so and are not on the line yet."""
    try:
        plan = configured(ctx.params["config"])
    except (SyndicateError, OSError):
        return []
    there = [each.id for each in (plan.sources if kind == "source" else plan.topics)]
    named = {word for value in ctx.params.values() if isinstance(value, list | tuple) for word in value}
    return [each for each in there if each.startswith(incomplete) and each not in named]
