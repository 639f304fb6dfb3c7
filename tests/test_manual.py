"""packaging/syndicate.1: what the help says, in a form that readers of manual pages take without a word."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from syndicate.cli import COMMANDS

PACKAGING = Path(__file__).parents[1] / "packaging"
PAGE = PACKAGING / "syndicate.1"
# Lines that are long, and the like, are matters of taste.
READERS = {"mandoc": ["-Tlint", "-Wwarning"], "groff": ["-ww", "-man", "-Tascii"], "man": ["-l", "--warnings"]}


def test_it_is_what_the_help_says() -> None:
    command = [sys.executable, "-c", "import manual, sys; sys.stdout.write(manual.manual())"]
    made = subprocess.run(command, cwd=PACKAGING, capture_output=True, text=True, check=True).stdout
    assert made == PAGE.read_text(encoding="ascii"), "`make docs` writes it anew"


def test_every_command_has_a_section() -> None:
    text = PAGE.read_text(encoding="ascii")
    assert [name for name in COMMANDS if f'.SS "syndicate {name}' not in text] == []


@pytest.mark.parametrize("reader", READERS)
def test_it_is_read_without_a_warning(reader: str) -> None:
    program = shutil.which(reader)
    if program is None:
        pytest.skip(f"no {reader} on this machine")
    command = [program, *READERS[reader], str(PAGE)]
    environment = os.environ | {"MANPAGER": "cat", "MANWIDTH": "80"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert reader != "mandoc" or done.stdout == ""
