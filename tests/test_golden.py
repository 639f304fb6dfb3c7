"""Known material comes out as it did: the published tree, what `--json` tells of it, and the headers it is served with.

Whoever changes what is published on purpose writes the manifests anew and says so in the commit:

    pytest tests/test_golden.py --golden-write

A failure names each document that differs, and its first line that does.
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from cli_site import syndicate as command
from golden import Golden, Steady
from syndicate import store as stores
from syndicate.config import load
from syndicate.model import Plan, Source
from syndicate.pipeline import ingest, prepare, syndicate
from syndicate.serve import Server, create_app
from worlds import NOW, readable

ROOT = Path(__file__).parents[1]
WRITTEN = 1_767_000_000  # when each file was: in December 2025
HEADERS = ("content-type", "cache-control", "content-security-policy", "vary", "x-content-type-options", "link")
TEXTS = (".txt", ".md", ".json", ".xml", ".rss", ".rdf", ".atom", ".html")

Judge = Callable[[Golden], None]


@pytest.fixture
def judged(request: pytest.FixtureRequest) -> Judge:
    """Compares with the manifest, or writes it where the option says so."""

    def judge(golden: Golden) -> None:
        if request.config.getoption("--golden-write"):
            golden.write()
        differences = golden.differences()
        assert not differences, "\n" + "\n".join(differences[:50])

    return judge


class Play:
    """The bundled configuration with these folders as its sources, read and published once."""

    def __init__(self, root: Path, *folders: Path) -> None:
        shutil.copy(ROOT / "config.toml", root)
        plan = load(root / "config.toml")
        self.config, self.feeds = root / "config.toml", plan.publish.directory
        sources = tuple(_copied(folder, root) for folder in folders)
        self.plan: Plan = replace(plan, sources=sources)
        listed = "".join(f'\n[[source]]\nid = "{source.id}"\npath = "{source.id}"\n' for source in sources)
        text = self.config.read_text("utf-8").split("\n[[source]]\n")[0] + "\n" + listed
        self.config.write_text(text, encoding="utf-8")
        with stores.open(self.plan.store) as store:
            prepare(store, self.plan, now=NOW)
            for source in sources:
                ingest(source, store=store, client=None, plan=self.plan, now=NOW)
            for _ in syndicate(store, self.plan, now=NOW):
                pass
        self.releases = command("releases", "list", "--json", "--limit", "100000", "--config", str(self.config)).json
        today = "|".join(f"{datetime.now(zone):%Y-%m-%d}" for zone in (UTC, ZoneInfo("Europe/Berlin")))
        self.steady = Steady(self.releases, (re.escape(str(root)), ""), (rf"(?:{today})T[0-9:.]+[+Z:0-9]*", "now"))

    def tree(self) -> dict[str, str]:
        return self.steady.tree(readable(self.feeds) | {".lock": b""})

    def told(self, *arguments: str) -> dict[str, str]:
        result = command(*arguments, "--json", "--config", str(self.config))
        assert result.code == 0, result.err
        return {self.steady(f"$ {' '.join(arguments)}"): self.steady(result.out)}

    def headers(self, *paths: str) -> Iterator[tuple[str, str]]:
        with Server(create_app(self.feeds), host="127.0.0.1", port=0) as server:
            for path in paths:
                answer = httpx.get(
                    f"http://127.0.0.1:{server.port}/{path}", headers={"Accept-Encoding": "gzip"}, trust_env=False
                )
                told = [f"{name}: {answer.headers[name]}" for name in HEADERS if name in answer.headers]
                yield f"GET {self.steady(path)}", "\n".join([str(answer.status_code), *told])


def _copied(folder: Path, root: Path) -> Source:
    """Every file with the same time, so that what is dated by it is so everywhere."""
    there = root / folder.name
    shutil.copytree(folder, there)
    for path in there.rglob("*"):
        os.utime(path, (WRITTEN, WRITTEN))
    return Source(id=folder.name, path=str(there), tag="presse.talland.example,2026")


def test_the_bundled_examples(tmp_path: Path, judged: Judge) -> None:
    play = Play(tmp_path, ROOT / "examples" / "releases")
    documents = play.tree()
    documents |= play.told("topics")
    for release in play.releases:  # one by one: what is of one moment is listed by the ids
        documents[play.steady(f"$ releases list: {release['id']}")] = play.steady(json.dumps(release, indent=1))
        documents |= play.told("releases", "show", release["id"])
    for path in sorted((tmp_path / "releases").iterdir()):
        if path.suffix in TEXTS and path.name != "README.md":
            result = command("preview", str(path), "--json", "--config", str(play.config))
            documents[f"$ preview {path.name}"] = play.steady(result.out)
    page = min((play.steady(path.name), path.name) for path in play.feeds.glob("releases/*.html"))[1]
    media = next(path.relative_to(play.feeds) for path in sorted(play.feeds.glob("media/*/*")))
    names = ("", "all.atom", "all.rss", "all.json", "feeds.opml", "schule.html", f"releases/{page}", str(media), "x")
    documents |= dict(play.headers(*names))
    judged(Golden("examples", documents))


def test_the_shared_releases(tmp_path: Path, shared: Path, judged: Judge) -> None:
    folders = [shared / "releases" / name for name in ("html", "lists", "md", "pages")]
    judged(Golden("shared-releases", Play(tmp_path, *folders).tree()))


@pytest.mark.large
def test_the_shared_feeds(tmp_path: Path, shared: Path, judged: Judge) -> None:
    folders = [shared / "corpus" / "feeds" / name for name in ("conformance", "real")]
    judged(Golden("shared-feeds", Play(tmp_path, *folders).tree(), hints=False))
