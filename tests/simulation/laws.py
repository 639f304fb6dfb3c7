"""What always holds of the published folder, whatever happens, and what holds at the end of a day."""

import os
import re
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from simulation.published import Folder, Sheet
from simulation.web import Web
from syndicate.model import Document
from syndicate.validate import faults

_SLOTS = "SELECT atom_id, position, release FROM slot JOIN topic ON topic.id = slot.topic"
_TYPES = {
    "atom": "application/atom+xml",
    "rss": "application/rss+xml",
    "json": "application/feed+json",
    "html": "text/html",
    "xml": "application/xml",
    "opml": "text/x-opml",
}


class Broken(BaseException):
    """A law does not hold: which, and by what. The program catches each Exception, and is not to catch this."""

    def __init__(self, law: str, what: object) -> None:
        super().__init__(f"{law}: {what}")
        self.law = law


def holds(law: str, is_so: object, what: object = "") -> None:
    if not is_so:
        raise Broken(law, what)


def _truth(marks: Iterable[str]) -> str:
    """The mark of the one truth that all these are of."""
    found = {re.sub(r"[vth]\d+", "", mark) for mark in marks}
    holds("each entry is one truth", len(found) == 1, sorted(marks))
    return found.pop()


class Laws:
    """One reader who never forgets what he saw."""

    def __init__(self, store: Path, feeds: Path, base: str, web: Web) -> None:
        self._store = store
        self.folder = Folder(feeds, base)
        self._feeds = feeds
        self._web = web
        self._truth_of: dict[str, str] = {}  # by the id of an entry
        self._updated: dict[str, str] = {}  # of entries and of documents, by their names
        self._stood: dict[str, list[str]] = {}  # on closed pages: ids from the top
        self._slots: dict[tuple[str, int], str] = {}
        self._validated: dict[str, object] = {}
        self._last_event = 0

    # --- at every moment, also where a process has just been killed --------------------------------------------------

    def words(self, now: datetime, touched: Iterable[str] | None = None) -> None:
        """Nothing can be read anywhere that may not be read yet, or not any more."""
        self.folder.look(touched)
        for truth in self._web.truths.values():
            truth.passes(now)
        may = {mark for truth in self._web.truths.values() for mark in truth.may()}
        for path, marks in self.folder.marks.items():
            holds("none shown before its end or after its withdrawal", marks <= may, (path, sorted(marks - may)[:9]))

    def left(self) -> None:
        """What a kill or a loss of power leaves: a store that is whole, whole documents, and links to what is there."""
        with tempfile.TemporaryDirectory() as folder:
            for part in ("", "-wal"):
                if os.path.exists(f"{self._store}{part}"):
                    shutil.copy(f"{self._store}{part}", f"{folder}/s.db{part}")
            with closing(sqlite3.connect(f"{folder}/s.db")) as db:
                told = db.execute("PRAGMA integrity_check").fetchall()
        holds("the store is whole", told == [("ok",)], told)
        self._valid()
        for head in ("all.atom", "all.json", "index.html"):
            if head in self.folder.marks:
                holds("what is linked is there", [*self.folder.walk(head)])

    # --- after each publish -------------------------------------------------------------------------------------------

    def published(self, now: datetime, touched: Iterable[str] | None = None, *, whole: bool = True) -> None:
        """Walks are exact, nothing is doubled, nothing goes back, nothing is left lying about."""
        self.words(now, touched)
        if not whole:
            return  # somebody has deleted something
        walked = self._walk_all()
        self._none_doubled(walked)
        left = [path for path in self.folder.marks if path.endswith((".tmp", ".gzt", ".unfinished"))]
        holds("no temporary files left", not left or touched is None, left)

    def _walk_all(self) -> dict[str, str]:
        """By the id of each entry in the feed of everything, the truth that it is."""
        atom = [*self.folder.walk("all.atom")]
        entries = [entry for _, sheet in atom for entry in sheet.entries]
        ids = [entry.id for entry in entries]
        holds("walks are exact", len(ids) == len({*ids}), [i for i, n in Counter(ids).items() if n > 1])
        told = {entry.id: _truth(entry.marks) for entry in entries}
        for i, mark in told.items():
            holds("no id is used again", self._truth_of.setdefault(i, mark) == mark, (i, mark, self._truth_of[i]))
        in_json = [e for _, sheet in self.folder.walk("all.json") for e in sheet.entries if e.marks]
        holds("walks are exact", sorted(e.id for e in in_json) == sorted(ids), "Atom and JSON differ")
        if (self._feeds / "index.html").is_file():
            pages = [e.id for _, sheet in self.folder.walk("index.html") for e in sheet.entries]
            seen = Counter(self._of_page(i) for i in pages)
            differ = (seen - Counter(told.values()), Counter(told.values()) - seen)
            holds("walks are exact", not any(differ), ("pages for people differ", *differ))
        for path, sheet in atom:
            self._nothing_goes_back(path, sheet)
        return told

    def _of_page(self, identifier: str) -> str:
        return _truth(self.folder.marks[f"releases/{identifier}.html"])

    def _nothing_goes_back(self, path: str, sheet: Sheet) -> None:
        names = [("", sheet.updated), *((entry.id, entry.updated) for entry in sheet.entries)]
        for name, updated in names:
            key = name or path
            holds(
                "`updated` never goes back",
                self._updated.get(key, "") <= updated,
                (key, self._updated.get(key), updated),
            )
            self._updated[key] = updated
        if "/" in path:
            ids = [entry.id for entry in sheet.entries]
            stood = self._stood.setdefault(path, ids)
            holds("closed pages do not shift", ids == [i for i in stood if i in ids], (path, stood, ids))

    def _none_doubled(self, told: dict[str, str]) -> None:
        for mark, n in Counter(told.values()).items():
            truth = self._web.truths[int(mark[1:-1])]
            holds("none doubled", n <= truth.parts, (mark, n, [i for i, m in told.items() if m == mark]))

    # --- when all that was due is done --------------------------------------------------------------------------------

    def settled(self, now: datetime) -> None:
        """What must be seen is seen, in its last words where these are sure; what must not is not."""
        told = Counter(self._walk_all().values())
        marks = self.folder.all_marks()
        for truth in self._web.truths.values():
            truth.passes(now)
            if truth.is_over() and truth.parts == 1:
                truth.gone = True
            if truth.gone:
                holds("none comes back", not told[truth.mark], truth.mark)
                continue
            if truth.is_due(now):
                holds("none lost", told[truth.mark] >= 1, truth.mark)
                truth.shown = True
                newest = truth.newest(now) if truth.parts == 1 else []
                lacking = [sorted(words - marks) for words in newest]
                holds("the last words are shown", not newest or not all(lacking), (truth.mark, lacking))
                if truth.by_hand:
                    holds("what a person wrote is shown", truth.hands[-1] in marks, truth.hands[-1])
        holds("polite", not self._web.rude, self._web.rude)

    # --- at the end of a day ------------------------------------------------------------------------------------------

    def day(self, now: datetime) -> None:
        self.published(now)
        self.settled(now)
        self._valid()
        self._events()
        self._positions()

    def _valid(self) -> None:
        for path in self.folder.marks:
            kind = "application/json" if path.endswith(".ninjs.json") else _TYPES.get(path.rpartition(".")[2])
            version = self.folder.version(path)
            if kind and self._validated.get(path) != version:
                wrong = faults(Document(path, kind, (self._feeds / path).read_bytes()))
                holds("every document is valid", not wrong, (path, wrong))
                self._validated[path] = version

    def _events(self) -> None:
        """What has happened is told once."""
        told = self._rows("SELECT release, kind, revision FROM happened ORDER BY id")
        twice = [row for row, n in Counter(told).items() if n > 1 and row[1] == "corrected"]
        holds("each event is told once", not twice, twice)
        state = dict[str, str]()
        for release, kind, revision in told:
            # What comes in such numbers that it is below the head at once is told of nobody.
            before, is_new = state.get(release), kind in ("published", "lifted")
            follows = before is None or is_new == (before == "withdrawn")
            holds("events follow one another", follows, (release, before, kind, revision))
            state[release] = kind

    def _positions(self) -> None:
        for topic, position, release in self._rows(_SLOTS):
            holder = self._slots.setdefault((topic, position), release)
            holds("no position is used again", holder == release, (topic, position, holder, release))

    def _rows(self, sql: str) -> list[tuple]:  # type: ignore[type-arg]
        db = sqlite3.connect(f"file:{self._store}?mode=ro", uri=True)
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()
