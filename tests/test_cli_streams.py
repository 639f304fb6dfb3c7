"""What reaches a terminal, a pipe and a log: no character acts there, and no pipe breaks it."""

import json
import os
import pty
import re
import signal
import subprocess
import sys

import pytest

from cli_site import SCHOOL, Site
from waiting import until

# A name, a title and a key, each with what clears a screen, sets its title, turns the writing round or ends a line.
EVIL = "\x1b[2Jweg\x9b31m\u202egnp.exe\x07\u2028"
ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
RELEASE = '---\n"title": "Titel {0}"\n"schlüssel {0}": x\ntopics: ["Amt {0}"]\n---\nDer Text der Meldung.\n'
SAID = json.dumps(EVIL).strip('"')  # as YAML has it, too
COMMANDS = [
    ["status"],
    ["status", "--json"],
    ["topics"],
    ["topics", "--unmapped"],
    ["topics", "--json"],
    ["releases", "list"],
    ["releases", "list", "--json"],
    ["sources", "list"],
    ["check"],
    ["ingest", "amt", "--verbose"],
    ["run", "--once"],
    ["publish", "--verbose"],
]
START = "import sys; from syndicate.start import main; sys.exit(main())"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("laut"), schule=SCHOOL)
    folder = site.folder / "releases"
    (folder / f"{EVIL}.md").write_text(RELEASE.format(SAID), "utf-8")
    (folder / f"kaputt {EVIL}.md").write_text("---\ntitle: [offen\n---\nText.\n", "utf-8")
    site.run("ingest")
    return site


def command(site: Site, *arguments: str) -> list[str]:
    return [sys.executable, "-c", START, *arguments, "--config", str(site.config)]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_nothing_acts_on_the_terminal(site: Site, arguments: list[str]) -> None:
    done = site.run(*arguments)
    for line in (*done.out.split("\n"), *done.err.split("\n")):
        assert not ACTS.search(line)
        assert line == line.rstrip(" ")
    if "--json" in arguments:
        json.loads(done.out)


@pytest.mark.parametrize("arguments", [["status"], ["topics"], ["releases", "list"]], ids=" ".join)
def test_on_a_terminal_only_its_own_escapes_act(site: Site, arguments: list[str]) -> None:
    """On a narrow one no column is left out."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "40"}
    with subprocess.Popen(command(site, *arguments), stdout=theirs, stderr=theirs, env=environment):
        os.close(theirs)
        told = b""
        while piece := _read(ours):
            told += piece
    os.close(ours)
    text = re.sub(r"\x1b\[[0-9;]*m|\r", "", told.decode())
    assert not ACTS.search(text)
    assert r"\u202egnp" in text
    if arguments == ["status"]:
        assert re.search("Refused +State", text)
        assert re.search(" ok *\n", text)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed
        return b""


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_closed_ends_are_no_traceback(site: Site, arguments: list[str]) -> None:
    run = " ".join(f"'{part}'" for part in command(site, *arguments))
    for closed in (f"{run} >&-", f"{run} >&- 2>/dev/null <&-", f"{run} | true", f"{run} >/dev/full"):
        done = subprocess.run(["bash", "-c", closed], capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr
        assert "Exception" not in done.stderr
    done = subprocess.run(["bash", "-c", f"{run} 2>&- >/dev/null"], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_at_any_moment_of_the_start_ends_it_well(site: Site, number: signal.Signals) -> None:
    """Told at its first import, then when more and more of it is there."""
    for module in ("importlib", "sqlite3", "apscheduler"):
        # The name of each module that is imported goes to standard error, so that the moment is known.
        arguments = [sys.executable, "-v", *command(site, "run", "--no-serve")[1:]]
        log = site.folder / "imports"
        with log.open("w") as imports:
            process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=imports)
            until(lambda at=f"import '{module}": "import 'syndicate.start'" in (told := log.read_text()) and at in told)  # type: ignore[misc]  # noqa: B023
            process.send_signal(number)
            assert process.wait() == 0
        assert "Traceback" not in log.read_text()


@pytest.mark.parametrize("module", ["syndicate.cli", "sqlite3", "apscheduler"])
def test_a_hangup_at_any_moment_of_the_start_is_put_off(site: Site, module: str) -> None:
    """As long as nothing has been read there is nothing to be read again; then that is done when it can be."""
    log, told = site.folder / "imports", site.folder / "told"
    with log.open("w") as imports, told.open("w") as out:
        arguments = [sys.executable, "-v", *command(site, "run", "--no-serve")[1:]]
        process = subprocess.Popen(arguments, stdout=out, stderr=imports)
    try:
        until(lambda: f"import '{module}" in log.read_text())
        process.send_signal(signal.SIGHUP)
        until(lambda: "Publishing to" in told.read_text() or process.poll() is not None)
        if module == "apscheduler":
            until(lambda: 'event="configuration read again"' in log.read_text() or process.poll() is not None)
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
    finally:
        process.kill()
