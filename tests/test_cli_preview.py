"""`preview`, and a release as JSON: the contract."""

import base64
import json
import re
import tempfile
import webbrowser
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from builders import MORNING, SITE, make_headline, make_release, rich_release
from cli_site import BROKEN, SCHOOL, SPEECH, Site, syndicate
from servers import Reply, Server
from syndicate.model import Embargo
from syndicate.release_json import release_json

KEYS = re.findall(
    r"\w+",
    "id atom_id source url kind state revision kicker topics title teaser content text headings language images"
    " enclosures related authors corrects contact published updated issued embargo inferred",
)
BERLIN = ZoneInfo("Europe/Berlin")
PAGE = """Schule

Werkstattpreis geht nach Brunnau

Lesezeit: 2 Minuten

  • Teilen

Ein Windrad auf einem Schulhof
Das Windrad der Klasse 9 (Bild: © Land Talland)

Die Klasse 9 aus Brunnau erhält den Werkstattpreis.

„Wer einmal etwas gebaut hat, vergisst es nicht“, sagte Ministerin Solms in Erlenstadt.

Weitere Meldungen

Ein Wald im Herbst
Forst

Mehr Eichen für das Land
"""


@pytest.mark.parametrize(
    "release", [make_release(), make_headline(), rich_release()], ids=["plain", "headline", "rich"]
)
def test_every_key_is_always_there(release: Any) -> None:
    assert [*release_json(release, BERLIN)] == KEYS


def test_a_release_as_json() -> None:
    told = release_json(rich_release(embargo=Embargo(event="Redebeginn")), BERLIN, SITE)
    assert json.loads(json.dumps(told)) == told
    assert told["published"] == "2026-03-14T10:30:00+01:00"
    assert told["text"].startswith("Ministerin Ährenfeld übergab die Bescheide.\n\nFörderung\n\n")
    assert told["headings"] == ["Förderung"]
    assert told["images"][0] == {
        "url": "https://presse.talland.example/media/cd34/klinik.jpg",
        "alt": "Ein Klinikgebäude",
        "caption": "Die Klinik in Oberwiesen",
        "credit": "Landesamt/Ö. Öztürk",
    }
    assert told["images"][3]["url"] is None
    assert 'src="https://presse.talland.example/media/ab12/plan.png"' in told["content"]
    assert told["enclosures"][0]["url"] == "https://presse.talland.example/media/ef56/Bescheid%20Nord.pdf"
    assert told["enclosures"][0]["length"] == 1_432_000
    assert told["related"][1] == {"topic": "Pflege", "title": "Pflege wird gestärkt", "url": None}
    assert told["contact"] == {"name": "Jürgen Müßig", "email": "presse@gm.talland.example", "phone": "0123 456-789"}
    assert told["embargo"] == {"until": None, "event": "Redebeginn"}
    assert told["state"] == "embargoed"


def test_what_is_not_known_is_null() -> None:
    told = release_json(replace(make_release(), id="", source=None, url=None, issued=None), BERLIN)
    assert [key for key in KEYS if told[key] is None] == [
        "id", "source", "url", "kind", "kicker", "teaser", "corrects", "contact", "issued", "embargo",
    ]  # fmt: skip
    assert release_json(make_release(embargo=Embargo(until=MORNING)), BERLIN)["embargo"] == {
        "until": "2026-03-14T10:30:00+01:00",
        "event": None,
    }


def test_a_file_is_its_own_release_first_then_its_headlines(tmp_path: Path) -> None:
    path = tmp_path / "seite.txt"
    path.write_text(PAGE, encoding="utf-8")
    done = syndicate("preview", str(path), "--json")
    assert (done.code, done.err) == (0, "")
    full, headline = done.json
    assert (full["state"], full["kicker"], full["title"]) == ("public", "Schule", "Werkstattpreis geht nach Brunnau")
    assert full["id"] is None
    assert full["inferred"] == ["published"]
    assert (headline["state"], headline["kicker"], headline["topics"]) == ("headline", "Forst", ["forst"])
    text = syndicate("preview", str(path)).out
    assert "Werkstattpreis geht nach Brunnau" in text
    assert "1 headline\n  Forst: Mehr Eichen für das Land" in text
    assert [p.name for p in tmp_path.iterdir()] == ["seite.txt"]


