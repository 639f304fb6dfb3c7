"""Imports go downwards only. The rules are these lines of the architecture; there is no list of exceptions."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src"
# Two spaces part strangers; with `a › b`, b may import a. A room that is not built yet has its place already.
LAYERS = {
    6: "schedule, serve › cli",
    5: "config › service, app",
    4: "reading › fulltext › pipeline  discovery",
    3: "client › fetch  store  publish  websub  workers",
    2: "parse  normalise  revise  classify  paginate › placement  render  validate  polling",
    1: "notices",
    0: "model  errors  text  formats  mediatypes",
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
    module = ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")
    assert list(violations(module, path.read_text(encoding="utf-8"), package=package)) == []


@pytest.mark.parametrize(
    ("module", "source", "finding"),
    [
        ("syndicate.model", "import lxml", "imports lxml"),
        ("syndicate.text", "from syndicate.model import Item", "imports syndicate."),
        ("syndicate.parse.page", "from syndicate.normalise import normalise", "imports syndicate."),
        ("syndicate.parse.page", "from syndicate import store", "imports syndicate."),
        ("syndicate.parse.page", "from syndicate.parse import parse", "imports syndicate.parse"),
        ("syndicate.parse.page", "import syndicate.parse", "imports syndicate.parse"),
        ("syndicate.parse.page", "from .encoding import decode", "imports .encoding"),
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
        ("syndicate.parse.page", "from syndicate.parse.encoding import decode\nfrom syndicate.model import Item"),
        ("syndicate.parse.page", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import lxml"),
        ("syndicate", "'a docstring'"),
    ],
)
def test_what_is_allowed_is_let_through(module: str, source: str) -> None:
    assert list(violations(module, source)) == []
