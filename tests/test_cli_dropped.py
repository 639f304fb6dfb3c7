"""`why --dropped`, and what commands say of rules."""

from pathlib import Path

import pytest

from cli_site import FOLDER, LATER, ROAD, SCHOOL, Site
from syndicate import store as stores

RULES = f'{FOLDER}keep = ["category:Schule", "category:Verkehr"]\ndrop = ["title:Umg*"]\n'
EVERYTHING = f'{FOLDER}drop = ["title:*"]\n'
HANGS = f'{FOLDER}drop = ["text:/(x+)+$/"]\n'


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path, sources=RULES, schule=SCHOOL, strasse=ROAD, bericht=LATER)


def test_what_is_dropped_is_counted_and_listed(site: Site) -> None:
    (row,) = site.run("run", "--once", "--json").json["sources"]
    assert (row["new"], row["dropped"], row["unchanged"], row["embargoed"]) == (1, 2, 0, 0)
    (row,) = site.run("ingest", "amt", "--json").json["sources"]
    assert (row["new"], row["dropped"], row["unchanged"]) == (0, 0, 3)
    listed = site.run("why", "--dropped", "--json")
    assert listed.code == 0
    by_title = {each["title"]: each for each in listed.json}
    assert [(title, each["rule"], each["id"]) for title, each in sorted(by_title.items())] == [
        ("Neuer Forstbericht", "keep", "bericht.md"),
        ("Umgehung für Erlenstadt", "title:Umg*", "strasse.md"),
    ]
    assert [*by_title["Neuer Forstbericht"]] == ["source", "title", "url", "id", "rule", "at"]
    shown = site.run("why", "--dropped").out
    assert "Umgehung für Erlenstadt" in shown
    assert "no keep" in shown
    assert len(site.run("why", "--dropped", "--limit", "1", "--json").json) == 1
    assert "1 of 2 entries, the latest" in site.run("why", "--dropped", "--limit", "1").out
    assert site.tells("Umgehung") == []
    assert site.tells("Forstbericht") == []


def test_by_source_and_without_any(site: Site) -> None:
    assert site.run("run", "--once").code == 0
    assert len(site.run("why", "--dropped", "--source", "amt", "--json").json) == 2
    wrong = site.run("why", "--dropped", "--source", "atm")
    assert (wrong.code, "amt" in wrong.err) == (2, True)
    site.config.write_text(site.config.read_text("utf-8").replace("keep", "#keep").replace("drop", "#drop"), "utf-8")
    (row,) = site.run("ingest", "amt", "--json").json["sources"]
    assert (row["new"], row["dropped"], row["unchanged"]) == (2, 0, 1)
    assert site.run("why", "--dropped", "--json").json == []
    assert site.run("why", "--dropped").out == "No rule has dropped anything.\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "it wants a RELEASE, or --dropped"),
        (("3k9f", "--dropped"), "no RELEASE beside it"),
        (("3k9f", "--limit", "1"), "go with --dropped"),
        (("3k9f", "--source", "amt"), "go with --dropped"),
    ],
)
def test_wrong_use(site: Site, arguments: tuple[str, ...], says: str) -> None:
    done = site.run("why", *arguments)
    assert done.code == 2
    assert says in done.err


def test_rules_that_drop_everything_need_a_person(tmp_path: Path) -> None:
    site = Site(tmp_path, sources=EVERYTHING, schule=SCHOOL, bericht=LATER)
    checked = site.run("check", "--fetch")
    assert 'source amt: drop: "title:*" matches whatever there is' in checked.err
    assert "fetch amt: its rules drop everything that it has now" in checked.err
    done = site.run("run", "--once", "--no-serve")
    assert done.code == 1
    status = site.run("status")
    assert status.code == 1
    assert "amt: its rules drop everything, so nothing is held of what it has: drop = title:*" in status.out
    assert "`syndicate why --dropped --source amt`" in status.out
    assert "Forstbericht" not in status.out
    site.config.write_text(site.config.read_text("utf-8").replace('"title:*"', '"title:Werk*"'), "utf-8")
    assert site.run("ingest", "amt").code == 0
    assert site.run("status").code == 0


def test_a_rule_that_hangs_needs_a_person_and_holds_up_nobody(tmp_path: Path) -> None:
    site = Site(tmp_path, sources=HANGS, schule=SCHOOL, haengt=ROAD + "\n" + "x" * 5000 + "!\n")
    (row,) = site.run("run", "--once", "--no-serve", "--json").json["sources"]
    assert (row["new"], row["dropped"], row["failed"]) == (2, 0, False)
    status = site.run("status")
    assert status.code == 1
    assert "amt: a rule takes too long and is not heeded, so what it is to judge is kept: /(x+)+$/" in status.out


def test_what_was_public_and_is_taken_over_stays_and_is_corrected(tmp_path: Path) -> None:
    site = Site(tmp_path, schule=SCHOOL, strasse=ROAD)
    assert site.run("run", "--once", "--no-serve").code == 0
    before = site.release("--topic", "Schule")
    for path in site.folder.glob("syndicate.db*"):
        path.unlink()
    with site.config.open("a", encoding="utf-8") as config:
        config.write('drop = ["title:werkstatt*"]\n')
    site.put("neu", SCHOOL.replace("Werkstattpreis", "Werkstattfest").replace("Die Schule", "Ein Fest der Schule"))
    (row,) = site.run("run", "--once", "--no-serve", "--adopt", "--json").json["sources"]
    assert (row["new"], row["dropped"], row["failed"]) == (0, 1, False)
    site.put("schule", SCHOOL.replace("Windrad", "Wasserrad"))
    (row,) = site.run("ingest", "amt", "--json").json["sources"]
    assert (row["corrected"], row["dropped"]) == (1, 0)
    after = site.release("--topic", "Schule")
    assert (after["id"], "Wasserrad" in after["text"]) == (before["id"], True)


def test_files_beside_what_is_dropped_are_not_kept(tmp_path: Path) -> None:
    site = Site(tmp_path, sources=f'{FOLDER}drop = ["category:Verkehr"]\n', schule=SCHOOL + "\n![Rad](rad.png)\n")
    site.put("strasse", ROAD + "\n![Plan](plan.png)\n")
    for number, name in enumerate(("rad.png", "plan.png")):
        (site.releases / name).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes([number]) * 40)
    assert site.run("run", "--once", "--no-serve").code == 0
    kept = {path.name for path in (site.feeds / "media").rglob("*.png")}
    assert kept == {"rad.png"}
    with stores.open(f"sqlite:///{site.folder / 'syndicate.db'}") as store:
        assert [name for (name,) in store._connection.execute("SELECT name FROM media")] == ["rad.png"]
