"""The journal of acts beside the store: what stands in it, whatever ends where, and what is done again out of it."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from builders import make_release
from syndicate.config import read
from syndicate.errors import StoreUnusable
from syndicate.model import Change, Changes, Key, Newsroom, Plan
from syndicate.pipeline import Edit, Restore, Withdraw, amend, prepare, replay
from syndicate.recording import record
from syndicate.store import Act, Journal, Store, copy, of_file

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return read("", tmp_path / "config.toml")


@pytest.fixture
def path(tmp_path: Path, plan: Plan) -> Path:
    """A store with one public release, that keeps a journal."""
    found = tmp_path / "syndicate.db"
    with of_file(found) as store:
        prepare(store, plan, now=NOW)
        record(store, Changes(changes=(_new(),)), plan, now=NOW)
    return found


def _new(identifier: str = "talland00001", **fields: Any) -> Change:
    keys = (Key("id", "amt", f"urn:{identifier}"),)
    return Change(verdict="new", release=make_release(identifier, keys=keys, source="amt", **fields))


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(f"{path}.acts").read_text().splitlines()]


def test_each_act_is_a_line_that_knows_the_release(path: Path, plan: Plan) -> None:
    with of_file(path) as store:
        amend(store, Edit("talland00001", {"title": "Neu"}, note="Zahl"), plan=plan, now=LATER)
        amend(store, Withdraw("talland00001", "falsch"), plan=plan, now=LATER)
        amend(store, Restore("talland00001"), plan=plan, now=LATER)
        store.newsrooms.revoke("tagblatt", LATER)
    first, *lines = _lines(path)
    acts = [line for line in lines if "act" in line]
    assert first["since"] == 0
    assert [(act["id"], act["act"]) for act in acts] == [(1, "edit"), (2, "withdraw"), (3, "restore"), (4, "revoke")]
    assert all(act["keys"] == [["id", "amt", "urn:talland00001"]] for act in acts[:3])
    assert lines[-1] == {"done": 4}
    assert Path(f"{path}.acts").stat().st_mode & 0o777 == 0o600


def test_what_is_not_recorded_is_not_in_it(path: Path, plan: Plan) -> None:
    def fails() -> None:
        store.newsrooms.revoke("one", LATER)
        raise KeyError

    with of_file(path) as store:
        with pytest.raises(KeyError), store.transaction():
            fails()
        with pytest.raises(KeyError):
            store.together(fails)
        store.newsrooms.revoke("two", LATER)
    assert [line["newsroom"] for line in _lines(path) if "act" in line] == ["two"]


def test_where_it_cannot_be_written_nothing_is_done(path: Path, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with of_file(path) as store:
        with monkeypatch.context() as patched:
            patched.setattr("syndicate.store.acts.os.fsync", full)
            with pytest.raises(StoreUnusable, match="acts: cannot be written: No space left on device"):
                amend(store, Withdraw("talland00001", "falsch"), plan=plan, now=LATER)
        release = store.releases.get("talland00001")
        assert release
        assert release.visible
        amend(store, Withdraw("talland00001", "anders"), plan=plan, now=LATER)
    told = Journal(path).read()
    assert told
    assert [(act.data["reason"], act.sure) for act in told.acts] == [("anders", True)]


TAILS: dict[str, tuple[str, list[tuple[int, bool]]]] = {
    "recorded": ('{"id":1,"of":1,"at":"","act":"lift"}\n{"done":1}\n', [(1, True)]),
    "killed before it could be said": ('{"id":1,"of":1,"at":"","act":"lift"}\n', [(1, False)]),
    "recorded, as the next one shows": (
        '{"id":1,"of":1,"at":"","act":"lift"}\n{"id":2,"of":2,"at":"","act":"lift"}\n',
        [(1, True), (2, False)],
    ),
    "two at once": (
        '{"id":1,"of":1,"at":"","act":"lift"}\n{"id":2,"of":1,"at":"","act":"lift"}\n',
        [(1, False), (2, False)],
    ),
    "never recorded, and another took its number": (
        '{"id":1,"of":1,"at":"","act":"lift"}\n{"id":2,"of":1,"at":"","act":"lift"}\n'
        '{"id":1,"of":1,"at":"","act":"drop"}\n{"done":1}\n',
        [(1, True)],
    ),
    "never recorded, as the next start says": ('{"id":1,"of":1,"at":"","act":"lift"}\n{"done":0}\n', []),
    "cut off by a power cut": ('{"id":1,"of":1,"at":"","act":"lift"}\n{"done":1}\n{"id":2,"of', [(1, True)]),
    "cut off, and gone on": ('{"id":1,"of\n{"id":1,"of":1,"at":"","act":"lift"}\n{"done":1}\n', [(1, True)]),
    "of nobody": ("\x00\x00[]\n7\n", []),
}


@pytest.mark.parametrize(("tail", "acts"), TAILS.values(), ids=TAILS)
def test_what_ends_anywhere_is_read(path: Path, tail: str, acts: list[tuple[int, bool]]) -> None:
    with Path(f"{path}.acts").open("a") as file:
        file.write(tail)
    told = Journal(path).read()
    assert told
    assert [(act.id, act.sure) for act in told.acts] == acts


def _revoke_and_be_killed(path: Path, step: str) -> None:
    with of_file(path) as store:
        journal = store._connection.journal
        append = journal.append
        if step == "append":
            journal.append = lambda acts: os._exit(0)  # type: ignore[method-assign]
        elif step == "COMMIT":
            journal.append = lambda acts: (append(acts), os._exit(0))[0]  # type: ignore[method-assign]
        else:
            journal.done = lambda number: os._exit(0)  # type: ignore[method-assign]
        store.newsrooms.revoke("tagblatt", LATER)


@pytest.mark.parametrize("step", ["append", "COMMIT", "done"])
def test_a_kill_at_any_step_neither_loses_an_act_nor_does_one_that_was_never_done(
    path: Path, plan: Plan, tmp_path: Path, step: str
) -> None:
    """What is there after a kill is what the file has; the process that ends is a child."""
    copy(path, tmp_path / "backup.db")
    child = os.fork()
    if not child:
        try:
            _revoke_and_be_killed(path, step)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    with of_file(path) as store:
        done = store.acts.last() == 1
        assert done is (step == "done")
        prepare(store, plan, now=LATER)  # the next start
    told = Journal(path).read()
    assert told
    assert [act.kind for act in told.acts if act.sure] == (["revoke"] if done else [])


def test_what_was_torn_off_is_no_line_of_the_next(path: Path) -> None:
    with Path(f"{path}.acts").open("a") as file:
        file.write('{"id": 1, "of": 1, "a')
    with of_file(path) as store:
        store.newsrooms.revoke("tagblatt", LATER)
    told = Journal(path).read()
    assert told
    assert [(act.data["newsroom"], act.sure) for act in told.acts] == [("tagblatt", True)]


def test_a_pipe_in_its_place_holds_up_nobody(path: Path) -> None:
    journal = Journal(path)
    journal.path.unlink()
    os.mkfifo(journal.path)
    with pytest.raises(StoreUnusable, match="it is no file"):
        journal.read()
    assert journal.last() is None


def test_it_does_not_grow_for_ever(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syndicate.store.acts._MOST", 1500)
    with of_file(path) as store:
        for number in range(40):
            store.newsrooms.revoke(f"n{number}", LATER)
        told = Journal(path).read()
        assert told
        assert Path(f"{path}.acts").stat().st_size < 2000
        assert told.since == told.acts[0].id - 1 > 20
        assert told.acts[-1].data["newsroom"] == "n39"
        assert store.acts.last() == 40
        assert not store.acts.is_behind()


def test_another_store_s_is_put_aside_and_never_taken_away(path: Path, plan: Plan) -> None:
    before = Path(f"{path}.acts").read_text()
    path.unlink()
    with of_file(path) as store:
        store.newsrooms.revoke("tagblatt", LATER)
    assert len(_lines(path)) == 3
    (aside,) = path.parent.glob("*.acts.of-*")
    assert aside.read_text() == before


AGAIN: dict[str, Callable[[Store, Plan], object]] = {
    "withdrawn": lambda store, plan: amend(store, Withdraw("talland00001", "falsch"), plan=plan, now=LATER),
    "edited": lambda store, plan: amend(store, Edit("talland00001", {"title": "Neu"}, "Zahl"), plan=plan, now=LATER),
}


@pytest.mark.parametrize("act", AGAIN.values(), ids=AGAIN)
def test_done_again_a_release_is_what_it_was(
    path: Path, plan: Plan, tmp_path: Path, act: Callable[[Store, Plan], object]
) -> None:
    copy(path, tmp_path / "backup.db")
    with of_file(path) as store:
        act(store, plan)
        was, edits = store.releases.get("talland00001"), store.releases.edits("talland00001")
    os.replace(tmp_path / "backup.db", path)
    with of_file(path) as store:
        assert store.acts.is_behind()
        with pytest.raises(StoreUnusable, match="tells of acts that this store does not know"):
            store.newsrooms.revoke("x", LATER)
        prepare(store, plan, now=LATER)
        assert not store.acts.is_behind()
        assert store.releases.get("talland00001") == was
        assert store.releases.edits("talland00001") == edits
        assert store.acts.last() == 1
    assert len(_lines(path)) == 3  # nothing is journalled twice


def test_what_the_store_has_never_seen(path: Path, plan: Plan, tmp_path: Path) -> None:
    """Withdrawn: it is put in so. Edited: that waits until it comes. Revoked: nobody of that name comes in."""
    copy(path, tmp_path / "backup.db")
    with of_file(path) as store:
        record(store, Changes(changes=(_new("talland00002"), _new("talland00003"))), plan, now=NOW)
        amend(store, Withdraw("talland00002", "falsch"), plan=plan, now=LATER)
        amend(store, Edit("talland00003", {"title": "Neu"}, "Zahl"), plan=plan, now=LATER)
        store.newsrooms.add(Newsroom(name="tagblatt", topics=(), embargoed=False, made=NOW), b"x" * 32)
        store.newsrooms.revoke("tagblatt", LATER)
    os.replace(tmp_path / "backup.db", path)
    with of_file(path) as store:
        done = replay(store, store.acts.later().acts, plan)
        assert done == {"withdraw": 1, "wait": 1, "revoke": 1}
        stub = store.releases.get("talland00002")
        assert stub
        assert (stub.state, stub.withdrawn, stub.reason, stub.issued) == (
            "withdrawn",
            LATER,
            "falsch",
            make_release().issued,
        )
        assert store.releases.get("talland00003") is None
        record(store, Changes(changes=(_new("talland00003"),)), plan, now=LATER)
        assert [act.kind for act in store.acts.waiting()] == ["edit"]


def test_where_it_is_not_sure_only_what_shows_nothing_is_done(path: Path, plan: Plan) -> None:
    data = {"release": "talland00001", "atom_id": make_release().atom_id, "keys": []}
    acts = [
        Act(1, LATER.isoformat(), "restore", data, 1, sure=False),
        Act(2, LATER.isoformat(), "withdraw", {**data, "reason": None}, 2, sure=False),
        Act(3, LATER.isoformat(), "of a later program", data, 3),
    ]
    with of_file(path) as store:
        assert replay(store, acts, plan) == {"unsure": 1, "withdraw": 1, "fail": 1}
        assert store.acts.last() == 3
