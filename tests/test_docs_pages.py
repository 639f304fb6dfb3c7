"""README.md and docs/ for readers, newsrooms and operators say what the program does: where they lie, this fails."""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import typer

import cli_site
from builders import CORRECTIONS, make_page, rich_release
from syndicate.app import REMEDIES
from syndicate.cli import app
from syndicate.config import TABLES
from syndicate.model import Topic
from syndicate.pipeline import Edit, Withdraw, prepare
from syndicate.render import render
from syndicate.render import words as wording
from syndicate.revise import too_many
from syndicate.serve import Server, create_app
from worlds import NOW, World

ROOT = Path(__file__).parents[1]
PAGES = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))}
READERS, NEWSROOMS, OPERATORS, LIFE, VALIDITY = (
    PAGES[name] for name in ("readers.md", "newsrooms.md", "operators.md", "life.md", "validity.md")
)
BENCHMARKS = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
ACCEPTED = {  # warnings of the W3C feed validator; no other may ever be seen
    "ArchiveIncomplete",
    "BadCharacters",
    "ContainsHTML",
    "ContainsUndeclaredHTML",
    "DuplicateUpdated",
    "MissingTextualContent",
    "NonCanonicalURI",
    "NotHtml",
    "UnknownNamespace",
}


def section(page: str, heading: str) -> str:
    return page.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The cells of its tables, without heads and rules."""
    lines = [line for line in text.split("\n") if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


def code(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


@pytest.mark.parametrize("name", ["readers.md", "newsrooms.md", "life.md", "validity.md"])  # the operators' are books
def test_it_is_one_page(name: str) -> None:
    text = PAGES[name]
    assert text.count("\n") <= 130
    assert text.startswith("# ")


@pytest.mark.parametrize(
    ("page", "target"),
    [(name, to) for name, text in PAGES.items() for to in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in to],
)
def test_a_link_leads_to_a_file(page: str, target: str) -> None:
    folder = ROOT if page == "README.md" else ROOT / "docs"
    assert (folder / target).is_file()


def headings(page: str) -> set[str]:
    """As they are linked to."""
    found = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    named = re.findall(r'<a id="([\w-]+)">', page)
    return {*named, *(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found)}


@pytest.mark.parametrize(
    ("page", "target"),
    [(name, to) for name, text in PAGES.items() for to in re.findall(r"\]\(([\w.-]*#[^)]+)\)", text)],
)
def test_a_link_into_a_page_leads_to_a_heading(page: str, target: str) -> None:
    other, _, heading = target.partition("#")
    assert heading in headings(PAGES[other or page])


# --- commands ---------------------------------------------------------------------------------------------------------


def commands(text: str) -> Iterator[str]:
    """What is in backticks or in a block of code and calls us, without the path of the program."""
    blocks = re.findall(r"^(?:    |ExecStart=)(.*)$", text, re.MULTILINE)
    for line in (*code(text), *blocks):
        if found := re.search(
            r"(?:^|/bin/)syndicate( (?:--config \S+ )?[a-z].*)$", line.split("  #")[0].split(" > ")[0]
        ):
            yield f"syndicate{found[1]}".rstrip()


NAMED = sorted({(name, line) for name, text in PAGES.items() if name != "commands.md" for line in commands(text)})


def known_options(command: Any) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts}


@pytest.mark.parametrize(("page", "line"), NAMED)
def test_a_command_is_there_with_its_options(page: str, line: str) -> None:
    arguments = shlex.split(line)[1:]
    command: Any = typer.main.get_command(app)
    options = known_options(command)
    while arguments:
        word = arguments.pop(0)
        if word == "--config":
            arguments.pop(0)
        elif word.startswith("--"):
            assert word in options
        elif getattr(command, "list_commands", None):
            command = command.get_command(None, word) if command.list_commands(None) else None
            assert command is not None, f"{word}: no such command"
            options |= known_options(command)


def test_commands_are_found_at_all() -> None:
    assert ("life.md", 'syndicate releases edit ID --title "…" --note "…"') in NAMED
    assert ("operators.md", "syndicate init /etc/syndicate") in NAMED
    assert len(NAMED) > 20


def test_the_options_named_for_an_edit_are_all_of_them() -> None:
    (row,) = (row for row in rows(LIFE) if row[0] == "correct")
    root: Any = typer.main.get_command(app)
    ours = known_options(root.get_command(None, "releases").get_command(None, "edit"))
    common = {"--config", "--json", "--verbose", "-v", "--help", "-h", "release"}
    assert set(re.findall(r"--[a-z]+(?:-[a-z]+)*", row[1])) == ours - common


# --- what is published ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Small pages, so there is an archive; a file beside a release, a correction, a withdrawal; and its server."""
    root = tmp_path_factory.mktemp("life")
    world = World(root, topics=(Topic("gesundheit", "Gesundheit"),), page_size=2)
    with Server(create_app(world.feeds), "127.0.0.1", 0) as server:
        world.plan = replace(world.plan, site=replace(world.plan.site, base_url=server.address))
        prepare(world.store, world.plan, now=NOW)
        (world.folder / "plan.pdf").write_bytes(b"%PDF-1.4\n")
        for number in range(7):
            more = "enclosures: [plan.pdf]\n" if number == 0 else ""
            head = f"title: Meldung {number}\ntopics: [Gesundheit]\ndate: 2026-05-0{number + 1} 10:00\n{more}"
            world.write(f"{number}.md", f"---\n{head}---\nText {number} aus Brunnau.\n")
        world.poll()
        found = {release.title: release.id for release in world.store.releases.list()}
        later = NOW + timedelta(hours=1)
        world.act(Withdraw(found["Meldung 6"], reason="Falsche Zahlen"), now=later)
        world.act(Edit(found["Meldung 1"], fields={"teaser": "Neu."}, note="Die Zahl war falsch."), now=later)
        world.publish(later)
        yield world
    world.close()


