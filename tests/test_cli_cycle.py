"""Commands that do something: init, check, run --once, ingest, publish, releases lift."""

import time
from pathlib import Path

import pytest

from cli_site import BROKEN, FOLDER, LATER, ROAD, SCHOOL, SPEECH, Site, syndicate
from servers import Reply, Server

RSS = b"""<rss version="2.0"><channel><title>Amt</title><link>http://amt.example/</link><description>d</description>
<item><title>Neues Parkhaus</title><link>http://amt.example/1</link><guid>1</guid><category>Verkehr</category>
<pubDate>Sat, 14 Mar 2026 10:00:00 UT</pubDate><description>Es ist fertig.</description></item></channel></rss>"""
FEED = """
[[source]]
id = "{id}"
url = "{url}"
allow_private = true
"""


def test_init_writes_what_check_and_run_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = syndicate("init", "presse")
    assert (done.code, done.err) == (0, "")
    commands = [line.split()[1:] for line in done.out.splitlines() if line.startswith("  syndicate")]
    assert commands == [["check", "--config", "presse/config.toml"], ["run", "--config", "presse/config.toml"]]
    assert syndicate(*commands[0]).code == 0
    (tmp_path / "presse" / "releases" / "schule.md").write_text(SCHOOL, encoding="utf-8")
    assert syndicate(*commands[1], "--once").code == 0
    assert "Brunnau" in (tmp_path / "presse" / "feeds" / "schule.atom").read_text(encoding="utf-8")


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("mine")
    done = syndicate("init", str(tmp_path))
    assert done.code == 2
    assert "config.toml is there already" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]
    assert (tmp_path / "config.toml").read_text() == "mine"


def test_check_names_what_is_there_and_makes_nothing(tmp_path: Path) -> None:
    site = Site(tmp_path, schule=SCHOOL)
    before = sorted(tmp_path.rglob("*"))
    done = site.run("check")
    assert (done.code, done.err) == (0, "")
    assert "2 topics, 1 source" in done.out
    assert "will be made by the first run" in done.out
    assert sorted(tmp_path.rglob("*")) == before


