"""Imports go downwards only, and through doors. The rules are these lines of the architecture; there is no list of
exceptions.

A package's `__all__` is its door. From outside it is `from syndicate.store import ALL`, never `syndicate.store.topics`;
a member that the door names (`from syndicate.config import edit`) is imported when somebody asks for it. Where a door
says `by_need`, that goes for all of its members (tests/test_imports.py: what a command does without).
"""

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from syndicate import doors

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src"
# Two spaces part strangers; with `a › b`, b may import a. A room that is not built yet has its place already.
LAYERS = {
    6: "schedule, serve › operators › cli › start",
    5: "config › app",
    4: "beside, mirror › reading › work, alarms, discovery, recording, documents"
    " › fulltext, adopt, combined, rooms, reach › pipeline › websub, webhooks, backup, trying",
    3: "client › fetch  disk, objectstore › store, publish  workers  release_json  mail",
    2: "parse  rules › normalise › search  revise  classify  paginate › placement  render  validate  polling",
    1: "markup  notices",
    0: "doors  model  errors  text › urls › addresses  languages  formats  mediatypes",
}
PLACE = {
    name: (layer, chain, rank)
    for layer, line in LAYERS.items()
    for chain in line.split("  ")
    for rank, names in enumerate(chain.split(" › "))
    for name in names.split(", ")
}
LOGS = {"logging", "structlog"}
OUTSIDE = """
os pathlib glob shutil tempfile socket ssl http urllib.request sqlite3 time random secrets threading subprocess asyncio
multiprocessing httpx httpcore requests sqlite_utils watchfiles
"""
IO = LOGS | {*OUTSIDE.split()}
PURE = {1, 2}  # layers without I/O, clock, log
IMPURE = {"open", "print", "input", "now", "utcnow", "today"}


def violations(module: str, source: str, *, package: bool = False) -> Iterator[str]:
    """What a module does that its place in the house forbids. `package`: it is an `__init__`."""
    tree = ast.parse(source)
    room = ".".join(module.split(".")[1:2])
    if room not in PLACE and (room or any(imported(tree))):
        yield f"{module} has no place in LAYERS"
        return
    for name in imported(tree):
        if not allowed(room, name) or (name == f"syndicate.{room}" and not package):
            yield f"imports {name}"
    for name in named(tree):
        if not allowed(room, name):
            yield f"names {name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(imported(node)):
            yield f"imports inside {node.name}()"
        if isinstance(node, ast.Call) and room and PLACE[room][0] in PURE:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in IMPURE:
                yield f"calls {called}(), line {node.lineno}"


def allowed(room: str, name: str) -> bool:
    """May a module of this room import that?"""
    layer, chain, rank = PLACE[room]
    root, *inner = name.split(".")
    if root == "syndicate" and inner:
        below = PLACE.get(inner[0], (9, "", 9))
        return inner[0] == room or below[0] < layer or (below[:2] == (layer, chain) and below[2] < rank)
    if layer == 0 and root not in sys.stdlib_module_names | {"idna"}:
        return False
    return root != "" and not (layer < 5 and root in LOGS) and not (layer in PURE and {root, name} & IO)


def around_doors(module: str, source: str) -> Iterator[str]:
    """What a module takes from a package that it is not in, but not from its door. Tests are in no package."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            wanted = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            wanted = [(node.module or "", alias.name) for alias in node.names]
        else:
            wanted = []
        for path, name in wanted:
            if inside(path, "syndicate"):
                yield from _around(module, path, name)
    for path in named(ast.parse(source)) if module else ():
        if path.split(".")[1] != module.split(".")[1]:
            yield from _around(module, path, "")


def _around(module: str, path: str, name: str) -> Iterator[str]:
    parents = [path.rsplit(".", steps)[0] for steps in range(path.count("."), 0, -1)]
    if closed := next((door for door in parents if door != "syndicate" and not inside(module, door)), None):
        yield f"imports {path} around the door of {closed}"
    elif name and path != "syndicate" and not inside(module, path):
        if (exports := door_of(path)) is not None and name not in exports:
            yield f"imports {name}, which {path} does not export"
        if name.startswith("_"):
            yield f"imports {name}, which is private to {path}"


def inside(module: str, package: str) -> bool:
    return f"{module}.".startswith(f"{package}.")


@cache
def door_of(package: str) -> tuple[str, ...] | None:
    """A package's `__all__`; None of what is a single file."""
    path = SRC.joinpath(*package.split("."), "__init__.py")
    if not path.is_file():
        return None
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return tuple(ast.literal_eval(node.value))
    return ()


