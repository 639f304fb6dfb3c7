"""The bundled examples hold what is promised: every file format, two companions, an embargo, headlines, a list."""

import re
import struct
from pathlib import Path

import pytest

from syndicate.config import load
from syndicate.parse import detect

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "examples" / "releases"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`([\w-]+\.\w+)`", README.replace("`config.toml`", ""))
# The readme invites people to drop files here: those are not ours to judge.
FILES = sorted(FOLDER / name for name in set(NAMED))
COMPANIONS = [path for path in FILES if path.suffix in {".png", ".pdf"}]
RELEASES = [path for path in FILES if path not in COMPANIONS]


def text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def test_the_folder_is_the_bundled_source() -> None:
    assert [Path(source.path or "") for source in load(ROOT / "config.toml").sources] == [FOLDER]


def test_the_readme_names_each_file_once() -> None:
    assert sorted(NAMED) == [path.name for path in FILES]
    assert [path.name for path in FILES if not path.is_file()] == []


def test_every_format_is_there() -> None:
    assert len(RELEASES) >= 10
    assert {path.suffix for path in RELEASES} == {".txt", ".md", ".rss", ".rdf", ".atom", ".json"}
    found = {path.name: detect(path.read_bytes(), path=path.name) for path in RELEASES}
    assert set(found.values()) == {"feed", "json", "page", "markdown"}
    openings = {path.read_text(encoding="utf-8")[:3] for path in RELEASES if found[path.name] == "markdown"}
    assert openings == {"---", "+++"}


def test_the_fourteen_topics_are_named() -> None:
    words = " ".join(path.read_text(encoding="utf-8") for path in RELEASES).casefold()
    assert [topic.title for topic in load(ROOT / "config.toml").topics if topic.title.casefold() not in words] == []


def test_there_is_an_embargo_headlines_a_list_and_a_contact() -> None:
    assert text("landesregierung-landesorden-sperrfrist.txt").startswith("Sperrfrist: 14. März 2099, 11:00 Uhr\n")
    assert "\nWeitere Meldungen\n" in text("schule-werkstattpreis.txt")
    assert text("meldungen-der-woche.txt").count("Mehr") == 4
    assert "\nPressekontakt\n" in text("arbeitsmarkt-lotsen.txt")


@pytest.mark.parametrize("path", COMPANIONS, ids=lambda path: path.name)
def test_a_companion_is_small_whole_and_named_by_a_release(path: Path) -> None:
    body = path.read_bytes()
    assert len(body) < 50_000
    assert path.name in text("gesundheit-klinik-hohenried.md")
    if path.suffix == ".png":
        assert body.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">II", body[16:24]) == (960, 540)
        assert body.endswith(b"IEND\xaeB`\x82")
    else:
        start = int(body.rsplit(b"startxref\n", 1)[1].split()[0])
        assert body.startswith(b"%PDF-1.4")
        assert body[start:].startswith(b"xref")
        offsets = [int(line[:10]) for line in body[start:].splitlines() if line.endswith(b" n ")]
        assert [body[offset:].split()[0] for offset in offsets] == [b"%d" % n for n in range(1, len(offsets) + 1)]
