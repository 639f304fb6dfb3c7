"""docs/commands.md says what the program does: every command, examples that are accepted, every key of a release."""

import re
import shlex
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import typer

from builders import rich_release
from cli_site import syndicate
from syndicate.cli import COMMANDS, app
from syndicate.release_json import release_json

PAGE = (Path(__file__).parents[1] / "docs" / "commands.md").read_text(encoding="utf-8")
SECTIONS = re.split(r"^##+ syndicate ", PAGE, flags=re.MULTILINE)[1:]
DOCUMENTED = {section.partition("\n")[0]: section for section in SECTIONS}
EXAMPLES = [
    (name, shlex.split(re.split("[#<>]", line)[0])[1:])
    for name, section in DOCUMENTED.items()
    for line in re.findall(r"^    (syndicate .*)$", section, flags=re.MULTILINE)
]


def existing() -> dict[str, object]:
    """Every command and subcommand by its name."""
    root = typer.main.get_command(app)
    found: dict[str, object] = {}
    for name in COMMANDS:
        command = root.get_command(None, name)  # type: ignore[attr-defined]  # a group
        found[name] = command
        for sub in command.list_commands(None) if hasattr(command, "list_commands") else ():
            found[f"{name} {sub}"] = command.get_command(None, sub)
    return found


def test_every_command_is_documented_and_no_other() -> None:
    assert [*DOCUMENTED] == [*existing()]


def test_every_command_has_an_example() -> None:
    groups = {name.split()[0] for name in existing() if " " in name}
    assert {name for name, _ in EXAMPLES} == existing().keys() - groups


@pytest.mark.parametrize(
    ("name", "arguments"), EXAMPLES, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_an_example_is_accepted(name: str, arguments: list[str]) -> None:
    assert " ".join(arguments).startswith(name)
    assert syndicate(*arguments, "--help").code == 0
    command = existing()[name]
    command.make_context(name, arguments[len(name.split()) :])  # type: ignore[attr-defined]  # raises for an unknown option


def test_every_key_of_a_release_is_documented() -> None:
    documented = re.findall(r"^\| (`.*?) \|", DOCUMENTED["preview"], flags=re.MULTILINE)
    keys = release_json(rich_release(), ZoneInfo("UTC"))
    assert sorted(re.findall(r"`(\w+)`", " ".join(documented))) == sorted(keys)
