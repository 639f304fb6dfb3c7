"""What all commands have in common: help, options, exit statuses, one clear line for the user's mistake."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli_site import ROAD, SCHOOL, SYNDICATE, Site, syndicate
from syndicate import __version__
from syndicate.cli import COMMANDS

SUBCOMMANDS = {
    "sources": ["list", "add", "remove", "pause", "resume", "import", "export", "backfill"],
    "releases": ["list", "show", "withdraw", "restore", "lift", "edit", "split"],
}
EVERY = [[name, *sub] for name in COMMANDS for sub in [[], *([s] for s in SUBCOMMANDS.get(name, []))]]
HEAVY = ["httpx", "feedparser", "feedgen", "jinja2", "sqlite_utils", "lxml", "starlette", "structlog", "rich"]


@pytest.mark.parametrize("command", EVERY, ids=" ".join)
def test_every_command_has_help_with_an_example_that_is_one(command: list[str]) -> None:
    result = syndicate(*command, "--help")
    assert (result.code, result.err) == (0, "")
    example = result.out.split("Examples:\n")[1].splitlines()[0].split()
    assert example[: len(command) + 1] == ["syndicate", *command]
    assert "--config" in result.out or command == ["init"]


def test_help_is_fast_because_it_imports_nothing_heavy() -> None:
    script = "import sys; from syndicate.cli import main; main(['--help']); print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert all(name in out for name in COMMANDS)
    assert not {*HEAVY} & {*out.splitlines()[-1].split()}


def test_version() -> None:
    assert syndicate("--version").out == f"syndicate {__version__}\n"


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ("", (0, f"syndicate {__version__}\n", "")),
        (">&-", (0, "", "")),
        ("> /dev/full", (1, "", "syndicate: input or output: No space left on device\n")),
    ],
)
def test_the_version_is_told_without_what_a_command_needs(to: str, told: tuple[int, str, str]) -> None:
    """And what cannot be written, as any command tells it."""
    script = f"{sys.executable} -c 'import sys; from syndicate.start import main; sys.exit(main())' --version {to}"
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == told


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "Usage: syndicate"),
        (["releases"], "Usage: syndicate releases"),
        (["sources"], "Usage: syndicate sources"),
        (["stauts"], 'syndicate: there is no command "stauts" (did you mean "status"?)'),
        (["xyzzy"], 'syndicate: there is no command "xyzzy"'),
        (["releases", "shwo"], 'syndicate: there is no command "shwo" (did you mean "show"?)'),
        (["releases", "xyzzy"], 'syndicate: there is no command "xyzzy" (there are list, show, '),
        (["sources", "lst"], 'syndicate: there is no command "lst" (did you mean "list"?)'),
        (["run", "--nonsense"], "syndicate: No such option: --nonsense"),
        (["why"], "syndicate: it wants a RELEASE, or --dropped"),
        (["run", "--json"], "syndicate: --json goes with --once"),
        (["releases", "list", "--limit", "-1"], "syndicate: Invalid value for '--limit'"),
        (
            ["releases", "list", "--limit", "-1"],
            '"-1" is no whole number from 0 on (see syndicate releases list --help)',
        ),
        (["releases", "list", "--limit", "zwei"], '"zwei" is no whole number from 0 on'),
        (["releases", "list", "--limit", "9" * 20], '" is no whole number from 0 on'),
        (["topics", "--limit", "1.5"], '"1.5" is no whole number from 0 on'),
        (["sources", "list", "--limit", "-1"], '"-1" is no whole number from 0 on'),
        (["sources", "backfill", "amt", "--pages", "0"], '"0" is no whole number from 1 on to 100000'),
        (["releases", "list", "--state", "publik"], 'there is no state "publik" (did you mean "public"?)'),
        (["releases", "list", "--topic", "nix"], 'there is no topic "nix" (there are all, schule, forst)'),
        (["releases", "list", "--source", "atm"], 'there is no source "atm" (did you mean "amt"?)'),
        (["ingest", "nix"], 'there is no source "nix" (there are amt)'),
        (["publish", "nix"], 'there is no topic "nix" (there are all, forst, schule)'),
        (["preview", "."], "syndicate: . is a folder"),
        (["preview", "x", "--format", "word"], '"word" is no format (formats are auto, feed, json, '),
    ],
    ids=lambda value: " ".join(value) or "nothing" if isinstance(value, list) else "",
)
def test_wrong_use_is_told_on_standard_error_with_2(
    arguments: list[str], complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Site(tmp_path)
    monkeypatch.chdir(tmp_path)
    result = syndicate(*arguments)
    assert result.code == 2
    assert result.out == ""
    assert complaint in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize("command", ["run", "serve", "check", "status", "topics", "ingest", "publish"])
def test_a_configuration_that_cannot_be_used_is_2_and_names_the_key(command: str, tmp_path: Path) -> None:
    site = Site(tmp_path, sources='[[source]]\nid = "amt"\npath = "releases"\ninterval = "abc"\n')
    result = site.run(command)
    wrong = f'syndicate: {site.config}: source[0].interval: "abc" is not a duration'
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(wrong)
    assert len(result.err.splitlines()) == 1


def test_a_configuration_is_named_behind_before_or_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
    first, second = str(Site(one, schule=SCHOOL).config), str(Site(two).config)
    listing = ["releases", "list", "--json"]
    assert syndicate("ingest", "--config", first).code == 0
    assert len(syndicate(*listing, "--config", first).json) == 1
    assert len(syndicate("--config", first, *listing).json) == 1
    assert len(syndicate("releases", "--config", first, "list", "--json").json) == 1
    assert syndicate("--config", second, *listing, "--config", first).json
    assert not syndicate("--config", first, *listing, "--config", second).json
    monkeypatch.setenv("SYNDICATE_CONFIG", first)
    assert syndicate(*listing).json
    assert not syndicate(*listing, "--config", second).json
    assert not syndicate("--config", second, *listing).json
    monkeypatch.delenv("SYNDICATE_CONFIG")
    monkeypatch.chdir(one)
    assert syndicate(*listing).json


@pytest.mark.sqlite
def test_a_store_that_is_none_is_told_in_one_line(tmp_path: Path) -> None:
    site = Site(tmp_path)
    (tmp_path / "syndicate.db").write_text("no database at all, but long enough to have a header of its own " * 20)
    result = site.run("topics")
    assert result.code == 1
    assert result.err.startswith("syndicate: ")
    assert "syndicate.db" in result.err
    assert len(result.err.splitlines()) == 1


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    site = Site(tmp_path, schule=SCHOOL)
    site.feeds.write_text("a file where the folder should be")
    result = site.run("publish")
    assert result.code == 1
    assert str(site.feeds) in result.err
    assert len(result.err.splitlines()) == 1


def test_control_characters_never_reach_the_terminal(tmp_path: Path) -> None:
    result = syndicate("preview", f"{tmp_path}/\x1b[31mrot.txt")
    assert result.code == 1
    assert "\x1b" not in result.err


def test_a_reader_that_hangs_up_ends_it_quietly(tmp_path: Path) -> None:
    site = Site(tmp_path, **{f"r{n}": ROAD.replace("Erlenstadt", f"Ort {n}") + "Lang. " * 3000 for n in range(30)})
    assert site.run("ingest").code == 0
    shell = f"'{sys.executable}' -c 'import sys; from syndicate.cli import main; sys.exit(main())'"
    pipe = f"{shell} releases list --json --config '{site.config}' | head -1"
    done = subprocess.run(["bash", "-c", pipe], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("[")
    assert done.stderr == ""


def test_json_survives_a_terminal_without_umlauts(tmp_path: Path) -> None:
    site = Site(tmp_path, schule=SCHOOL)
    assert site.run("ingest").code == 0
    script = "import sys; from syndicate.cli import main; sys.exit(main())"
    for command, shown in (["releases", "list", "--json"], "f\\u00fcr"), (["releases", "list"], "f\\xfcr"):
        done = subprocess.run(
            [sys.executable, "-c", script, *command, "--config", str(site.config)],
            capture_output=True,
            check=True,
            env={"PYTHONIOENCODING": "ascii"},
        )
        assert shown in done.stdout.decode("ascii")


@pytest.mark.parametrize("arguments", [["--show-completion", "bash"], ["--help"], ["--version"]])
def test_that_nobody_reads_on_is_not_told(arguments: list[str]) -> None:
    """As in `syndicate … | head -1`: also where a library has noticed it first."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([SYNDICATE, *arguments], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")
