"""Groups of commands, each imported when it is asked for: one needs a part of the house only."""

import importlib
from collections.abc import Mapping
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup

from syndicate.cli.options import known
from syndicate.doors import ByName

_ITEMS = ByName("syndicate.cli.completion", "items")


class Group(TyperGroup):
    """Commands by name, each in a module that has it in its `app`, alone or among others."""

    modules: ClassVar[Mapping[str, str]]
    lines: ClassVar[Mapping[str, str]] = {}  # what a shell shows beside a name that it completes

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return _ITEMS((name, self.lines.get(name)) for name in self.modules if name.startswith(incomplete))

    def list_commands(self, ctx: Any) -> list[str]:
        return [*self.modules]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if ctx and ctx.resilient_parsing and cmd_name not in self.modules:
            return None  # a shell completes what stands behind it, and no more
        known("command", [cmd_name], self.modules)
        command: Any = typer.main.get_command(importlib.import_module(self.modules[cmd_name]).app)
        if not isinstance(command, Group):
            command = getattr(command, "commands", {}).get(cmd_name, command)
        command.name = cmd_name
        return command


def group(modules: Mapping[str, str]) -> type[Group]:
    """The commands of these modules."""
    return type("Group", (Group,), {"modules": modules})
