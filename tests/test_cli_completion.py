"""What a shell completes at TAB: asked as its script asks, and by the shell itself where there is one."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cli_site import SYNDICATE, Site, syndicate
from syndicate.cli import COMMANDS, SHELLS, main

SOURCES = """
[[source]]
id = "amt"
path = "releases"
[[source]]
id = "amtsblatt"
path = "blatt"
[[source]]
id = "portal"
url = "https://portal.talland.example/feed.xml"
"""
# How each asks for what stands at the end of a line, and prints what it would complete it to.
ASKED = {
    "bash": 'source {script}; COMP_WORDS=({line} "{last}"); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))'
    '; _syndicate syndicate; printf "%s\\n" "${{COMPREPLY[@]}}"',
    "zsh": "compdef() {{ }}; _arguments() {{ print -r -- $1 }}; source {script}"
    "; words=({line} '{last}'); CURRENT=$#words; _syndicate",
    "fish": "source {script}; complete --do-complete '{line} {last}'",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("completed"), sources=SOURCES)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", [*COMMANDS]),
        ("newsr", ["newsrooms"]),
        ("releases w", ["withdraw"]),
        ("newsrooms re", ["revoke"]),
        ("ingest ", ["amt", "amtsblatt", "portal"]),
        ("ingest amt", ["amt", "amtsblatt"]),
        ("ingest amt ", ["amtsblatt", "portal"]),  # what stands there already is not said again
        ("sources remove p", ["portal"]),
        ("sources backfill p", ["portal"]),
        ("releases split 3k9f am", ["amt", "amtsblatt"]),
        ("releases list --source a", ["amt", "amtsblatt"]),
        ("releases list --topic ", ["schule", "forst"]),
        ("releases list --state e", ["embargoed"]),
        ("releases edit 3k9f --topic f", ["forst"]),
        ("publish sch", ["schule"]),
        ("preview --format n", ["ninjs"]),
        ("run --o", ["--once"]),
        ("--show-completion ", [*SHELLS]),
        ("nosuch ", [*COMMANDS]),  # the word before is none: one that there is may be meant
        ("ingest nosuch", []),
        ("--config /nowhere/config.toml ingest ", []),
    ],
)
def test_a_line_is_completed(
    line: str, expected: list[str], site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["syndicate", *line.split(" ")]
    asked = {"COMP_WORDS": "\n".join(words), "COMP_CWORD": f"{len(words) - 1}", "_SYNDICATE_COMPLETE": "complete_bash"}
    for name, value in {**asked, "SYNDICATE_CONFIG": str(site.config)}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        main([])
    told = capsys.readouterr()
    assert (ended.value.code, told.out.split(), told.err) == (0, expected, "")


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes(shell: str, site: Site, tmp_path: Path) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"no {shell} on this machine")
    script = tmp_path / f"completion.{shell}"
    script.write_text(syndicate("--show-completion", shell).out, encoding="utf-8")
    environment = os.environ | {
        "PATH": f"{SYNDICATE.parent}:{os.environ['PATH']}",
        "SYNDICATE_CONFIG": str(site.config),
        "HOME": str(tmp_path),
    }
    for line, last, found in (
        ("syndicate sources", "pa", {"pause"}),
        ("syndicate ingest", "amt", {"amt", "amtsblatt"}),
    ):
        command = ASKED[shell].format(script=script, line=line, last=last)
        done = subprocess.run([program, "-c", command], capture_output=True, text=True, env=environment, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        said = {word.strip('"') for word in done.stdout.replace("_arguments", "").strip("*: ()\n").split()}
        assert said == found


def test_only_a_shell_that_is_known_has_a_script() -> None:
    done = syndicate("--show-completion", "tcsh")
    assert (done.code, done.out) == (2, "")
    assert done.err == 'syndicate: there is no shell "tcsh" (there are bash, zsh, fish)\n'
