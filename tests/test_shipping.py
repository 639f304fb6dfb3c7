"""What is handed to operators: a wheel with everything in it, installed and run without checkout and network."""

import importlib.util
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from cli_site import SCHOOL, SYNDICATE, free_port, syndicate, waited
from syndicate import __version__
from syndicate.cli import SHELLS

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "syndicate"


def there_is(*modules: str) -> bool:
    return all(importlib.util.find_spec(name) for name in modules)


def tracked() -> set[str]:
    """What belongs to the project; skips where git cannot say."""
    listing = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode:
        pytest.skip("no git, or no repository: nobody knows which files belong to it")
    return {name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout without what was made in it: building leaves traces."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in tracked():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    return folder


def built(kind: str, folder: Path, to: Path) -> Path:
    """The wheel or the source distribution, by the backend that pyproject.toml names; skips where it is not there."""
    if not there_is("setuptools") or not (there_is("wheel") or there_is("setuptools.command.bdist_wheel")):
        pytest.skip("no setuptools that builds wheels (make test installs one)")
    to.mkdir(exist_ok=True)
    command = f"from setuptools.build_meta import build_{kind} as build; print(build({str(to)!r}))"
    done = subprocess.run([sys.executable, "-c", command], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return to / done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def wheel(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("wheel", copy, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of its own with the wheel in it; what that depends on is borrowed from ours. No network."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False, symlinks=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    pip = [sys.executable, "-m", "pip", "--python", str(folder), "install", "--no-index", "--no-deps", "--quiet"]
    done = subprocess.run([*pip, str(wheel)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (site / "borrowed.pth").write_text("\n".join(borrowed()), encoding="utf-8")
    return folder


def borrowed() -> list[str]:
    """The folders of what we depend on; not the one that has this checkout in it."""
    return [path for path in sys.path if path.endswith("-packages") and not (Path(path) / "syndicate").is_dir()]


def test_the_wheel_has_everything_of_the_package(wheel: Path) -> None:
    ours = {name.removeprefix("src/") for name in tracked() if name.startswith("src/")}
    assert {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("syndicate/")} == ours
    assert {"syndicate/py.typed", "syndicate/render/templates/style.css"} <= ours


def test_it_is_installed_and_runs_elsewhere(installed: Path, tmp_path: Path) -> None:
    """As a new operator would: the version, a site, a release, a cycle, and what is published of it."""
    program = installed / "bin" / "syndicate"

    def ran(*arguments: str) -> str:
        done = subprocess.run([program, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False, env={})
        assert (done.returncode, done.stderr) == (0, ""), arguments
        return done.stdout

    assert ran("--version") == f"syndicate {__version__}\n"
    ran("init", "presse")
    (tmp_path / "presse" / "releases" / "schule.md").write_text(SCHOOL, encoding="utf-8")
    ran("--config", "presse/config.toml", "run", "--once")
    assert "Brunnau" in (tmp_path / "presse" / "feeds" / "all.atom").read_text("utf-8")
    assert "<style" in (tmp_path / "presse" / "feeds" / "index.html").read_text("utf-8")
    origin = "import syndicate, sys; print(syndicate.__file__)"
    python = installed / "bin" / "python"
    told = subprocess.run([python, "-c", origin], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert told.startswith(str(installed))
    for shell in SHELLS:
        assert "_SYNDICATE_COMPLETE" in ran("--show-completion", shell)


@pytest.mark.parametrize(
    "path",
    [
        "man/man1/syndicate.1",
        "syndicate/syndicate.service",
        "syndicate/syndicate@.service",
        "syndicate/constraints.txt",
        "doc/syndicate/README.md",
        "doc/syndicate/docs/operators.md",
    ],
)
def test_what_operators_need_beside_it_is_installed(path: str, installed: Path) -> None:
    assert (installed / "share" / path).stat().st_size > 100


def test_every_page_of_the_documentation_is_installed(installed: Path) -> None:
    pages = {path.name for path in (ROOT / "docs").glob("*.md")}
    assert {path.name for path in (installed / "share" / "doc" / "syndicate" / "docs").iterdir()} == pages


def test_the_source_distribution_is_the_checkout(copy: Path, wheel: Path, tmp_path: Path) -> None:
    """What is tracked, so that whoever has it can test it; and the wheel that is built of it is the same."""
    archive = built("sdist", copy, tmp_path / "sdist")
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path, filter="data")
    (folder,) = (path for path in tmp_path.iterdir() if path.name.startswith("syndicate-"))
    has = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert tracked() - has == set()
    again = built("wheel", folder, tmp_path / "again")
    of = {name: zipfile.ZipFile(name).namelist() for name in map(str, (wheel, again))}
    assert sorted(of[str(again)]) == sorted(of[str(wheel)])


def test_the_version_is_told_alike() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[(.*?)\]", changes, re.MULTILINE)[0] in ("Unreleased", __version__)


def test_use_leaves_the_repository_as_it_is(copy: Path) -> None:
    """What is made by running it is ignored by git, and config.toml is nobody's but the operator's."""

    def git(*arguments: str) -> str:
        command = ["git", "-c", "core.safecrlf=false", *arguments]
        return subprocess.run(command, cwd=copy, capture_output=True, text=True, check=True).stdout

    def ran(*arguments: str) -> int:
        return syndicate("--config", str(copy / "config.toml"), *arguments).code

    git("init", "--quiet")
    git("add", "--all")
    git("-c", "user.name=x", "-c", "user.email=x@talland.example", "commit", "--quiet", "-m", "x")
    for arguments in (["check"], ["run", "--once"], ["ingest"], ["publish"], ["status"], ["topics", "--unmapped"]):
        assert ran(*arguments) in (0, 1)
    (release,) = syndicate("--config", str(copy / "config.toml"), "releases", "list", "--limit", "1", "--json").json
    assert ran("releases", "withdraw", release["id"]) == 0
    port, quiet = free_port(), {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([SYNDICATE, "run", "--port", str(port)], cwd=copy, **quiet) as daemon:
        waited(port, "all.atom", "<feed")
        daemon.kill()  # leaves the most behind
    assert git("status", "--porcelain") == ""
