"""Commands that only look: status, sources, topics, releases, why."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli_site import BROKEN, FOLDER, LATER, ROAD, SCHOOL, SPEECH, Site
from syndicate import store as stores
from syndicate.store import daemon_lock


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """After one cycle: three public in two topics, of which one is no configured one; two under embargo."""
    made = Site(tmp_path, schule=SCHOOL, strasse=ROAD, rede=SPEECH, bericht=LATER)
    made.put("ohne", "---\ntitle: Landeswappen in neuem Blau\ndate: 2026-03-12\n---\nEs ist heller.\n")
    assert made.run("run", "--once").code == 0
    return made


def test_nothing_needs_a_person(tmp_path: Path) -> None:
    site = Site(tmp_path, schule=SCHOOL, bericht=LATER)
    site.run("run", "--once")
    done = site.run("status")
    assert (done.code, done.err) == (0, "")
    assert "Nothing needs a person." in done.out
    assert "2099-01-02 10:00" in done.out
    assert "Daemon   does not run" in done.out


def test_whether_a_daemon_runs_is_unknown_where_the_database_is_away(tmp_path: Path) -> None:
    site = Site(tmp_path)
    config = tmp_path / "config.toml"
    away = '[store]\nurl = "postgresql://syndicate@127.0.0.1:1/nirgends"\n'
    config.write_text(f"{config.read_text('utf-8')}\n{away}", encoding="utf-8")
    done = site.run("status")
    assert done.code == 1
    assert "Daemon   unknown: who runs is told by the store, and that cannot be reached" in done.out
    assert "cannot be reached" in done.out.partition("needs you  store ")[2]
    assert "; see whether the server runs" in done.out.partition("needs you  store ")[2]
    assert site.run("status", "--json").json["daemon"] == {"running": None, "process": None}


def test_status_tells_what_needs_a_person_and_what_to_do(site: Site) -> None:
    site.put("kaputt", BROKEN)
    site.run("ingest", "amt")
    done = site.run("status")
    assert done.code == 1
    held = next(e for e in site.run("status", "--json").json["embargoes"] if e["until"] is None)
    assert f"„Rede zum Forstjahr“ waits for your word; `syndicate releases lift {held['id']}`" in done.out
    assert "needs you  source amt, kaputt.md: " in done.out
    site.run("releases", "lift", held["id"])
    (site.releases / "kaputt.md").unlink()
    site.run("ingest", "amt")
    assert site.run("status").code == 0


def test_status_as_json(site: Site) -> None:
    done = site.run("status", "--json")
    assert done.code == 1
    state = done.json
    assert state["daemon"] == {"running": False, "process": None}
    assert state["store"]["releases"] == {"embargoed": 2, "public": 3}
    (source,) = state["sources"]
    assert source["last_success"][-6:] in ("+01:00", "+02:00")
    assert source["next_poll"] > source["last_success"]
    assert {"id": "amt", "failures": 0, "error": None, "refused": [], "enabled": True}.items() <= source.items()
    assert 0 <= source["age"] < 60
    topics = {topic["id"]: topic for topic in state["topics"]}
    assert topics["schule"]["releases"] == 1
    assert topics["schule"]["newest"] == "2026-03-14T11:00:00+01:00"
    assert topics["forst"]["newest"] is None
    assert [(e["until"], e["event"], e["needs_person"]) for e in state["embargoes"]] == [
        (None, "Redebeginn", True),
        ("2099-01-02T10:00:00+01:00", None, False),
    ]
    assert len(state["needs"]) == 1
    assert state["dirty"] == 0


def test_status_tells_of_a_source_that_failed(tmp_path: Path) -> None:
    site = Site(tmp_path, sources=FOLDER.replace('"releases"', '"weg"'))
    assert site.run("run", "--once").code == 1
    done = site.run("status")
    assert done.code == 1
    assert "never" in done.out
    assert "failed 1 time" in done.out
    assert "needs you  source amt failed: " in done.out
    state = site.run("status", "--json").json["sources"][0]
    assert (state["failures"], state["last_success"]) == (1, None)


def test_status_tells_of_a_running_daemon(site: Site) -> None:
    with daemon_lock(f"sqlite:///{site.folder}/syndicate.db"):
        state = site.run("status", "--json").json
    assert state["daemon"]["running"]
    assert state["daemon"]["process"].isdecimal()


def test_status_before_the_first_run(tmp_path: Path) -> None:
    done = Site(tmp_path).run("status")
    assert done.code == 0
    assert "not asked yet" in done.out
    assert not [*tmp_path.glob("*.lock")]  # asks whether a daemon runs, and takes nothing


def test_sources(site: Site) -> None:
    done = site.run("sources", "list")
    assert done.code == 0
    name, each, *_, where = done.out.splitlines()[1].split()
    assert (name, each, where) == ("amt", "1h", str(site.releases))
    (source,) = site.run("sources", "list", "--json").json
    expected = {"id": "amt", "path": str(site.releases), "url": None, "format": "auto", "interval": "1h"}
    assert expected.items() <= source.items()
    assert site.run("sources", "list", "--limit", "0", "--json").json == []


def test_a_password_is_not_shown(tmp_path: Path) -> None:
    source = '[[source]]\nid = "amt"\nurl = "https://leser:geheim@amt.example/feed"\n'
    site = Site(tmp_path, sources=source)
    for command in (["sources", "list"], ["sources", "list", "--json"], ["check"], ["status"]):
        done = site.run(*command)
        assert "geheim" not in done.out + done.err
    assert site.run("sources", "list", "--json").json[0]["url"] == "https://amt.example/feed"


def test_topics(site: Site) -> None:
    done = site.run("topics")
    assert done.code == 0
    assert "Feeds are below http://127.0.0.1:8000/" in done.out
    rows = {row["id"]: row for row in site.run("topics", "--json").json}
    assert [*rows] == ["all", "schule", "forst", "verkehr"]
    assert rows["schule"] == {
        "id": "schule",
        "title": "Schule",
        "releases": 1,
        "newest": "2026-03-14T11:00:00+01:00",
        "feed": "http://127.0.0.1:8000/schule.atom",
        "configured": True,
    }
    assert (rows["all"]["releases"], rows["forst"]["releases"]) == (3, 0)
    assert not rows["verkehr"]["configured"]
    assert len(site.run("topics", "--json", "--limit", "2").json) == 2


def test_what_no_topic_claims(site: Site) -> None:
    for n in range(2):
        site.put(f"bahn{n}", ROAD.replace("Verkehr", "BAHN" if n else "Bahn").replace("Erlenstadt", f"Ort {n}"))
    site.run("ingest", "amt")
    rows = site.run("topics", "--unmapped", "--json").json
    assert [(row["kicker"] and row["kicker"].lower(), row["topic"], row["releases"]) for row in rows] == [
        ("bahn", "bahn", 2),
        (None, None, 1),
        ("verkehr", "verkehr", 1),
    ]
    assert rows[2]["example"]["title"] == "Umgehung für Erlenstadt"
    done = site.run("topics", "--unmapped")
    assert "(no topic)" in done.out
    assert "kickers of a [[topic]]" in done.out


def test_everything_is_claimed(tmp_path: Path) -> None:
    site = Site(tmp_path, schule=SCHOOL)
    site.run("ingest")
    assert "Every kicker is claimed" in site.run("topics", "--unmapped").out
    assert site.run("topics", "--unmapped", "--json").json == []


@pytest.mark.parametrize(
    ("options", "titles"),
    [
        ([], {"Werkstattpreis", "Umgehung", "Rede", "Neuer", "Landeswappen"}),
        (["--state", "public"], {"Werkstattpreis", "Umgehung", "Landeswappen"}),
        (["--state", "embargoed", "--state", "withdrawn"], {"Rede", "Neuer"}),
        (["--topic", "schule"], {"Werkstattpreis"}),
        (["--topic", "forst"], {"Rede", "Neuer"}),
        (["--topic", "all"], {"Werkstattpreis", "Umgehung", "Landeswappen"}),
        (["--source", "amt", "--topic", "verkehr"], {"Umgehung"}),
        (["--state", "public", "--limit", "2"], {"Werkstattpreis", "Umgehung"}),
        (["--state", "public", "--topic", "all", "--limit", "1"], {"Werkstattpreis"}),
        (["--state", "withdrawn"], set()),
        (["--search", "werkst"], {"Werkstattpreis"}),
        (["--search", "rede", "--state", "embargoed"], {"Rede"}),
        (["--search", "rede", "--topic", "schule"], set()),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_releases_listed(site: Site, options: list[str], titles: set[str]) -> None:
    found = site.run("releases", "list", "--json", *options).json
    assert {release["title"].split()[0] for release in found} == titles
    lines = site.run("releases", "list", *options).out.splitlines()[1:]
    if "--limit" in options:
        assert lines.pop() == f"{len(titles)} of 3 releases, the newest; --limit 0 shows all"
    assert {line.split()[4] for line in lines} == titles


def test_words_that_cannot_be_searched_for(site: Site) -> None:
    done = site.run("releases", "list", "--search", "-rede")
    assert done.code == 2
    assert "--search -rede: no word that is to be found" in done.err


OF_HOW_MANY: list[tuple[list[str], str | None]] = [
    ([], None),  # it is whole
    (["--limit", "5"], None),
    (["--limit", "0"], None),
    (["--limit", "2"], "2 of 5 releases, the newest; --limit 0 shows all"),
    (["--limit", "1", "--topic", "forst"], "1 of 2 releases, the newest; --limit 0 shows all"),
    (["--state", "withdrawn"], "none of 5 releases is such a one"),
    (["--topic", "schule", "--state", "held", "--limit", "3"], "none of 5 releases is such a one"),
]


def test_a_list_says_of_how_many_it_is(site: Site) -> None:
    for options, last in OF_HOW_MANY:
        lines = site.run("releases", "list", *options).out.splitlines()
        assert lines[-1] == last if last else len(lines) == 6 and " of " not in lines[-1], options


def test_lists_of_nothing_and_of_a_part(tmp_path: Path) -> None:
    site = Site(tmp_path, sources="")
    assert site.run("releases", "list").out == "there are no releases yet\n"
    assert site.run("releases", "list", "--json").out == "[]\n"
    assert site.run("sources", "list").out.startswith("there are no sources yet: `syndicate sources add URL`")
    assert "1 of 3 topics" in site.run("topics", "--limit", "1").out.splitlines()
    (tmp_path / "zwei").mkdir()
    site = Site(tmp_path / "zwei", sources=FOLDER + FOLDER.replace("amt", "haus"))
    assert site.run("sources", "list", "--limit", "1").out.splitlines()[-1] == "1 of 2 sources"


TOPICS = {
    "schule": "schule",
    "Schule": "schule",
    "SCHULEN": "schule",  # a kicker of it
    "bildung": "schule",  # an alias
    " forst ": "forst",
    "verkehr": "verkehr",
    "Verkehr": "verkehr",  # no configured one: a kicker has made it
    "all": "all",
    "Presse Talland": "all",
}


def test_one_way_to_name_a_topic(site: Site) -> None:
    """`edit --topic`, `releases list --topic` and `publish` mean the same one."""
    kickers = 'kickers = ["Schulen"]'
    text = site.config.read_text("utf-8").replace(kickers, kickers + '\naliases = ["bildung"]')
    site.config.write_text(text, encoding="utf-8")
    for said, topic in TOPICS.items():
        listed = site.run("releases", "list", "--topic", said, "--json")
        assert listed.out == site.run("releases", "list", "--topic", topic, "--json").out, said
    assert site.run("publish", *TOPICS, "--json").code == 0
    (release,) = site.run("releases", "list", "--topic", "all", "--limit", "1", "--json").json
    given = [option for said, topic in TOPICS.items() if topic != "all" for option in ("--topic", said)]
    edited = site.run("releases", "edit", release["id"], *given, "--json").json
    assert edited["topics"] == ["schule", "forst", "verkehr"]
    assert 'there is no topic "all"' in site.run("releases", "edit", release["id"], "--topic", "all").err


def test_a_title_is_printed_as_it_is(tmp_path: Path) -> None:
    site = Site(tmp_path, x=SCHOOL.replace("Werkstattpreis für Brunnau", "'[bold]Fett[/bold] :smile: [red] <3'"))
    site.run("ingest")
    for command in (["releases", "list"], ["releases", "show", "https://nix"], ["topics"]):
        done = site.run(*command)
        assert "Traceback" not in done.err
    assert "[bold]Fett[/bold] :smile: [red] <3" in site.run("releases", "list").out


def test_a_release_shown_by_whatever_it_is_known(site: Site) -> None:
    site.put("schule", SCHOOL.replace("topics:", "url: https://amt.talland.example/preis\ntopics:"))
    site.run("ingest", "amt")
    (release,) = site.run("releases", "list", "--topic", "schule", "--json").json
    for reference in (release["id"], release["id"][:4], release["atom_id"], "http://www.amt.talland.example/preis/"):
        assert site.run("releases", "show", reference, "--json").json["id"] == release["id"]
    assert site.run("releases", "show", release["id"][:3]).code == 1


def test_a_release_shown_with_its_revisions(site: Site) -> None:
    site.put("schule", SCHOOL.replace("Windrad", "Wasserrad"))
    site.run("ingest", "amt")
    (listed,) = site.run("releases", "list", "--topic", "schule", "--json").json
    shown = site.run("releases", "show", listed["id"], "--json").json
    revisions = shown["revisions"]
    assert listed.items() <= shown.items()
    assert [(r["number"], r["verdict"], r["fields"]) for r in revisions] == [
        (1, "new", []),
        (2, "corrected", ["content"]),
    ]
    text = site.run("releases", "show", listed["id"]).out
    assert all(
        words in text for words in ("Werkstattpreis", "Neun Werkstätten", "Wasserrad", "Nächste Runde", "corrected")
    )


def test_why(site: Site) -> None:
    (release,) = site.run("releases", "list", "--topic", "schule", "--json").json
    told = site.run("why", release["id"], "--json").json
    assert told["topics"] == [{"id": "schule", "by": 'kicker "Schule"'}]
    assert told["feeds"] == ["all", "schule"]
    assert {"kind": "path", "source": "amt", "value": "schule.md"} in told["keys"]
    (revision,) = told["revisions"]
    assert (revision["verdict"], revision["capture"]["path"]) == ("new", "schule.md")
    text = site.run("why", release["id"]).out
    assert 'schule: kicker "Schule"' in text
    assert "amt, schule.md (sha256 " in text


LONG = "\n\n".join(f"Satz {n} sagt etwas über die Eichen und ihre {n * 7} Nachbarn." for n in range(12))
EDITION = "---\ntitle: {}\ntopics: [{}]\ndate: 2026-03-14\n{}---\n" + LONG


def test_why_tells_what_the_record_tells(tmp_path: Path) -> None:
    """Two editions; one goes; the configuration moves the rest. Each time the reasons are those of its topics."""
    house = tmp_path / "haus"
    house.mkdir()
    sources = FOLDER + '[[source]]\nid = "haus"\npath = "haus"\ntopics = ["Haus"]\n'
    site = Site(tmp_path, sources=sources, eichen=EDITION.format("Eichen am Berg", "Forst", ""))

    def reasons() -> dict[str, str]:
        told = site.run("why", site.release()["id"], "--json").json
        assert [reason["id"] for reason in told["topics"]] == site.release()["topics"]
        assert {*told["feeds"]} == {"all", *site.release()["topics"]}
        return {reason["id"]: reason["by"] for reason in told["topics"]}

    site.run("run", "--once")
    for withdrawn, more in (("", {"umwelt": 'kicker "Umwelt"', "haus": 'source "Haus"'}), ("withdrawn: true\n", {})):
        text = EDITION.format("Haus pflanzt Bäume", "Umwelt", withdrawn)
        (house / "m.md").write_text(text, encoding="utf-8")
        site.run("ingest", "haus")
        assert reasons() == {"forst": 'kicker "Forst"'} | more
    wald = '[[topic]]\ntitle = "Wald"\nkickers = ["Forst"]\n'
    site.config.write_text(site.config.read_text("utf-8") + wald, encoding="utf-8")
    assert reasons() == {"forst": "by the configuration of the last run"}
    site.run("run", "--once")
    assert reasons() == {"wald": 'kicker "Forst"'}
    assert "  reclassified" in site.run("why", site.release()["id"]).out


def test_why_tells_of_a_date_that_nobody_can_read(tmp_path: Path) -> None:
    site = Site(tmp_path, wald="---\ntitle: Wald\ntopics: [Forst]\ndate: KW 20\n---\nEichen.\n")
    site.run("run", "--once")
    assert site.run("why", site.release()["id"], "--json").json["unread_date"] == "KW 20"
    assert 'date "KW 20" is no date' in site.run("why", site.release()["id"]).out
    assert 'source amt, wald.md: date "KW 20" is no date' in site.run("status").out


def test_why_of_a_held_one(site: Site) -> None:
    held = next(e for e in site.run("status", "--json").json["embargoes"] if e["event"])
    text = site.run("why", held["id"]).out
    assert "Nowhere: it is embargoed." in text
    assert "Redebeginn: waits for a person" in text


@pytest.mark.parametrize(
    ("kind", "remedy"),
    [
        (
            "guard",
            "Zwölf sollten gehen.; if that is meant, `syndicate releases withdraw ID` each of"
            " `syndicate releases list --source amt`; else bring the files or entries back",
        ),
        (
            "clock",
            "Zwölf sollten gehen.; set this machine's clock (time synchronisation); if it is right, and was ahead then:"
            " `syndicate check --trust-clock`",
        ),
        (
            "render",
            "Zwölf sollten gehen.; put it right at its source, or by `syndicate releases edit amt …`, then"
            " `syndicate publish`",
        ),
    ],
)
def test_status_tells_of_an_alarm_and_what_to_do(tmp_path: Path, kind: str, remedy: str) -> None:
    site = Site(tmp_path, schule=SCHOOL)
    site.run("run", "--once")
    with stores.open(f"sqlite:///{tmp_path}/syndicate.db") as store:
        store.alarms.ring(kind, "amt", "Zwölf sollten gehen.", datetime(2026, 6, 1, tzinfo=UTC))
    done = site.run("status")
    assert done.code == 1
    assert f"needs you  {remedy}\n" in done.out
    state = site.run("status", "--json")
    assert (state.code, state.json["needs"]) == (1, [remedy])
    (mend,) = state.json["to_mend"]
    assert (mend["kind"], mend["subject"], mend["what"]) == (kind, "amt", "Zwölf sollten gehen.")
    assert f"{mend['what']}; {mend['remedy']}" == remedy
    whole = [command for command in re.findall("`(syndicate .+?)`", remedy) if not command.endswith((" ID", " …"))]
    assert mend["commands"] == whole
    (alarm,) = state.json["alarms"]
    assert alarm == {"kind": kind, "subject": "amt", "text": remedy, "since": "2026-06-01T02:00:00+02:00"}
    with stores.open(f"sqlite:///{tmp_path}/syndicate.db") as store:
        store.alarms.end(kind, "amt")
    assert site.run("status").code == 0


def test_a_folder_that_is_suddenly_empty_is_an_alarm(tmp_path: Path) -> None:
    files = {f"r{n}": ROAD.replace("Erlenstadt", f"Ort {n}") for n in range(3)}
    site = Site(tmp_path, sources=FOLDER + 'missing = "withdraw"\n', **files)
    site.run("run", "--once")
    for path in site.releases.iterdir():
        path.unlink()
    site.run("ingest", "amt")
    done = site.run("status", "--json")
    assert (done.code, [(a["kind"], a["subject"]) for a in done.json["alarms"]]) == (1, [("guard", "amt")])
    assert "would be withdrawn at once" in done.json["needs"][0]
    assert done.json["store"]["releases"] == {"public": 3}


def test_a_file_by_its_name_begins_no_line_of_ours(tmp_path: Path) -> None:
    site = Site(tmp_path, schule=SCHOOL)
    (site.folder / "releases" / "x\nneeds you  `syndicate restore evil`.md").write_text(BROKEN, "utf-8")
    for words in (["run", "--once"], ["status"], ["check", "--fetch"], ["run", "--once"]):
        done = site.run(*words)
        said = done.out + done.err
        assert "needs you  `syndicate restore evil`.md" in said or words[0] == "run", words
        assert not any(line.startswith("needs you  `syndicate restore") for line in said.splitlines()), words