def test_an_address_beside_the_file_is_shown_as_written(tmp_path: Path) -> None:
    path = tmp_path / "schule.md"
    path.write_text(SCHOOL.replace("topics:", "image: bilder/rad.jpg\ntopics:"), encoding="utf-8")
    (release,) = syndicate("preview", str(path), "--json").json
    assert release["images"][0]["url"] == "bilder/rad.jpg"
    path.write_text(SCHOOL.replace("topics:", "image: rad.jpg\nurl: https://amt.example/presse/\ntopics:"))
    (release,) = syndicate("preview", str(path), "--json").json
    assert release["images"][0]["url"] == "https://amt.example/presse/rad.jpg"


def test_an_embargo_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rede.md"
    path.write_text(SPEECH, encoding="utf-8")
    (release,) = syndicate("preview", str(path), "--json").json
    assert (release["state"], release["embargo"]) == ("embargoed", {"until": None, "event": "Redebeginn"})
    assert "Redebeginn: waits for a person" in syndicate("preview", str(path)).out


def test_a_named_configuration_gives_zone_language_and_topics(tmp_path: Path) -> None:
    site = Site(tmp_path)
    text = site.config.read_text().replace("Europe/Berlin", "America/New_York").replace('"Schulen"', '"Bildung"')
    site.config.write_text(text.replace("[serve]", 'language = "en"\n[serve]'))
    site.config.write_text(text.replace("[site]", '[site]\nlanguage = "en"'))
    path = site.put("schule", SCHOOL.replace("[Schule]", "[Bildung]"))
    (plain,) = syndicate("preview", str(path), "--json").json
    assert (plain["published"], plain["language"]) == ("2026-03-14T11:00:00+01:00", "de")
    assert plain["topics"] == ["bildung"]
    (named,) = site.run("preview", str(path), "--json").json
    assert (named["published"], named["language"]) == ("2026-03-14T11:00:00-04:00", "en")
    assert named["topics"] == ["schule"]


def test_standard_input() -> None:
    (release,) = syndicate("preview", "-", "--format", "markdown", "--json", stdin=SCHOOL.encode()).json
    assert release["title"] == "Werkstattpreis für Brunnau"


