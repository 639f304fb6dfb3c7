"""A new format is one file and one row: a toy of each kind is added to a copy of the program, and found everywhere."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from syndicate.formats import FORMATS, USUAL

SRC = Path(__file__).parents[1] / "src" / "syndicate"
OUTPUT = """
def render(page, content):
    poison = any("unclosed" in release.title for release in page.releases)
    words = "".join(f"<w id='{release.atom_id}'>{content(release) and 'x'}</w>" for release in page.releases)
    return f"<toy>{words}{'<' if poison else ''}</toy>".encode()


def alone(release, page):
    return f"<toy id='{release.id}'/>".encode()


def withdrawn(tombstone, site):
    return b"<toy gone='yes'/>"
"""
OUTPUT_ROW = '    Format("toy", "toy.xml", "application/toy+xml", "toy", "Toy", releases=True),\n'
INPUT = """
from syndicate.model import Item


def read(text, url):
    return tuple(Item(title=line, content="<p>Dazu ein Satz.</p>") for line in text.splitlines())
"""
INPUT_ROW = '    "toy": Parser("syndicate.parse.toyreader", (".toy",), ("application/x-toy",), feed=True),\n'
TOY = "{ erste }\n{ zweite }\n"  # what it looks like otherwise does not matter: its name says what it is
CONFIG = """
[publish]
formats = ["json", "toy", "atom", "rss"]
page_size = 2
[[topic]]
title = "Gesundheit"
aliases = ["klinik"]
[[source]]
id = "ours"
path = "releases"
"""


class Toyshop:
    """A copy of the program with a toy in it, and a folder that it is run in."""

    def __init__(self, folder: Path) -> None:
        self.program, self.work = folder / "program" / "syndicate", folder / "work"
        shutil.copytree(SRC, self.program, ignore=shutil.ignore_patterns("__pycache__"))
        (self.work / "releases").mkdir(parents=True)

    def add(self, file: str, text: str, table: str, before: str, row: str) -> None:
        (self.program / file).write_text(text, encoding="utf-8")
        path = self.program / table
        source = path.read_text(encoding="utf-8")
        assert source.count(before) == 1
        path.write_text(source.replace(before, row + before), encoding="utf-8")

    def put(self, name: str, text: str) -> None:
        (self.work / "releases" / name).write_text(text, encoding="utf-8")

    def python(self, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=self.work,
            env=os.environ | {"PYTHONPATH": str(self.program.parent)},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.python("import sys; from syndicate.cli import main; sys.exit(main())", *arguments)

    def read(self, path: str) -> str:
        return (self.work / "feeds" / path).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Toyshop:
    shop = Toyshop(tmp_path_factory.mktemp("toys"))
    # The last row of the table: what stands first is what most feed readers take.
    shop.add("render/toy.py", OUTPUT, "formats.py", ")\nFORMATS", OUTPUT_ROW)
    (shop.work / "config.toml").write_text(CONFIG, encoding="utf-8")
    shop.add("parse/toyreader.py", INPUT, "parse/parsers.py", "}\nFORMAT_CHOICES", INPUT_ROW)
    shop.put("two.toy", TOY)
    for n in range(5):
        shop.put(f"{n}.md", f"---\ntitle: Meldung {n}\ntopic: Gesundheit\n---\nEin Satz, der zur Meldung {n} gehört.\n")
    shop.put("bad.md", "---\ntitle: unclosed\ntopic: Gesundheit\n---\nEin Satz, der alles verdirbt.\n")
    done = shop.run("run", "--once")
    assert done.returncode in (0, 1), done.stderr  # 1: the release that the check left out needs a person
    return shop


def test_an_output_format_has_heads_archives_and_copies_under_earlier_ids(shop: Toyshop) -> None:
    feeds = shop.work / "feeds"
    found = {name for path in feeds.rglob("*.toy.xml") if not (name := str(path.relative_to(feeds))).startswith("rel")}
    assert {"all.toy.xml", "gesundheit.toy.xml", "klinik.toy.xml", "gesundheit/1.toy.xml", "all/1.toy.xml"} <= found
    assert {name.removesuffix(".toy.xml") for name in found} == {
        str(path.relative_to(feeds).with_suffix("")) for path in feeds.rglob("*.atom")
    }


def test_an_output_format_has_a_document_for_each_release(shop: Toyshop) -> None:
    pages = {path.stem for path in (shop.work / "feeds" / "releases").glob("*.html")}
    assert pages
    for name in pages:
        assert shop.read(f"releases/{name}.toy.xml") == f"<toy id='{name}'/>"


def test_an_output_format_is_named_where_feeds_are_named(shop: Toyshop) -> None:
    for page in (
        "index.html",
        "gesundheit.html",
        f"releases/{next((shop.work / 'feeds/releases').glob('*.html')).name}",
    ):
        links = re.findall(r'<link rel="alternate" type="([^"]*)" title="[^"]*\((.*)\)"', shop.read(page))
        assert ("application/toy+xml", "Toy") in links
        assert [label for _, label in links[:4]] == ["Atom", "RSS", "JSON", "Toy"]  # the table's order, not the list's
    for page in ("index.html", "gesundheit.html"):
        assert 'type="application/toy+xml">Toy' in shop.read(page)


def test_an_output_format_leaves_the_list_of_feeds_alone(shop: Toyshop) -> None:
    assert "gesundheit.atom" in shop.read("topics.opml")
    assert "toy" not in shop.read("topics.opml")


def test_an_output_format_is_served_as_what_it_is(shop: Toyshop) -> None:
    done = shop.python("from syndicate.publish import kind_of; print(kind_of('gesundheit/1.toy.xml'))")
    assert "application/toy+xml; charset=utf-8" in done.stdout
    assert "access-control-allow-origin" in done.stdout


def test_an_output_format_is_checked_before_it_is_published(shop: Toyshop) -> None:
    for path in ("all.toy.xml", "all.atom"):
        assert "unclosed" not in shop.read(path)
    assert "not well-formed" in shop.run("status").stdout


def test_an_output_format_is_offered_where_another_is_misspelt(shop: Toyshop) -> None:
    (shop.work / "other.toml").write_text('[publish]\nformats = ["joy"]\n', encoding="utf-8")
    assert "toy" in shop.run("check", "--config", "other.toml").stderr


def test_an_input_format_is_found_in_folders_by_its_suffix(shop: Toyshop) -> None:
    found = json.loads(shop.run("releases", "list", "--json").stdout)
    assert {"{ erste }", "{ zweite }"} <= {release["title"] for release in found}


@pytest.mark.parametrize("name", ["two.toy", "two.txt"])
def test_an_input_format_can_be_named(shop: Toyshop, name: str) -> None:
    (shop.work / name).write_text(TOY, encoding="utf-8")
    shown = shop.run("preview", name, "--format", "toy", "--json")
    assert [release["title"] for release in json.loads(shown.stdout)] == ["{ erste }", "{ zweite }"]


def test_an_input_format_is_told_by_its_media_type(shop: Toyshop) -> None:
    code = "from syndicate.parse import detect; print(detect(b'{ x }', media_type='application/x-toy; charset=utf-8'))"
    assert shop.python(code).stdout == "toy\n"


@pytest.mark.parametrize(
    "code",
    [
        "from syndicate.fetch import ACCEPT as said",
        "from syndicate.parse import feeds\n"
        'said = feeds(b\'<link rel="alternate" type="application/x-toy" href="/x">\', url="http://a.example/")',
    ],
)
def test_a_feed_of_an_input_format_is_asked_for_and_found(shop: Toyshop, code: str) -> None:
    assert "application/x-toy" in shop.python(f"{code}\nprint(said)").stdout


def test_an_input_format_is_in_configuration_and_help(shop: Toyshop) -> None:
    text = '[[source]]\nid = "x"\npath = "releases"\nformat = "{}"\n'
    for form, status in (("toy", 0), ("joy", 2)):
        (shop.work / "third.toml").write_text(text.format(form), encoding="utf-8")
        assert shop.run("sources", "list", "--config", "third.toml").returncode == status
    for command in (("preview", "--help"), ("sources", "add", "--help")):
        assert "markdown, toy" in " ".join(shop.run(*command).stdout.split())


def test_what_is_usual_is_published_where_no_format_is_named() -> None:
    assert USUAL == ("atom", "rss", "json")


def test_rows_have_names_suffixes_and_types_of_their_own() -> None:
    for field in ("name", "suffix", "media_type", "renderer", "label"):
        values = [getattr(row, field) for row in FORMATS.values()]
        assert len({*values}) == len(values), field
