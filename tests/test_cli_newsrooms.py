"""`syndicate newsrooms`: a token is told once, a name is given once, and what the list says of both."""

import re
import sqlite3
import subprocess
from pathlib import Path

import pytest

from cli_site import SYNDICATE, Site


@pytest.mark.sqlite
def test_a_token_is_printed_alone_and_kept_nowhere(tmp_path: Path) -> None:
    site = Site(tmp_path)
    added = site.run("newsrooms", "add", "Tagblatt", "--topics", "schule, Forst")
    assert (added.code, added.err) == (0, "")
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}\n", added.out)
    (store,) = tmp_path.glob("*.db")
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("*.db*"))
    assert added.out.strip().encode() not in kept
    with sqlite3.connect(store) as db:
        assert db.execute("SELECT length(token) FROM newsroom").fetchall() == [(32,)]
    (listed,) = site.run("newsrooms", "list", "--json").json
    assert listed | {"made": ""} == {
        "name": "Tagblatt",
        "state": "active",
        "topics": ["schule", "forst"],
        "embargoed": False,
        "made": "",
        "last_use": None,
        "suspended": None,
        "revoked": None,
    }


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "b", "--topics", "wirtschaft"), 'no topic "wirtschaft"'),
        (("add", "b", "--topics", ","), "names none"),
        (("add", "a"), "a newsroom a already"),
        (("add", ""), "is no name"),
        (("add", "b\nc"), "is no name"),
        (("add", "b" * 61), "is no name"),
        (("revoke", "b"), 'no newsroom "b"'),
        (("confirm", "b"), 'no newsroom "b"'),
        (("revoke",), "Missing argument"),
    ],
)
def test_wrong_use_is_told_and_changes_nothing(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    site = Site(tmp_path)
    site.run("newsrooms", "add", "a")
    before = site.run("newsrooms", "list", "--json").json
    wrong = site.run("newsrooms", *arguments)
    assert (wrong.code, wrong.out) == (2, "")
    assert says in wrong.err
    assert site.run("newsrooms", "list", "--json").json == before


def test_wrong_use_makes_no_store(tmp_path: Path) -> None:
    assert Site(tmp_path).run("newsrooms", "add", "a", "--topics", "wirtschaft").code == 2
    assert not [*tmp_path.glob("*.db*")]


def test_a_token_that_nobody_can_see_is_none(tmp_path: Path) -> None:
    site = Site(tmp_path)
    command = [SYNDICATE, "--config", tmp_path / "config.toml", "newsrooms", "add", "a"]
    with open("/dev/full", "wb") as full:
        told = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (told.returncode, b"No space left" in told.stderr) == (1, True)
    assert site.run("newsrooms", "list", "--json").json == []


def test_a_revoked_name_may_be_given_anew(tmp_path: Path) -> None:
    site = Site(tmp_path)
    first = site.run("newsrooms", "add", "a", "--embargoed").out
    assert site.run("newsrooms", "revoke", "a").code == 0
    assert "already" in site.run("newsrooms", "revoke", "a").out
    assert site.run("newsrooms", "list", "--json").json[0]["state"] == "revoked"
    assert site.run("newsrooms", "confirm", "a").code == 2
    again = site.run("newsrooms", "add", "a")
    assert again.code == 0
    assert again.out != first
    (listed,) = site.run("newsrooms", "list", "--json").json
    assert (listed["state"], listed["embargoed"], listed["revoked"]) == ("active", False, None)


@pytest.mark.sqlite
def test_what_is_suspended_goes_on_when_a_person_says_so(tmp_path: Path) -> None:
    site = Site(tmp_path)
    assert "no newsrooms yet" in site.run("newsrooms", "list").out
    for name in ("a", "b"):
        site.run("newsrooms", "add", name)
    assert "No newsroom is suspended" in site.run("newsrooms", "confirm").out
    (store,) = tmp_path.glob("*.db")
    with sqlite3.connect(store) as db:
        db.execute("UPDATE newsroom SET suspended = '2026-06-01T12:00:00.000000Z'")
    assert "suspended" in site.run("newsrooms", "list").out
    assert site.run("newsrooms", "confirm", "b").out == "b is let in again.\n"
    assert [row["state"] for row in site.run("newsrooms", "list", "--json").json] == ["suspended", "active"]
    assert site.run("newsrooms", "confirm").out == "a is let in again.\n"