def test_an_address(tmp_path: Path) -> None:
    feed = (
        '<rss version="2.0"><channel><title>Amt</title><link>http://amt.example/</link><description>d</description>'
        "<item><title>Neue Brücke</title><link>/1</link><category>Verkehr</category></item></channel></rss>"
    )
    with Server() as server:
        good = server.answers("/feed", Reply(body=feed.encode()))
        (release,) = syndicate("preview", good, "--json").json
        gone = syndicate("preview", server.url("/weg"))
    assert (release["title"], release["topics"]) == ("Neue Brücke", ["verkehr"])
    assert gone.code == 1
    assert gone.err.startswith(f"syndicate: {server.url('/weg')} answered 404")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("weg.txt", None, "No such file"),
        ("kaputt.md", BROKEN.encode(), "line 2"),
        ("leer.txt", b"", "empty"),
        ("bild.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00", "not text"),
        ("gross.txt", b"Wort " * 2_000_001, "larger than"),
    ],
)
def test_what_is_refused_is_named_with_its_reason(
    name: str, content: bytes | None, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    done = syndicate("preview", str(path), "--json")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("syndicate: ")
    assert name in done.err
    assert reason in done.err
    assert len(done.err.splitlines()) == 1


def test_one_bad_entry_costs_none_of_its_neighbours(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    items = [{"id": "1", "title": "Gut"}, "kein Eintrag", {"id": "3", "title": "Auch gut"}]
    path.write_text(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Amt", "items": items}))
    done = syndicate("preview", str(path), "--json")
    assert (done.code, [release["title"] for release in done.json]) == (0, ["Gut", "Auch gut"])
    assert "feed.json" in done.err


def test_a_date_that_nobody_can_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(
        "<rss version='2.0'><channel><item><title>Wald</title><pubDate>KW 20</pubDate></item></channel></rss>"
    )
    done = syndicate("preview", str(path), "--json")
    assert (done.code, "published" in done.json[0]["inferred"]) == (0, True)
    assert 'note: Wald: date "KW 20" is no date, so that of first sight is shown' in done.err


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


PICTURE = b"\x89PNG\r\n\x1a\n" + b"ein Wald"
PICTURED = SPEECH.replace("topics:", "image: wald.png\ntopics:") + "\n![Ein Wald](wald.png)\n"
INLINE = f'src="data:image/png;base64,{base64.b64encode(PICTURE).decode()}"'


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files are."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_an_embargoed_release_is_seen_as_the_page_that_it_will_be(tmp_path: Path, scratch: Path) -> None:
    site = Site(tmp_path, rede=PICTURED, schule=SCHOOL)
    (site.releases / "wald.png").write_bytes(PICTURE)
    site.run("run", "--once")
    held = site.release("--state", "embargoed")
    published, revisions = _files(site.feeds), site.run("releases", "show", held["id"], "--json").json
    done = site.run("preview", "--html", held["id"][:5])
    assert (done.code, done.err) == (0, "")
    written = Path(done.out.strip())
    assert written.parent == scratch
    assert written.stat().st_mode & 0o777 == 0o600
    page = written.read_text()
    assert "Mehr Eichen für das Land." in page
    assert INLINE in page
    assert "img-src http: https: data:" in page
    assert ">Forst</a>" in page
    assert _files(site.feeds) == published
    assert site.run("releases", "show", held["id"], "--json").json == revisions
    # As it is seen, so it comes, but for the hour and its pictures' addresses.
    site.run("releases", "lift", held["id"])
    assert f"{held['id']}.html" in site.tells("Mehr Eichen")
    lifted = site.feeds / "releases" / f"{held['id']}.html"
    later = r'[0-9-]+(?="|T)|\d+\. \w+ \d{4}|(?<=src=")[^"]*|; img-src.*?; base|\d\d:\d\d:[^"]*'
    assert re.sub(later, "", lifted.read_text()) == re.sub(later, "", page)


def test_a_public_release_shows_the_version_that_waits(tmp_path: Path, scratch: Path) -> None:
    site = Site(tmp_path, schule=SCHOOL)
    site.run("run", "--once")
    site.put("schule", SCHOOL.replace("---\nDie", "embargo: Redebeginn\n---\nDie").replace("im Herbst", "im Winter"))
    site.run("run", "--once")
    assert site.tells("im Winter") == []
    done = site.run("preview", "--html", site.release()["id"])
    assert "im Winter" in Path(done.out.strip()).read_text()


def test_a_file_is_seen_as_a_page_with_the_picture_beside_it(tmp_path: Path, scratch: Path) -> None:
    (tmp_path / "rede.md").write_text(PICTURED, encoding="utf-8")
    (tmp_path / "wald.png").write_bytes(PICTURE)
    done = syndicate("preview", "--html", str(tmp_path / "rede.md"))
    assert (done.code, done.err) == (0, "")
    assert INLINE in Path(done.out.strip()).read_text()
    piped = syndicate("preview", "--html", "-", "--format", "markdown", stdin=SCHOOL.encode())
    assert "<h1>Werkstattpreis für Brunnau</h1>" in Path(piped.out.strip()).read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["--html", "zzzz"], 1, "zzzz: no such release"),
        (["--html", "GONE"], 1, "is withdrawn; there is nothing to show"),
        (["--open", "schule.md"], 2, "--open goes with --html"),
        (["--html", "--json", "schule.md"], 2, "--html not with --json"),
        (["--html", "kaputt.md"], 1, "kaputt.md: line 2"),
    ],
)
def test_what_cannot_be_seen_as_a_page(
    arguments: list[str], code: int, reason: str, tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(tmp_path, schule=SCHOOL, kaputt=BROKEN)
    monkeypatch.chdir(site.releases)
    site.run("run", "--once")
    gone = site.release()["id"]
    site.run("releases", "withdraw", gone)
    done = site.run("preview", *(gone if argument == "GONE" else argument for argument in arguments))
    assert (done.code, done.out) == (code, "")
    assert reason in done.err
    assert [*scratch.iterdir()] == []


def test_a_page_is_never_written_where_it_would_be_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(tmp_path, rede=SPEECH)
    site.run("run", "--once")
    monkeypatch.setattr(tempfile, "tempdir", str(site.feeds / "releases"))
    done = site.run("preview", "--html", site.release()["id"])
    assert (done.code, done.out) == (2, "")
    assert "set TMPDIR to another folder" in done.err


def test_the_browser_opens_it(tmp_path: Path, scratch: Path) -> None:
    opened = list[str]()

    class Browser(webbrowser.BaseBrowser):
        def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
            opened.append(url)
            return True

    webbrowser.register("ours", None, Browser(), preferred=True)
    (tmp_path / "schule.md").write_text(SCHOOL, encoding="utf-8")
    done = syndicate("preview", "--html", "--open", str(tmp_path / "schule.md"))
    assert opened == [Path(done.out.strip()).as_uri()]
