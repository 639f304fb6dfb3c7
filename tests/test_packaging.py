"""packaging/: the units and the Containerfile keep what docs/operators.md promises of them."""

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

PACKAGING = Path(__file__).parents[1] / "packaging"
UNITS = ("syndicate.service", "syndicate@.service")


def service(name: str) -> configparser.SectionProxy:
    parsed = configparser.ConfigParser(interpolation=None, strict=False)  # a list may be said in several lines
    parsed.optionxform = str  # type: ignore[assignment,method-assign]  # keys are written as they are
    parsed.read(PACKAGING / name)
    return parsed["Service"]


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_starts_what_is_installed_and_is_told_that_it_lives(name: str) -> None:
    said = service(name)
    assert shlex.split(said["ExecStart"]) == ["/opt/syndicate/bin/syndicate", "run"]
    assert (said["Type"], said["Restart"], said["RestartPreventExitStatus"]) == ("notify", "on-failure", "2")
    assert int(said["WatchdogSec"]) >= 30
    assert int(said["TimeoutStopSec"]) > 5  # what `run` takes at most


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_lets_it_write_into_one_folder(name: str) -> None:
    said = service(name)
    assert (said["ProtectSystem"], said["ProtectHome"], said["StateDirectoryMode"]) == ("strict", "yes", "0700")
    assert said["WorkingDirectory"] == f"/var/lib/{said['StateDirectory']}"
    assert said["CapabilityBoundingSet"] == ""
    # The process that reads a document limits its own memory (setrlimit).
    assert "@resources" not in said["SystemCallFilter"]


def test_the_units_differ_in_the_name_of_their_site_alone() -> None:
    one, several = ((PACKAGING / name).read_text(encoding="utf-8") for name in UNITS)
    without = [re.sub(r"/%i|, site %i", "", text).split("[Unit]")[1] for text in (several, one)]
    assert without[0].replace("Description=syndicate\n", "") == re.sub("Description=.*\n", "", without[1])


def test_systemd_finds_nothing_to_say(tmp_path: Path) -> None:
    """Of what it knows of units: keys that there are, values that they take."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd-analyze on this machine")
    for name in UNITS:
        text = (PACKAGING / name).read_text(encoding="utf-8")
        text = re.sub(r"^(ExecStart|ExecReload)=\S+", r"\1=/bin/sh", text, flags=re.MULTILINE)
        unit = tmp_path / name
        unit.write_text(re.sub("^(Documentation|User)=.*\n", "", text, flags=re.MULTILINE), encoding="utf-8")
        done = subprocess.run([program, "verify", unit], capture_output=True, text=True, check=False)
        ours = [line for line in (done.stdout + done.stderr).splitlines() if name.split(".")[0] in line]
        assert ours == []


def instructions() -> list[tuple[str, str]]:
    """Those of the Containerfile, a continued one as a line."""
    text = (PACKAGING / "Containerfile").read_text(encoding="utf-8")
    lines = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines if line)]


def of(word: str) -> list[str]:
    return [rest for each, rest in instructions() if each == word]


def test_a_container_runs_as_nobody_else_and_keeps_what_it_has_in_a_volume() -> None:
    last = [word for word, _ in instructions()]
    (user,) = of("USER")
    assert re.fullmatch("[1-9][0-9]+:[1-9][0-9]+", user)  # by number: an orchestrator sees that it is not root
    assert last.index("USER") < last.index("ENTRYPOINT")
    assert of("VOLUME") == of("WORKDIR")[1:] == ["/data"]
    assert of("ENTRYPOINT") == ['["syndicate"]']
    assert of("CMD")[-1] == '["run"]'


def test_a_container_is_built_of_what_is_pinned_in_two_stages() -> None:
    (base,) = of("ARG")
    name, _, tag = base.partition("=")[2].partition(":")
    assert (name.count("/"), tag) == (2, tag)
    assert tag not in ("", "latest")
    assert [each.split(" AS ")[0] for each in of("FROM")] == ["${BASE}"] * 2
    (install,) = (each for each in of("RUN") if "pip install" in each)
    assert " -c constraints.txt " in install
    assert not any(each.split()[0] == "." for each in of("COPY"))  # no store, no secrets, no .git of the checkout


def test_a_container_says_whether_it_is_ready() -> None:
    (check,) = of("HEALTHCHECK")
    assert "/readyz" in check
    (program,) = re.findall(r'"-c", "(.*)"\]', check)
    compile(program.replace('\\"', '"'), "HEALTHCHECK", "exec")
