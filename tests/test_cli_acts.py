"""Commands by which a person changes a release: withdraw, restore, lift, edit, split; and what is told of it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cli_site import FOLDER, LATER, ROAD, SCHOOL, SPEECH, Site

SECOND = '\n[[source]]\nid = "haus"\npath = "haus"\npriority = 1\n'
SHARED = SCHOOL.replace("topics:", "url: https://amt.talland.example/preis\ntopics:")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """After one cycle: two public, one in an embargo with an end, one that waits for a person."""
    made = Site(tmp_path, schule=SCHOOL, strasse=ROAD, rede=SPEECH, bericht=LATER)
    assert made.run("run", "--once").code == 0
    return made


@pytest.fixture
def school(site: Site) -> str:
    return str(site.release("--topic", "schule")["id"])


@pytest.fixture
def later(site: Site) -> str:
    releases = site.run("releases", "list", "--topic", "forst", "--json").json
    return str(next(release["id"] for release in releases if release["embargo"]["until"]))


def entry(site: Site, topic: str, title: str) -> Any:
    items = json.loads((site.feeds / f"{topic}.json").read_text("utf-8"))["items"]
    return next((item for item in items if item["title"] == title), None)


def test_withdraw_says_what_readers_see_and_how_to_restore(site: Site, school: str) -> None:
    done = site.run("releases", "withdraw", school[:6], "--reason", " Falscher\n Ort ")
    assert (done.code, done.err) == (0, "")
    first, second = done.out.splitlines()
    assert first.startswith(f"{school} „Werkstattpreis für Brunnau“ is gone from every feed; a tombstone and a notice")
    assert second == f"To bring it back: syndicate releases restore {school}"
    assert site.tells("Brunnau") == []
    assert "at:deleted-entry" in (site.feeds / "schule.atom").read_text("utf-8")
    assert entry(site, "schule", "Zurückgezogen")
    shown = site.run("releases", "show", school, "--json").json
    assert (shown["state"], shown["reason"], shown["withdrawn"] is None) == ("withdrawn", "Falscher Ort", False)
    assert ": Falscher Ort" in site.run("releases", "show", school).out


def test_restore_brings_it_back(site: Site, school: str) -> None:
    site.run("releases", "withdraw", school)
    withdrawn = site.run("releases", "show", school, "--json").json["withdrawn"]
    done = site.run("releases", "restore", school)
    assert done.code == 0
    assert f"{school} „Werkstattpreis für Brunnau“ is back: public in all, schule (" in done.out
    again = site.run("releases", "show", school, "--json").json
    assert (again["state"], again["withdrawn"]) == ("public", None)
    assert again["updated"] > withdrawn
    assert entry(site, "schule", "Werkstattpreis für Brunnau")["content_html"]
    assert "deleted-entry" not in (site.feeds / "schule.atom").read_text("utf-8")


def test_withdrawn_before_anybody_saw_it(site: Site, later: str) -> None:
    done = site.run("releases", "withdraw", later)
    assert done.code == 0
    assert "Readers had never seen it" in done.out
    assert "deleted-entry" not in (site.feeds / "all.atom").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["withdraw", "zzzz"], "zzzz: no such release"),
        (["restore", "{}"], "{}: is not withdrawn"),
        (["lift", "{}"], "is under no embargo (it is public)"),
        (["edit", "{}", "--embargo", "2099-01-01T10:00:00+01:00"], "is public already"),
        (["split", "{}", "amt"], "has no second edition by amt"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_1(site: Site, school: str, arguments: list[str], complaint: str) -> None:
    done = site.run("releases", *(a.format(school) for a in arguments))
    assert (done.code, done.out) == (1, "")
    assert complaint.format(school) in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ([], "nothing to change: --title, "),
        ([], "--image, --alt, --caption, --credit, --contact, --url, --date, --embargo, --revert, --note, --no-notes"),
        (["--minor"], "nothing to change"),
        (["--note", " "], "nothing to change"),
        (["--title", " "], "--title says nothing"),
        (["--language", ""], "--language says nothing"),
        (["--language", "Deutsch!"], '"Deutsch!" is no language'),
        (["--embargo", ""], "an embargo is ended by `syndicate releases lift"),
        (["--embargo", "keine"], "an embargo is ended by `syndicate releases lift"),
        (["--embargo", "14. März 2020, 11 Uhr"], "2020-03-14 11:00 has passed"),
        (["--body", "nowhere.md"], "nowhere.md: cannot be read: No such file"),
        (["--body", "leer.txt"], "leer.txt holds no text"),
        (["--body", "bild.txt"], "bild.txt: this is a PNG image, not text"),
        (["--body", "kopf.md"], "kopf.md has front matter"),
        (["--body", "-"], "- holds no text"),
        (["--body", "frist.md"], "the text states an embargo (2099-01-01 10:00)"),
        (["--teaser", "Frei ab Redebeginn"], "the text states an embargo (Redebeginn)"),
    ],
    ids=lambda value: " ".join(value) or "nothing" if isinstance(value, list) else "",
)
def test_an_edit_that_cannot_be_used_is_2_and_changes_nothing(
    site: Site, school: str, options: list[str], complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site.folder)
    (site.folder / "leer.txt").write_text(" \n\n")
    (site.folder / "bild.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    (site.folder / "kopf.md").write_text("---\nembargo: Redebeginn\n---\nText.\n")
    (site.folder / "frist.md").write_text("Sperrfrist: 2099-01-01 10:00\n\nText.\n")
    before = site.run("releases", "show", school, "--json").json
    done = site.run("releases", "edit", school, *options)
    assert (done.code, done.out) == (2, "")
    assert complaint in done.err
    assert site.run("releases", "show", school, "--json").json == before


def test_an_edit_is_a_correction(site: Site, school: str) -> None:
    done = site.run("releases", "edit", school, "--title", " Preis  für\tSteinach ", "--note", "Der Ort war falsch.")
    assert (done.code, done.err) == (0, "")
    assert f"{school} „Preis für Steinach“, title and note changed: public in all, schule, as a correction" in done.out
    assert len(done.out.splitlines()) == 1
    shown = site.run("releases", "show", school, "--json").json
    assert (shown["title"], shown["revision"], shown["note"]) == ("Preis für Steinach", 2, "Der Ort war falsch.")
    assert shown["edits"] == {"title": "Preis für Steinach"}
    assert shown["updated"] > shown["published"]
    assert [(r["number"], r["verdict"], r["fields"], r["note"]) for r in shown["revisions"]] == [
        (1, "new", [], None),
        (2, "corrected", ["title", "note"], "Der Ort war falsch."),
    ]
    assert "Der Ort war falsch." in entry(site, "schule", "Preis für Steinach")["content_html"]
    text = site.run("releases", "show", school).out
    assert "changed by hand: title: Preis für Steinach" in text
    assert "title, note: Der Ort war falsch." in text


def test_a_poll_does_not_undo_an_edit(site: Site, school: str) -> None:
    assert site.run("releases", "edit", school, "--teaser", "").code == 0
    site.put("schule", SCHOOL.replace("Windrad", "Wasserrad"))
    assert site.run("ingest", "amt").code == 0
    shown = site.run("releases", "show", school, "--json").json
    assert (shown["teaser"], shown["edits"]) == (None, {"teaser": None})
    assert "Wasserrad" in shown["text"]


def test_a_minor_edit_moves_nothing(site: Site, school: str) -> None:
    before = site.run("releases", "show", school, "--json").json
    done = site.run("releases", "edit", school, "--title", "Werkstattpreis für Brunau", "--minor")
    assert "in its old place (revision 2)" in done.out
    after = site.run("releases", "show", school, "--json").json
    assert (after["updated"], after["revisions"][1]["verdict"]) == (before["updated"], "minor")
    assert entry(site, "schule", "Werkstattpreis für Brunau")


def test_an_edit_that_says_the_same(site: Site, school: str) -> None:
    done = site.run("releases", "edit", school, "--title", "Werkstattpreis für Brunnau")
    assert done.code == 0
    assert "says so already" in done.out
    assert site.run("releases", "show", school, "--json").json["revision"] == 1


def test_a_kicker_maps_to_topics(site: Site, school: str) -> None:
    assert site.run("releases", "edit", school, "--kicker", "Forst", "--language", "de-CH").code == 0
    shown = site.run("releases", "show", school, "--json").json
    assert (shown["kicker"], shown["language"]) == ("Forst", "de-CH")
    assert "forst" in shown["topics"]


@pytest.mark.parametrize(
    ("name", "text", "content"),
    [
        ("neu.md", "# Werkstattpreis für Brunnau\n\nEin *neues* Rad.\n\n## Ende\n", "<p>Ein <em>neues</em> Rad.</p>"),
        ("neu.md", "# Ein Rad\n\nText.\n", "<h1>Ein Rad</h1>"),
        ("neu.MARKDOWN", "Ein **Rad**.\n", "<strong>Rad</strong>"),
        ("neu.html", "<p onclick='x()'>Ein Rad<script>x</script></p>", "<p>Ein Rad</p>"),
        ("neu.htm", "<html><head><title>T</title></head><BODY class=a><p>Ein Rad</p></BODY></html>", "<p>Ein Rad</p>"),
        (
            "neu.txt",
            "Ein Rad <3 &\nzwei.\r\n\r\nEnde *hier*.\r\n",
            "<p>Ein Rad &lt;3 &amp; zwei.</p><p>Ende *hier*.</p>",
        ),
        ("neu", "Ein Rad.", "<p>Ein Rad.</p>"),
    ],
)
def test_a_body_from_a_file(site: Site, school: str, name: str, text: str, content: str) -> None:
    path = site.folder / name
    path.write_bytes(text.encode())
    assert site.run("releases", "edit", school, "--body", str(path)).code == 0
    shown = site.run("releases", "show", school, "--json").json
    assert content in shown["content"]
    assert "Windrad" not in shown["content"]
    if name.startswith("neu.h"):
        assert shown["content"] == content
    assert ("<h1>" in shown["content"]) is ("<h1>" in content)


def test_a_body_from_standard_input(site: Site, school: str) -> None:
    done = site.run("releases", "edit", school, "--body", "-", "--json", stdin="Für *alle*.\n\nEnde.\n".encode())
    assert done.code == 0
    assert done.json["content"] == "<p>Für *alle*.</p><p>Ende.</p>"


def test_an_edited_embargo(site: Site, later: str) -> None:
    done = site.run("releases", "edit", later, "--embargo", "Sperrfrist: 14. März 2098, 11 Uhr", "--json")
    assert done.json["embargo"] == {"until": "2098-03-14T11:00:00+01:00", "event": None}
    assert done.json["edits"] == {"embargo": {"until": "2098-03-14T11:00:00+01:00", "event": None}}
    done = site.run("releases", "edit", later, "--embargo", "Redebeginn")
    assert done.out.endswith("embargo changed: under embargo, Redebeginn: waits for a person.\n")
    assert site.tells("Forstbericht") == []
    site.put("bericht", LATER.replace("Zahlen", "Alle Zahlen"))
    site.run("ingest", "amt")
    shown = site.run("releases", "show", later, "--json").json
    assert (shown["embargo"]["event"], shown["state"]) == ("Redebeginn", "embargoed")
    assert "Alle Zahlen" in shown["text"]
    assert "by hand: embargo: Redebeginn" in site.run("releases", "show", later).out


def test_a_text_with_its_own_embargo_line_for_one_that_is_held(site: Site, later: str) -> None:
    path = site.folder / "text.md"
    path.write_text("Sperrfrist: 2099-01-01 10:00\n\nMehr Wald.\n", "utf-8")
    assert site.run("releases", "edit", later, "--body", str(path)).code == 0
    shown = site.run("releases", "show", later, "--json").json
    assert (shown["text"], shown["state"], shown["embargo"]["until"][:10]) == ("Mehr Wald.", "embargoed", "2099-01-02")


@pytest.mark.parametrize("was_held", [False, True], ids=["always public", "once under an embargo"])
def test_an_edit_while_a_new_version_waits_neither_shows_that_nor_hides_what_is_public(
    tmp_path: Path, was_held: bool
) -> None:
    first = SCHOOL.replace("topics:", "embargo: Redebeginn\ntopics:") if was_held else SCHOOL
    site = Site(tmp_path, schule=first)
    site.run("run", "--once")
    identifier = site.release()["id"]
    if was_held:
        assert site.run("releases", "lift", identifier).code == 0
    held = SCHOOL.replace("topics:", "embargo: 2099-01-01 10:00\ntopics:").replace("Windrad", "Wasserrad")
    site.put("schule", held)
    site.run("ingest", "amt")
    assert site.run("releases", "edit", identifier, "--title", "Preis für Brunnau").code == 0
    assert site.tells("Wasserrad") == []
    assert "Windrad" in entry(site, "schule", "Preis für Brunnau")["content_html"]
    assert site.run("releases", "show", identifier, "--json").json["waits"]["until"][:4] == "2099"
    assert "a new version waits until 2099-01-01 10:00" in site.run("releases", "show", identifier).out
    assert site.run("releases", "lift", identifier).code == 0
    assert "Wasserrad" in entry(site, "schule", "Preis für Brunnau")["content_html"]


def test_editions_are_listed_and_split(tmp_path: Path) -> None:
    site = Site(tmp_path, sources=FOLDER + SECOND, schule=SHARED)
    house = tmp_path / "haus"
    house.mkdir()
    (house / "preis.md").write_text(SHARED.replace("topics: [Schule]", "topics: [Forst]"), "utf-8")
    assert site.run("run", "--once").code == 0
    release = site.release()
    shown = site.run("releases", "show", release["id"], "--json").json
    assert {(e["source"], e["priority"], e["withdrawn"]) for e in shown["editions"]} == {
        ("amt", 0, None),
        ("haus", 1, None),
    }
    assert "edition of haus (priority 1): Werkstattpreis" in site.run("releases", "show", release["id"]).out
    wrong = site.run("releases", "split", release["id"], "hause")
    assert wrong.code == 2
    assert 'there is no source "hause" (did you mean "haus"?)' in wrong.err
    done = site.run("releases", "split", release["id"], "haus", "--json")
    assert (done.code, done.err) == (0, "")
    apart = site.run("releases", "show", done.json["split_off"], "--json").json
    assert (done.json["id"], done.json["source"], done.json["topics"]) == (release["id"], "amt", ["schule"])
    assert (apart["source"], apart["topics"], apart["state"]) == ("haus", ["forst"], "public")
    assert entry(site, "forst", apart["title"])["id"] == apart["atom_id"] != release["atom_id"]


def test_split_in_words(tmp_path: Path) -> None:
    site = Site(tmp_path, sources=FOLDER + SECOND, schule=SHARED)
    (tmp_path / "haus").mkdir()
    (tmp_path / "haus" / "preis.md").write_text(SHARED, "utf-8")
    site.run("run", "--once")
    identifier = site.release()["id"]
    first, second = site.run("releases", "split", identifier, "haus").out.splitlines()
    assert first == f"{identifier} „Werkstattpreis für Brunnau“ stays: public in all, schule."
    assert ", as haus says it: public in all, schule (" in second


def test_a_correction_shows_both_ends(site: Site, school: str) -> None:
    atom_id = site.release("--topic", "schule")["atom_id"]
    site.put("neu", SCHOOL.replace("title: Werk", f"corrects: '{atom_id}'\ntitle: Berichtigter Werk"))
    assert site.run("ingest", "amt").code == 0
    (newer,) = [r for r in site.run("releases", "list", "--json").json if r["title"].startswith("Berichtigter")]
    for one, other, kind in ((newer["id"], school, "corrects"), (school, newer["id"], "corrected_by")):
        (link,) = site.run("releases", "show", one, "--json").json["linked"]
        assert (link["kind"], link["id"]) == (kind, other)
        assert f"{kind.replace('_', ' ')} {other} „" in site.run("releases", "show", one).out


@pytest.mark.parametrize("act", [["withdraw"], ["edit", "--title", "Neu"]])
def test_every_act_prints_the_release_as_json(site: Site, school: str, act: list[str]) -> None:
    done = site.run("releases", act[0], school, *act[1:], "--json")
    assert done.json == site.run("releases", "show", school, "--json").json


def test_lift_and_restore_print_the_release_as_json(site: Site, later: str) -> None:
    lifted = site.run("releases", "lift", later, "--json").json
    assert (lifted["id"], lifted["state"]) == (later, "public")
    site.run("releases", "withdraw", later)
    assert site.run("releases", "restore", later, "--json").json["state"] == "public"


def test_what_was_done_is_shown_with_what_made_no_revision(site: Site, school: str) -> None:
    for act in (["withdraw"], ["restore"], ["edit", "--title", "Preis für Brunnau"]):
        assert site.run("releases", act[0], school, *act[1:]).code == 0
    done = [("1", "new"), ("–", "withdrawn"), ("–", "restored"), ("2", "corrected")]
    shown = site.run("releases", "show", school).out
    rows = [line.split() for line in shown[shown.index("Revision") :].splitlines()[1:]]
    assert [(row[0], row[3]) for row in rows] == done
    assert all(re.fullmatch(r"\d\d:\d\d:\d\d", row[2]) for row in rows)  # all of it was within a minute
    told = site.run("why", school, "--json").json
    assert [event["verdict"] for event in told["events"]] == [verdict for _, verdict in done]
    why = site.run("why", school).out
    assert [line.split()[2] for line in why.splitlines() if re.match(r"  \d{4}-\d\d-\d\d \d\d:\d\d:\d\d  ", line)] == [
        verdict for _, verdict in done
    ]