def test_check_warns_with_0(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.config.write_text(site.config.read_text().replace('tag = "presse.talland.example,2026"', ""))
    done = site.run("check")
    assert done.code == 0
    assert done.err.startswith("warning site.tag")


def test_check_counts_what_is_passed_over_in_a_folder(tmp_path: Path) -> None:
    site = Site(tmp_path, schule=SCHOOL)
    (site.releases / "2026").mkdir()
    for name in (
        "a.docx",
        "2026/B.DOCX",
        "zahlen.pdf",
        "LIESMICH",
        "wald.png",
        "film.mp4",
        "README.md",
        "_a.odt",
        ".b",
    ):
        (site.releases / name).write_bytes(b"x")
    (site.releases / "fort").symlink_to(tmp_path)
    (site.releases / "innen.md").symlink_to(site.releases / "schule.md")
    done = site.run("check")
    assert done.code == 0
    assert f"{site.releases} (not read: .docx (2), .pdf (1), link out of it (1), no ending (1))\n" in done.out
    assert "source  amt: named by no release so far: .mp4 (1), .png (1)\n" in done.out


def test_check_tells_of_what_is_published_with_a_release(tmp_path: Path) -> None:
    site = Site(tmp_path)
    (site.releases / "2026").mkdir()
    for name in ("rad.png", "wald.png", "2026/zahlen.pdf", "zahlen.pdf"):
        (site.releases / name).write_bytes(b"%PDF-1.4" if name.endswith("pdf") else b"\x89PNG\r\n\x1a\n")
    site.put("schule", SCHOOL.replace("Die Schule", "![Ein Rad](rad.png) [Zahlen](2026/zahlen.pdf) Die Schule"))
    assert "published with" not in site.run("check").out
    site.run("ingest")
    said = [line for line in site.run("check").out.splitlines() if line.startswith("source")]
    assert said == [
        f"source  amt: {site.releases} (not read: .pdf (1))",
        "source  amt: published with its releases: .pdf (1), .png (1)",
        "source  amt: named by no release so far: .png (1)",
    ]


def test_check_tells_of_a_topic_that_was_renamed_without_its_alias(tmp_path: Path) -> None:
    site = Site(tmp_path, schule=SCHOOL, strasse=ROAD)
    site.run("run", "--once")
    assert "warning topic" not in site.run("check").err
    text = site.config.read_text()
    site.config.write_text(
        text.replace('title = "Schule"', 'title = "Bildung"\nkickers = ["Schule"]', 1).replace(
            'kickers = ["Schulen"]', ""
        )
    )
    site.run("run", "--once")
    done = site.run("check")
    assert done.code == 0
    assert 'warning topic "schule": no [[topic]] and no kicker claims it any more' in done.err
    assert "verkehr" not in done.err
    site.config.write_text(
        site.config.read_text().replace('title = "Bildung"', 'title = "Bildung"\naliases = ["schule"]')
    )
    assert "warning topic" not in site.run("check").err
    site.run("releases", "withdraw", site.release("--topic", "verkehr")["id"])
    assert "warning topic" not in site.run("check").err


def test_check_finds_what_is_not_as_it_has_to_be(tmp_path: Path) -> None:
    site = Site(tmp_path, sources=FOLDER.replace("releases", "nowhere"))
    site.feeds.write_text("a file")
    (tmp_path / "syndicate.db").mkdir()
    done = site.run("check")
    assert done.code == 1
    problems = [line for line in done.err.splitlines() if line.startswith("problem")]
    assert len(problems) == 3
    assert all(name in done.err for name in ("nowhere", "feeds", "syndicate.db"))


def test_check_fetch_reads_each_source_and_stores_nothing(tmp_path: Path) -> None:
    with Server() as server:
        good = server.answers("/feed", Reply(body=RSS))
        sources = FOLDER + FEED.format(id="gut", url=good) + FEED.format(id="weg", url=server.url("/weg"))
        site = Site(tmp_path, sources=sources, schule=SCHOOL, kaputt=BROKEN)
        done = site.run("check", "--fetch")
    assert done.code == 1
    assert "fetch   amt: 1 release, 0 headlines" in done.out
    assert "fetch   gut: 1 release, 0 headlines" in done.out
    assert "fetch amt: kaputt.md: " in done.err
    assert "fetch weg: http" in done.err
    assert "404" in done.err
    assert not (tmp_path / "syndicate.db").exists()


def test_check_fetch_asks_our_hub_where_heads_say_that_it_is(tmp_path: Path) -> None:
    with Server() as server:
        site = Site(tmp_path, schule=SCHOOL)
        named = f'[site]\nbase_url = "{server.url("/")}"'
        site.config.write_text(site.config.read_text().replace("[site]", named, 1))
        server.answers("/hub", Reply(body=b"<h1>Hub"), Reply(status=404))
        there, lost = site.run("check", "--fetch"), site.run("check", "--fetch")
    gone = site.run("check", "--fetch")
    assert (there.code, lost.code, gone.code) == (0, 0, 0)
    assert f"hub     {server.url('/hub')}: is there" in there.out
    assert f"warning hub {server.url('/hub')} answers 404, so nobody can subscribe" in lost.err
    assert f"warning hub {server.url('/hub')} cannot be reached" in gone.err
    site.config.write_text(site.config.read_text().replace("[serve]", '[serve]\nhub = ""', 1))
    assert "hub" not in site.run("check", "--fetch").err


def test_one_cycle_says_what_came_of_each_source(tmp_path: Path) -> None:
    with Server() as server:
        good = server.answers("/feed", Reply(body=RSS, headers={"ETag": '"1"'}), Reply(status=304))
        server.answers("/busy", Reply(status=503, headers={"Retry-After": "3600"}))
        sources = FOLDER + "".join(FEED.format(id=name, url=server.url(f"/{name}")) for name in ("feed", "weg", "busy"))
        site = Site(tmp_path, sources=sources, schule=SCHOOL, rede=SPEECH, kaputt=BROKEN)
        assert good == server.url("/feed")
        done = site.run("run", "--once")
        again = site.run("run", "--once")
        asked = [request.path for request in server.requests]
    rows = {line.split()[0]: line.split()[1:] for line in done.out.splitlines()[1:5]}
    assert rows["amt"] == ["2", "0", "0", "1", "1", "under", "embargo"]
    assert rows["feed"] == ["1", "0", "0", "0", "ok"]
    assert rows["weg"] == rows["busy"] == ["0", "0", "0", "0", "failed"]
    assert "amt: refused kaputt.md: " in done.out
    assert "weg: failed: " in done.out
    assert "404 Not Found" in done.out
    assert (done.code, done.err) == (1, "")
    assert str(site.feeds) in done.out
    assert (site.feeds / "verkehr.atom").is_file()
    # The second time: nothing new, what is refused is still told, and nobody is asked before a Retry-After has passed.
    rows = {line.split()[0]: line.split()[1:] for line in again.out.splitlines()[1:5]}
    assert rows["amt"][:4] == ["0", "0", "2", "1"]
    assert rows["busy"][4] == "waits"
    assert "amt: refused kaputt.md: " in again.out
    assert "Nothing to publish" in again.out
    assert again.code == 1
    assert asked.count("/busy") == 1


def test_one_cycle_as_json(tmp_path: Path) -> None:
    site = Site(tmp_path, schule=SCHOOL, rede=SPEECH)
    site.put("notiz", ROAD.replace("date:", "farbe: blau\ndate:"))
    done = site.run("run", "--once", "--json")
    assert (done.code, done.err) == (0, "")
    (source,) = done.json["sources"]
    assert {
        "id": "amt",
        "result": "ok",
        "new": 3,
        "embargoed": 1,
        "refused": [],
        "error": None,
    }.items() <= source.items()
    assert "farbe" in source["notes"][0]["reason"]
    assert source["failed"] is False
    assert {"schule.atom", "all.json", "index.html"} <= {*done.json["published"]}
    assert done.json["documents"] == len(done.json["published"])
    assert site.run("run", "--once", "--json").json["published"] == []


def test_a_correction_is_counted(tmp_path: Path) -> None:
    site = Site(tmp_path, schule=SCHOOL)
    site.run("run", "--once")
    site.put("schule", SCHOOL.replace("Windrad", "Wasserrad"))
    (source,) = site.run("run", "--once", "--json").json["sources"]
    assert (source["new"], source["corrected"], source["unchanged"]) == (0, 1, 0)


def test_a_source_that_is_not_enabled_is_asked_only_by_name(tmp_path: Path) -> None:
    site = Site(tmp_path, sources=FOLDER + "enabled = false\n", schule=SCHOOL)
    assert site.run("run", "--once", "--json").json["sources"] == []
    assert site.run("ingest", "--json").json["sources"] == []
    assert site.run("ingest", "amt", "--json").json["sources"][0]["new"] == 1


def test_ingest_asks_who_is_due_and_whoever_is_named(tmp_path: Path) -> None:
    site = Site(tmp_path)
    assert site.run("ingest", "--json").json["sources"][0]["new"] == 0
    site.put("schule", SCHOOL)
    due = site.run("ingest")
    assert due.code == 0
    assert due.out.startswith("No source is due; amt is next, at 2")
    named = site.run("ingest", "amt", "amt", "--json")
    assert [source["new"] for source in named.json["sources"]] == [1]
    assert "schule.atom" in named.json["published"]


def test_publish_says_what_changed(tmp_path: Path) -> None:
    site = Site(tmp_path, schule=SCHOOL)
    site.run("run", "--once")
    assert site.run("publish", "--json").json["published"] == []
    (site.feeds / "schule.atom").unlink()
    (site.feeds / "forst.rss").write_text("somebody's own")
    assert site.run("publish", "schule", "--json").json["published"] == ["schule.atom"]
    done = site.run("publish")
    assert done.code == 0
    assert done.out.splitlines() == ["forst.rss", f"1 document written: {site.feeds}"]


def test_lift_ends_an_embargo_and_publishes(tmp_path: Path) -> None:
    site = Site(tmp_path, rede=SPEECH)
    site.run("run", "--once")
    (held,) = site.run("releases", "list", "--state", "embargoed", "--json").json
    assert "Forstjahr" not in (site.feeds / "all.atom").read_text(encoding="utf-8")
    done = site.run("releases", "lift", held["id"][:6])
    assert done.code == 0
    assert "is now public in all, forst" in done.out
    assert "Forstjahr" in (site.feeds / "forst.atom").read_text(encoding="utf-8")
    again = site.run("releases", "lift", held["id"])
    assert again.code == 1
    assert "is under no embargo (it is public)" in again.err
    assert site.run("releases", "lift", "zzzz").code == 1


def test_the_log_tells_everything_on_demand_only(tmp_path: Path) -> None:
    site = Site(tmp_path, schule=SCHOOL, kaputt=BROKEN)
    assert site.run("ingest", "amt").err == ""
    site.put("kaputt", BROKEN.replace("offen", "anders"))
    lines = site.run("ingest", "amt", "--verbose").err.splitlines()
    refused = next(line for line in lines if "event=refused" in line)
    assert refused.startswith(f"time={time.strftime('%Y-')}")
    assert refused.endswith('Z level=warning event=refused source=amt number=1 see="syndicate status"')
    assert any('Z level=debug event="not read" source=amt where=kaputt.md reason=' in line for line in lines)


def test_a_log_at_info_does_not_tell_of_an_embargo(tmp_path: Path) -> None:
    site = Site(tmp_path, schule=SCHOOL)
    first = site.run("run", "--once", "--verbose").err
    assert "level=info event=ingested source=amt new=1" in first
    site.put("rede", SPEECH)
    site.put("bericht", LATER)
    log = site.run("run", "--once", "--verbose").err
    told = [line for line in log.splitlines() if "level=debug" not in line]
    assert told == []
    assert not any(word in log for word in ("Forst", "rede.md", "bericht.md"))


def test_all_of_the_log_names_what_is_held_by_its_id_and_its_end(tmp_path: Path) -> None:
    site = Site(tmp_path, schule=SCHOOL, rede=SPEECH, bericht=LATER)
    log = site.run("run", "--once", "--verbose").err
    held = [line.partition(" level=")[2] for line in log.splitlines() if "event=held" in line]
    ends = {"Rede zum Forstjahr": '"a person"', "Neuer Forstbericht": "2099-01-02T09:00:00Z"}
    waiting = site.run("releases", "list", "--state", "embargoed", "--json").json
    expected = [f"debug event=held source=amt release={r['id']} until={ends[r['title']]}" for r in waiting]
    assert sorted(held) == sorted(expected)
    assert "event=held" not in site.run("run", "--once", "--verbose").err  # once