def test_every_address_for_readers_is_published(life: World) -> None:
    published = life.bytes()
    table = section(READERS, "Which address")
    named = [path for row in rows(table) for path in code(row[0])] + ["gesundheit/1.atom", "gesundheit/1.json"]
    assert "topics.opml" in named
    for path in named:
        pattern = re.sub(r"releases/\w+", "releases/*", path)
        assert any(fnmatch(there, pattern) for there in published), path


def test_addresses_in_running_text_are_published(life: World) -> None:
    published = life.bytes()
    for path in {path for text in (READERS, NEWSROOMS, PAGES["README.md"]) for path in code(text)}:
        if re.fullmatch(r"(gesundheit|all|topics)[\w./]*\.(atom|rss|json|opml|html)", path):
            assert path in published
    assert "`media/HASH/NAME`" in NEWSROOMS
    assert any(re.fullmatch(r"media/[0-9a-f]+/plan\.pdf", path) for path in published)


def test_the_walk_for_newsrooms_yields_each_release_once(life: World, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", NEWSROOMS, re.DOTALL)
    address = "https://press.example.org/"
    assert address in example
    exec(compile(example.replace(address, life.plan.site.base_url), "newsrooms.md", "exec"), {})
    lines = capsys.readouterr().out.split("\n")[:-1]
    assert [line.partition("Meldung ")[2] for line in lines] == ["1", "5", "4", "3", "2", "0"]
    assert len({line.split()[1] for line in lines}) == 6


def test_a_withdrawal_is_told_as_documented(life: World) -> None:
    published = life.bytes()
    reasons = ("Zurückgezogen am 1. Juni 2026.", "Falsche Zahlen")
    for name in ("rss", "json"):
        assert all(said.encode() in published[f"gesundheit.{name}"] for said in ("Zurückgezogen", *reasons))
    assert b'<at:deleted-entry ref="' in published["gesundheit.atom"]
    assert b"<at:comment>Falsche Zahlen" in published["gesundheit.atom"]
    namespace = "http://purl.org/atompub/tombstones/1.0"
    assert namespace in NEWSROOMS
    assert namespace.encode() in published["gesundheit.atom"]
    notice = json.loads(published["gesundheit.json"])["items"][0]
    assert "_syndicate" not in notice
    assert not any(b"Meldung 6" in body for body in published.values())


def test_a_correction_is_told_as_documented(life: World) -> None:
    feed = json.loads(life.bytes()["gesundheit.json"])
    (entry,) = (item for item in feed["items"] if item["title"] == "Meldung 1")
    assert entry["content_html"].startswith(
        "<p>Korrigierte Fassung vom 1. Juni 2026, 15:00 Uhr: Die Zahl war falsch.</p>"
    )
    assert "\n    Korrigierte Fassung vom 14. März 2026, 11:00 Uhr: " in READERS


@pytest.mark.parametrize(
    "key",
    [
        *(
            "related",
            "press_contact",
            "headline",
            "first_seen",
            "withdrawn",
            "corrects_release",
            "corrected_by_release",
        ),
    ],
)
def test_our_words_are_quoted_as_they_are(key: str) -> None:
    assert wording.words("de")[key] in READERS


def test_the_extension_of_json_feed_is_documented_whole() -> None:
    topic = Topic("gesundheit", "Gesundheit", mediatopic="medtop:07000000")
    release = rich_release()
    page = make_page(release, topic=topic, topics=(topic,), corrections={release.id: CORRECTIONS})
    ours = json.loads(render(page, ["json"])[0].body)["items"][0]["_syndicate"]
    table = rows(section(NEWSROOMS, "`_syndicate` in the JSON feed"))
    fields = {name: holds for first, holds in table for name in code(first)}
    assert sorted(fields) == sorted(ours)
    for name, value in ours.items():
        objects = value if isinstance(value, list) else [value]
        keys = {key for entry in objects if isinstance(entry, dict) for key in entry}
        assert not keys or {*code(fields[name])} == keys, name
    (example,) = re.findall(r"```json\n(.*?)```", NEWSROOMS, re.DOTALL)
    shown = json.loads(f"{{{example}}}")["_syndicate"]
    assert shown.keys() <= fields.keys()
    assert shown["contact"].keys() == ours["contact"].keys()


# --- numbers and rules ------------------------------------------------------------------------------------------------


def test_defaults_are_those_of_the_configuration() -> None:
    publish, fetch = TABLES["publish"], TABLES["fetch"]
    size = publish["page_size"].default
    assert isinstance(size, int)
    for page in (READERS, NEWSROOMS):
        assert f"{size} to {2 * size - 1} " in page
        assert f"{str(publish['tombstones'].default).rstrip('d')} days" in page
        assert f"{str(publish['withdrawal_notice'].default).rstrip('d')} days" in page
    assert "10 MB (`max_bytes`)" in OPERATORS
    assert fetch["max_bytes"].default == "10MB"


def test_the_guard_is_as_documented() -> None:
    assert "more than five, or two or more that are over a tenth" in re.sub(r"\s+", " ", LIFE)
    assert [too_many(*numbers) for numbers in ((6, 10_000), (5, 10_000), (2, 19), (2, 20), (1, 1))] == [
        *(True, False, True, False, False)
    ]


@pytest.mark.parametrize(
    ("statement", "waits"),
    [
        (line, bool(column))
        for row in rows(LIFE)
        for column, cell in enumerate(row)
        for line in code(cell)
        if re.match(r"(Sperr|Frei |Embargo)", line)
    ],
)
def test_an_embargo_is_understood_as_documented(statement: str, waits: bool, tmp_path: Path) -> None:
    file = tmp_path / "rede.md"
    file.write_text(f"---\ntitle: Neue Notaufnahme\n---\n{statement}\n\nSie ist fertig.\n", encoding="utf-8")
    (found,) = cli_site.syndicate("preview", str(file), "--json").json
    until = None if waits else "2099-03-14T11:00:00+01:00"
    assert (found["state"], found["embargo"]["until"]) == ("embargoed", until)


def test_every_accepted_warning_is_listed_and_no_other() -> None:
    listed = [name for row in rows(section(VALIDITY, "Accepted warnings")) for name in code(row[0])]
    assert sorted(listed) == sorted(ACCEPTED)


# --- running it -------------------------------------------------------------------------------------------------------


def test_whatever_needs_a_person_has_a_row() -> None:
    """In the table of docs/operators.md: each kind that the program can tell, and no other."""
    table = rows(section(OPERATORS, "Watching it"))
    kinds = [kind for row in table for kind in code(row[0])]
    assert sorted(kinds) == sorted(REMEDIES)
    assert all(len(said) > 10 for row in table for said in row[1:])


def test_what_a_bad_day_prints_is_what_the_program_says() -> None:
    """Part by part of each line: those that no path, number or name stands in are in the program as they are."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")]
    program = re.sub(r'"\n\s*f?"', "", "\n".join(sources))  # sentences that go over a line
    printed = re.findall(r"^ {4,}(.*)$", PAGES["bad-day.md"], re.MULTILINE)
    lines = [line for line in printed if line.startswith(("needs you", "syndicate: /"))]
    assert len(lines) > 5
    for line in lines:
        parts = [
            part for part in re.split(r"[;:(,] ?", line)[1:] if not re.search(r"[/\d)]|No space|No such|^\.store", part)
        ]
        assert parts
        assert [part for part in parts if part.strip() not in program] == [], line


def test_what_an_installation_copies_is_installed() -> None:
    """Named below share/ of an installation: a file of packaging/ that the wheel has (tests/test_shipping.py)."""
    named = set(re.findall(r"/opt/syndicate/share/syndicate/(\S+)", OPERATORS))
    assert {"syndicate.service", "syndicate.sh"} <= named
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["data-files"]
    assert all(any(fnmatch(f"packaging/{name}", each) for each in patterns["share/syndicate"]) for name in named)
    assert all((ROOT / "packaging" / name).is_file() for name in named)


def test_every_benchmark_is_listed() -> None:
    scripts = {path.stem for path in (ROOT / "benchmarks").glob("[!_]*.py")}
    assert {name for name in scripts if re.search(rf"\bbenchmarks[./]{name}\b", BENCHMARKS)} == scripts
