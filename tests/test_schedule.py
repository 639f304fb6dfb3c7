"""The schedule: it ends when nothing of it uses the store any more, and it misses no file."""

import threading
from pathlib import Path

import pytest

from syndicate.app import App
from syndicate.config import load
from syndicate.model import Event, Polled, Published, Source
from syndicate.schedule import Schedule, Watchers
from waiting import PATIENCE, until

SITE = '[site]\ntag = "presse.talland.example,2026"\n'
FOLDER = '[[source]]\nid = "amt"\npath = "releases"\n'
OURS = ("job", "watch", "APScheduler", "ThreadPoolExecutor")  # the names of a schedule's threads


class Running:
    """The program, and a listener that holds whoever tells of an event of this kind."""

    def __init__(self, root: Path, sources: str, holds: type) -> None:
        (root / "config.toml").write_text(SITE + sources, encoding="utf-8")
        (root / "releases").mkdir()
        self.held, self.go = threading.Event(), threading.Event()
        self._holds = holds
        self.app = App(load(root / "config.toml"), [self._listen])
        self.app.prepare()
        self.schedule = Schedule(self.app)

    def _listen(self, event: Event) -> None:
        if isinstance(event, self._holds):
            self.held.set()
            assert self.go.wait(PATIENCE)


@pytest.mark.parametrize(("sources", "what"), [(FOLDER, Polled), ("", Published)], ids=["pool", "scheduler"])
def test_it_has_ended_only_when_nobody_uses_the_store(tmp_path: Path, sources: str, what: type) -> None:
    """Neither the pool that polls nor the scheduler's own threads, which publish."""
    running = Running(tmp_path, sources, what)
    with running.app:
        running.schedule.start()
        assert running.held.wait(PATIENCE)
        assert not running.schedule.stop(0.1)  # what is held does not end
        running.go.set()
        until(lambda: not [t.name for t in threading.enumerate() if t.name.startswith(OURS)], "a thread is left")


def test_what_came_before_a_folder_was_watched_does_not_wait_for_the_interval(tmp_path: Path) -> None:
    happened = list[str]()
    watchers = Watchers(happened.append)
    watchers.watch([Source(id="amt", path=str(tmp_path))])
    until(lambda: happened == ["amt"], "it was not looked at once more")
    (tmp_path / "eichen.md").write_text("# Eichen\n\nDas Land pflanzt Eichen.\n", encoding="utf-8")
    until(lambda: happened == ["amt", "amt"], "a dropped file was not told")
    watchers.stop()
    assert not [thread.name for thread in threading.enumerate() if thread.name == "watch amt"]
