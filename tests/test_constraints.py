"""constraints.txt pins everything that we install, and nothing else but versions stands in it."""

import re
import tomllib
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LINES = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()


def needed(lines: list[str], extras: frozenset[str], seen: dict[str, frozenset[str]]) -> None:
    """Collects into `seen` what these requirements bring on this machine, and what that needs in turn."""
    for requirement in map(Requirement, lines):
        if requirement.marker and not any(requirement.marker.evaluate({"extra": extra}) for extra in {*extras, ""}):
            continue
        name, wanted = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if name not in seen or not wanted <= seen[name]:
            seen[name] = seen.get(name, wanted) | wanted
            with suppress(PackageNotFoundError):  # not on this machine: what it needs cannot be known
                needed(requires(name) or [], wanted, seen)


def test_everything_that_we_need_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    seen: dict[str, frozenset[str]] = {}
    needed(
        [
            *project["dependencies"],
            *project["optional-dependencies"]["cluster"],
            *project["optional-dependencies"]["dev"],
        ],
        frozenset(),
        seen,
    )
    assert {"feedparser", "lxml", "pytest", "certifi"} <= seen.keys()  # ours, and what ours need
    pinned = {canonicalize_name(line.split("==")[0]) for line in LINES}
    assert sorted(seen.keys() - pinned) == ["pip"]  # sqlite-utils asks for it, but a pip must not replace itself


def test_there_are_versions_only() -> None:
    assert [line for line in LINES if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []
    assert sorted(LINES, key=str.casefold) == LINES