def imported(tree: ast.AST) -> Iterator[str]:
    """Full names of the modules that are imported; a relative one begins with a dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            inside = SRC.joinpath(*module.split("."))
            inner = [a.name for a in node.names if (inside / a.name).is_dir() or (inside / f"{a.name}.py").is_file()]
            yield from (f"{module}.{name}" for name in inner)
            if len(inner) < len(node.names):
                yield module


def named(tree: ast.AST) -> Iterator[str]:
    """The modules that a table names as strings, to be imported on first use."""
    strings = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return (text for text in strings if re.fullmatch(r"syndicate\.[\w.]+", text) and text.split(".")[1] in PLACE)


@pytest.mark.parametrize("path", sorted(SRC.rglob("*.py")), ids=lambda path: str(path.relative_to(SRC)))
def test_a_module_keeps_to_its_layer(path: Path) -> None:
    package = path.name == "__init__.py"
    module = module_of(path)
    assert list(violations(module, path.read_text(encoding="utf-8"), package=package)) == []


def module_of(path: Path) -> str:
    """The full name of a module of ours; empty for one of the tests or benchmarks."""
    name = ".".join(path.relative_to(SRC).with_suffix("").parts) if path.is_relative_to(SRC) else ""
    return name.removesuffix(".__init__")


@pytest.mark.parametrize(
    "path",
    sorted(path for folder in ("src", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")),
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_a_module_comes_through_doors(path: Path) -> None:
    assert list(around_doors(module_of(path), path.read_text(encoding="utf-8"))) == []


LONGEST, MOST = 40, 6  # lines of a function without its docstring; parameters without self


def oversized(source: str) -> Iterator[str]:
    """Functions that want a room or a value more; `# size: …` beside the name says why one does not.

    What a command takes are its options.
    """
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or "# size: " in lines[node.lineno - 1]:
            continue
        if any(re.search(r"\.(command|callback)\(", ast.unparse(decorator)) for decorator in node.decorator_list):
            continue
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        parameters = sum(argument.arg not in ("self", "cls") for argument in given)
        length = (node.end_lineno or 0) - node.lineno + 1 - len((ast.get_docstring(node) or "").splitlines())
        if length > LONGEST or parameters > MOST:
            yield f"{node.name}: {length} lines, {parameters} parameters"


@pytest.mark.parametrize("path", sorted(SRC.rglob("*.py")), ids=lambda path: str(path.relative_to(SRC)))
def test_functions_fit_a_screen_and_file_names_have_no_underscore_first(path: Path) -> None:
    assert list(oversized(path.read_text(encoding="utf-8"))) == []
    assert path.name == "__init__.py" or not path.name.startswith("_")


LONG = "def f():\n" + "    x = 1\n" * LONGEST


@pytest.mark.parametrize(
    ("source", "findings"),
    [
        (LONG, ["f: 41 lines, 0 parameters"]),
        ("def f(self, a, b, c, *, d, e, g, h): ...", ["f: 1 lines, 7 parameters"]),
        ("def f(self, a, b, c, *, d, e, g): ...", []),
        ("def f(a, b, c, d, e, g, h): ...  # size: each is asked of its own", []),
        ("@app.command(epilog='')\n" + LONG, []),
    ],
)
def test_what_is_oversized_is_found(source: str, findings: list[str]) -> None:
    assert list(oversized(source)) == findings


PACKAGES = [module_of(path) for path in sorted(SRC.rglob("__init__.py")) if path.parent.parent != SRC]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_door_names_what_is_there_and_nothing_private(package: str) -> None:
    exports = door_of(package)
    assert exports, f"{package} has no __all__"
    assert [name for name in exports if name.startswith("_") or exports.count(name) > 1] == []
    scope: dict[str, object] = {}
    exec(f"from {package} import *", scope)  # an AttributeError where a name is not there
    assert {*exports} <= {*scope}


BY_NEED = [package for package in PACKAGES if isinstance(importlib.import_module(package), doors.Door)]


@pytest.mark.parametrize("package", BY_NEED)
def test_a_door_by_need_has_in_its_table_what_type_checkers_read(package: str) -> None:
    path = SRC.joinpath(*package.split("."), "__init__.py")
    nodes = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
    read = {alias.name: node.module for node in nodes for alias in node.names if node.module != "typing"}
    door = importlib.import_module(package)
    read.pop("by_need")
    assert {name: door.home(name) for name in read} == read
    assert read.keys() == {*door.__all__}


def test_a_member_by_need_keeps_its_name_where_a_module_has_it_too() -> None:
    code = "import syndicate.app.due; from syndicate import app; print(callable(app.due), app.due is app.due)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True True\n"


def test_what_a_door_by_need_does_not_name_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute"):
        importlib.import_module("syndicate.app").programm  # noqa: B018 - asked for


@pytest.mark.parametrize(
    ("module", "source", "finding"),
    [
        ("", "from syndicate.store.topics import ALL", "imports syndicate.store.topics around the door"),
        ("", "import syndicate.store.topics as topics", "around the door of syndicate.store"),
        ("", "from syndicate.parse.html.body import markup", "around the door of syndicate.parse"),
        ("", "from syndicate.store import _topics", "imports _topics, which syndicate.store does not export"),
        ("", "from syndicate.store import topics", "imports topics, which syndicate.store does not export"),
        ("", "from syndicate.text import _FOLDED", "imports _FOLDED, which is private"),
        ("syndicate.app.due", "from syndicate.store.topics import ALL", "around the door of syndicate.store"),
        ("syndicate.app.due", "TABLE = {1: 'syndicate.store.topics'}", "around the door of syndicate.store"),
        ("syndicate.parse.html.body", "from syndicate.parse.plaintext.prose import prose", "door of syndicate.parse"),
        ("syndicate.parse.links", "from syndicate.parse.html.body import markup", "door of syndicate.parse.html"),
        ("syndicate.parser", "from syndicate.parse.links import feeds", "around the door of syndicate.parse"),
    ],
)
def test_what_goes_around_a_door_is_found(module: str, source: str, finding: str) -> None:
    assert any(finding in found for found in around_doors(module, source))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("", "from syndicate.store import ALL, Store\nfrom syndicate import workers\nimport syndicate.text"),
        ("", "from syndicate.config import edit, load"),
        ("syndicate.store.sources", "from syndicate.store.topics import ALL"),
        (
            "syndicate.parse.html.body",
            "from syndicate.parse.links import feeds\nfrom syndicate.parse.plaintext import prose",
        ),
        ("syndicate.parse", "TABLE = {'x': 'syndicate.parse.feed'}"),
    ],
)
def test_what_comes_through_a_door_is_let_through(module: str, source: str) -> None:
    assert list(around_doors(module, source)) == []


@pytest.mark.parametrize(
    ("module", "source", "finding"),
    [
        ("syndicate.model", "import lxml", "imports lxml"),
        ("syndicate.text", "from syndicate.model import Item", "imports syndicate."),
        ("syndicate.parse.plaintext", "from syndicate.normalise import normalise", "imports syndicate."),
        ("syndicate.parse.plaintext", "from syndicate import store", "imports syndicate."),
        ("syndicate.parse.plaintext", "from syndicate.parse import parse", "imports syndicate.parse"),
        ("syndicate.parse.plaintext", "import syndicate.parse", "imports syndicate.parse"),
        ("syndicate.parse.plaintext", "from .encoding import decode", "imports .encoding"),
        ("syndicate.render.atom", "import os.path", "imports"),
        ("syndicate.render.atom", "import urllib.request", "imports"),
        ("syndicate.revise", "from datetime import datetime\nx = datetime.now()", "calls now()"),
        ("syndicate.revise", "open('x')", "calls open()"),
        ("syndicate.revise", "def f():\n    if x:\n        import re", "imports inside f()"),
        ("syndicate.revise", "TABLE = {'a': 'syndicate.pipeline'}", "names syndicate."),
        ("syndicate.store.topics", "from syndicate.client import Client", "imports syndicate."),
        ("syndicate.client.guard", "from syndicate.fetch import fetch", "imports syndicate."),
        ("syndicate.pipeline", "import structlog", "imports structlog"),
        ("syndicate.config", "from syndicate.cli import main", "imports syndicate."),
        ("syndicate.serve.app", "from syndicate.schedule import due", "imports syndicate."),
        ("syndicate.manager", "", "no place"),
        ("syndicate", "from syndicate.model import Item", "no place"),
    ],
)
def test_what_is_forbidden_is_found(module: str, source: str, finding: str) -> None:
    assert any(finding in found for found in violations(module, source))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("syndicate.fetch.http", "from syndicate.client import Client"),
        (
            "syndicate.cli.run",
            "import os, structlog\nfrom syndicate.serve import app\nfrom syndicate.config import load",
        ),
        ("syndicate.parse.plaintext", "from syndicate.parse.encoding import decode\nfrom syndicate.model import Item"),
        ("syndicate.parse.plaintext", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import lxml"),
        ("syndicate", "'a docstring'"),
    ],
)
def test_what_is_allowed_is_let_through(module: str, source: str) -> None:
    assert list(violations(module, source)) == []
