"""A made-up site, and what programs have made of it: `python tests/stored_sites.py SRC NAME` puts one more into STORES.

SRC is the `src` of a checkout of that program. Beside each store stands what it held, as SQL tells it that each schema
understands. All of them are one archive, for they have most of their bytes in common.
"""

import io
import json
import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

STORES = Path(__file__).with_name("data") / "stores" / "stores.tar.xz"
CONFIG = """
[site]
title = "Presse Talland"
base_url = "https://presse.talland.example/"
timezone = "Europe/Berlin"
tag = "presse.talland.example,2026"
[publish]
page_size = 2
[[topic]]
title = "Schule"
kickers = ["Schulen"]
[[topic]]
title = "Wald"
aliases = ["forst"]
[[source]]
id = "amt"
path = "amt"
[[source]]
id = "portal"
path = "portal"
"""
_AGES = ("Wiesen", "Mühlen", "Brücken", "Gärten", "Türme", "Quellen", "Stege")
_SPEECH = "---\ntitle: Rede zum Forstjahr\ntopics: [Wald]\nembargo: Redebeginn\n---\nMehr Eichen für das Land.\n"
_REPORT = "---\ntitle: Neuer Forstbericht\ntopics: [Wald]\nembargo: 2099-01-02T10:00:00+01:00\n---\nZahlen zum Wald.\n"
_RELATED = """Gesundheit

Neue Notaufnahme in Hohenried

Die Notaufnahme in Hohenried ist fertig. Sie nimmt im Juni die Arbeit auf.

Weitere Meldungen

Wald

Eichen für den Bergwald
"""
_FEED = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:portal.talland.example,2026:feed</id><title>Portal</title>
<updated>2026-03-20T10:00:00Z</updated><author><name>Portal</name></author>
<entry><id>tag:portal.talland.example,2026:1</id><title>Steg über die Ahr bei Steinach</title>
<link href="https://portal.talland.example/steg"/><updated>2026-03-19T10:00:00Z</updated>
<category term="Verkehr"/><content type="html">&lt;p&gt;Der Steg ist 40 Meter lang.&lt;/p&gt;</content></entry>
<entry><id>tag:portal.talland.example,2026:2</id><title>Fähre nach Erlenstadt</title>
<link href="https://portal.talland.example/faehre"/><updated>2026-03-20T10:00:00Z</updated>
<category term="Verkehr"/><content type="html">&lt;p&gt;Sie fährt ab Mai, alle 20 Minuten.&lt;/p&gt;</content></entry>
</feed>
"""


def _school(number: int, more: str = "") -> str:
    name = _AGES[number]
    words = f"Die Schule in Brunnau zählt {name}. " + " ".join(
        f"Die {n}. Klasse fand {n * number + 3}." for n in range(9)
    )
    return f"---\ntitle: {name} gezählt\ntopics: [Schulen]\ndate: 2026-03-{number + 10} 11:00\n---\n{words}{more}\n"


# What stands in its folders first, and what is another afterwards.
FIRST = {f"amt/{number}.md": _school(number) for number in range(len(_AGES))} | {
    "amt/rede.md": _SPEECH,
    "amt/bericht.md": _REPORT,
    "amt/klinik.txt": _RELATED,
    "portal/feed.atom": _FEED,
}
CHANGED = {"amt/1.md": _school(1, " Zwei fehlten."), "amt/2.md": _school(2, " Eine steht leer.")}
# By the title of a release: what a person did to it. What a program does not know yet is passed over.
_ACTS = (
    ("Türme gezählt", ("withdraw", "{}", "--reason", "Es waren Masten.")),
    ("Quellen gezählt", ("edit", "{}", "--title", "Quellen gezählt und gefasst", "--note", "Titel ergänzt.")),
    ("Brücken gezählt", ("withdraw", "{}", "--reason", "Irrtum.")),
    ("Brücken gezählt", ("restore", "{}")),
    ("Rede zum Forstjahr", ("withdraw", "{}", "--reason", "Abgesagt.")),
)


@cache
def stored() -> dict[str, bytes]:
    """Each file of the archive by its name: `NAME.db` and `NAME.json`, the oldest first."""
    with tarfile.open(STORES) as archive:
        return {each.name: file.read() for each in archive if (file := archive.extractfile(each))}


def lay(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")


def stated(store: Path) -> dict[str, Any]:
    """What is to be the same after each migration: releases, what they are known by, where they stand."""
    with closing(sqlite3.connect(store)) as db:
        rows = {name: [[*row] for row in db.execute(sql)] for name, sql in _STATED.items()}
        applied = [name for (name,) in db.execute("SELECT name FROM _sqlite_migrations ORDER BY rowid")]
    return {"migrations": applied} | rows


_STATED = {
    "releases": "SELECT id, atom_id, source, state, withdrawn, published, title FROM release ORDER BY id",
    "revisions": "SELECT release, number, at, verdict FROM revision ORDER BY release, number",
    "keys": "SELECT kind, scope, value, release FROM key ORDER BY kind, scope, value",
    "editions": "SELECT release, source FROM edition ORDER BY release, source",
    "edits": "SELECT release, field, value FROM edit ORDER BY release, field",
    "topics": "SELECT id, atom_id, last_position FROM topic ORDER BY id",
    "slots": "SELECT topic, position, release, shown FROM slot ORDER BY topic, position",
    "pages": "SELECT topic, number, first, last FROM page ORDER BY topic, number",
}


def _made(source: Path, folder: Path) -> Path:
    """The store of the program there."""
    lay(folder, FIRST | {"config.toml": CONFIG})
    _done(_run(source, folder, "run", "--once"))
    lay(folder, CHANGED)
    _done(_run(source, folder, "run", "--once"))
    ids = {each["title"]: each["id"] for each in json.loads(_run(source, folder, "releases", "list", "--json").stdout)}
    for title, (verb, *arguments) in _ACTS:
        _done(_run(source, folder, "releases", verb, *(a.format(ids[title]) for a in arguments)))
    _run(source, folder, "newsrooms", "add", "talbote", "--embargoed")
    _done(_run(source, folder, "publish"))
    with closing(sqlite3.connect(folder / "syndicate.db")) as db:
        db.execute("VACUUM INTO ?", (str(folder / "copy.db"),))
    return folder / "copy.db"


def _run(source: Path, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    program = "import sys; from syndicate.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", program, *arguments, "--config", str(folder / "config.toml")]
    environment = os.environ | {"PYTHONPATH": str(source), "NO_COLOR": "1"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder, check=False)


def _done(run: "subprocess.CompletedProcess[str]") -> None:
    """1: something needs a person, as the embargo does."""
    if run.returncode not in (0, 1):
        raise SystemExit(f"{run.args[3:]}: {run.stderr}{run.stdout}")


def main(source: Path, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = _made(source.resolve(), Path(folder))
        told = json.dumps(stated(made), ensure_ascii=False, indent=0)
        files = {
            **(stored() if STORES.exists() else {}),
            f"{name}.db": made.read_bytes(),
            f"{name}.json": told.encode(),
        }
    with tarfile.open(STORES, "w:xz", preset=9) as archive:
        for path, data in sorted(files.items()):
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
