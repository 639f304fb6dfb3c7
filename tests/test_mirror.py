"""Mirrors of buckets that are configured no more: they go, and nothing else does."""

import fcntl
import os
import pkgutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from syndicate.app import App
from syndicate.config import load, read
from syndicate.mirror import drop, held
from syndicate.model import Plan
from syndicate.pipeline import drop_mirrors
from syndicate.schedule import Schedule

BUCKET = '[[source]]\nid = "{}"\npath = "s3://presse/{}"\n'


def planned(folder: Path, *sources: str) -> Plan:
    return read("".join(BUCKET.format(each, each) for each in sources), folder / "config.toml")


def mirror(folder: Path, name: str, config: Path | None = None) -> Path:
    """As one that was looked at lies there."""
    place = folder / ".buckets" / name
    os.close(held(place))
    (place / "2026").mkdir()
    (place / "2026" / "a.md").write_text("Brücke", "utf-8")
    (place / ".versions").write_text("{}", "utf-8")
    (place / ".config").write_text(str(config or folder / "config.toml"), "utf-8")
    return place


def test_those_go_that_are_configured_no_more(tmp_path: Path) -> None:
    kept, gone = mirror(tmp_path, "amt"), mirror(tmp_path, "rat")
    drop_mirrors(planned(tmp_path, "amt"))
    assert (kept.is_dir(), gone.exists()) == (True, False)
    assert (kept / "2026" / "a.md").is_file()
    drop_mirrors(planned(tmp_path))
    assert [*(tmp_path / ".buckets").iterdir()] == []


def test_a_source_that_is_a_folder_now_has_no_mirror(tmp_path: Path) -> None:
    gone = mirror(tmp_path, "amt")
    drop_mirrors(read('[[source]]\nid = "amt"\npath = "amt"\n', tmp_path / "config.toml"))
    assert not gone.exists()


def _of_another_site(folder: Path) -> Path:
    return mirror(folder, "rat", folder / "other.toml")


def _nobodys(folder: Path) -> Path:
    place = mirror(folder, "rat")
    (place / ".config").unlink()
    return place


def _odd(folder: Path) -> Path:
    place = mirror(folder, "rat")
    (place / ".config").write_bytes(b"\xff/config.toml")
    return place


def _made_by_hand(folder: Path) -> Path:
    place = folder / ".buckets" / "rat"
    place.mkdir(parents=True)
    (place / "a.md").write_text("Brücke", "utf-8")
    return place


def _a_link(folder: Path) -> Path:
    elsewhere = mirror(folder, "rat").rename(folder / "elsewhere")
    (folder / ".buckets" / "rat").symlink_to(elsewhere)
    return elsewhere


@pytest.mark.parametrize("made", [_of_another_site, _nobodys, _odd, _made_by_hand, _a_link])
def test_what_is_not_ours_stays(made: Callable[[Path], Path], tmp_path: Path) -> None:
    place = made(tmp_path)
    before = sorted(path.name for path in place.rglob("*"))
    drop_mirrors(planned(tmp_path))
    assert sorted(path.name for path in place.rglob("*")) == before


def test_a_link_within_is_followed_nowhere(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.md").write_text("Brücke", "utf-8")
    (mirror(tmp_path, "rat") / "2026" / "link").symlink_to(tmp_path / "own")
    drop_mirrors(planned(tmp_path))
    assert (tmp_path / "own" / "a.md").is_file()


def test_a_configuration_that_is_a_link_may_lead_elsewhere(tmp_path: Path) -> None:
    """As a ConfigMap of Kubernetes does with each version of it."""
    for version in ("..1", "..2"):
        (tmp_path / version).mkdir()
        (tmp_path / version / "config.toml").touch()
    config, gone = tmp_path / "config.toml", mirror(tmp_path, "rat")
    config.symlink_to("..1/config.toml")
    assert pkgutil.resolve_name("syndicate.mirror.folder:belongs")(gone, config)
    config.unlink()
    config.symlink_to("..2/config.toml")
    drop_mirrors(planned(tmp_path))
    assert not gone.exists()


def test_one_that_is_looked_at_stays_until_the_next_time(tmp_path: Path) -> None:
    place = mirror(tmp_path, "rat")
    handle = held(place)
    drop_mirrors(planned(tmp_path))
    assert (place / "2026" / "a.md").is_file()
    os.close(handle)
    drop_mirrors(planned(tmp_path))
    assert not place.exists()


def test_they_go_at_a_start_and_at_a_reload_but_not_by_a_configuration_that_cannot_be_used(tmp_path: Path) -> None:
    config, none = tmp_path / "config.toml", '[[source]]\nid = "amt"\npath = "amt"\n'
    (tmp_path / "amt").mkdir()
    config.write_text(none + BUCKET.format("rat", "rat"), "utf-8")
    here, before = mirror(tmp_path, "rat"), mirror(tmp_path, "kreis")
    with App(load(config)) as app:
        app.prepare()
        schedule = Schedule(app)
        schedule.start()
        assert schedule.stop(10)
        assert (here.exists(), before.exists()) == (True, False)
        for text, stays in ((f"{none}[[sauce]]", True), (none, False)):
            config.write_text(text, "utf-8")
            assert (app.reload().error is not None) is stays
            assert here.exists() is stays


def test_who_waits_for_one_that_goes_has_a_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits has the lock of a file that is there no more."""
    place, waits, asked = mirror(tmp_path, "rat"), threading.Event(), list[int]()
    real = fcntl.flock

    def locked(handle: int, how: int) -> None:
        if not how & fcntl.LOCK_NB:
            waits.set()
        real(handle, how)

    monkeypatch.setattr(fcntl, "flock", locked)
    real_empty = pkgutil.resolve_name("syndicate.mirror.folder:empty")
    waiting = threading.Thread(target=lambda: asked.append(held(place)))

    def emptied(*_: object) -> None:
        waiting.start()
        assert waits.wait(10)

    monkeypatch.setattr("syndicate.mirror.folder.empty", lambda folder, there: (real_empty(folder, there), emptied()))
    assert drop(place, tmp_path / "config.toml")
    waiting.join(10)
    (handle,) = asked
    assert os.path.samestat(os.fstat(handle), os.stat(place / ".lock"))
    assert [path.name for path in place.iterdir()] == [".lock"]
    os.close(handle)
