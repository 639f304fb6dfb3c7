"""The way back from a backup: what was withdrawn stays away, what readers have stays, and nobody hears it twice."""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from older import as_it_was
from syndicate import store as stores
from syndicate.adopt import adopt
from syndicate.backup import Restored, restore
from syndicate.errors import BackupError, StoreError
from syndicate.model import Newsroom, Topic
from syndicate.pipeline import Act, Edit, Restore, Withdraw, prepare
from syndicate.store import copy, of_file
from worlds import NOW, PAGE, World

pytestmark = pytest.mark.sqlite

_SHM = Path("/dev/shm")
HOUR = timedelta(hours=1)
LATER = NOW + HOUR
restoring = sys.modules[restore.__module__]


class Site(World):
    """A site with pages of two, that makes a backup and loses its store."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, page_size=2)
        self.root, self.path = root, root / "s.db"
        self.plan = replace(self.plan, store=f"sqlite:///{self.path}")

    def file(self, number: int, text: str = "Die Gäste ziehen ein.", more: str = "") -> None:
        # Each has words of its own, or they would be editions of one.
        words = " ".join(f"wort{number}x{n}" for n in range(60))
        self.write(f"{number}.md", f"---\ntitle: Haus {number}\ntopic: Bau\nid: h{number}\n{more}---\n{text} {words}\n")

    def round(self, now: datetime = NOW) -> None:
        self.poll(now)
        self.publish(now)

    def back_up(self) -> Path:
        (self.root / "backups").mkdir(exist_ok=True)
        made = self.root / "backups" / "b.db"
        copy(self.path, made, force=True)
        return made

    def lose(self, *what: str) -> None:
        """The store; `what` else: acts, feeds."""
        self.store.close()
        for end in ("", "-wal", "-shm", *(f".{each}" for each in what if each == "acts")):
            Path(f"{self.path}{end}").unlink(missing_ok=True)
        if "feeds" in what:
            shutil.rmtree(self.feeds)

    def crash(self) -> None:
        """As a kill leaves it: what was last recorded stands in the log alone."""
        left = {path: path.read_bytes() for end in ("", "-wal") if (path := Path(f"{self.path}{end}")).exists()}
        self.store.close()
        for path, found in left.items():
            path.write_bytes(found)

    def restore(self, path: Path, now: datetime = LATER, *, force: bool = False) -> Restored:
        self.store.close()
        done = restore(self.plan, path, now=now, force=force)
        self.store = of_file(self.path)
        prepare(self.store, self.plan, now=now)
        return done

    def id_of(self, title: str) -> str:
        return next(r.id for r in self.store.releases.list() if r.title == title)

    def told(self) -> list[tuple[str, str]]:
        return [(each.kind, each.release) for each in self.store.happened.since(0)]


@pytest.fixture
def site() -> Iterator[Site]:
    """In memory, where there is such a folder: nothing here cuts the power, and waiting for a disk was most of it."""
    with tempfile.TemporaryDirectory(dir=_SHM if _SHM.is_dir() else None) as folder:
        opened = Site(Path(folder))
        yield opened
        opened.close()


def _feeds(site: Site) -> dict[str, bytes]:
    """The documents of feeds and the pages of releases, as readers have them."""
    return {n: b for n, b in site.bytes().items() if not n.startswith("sitemap")}


def _others(before: dict[str, bytes], now: dict[str, bytes], *, all_formats: bool) -> dict[str, bytes]:
    """Documents that are not what they were. What is known by the folder alone, RSS and JSON date by its withdrawal."""
    suffixes = (".atom", ".html", *((".json", ".rss") if all_formats else ()))
    return {name: body for name, body in now.items() if before.get(name) != body and name.endswith(suffixes)}


def test_with_no_store_and_no_feeds_the_tree_is_the_same(site: Site) -> None:
    for number in range(7):
        site.file(number)
        site.round(NOW + number * timedelta(minutes=1))
    site.act(Withdraw(site.id_of("Haus 2"), "falsch"), NOW + HOUR / 2)
    site.act(Edit(site.id_of("Haus 3"), {"title": "Haus drei"}, "Zahl"), NOW + HOUR / 2)
    site.publish(NOW + HOUR / 2)
    made, before = site.back_up(), site.bytes()
    site.lose("acts", "feeds")
    done = site.restore(made)
    assert (done.kept, done.whole, done.caught_up.new) == (None, False, 0)
    site.publish(LATER)
    assert site.bytes() == before
    told = site.told()
    site.round(LATER + HOUR)
    assert site.bytes() == before
    assert site.told() == told


@pytest.mark.parametrize("topics", [(), (Topic("wald", "Wald", kickers=("Wald",)),)], ids=["as it was", "a new topic"])
def test_what_was_taken_back_within_the_second_of_the_backup_stays_away(site: Site, topics: tuple[Topic, ...]) -> None:
    """Documents tell seconds, and nothing else knows of it."""
    for number in range(3):
        site.file(number)
    site.round()
    made = site.back_up()
    site.act(Withdraw(site.id_of("Haus 1"), "falsch"), NOW)
    site.plan = replace(site.plan, topics=topics)
    prepare(site.store, site.plan, now=NOW + HOUR / 2)
    site.publish(NOW + HOUR / 2)
    site.lose("acts")
    assert site.restore(made).caught_up.changed == 1
    site.round(LATER)
    assert "Haus 1" not in site.entries()


@pytest.mark.parametrize("renamed", [False, True])
def test_a_folder_of_before_the_backup_is_not_read_back_where_some_feeds_have_not_changed_since(
    site: Site, renamed: bool
) -> None:
    """As a copy of it that was put back with the backup. A topic may have another name by now."""
    site.file(1)
    site.write("w.md", "---\ntitle: Rede\ntopic: Wald\nid: w\n---\nMehr Eichen für das Land.\n")
    site.round()
    before = site.root / "feeds before"
    shutil.copytree(site.feeds, before)
    site.act(Edit(site.id_of("Haus 1"), {"title": "Haus eins"}, "Zahl"), NOW + HOUR / 2)
    site.publish(NOW + HOUR / 2)
    made, told = site.back_up(), _feeds(site)
    site.lose("acts", "feeds")
    shutil.copytree(before, site.feeds)
    if renamed:
        site.plan = replace(site.plan, topics=(Topic("forst", "Forst", kickers=("Wald",), aliases=("wald",)),))
    done = site.restore(made)
    assert (done.caught_up.changed, done.caught_up.why) == (0, f"{site.feeds}: is earlier than the backup")
    site.publish(LATER)
    assert renamed or _feeds(site) == told


def _new_and_then(act: Callable[[str], Act]) -> Callable[[Site], object]:
    """What is done to a release that the backup has never seen."""

    def acts(site: Site) -> None:
        site.file(7)
        site.round(LATER)
        site.act(act(site.id_of("Haus 7")), LATER + HOUR / 2)

    return acts


def _many(site: Site) -> None:
    for number in range(7, 14):
        site.file(number)


def _new_and_back(site: Site) -> None:
    _new_and_then(Withdraw)(site)
    site.act(Restore(site.id_of("Haus 7")), LATER + HOUR / 2 + timedelta(minutes=1))


AFTER: dict[str, Callable[[Site], object]] = {
    "a new one that is withdrawn and restored": _new_and_back,
    "nothing": lambda _: None,
    "one more": lambda site: site.file(7),
    "many more, and pages close": _many,
    "one corrected": lambda site: site.file(1, "Die Gäste ziehen aus, und der Bau wird teurer."),
    "one edited": lambda site: site.act(Edit(site.id_of("Haus 1"), {"title": "Haus eins"}, "Zahl"), LATER),
    "one withdrawn by a person": lambda site: site.act(Withdraw(site.id_of("Haus 1"), "falsch"), LATER),
    "one withdrawn by its source": lambda site: site.file(1, more="withdrawn: true\n"),
    "one restored": lambda site: site.act(Restore(site.id_of("Haus 0")), LATER),
    "a new one that is withdrawn": _new_and_then(Withdraw),
    "a new one that is edited": _new_and_then(lambda new: Edit(new, {"title": "Haus sieben"}, "Zahl")),
}


@pytest.fixture(params=AFTER)
def after(site: Site, request: pytest.FixtureRequest) -> Site:
    """A backup, and what came after it, published."""
    for number in range(5):
        site.file(number)
    site.round(NOW)
    site.act(Withdraw(site.id_of("Haus 0"), "falsch"), NOW + HOUR / 2)
    site.publish(NOW + HOUR / 2)
    site.back_up()
    AFTER[request.param](site)
    site.round(LATER + HOUR)
    return site


@pytest.mark.parametrize("lost", [(), ("acts",)], ids=["with the journal", "without it"])
def test_what_readers_have_stays_as_it_is_and_nobody_hears_it_again(after: Site, lost: tuple[str, ...]) -> None:
    site, before = after, _feeds(after)
    walk = list(site.walk())
    held = {r.id: (r.atom_id, r.state, r.withdrawn or r.published) for r in site.store.releases.list()}
    site.lose(*lost)
    done = site.restore(site.root / "backups" / "b.db", LATER + 2 * HOUR)
    assert done.whole is not bool(lost)
    told = site.told()
    site.publish(LATER + 2 * HOUR)
    assert list(site.walk()) == walk
    assert _others(before, _feeds(site), all_formats=done.whole) == {}
    assert _feeds(site).keys() == before.keys()
    site.round(LATER + 3 * HOUR)  # each source says what it says once more
    assert {r.id: (r.atom_id, r.state, r.withdrawn or r.published) for r in site.store.releases.list()} == held
    assert list(site.walk()) == walk
    assert _others(before, _feeds(site), all_formats=done.whole) == {}
    assert site.told() == told


def test_what_was_done_again_without_feeds(after: Site) -> None:
    """Nothing but the journal: what was withdrawn stays away, through all that its source says again."""
    site = after
    gone = {r.atom_id for r in site.store.releases.list() if r.withdrawn}
    titles = {r.title for r in site.store.releases.list() if r.visible}
    site.lose("feeds")
    site.restore(site.root / "backups" / "b.db", LATER + 2 * HOUR)
    site.round(LATER + 3 * HOUR)
    assert {r.atom_id for r in site.store.releases.list() if r.withdrawn} == gone
    assert {r.title for r in site.store.releases.list() if r.visible} == titles
    assert set(site.entries()) <= {*titles, "Zurückgezogen"}


def test_without_the_journal_all_tokens_wait_for_a_person(site: Site) -> None:
    site.file(1)
    site.round()
    for name in ("tagblatt", "agentur"):
        site.store.newsrooms.add(Newsroom(name=name, topics=(), embargoed=False, made=NOW), name.encode() * 4)
    made = site.back_up()
    site.store.newsrooms.revoke("agentur", LATER)
    site.lose()
    assert site.restore(made).suspended == 0
    assert {each.name: each.state for each in site.store.newsrooms.list()} == {
        "tagblatt": "active",
        "agentur": "revoked",
    }
    site.lose("acts")
    for _ in range(3):  # also where the journal that has begun since is there: it does not reach back
        assert site.restore(made, force=True).suspended == 2
    assert {each.state for each in site.store.newsrooms.list()} == {"suspended"}
    assert [(alarm.kind, alarm.subject) for alarm in site.store.alarms.list()] == [
        ("suspended", "agentur"),
        ("suspended", "tagblatt"),
    ]


def _foreign(site: Site) -> Path:
    other = site.root / "other.db"
    with of_file(other) as store:
        store.outputs.mark()
    return other


def _newer(site: Site) -> Path:
    made = site.back_up()
    with of_file(made) as store:
        store._connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('syndicate', 'of_2030', '')"
        )
    return made


def _half(site: Site) -> Path:
    made = site.back_up()
    os.truncate(made, made.stat().st_size // 2)
    return made


REFUSED: dict[str, tuple[Callable[[Site], Path], str]] = {
    "no file": (lambda site: site.root / "none.db", "is not there"),
    "the store itself": (lambda site: site.path, "is the store itself"),
    "of another site": (_foreign, "is a backup of another store"),
    "of a newer program": (_newer, "was made by a newer version of syndicate"),
    "half of one": (_half, "nothing was changed: take another backup"),
    "text": (lambda site: site.write("x.txt", "no store " * 2000), "is no SQLite database"),
    "empty": (lambda site: site.write("x.db", ""), "no store of syndicate"),
}


@pytest.mark.parametrize(("made", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_backup_of_this_store_changes_nothing(site: Site, made: Callable[[Site], Path], said: str) -> None:
    site.file(1)
    site.round()
    path = made(site)
    site.store.close()
    before = {p.name: p.read_bytes() for p in site.root.iterdir() if p.is_file()}
    with pytest.raises(StoreError, match=said):
        restore(site.plan, path, now=LATER, force=True)
    assert {p.name: p.read_bytes() for p in site.root.iterdir() if p.is_file()} == before


def test_over_a_store_only_where_that_is_said_and_it_is_kept(site: Site) -> None:
    site.file(1)
    site.round()
    made = site.back_up()
    site.file(2)
    site.round(LATER)
    site.store.close()
    with pytest.raises(BackupError, match="is there already; --force puts it aside"):
        restore(site.plan, made, now=LATER)
    done = site.restore(made, LATER, force=True)
    assert done.kept == site.root / "s.db.before-20260601T130000Z"
    assert done.until == LATER
    again = site.restore(made, LATER, force=True)  # within the same second
    assert again.kept == site.root / "s.db.before-20260601T130000Z-2"
    with of_file(done.kept) as kept:
        assert [r.title for r in kept.releases.list()] == ["Haus 2", "Haus 1"]


def test_over_a_damaged_one_with_a_log_beside_it(site: Site) -> None:
    site.file(1)
    site.round()
    made = site.back_up()
    site.store.close()
    site.path.write_bytes(bytes(8192))
    Path(f"{site.path}-wal").write_bytes(b"of another one" * 1000)
    done = site.restore(made, force=True)
    assert done.kept
    assert Path(f"{done.kept}-wal").read_bytes().startswith(b"of another one")
    assert [r.title for r in site.store.releases.list()] == ["Haus 1"]


@pytest.mark.parametrize("put", [os.mkdir, os.mkfifo], ids=["a folder", "a pipe"])
def test_over_what_is_no_file(site: Site, put: Callable[[Path], None]) -> None:
    """It is put aside as it is, and nobody waits for what it may say."""
    site.file(1)
    site.round()
    made = site.back_up()
    site.lose()
    put(site.path)
    done = site.restore(made, force=True)
    assert done.kept
    assert not done.kept.is_file()
    assert [r.title for r in site.store.releases.list()] == ["Haus 1"]


def test_a_store_that_is_a_link_stays_one(site: Site) -> None:
    """Its disk is another one than that of its name, and its journal lies there."""
    site.file(1)
    site.round()
    made = site.back_up()
    site.act(Withdraw(site.id_of("Haus 1"), "falsch"), NOW + HOUR / 2)
    site.store.close()
    (disk := site.root / "disk").mkdir()
    for each in site.root.glob("s.db*"):
        each.rename(disk / each.name)
    site.path.symlink_to(disk / "s.db")
    assert site.restore(made, force=True).acts == {"withdraw": 1}
    assert site.path.readlink() == disk / "s.db"
    assert {each.name for each in site.root.glob("s.db*")} <= {"s.db"}
    assert (disk / "s.db.before-20260601T130000Z").is_file()


# A release in each form in which a source may tell it, without an id where the form allows that.
_WORDS = " ".join(f"Im Ort {n} steht seit gestern ein Haus aus Holz mit {n} Fenstern." for n in range(30))
FORMS: dict[str, tuple[str, str]] = {
    "markdown": ("a.md", f"---\ntitle: Ein Haus\ntopic: Bau\n---\n{_WORDS}\n"),
    "markdown with an id": ("a.md", f"---\ntitle: Ein Haus\ntopic: Bau\nid: x7\n---\n{_WORDS}\n"),
    "plain text": ("a.txt", PAGE.replace("Neue Notaufnahme in Hohenried", "Ein Haus") + f"\n{_WORDS}\n"),
    "html": (
        "a.html",
        f"<!DOCTYPE html><html><head><title>Ein Haus</title></head><body><article><h1>Ein Haus</h1><p>{_WORDS}</p>"
        "</article></body></html>",
    ),
    "rss": (
        "a.xml",
        "<rss version='2.0'><channel><title>Amt</title><item><guid isPermaLink='false'>g1</guid><title>Ein Haus</title>"
        f"<link>https://amt.example/1</link><description>{_WORDS}</description></item></channel></rss>",
    ),
    "rss without ids": (
        "a.xml",
        f"<rss version='2.0'><channel><title>Amt</title><item><title>Ein Haus</title><description>{_WORDS}"
        "</description></item></channel></rss>",
    ),
    "json feed": (
        "a.json",
        '{"version": "https://jsonfeed.org/version/1.1", "title": "Amt", "items": [{"id": "j1", "title": "Ein Haus",'
        f' "url": "https://amt.example/1", "content_text": "{_WORDS}"}}]}}',
    ),
}


@pytest.mark.parametrize(
    ("lost", "known"),
    [(("feeds",), False), (("acts",), False), (("feeds",), True)],
    ids=["the journal alone", "feeds alone", "the journal, and the backup knows it"],
)
@pytest.mark.parametrize(("name", "text"), FORMS.values(), ids=FORMS)
def test_what_was_withdrawn_stays_away_whoever_tells_it_again(
    site: Site, name: str, text: str, lost: tuple[str, ...], known: bool
) -> None:
    if known:
        site.write(name, text)
    site.file(2)
    site.round()
    made = site.back_up()
    site.write(name, text)
    site.round(NOW + HOUR / 2)
    (release,) = (r for r in site.store.releases.list() if r.title == "Ein Haus")
    site.act(Withdraw(release.id, "falsch"), LATER)
    site.publish(LATER)
    site.lose(*lost)
    site.restore(made, LATER + HOUR)
    site.round(LATER + 2 * HOUR)
    site.write(name, text.replace("mit 29 Fenstern", "mit 31 Fenstern"))  # as another version
    site.write(f"b/{name}", text)  # and elsewhere
    site.round(LATER + 6 * HOUR)
    assert "Ein Haus" not in site.entries()
    assert [r.id for r in site.store.releases.list() if r.state == "withdrawn"] == [release.id]
    assert not [r.title for r in site.store.releases.list() if r.visible and r.title == "Ein Haus"]
    assert site.told().count(("withdrawn", release.id)) <= 1


# Where a restore can be killed: before and after each of these.
STEPS = ["take", "examined", "replay", "catch_up", "mark_all", "sync_all", "link", "replace"]


def _restore_and_be_killed(site: Site, made: Path, step: str, *, after: bool) -> None:
    where = os if step in ("link", "replace") else stores if step in ("take", "examined") else restoring
    does = getattr(where, step)

    def killed(*arguments: object, **named: object) -> None:
        if after:
            does(*arguments, **named)
        os._exit(0)

    setattr(where, step, killed)
    restore(site.plan, made, now=LATER + HOUR, force=True)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_whoever_is_killed_begins_again(site: Site, step: str, after: bool) -> None:
    for number in range(5):
        site.file(number)
        site.round()
    made = site.back_up()
    site.file(5)
    site.round(NOW + HOUR / 2)
    site.act(Withdraw(site.id_of("Haus 1"), "falsch"), LATER)
    site.publish(LATER)
    before = _feeds(site)
    site.crash()
    child = os.fork()
    if not child:
        try:
            _restore_and_be_killed(site, made, step, after=after)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    assert site.path.exists()  # there is a store at each moment
    with of_file(site.path) as store:
        assert store.releases.counts()["withdrawn"] == 1
    site.restore(made, LATER + HOUR, force=True)
    site.publish(LATER + HOUR)
    assert _others(before, _feeds(site), all_formats=True) == {}
    assert not [name for name in os.listdir(site.root) if "restoring" in name or name.endswith(".part")]


def test_on_a_full_disk_nothing_is_changed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    site.file(1)
    site.round()
    made = site.back_up()
    site.store.close()
    before = site.path.read_bytes()
    monkeypatch.setattr(restoring, "sync_all", full)
    with pytest.raises(StoreError, match="No space left on device"):
        restore(site.plan, made, now=LATER, force=True)
    assert site.path.read_bytes() == before
    assert sorted(os.listdir(site.root)) == sorted({"releases", "feeds", "backups", "s.db", "s.db.acts"})


@pytest.mark.sqlite
def test_one_of_an_older_program_is_brought_up_to_date(site: Site) -> None:
    for number in range(3):
        site.file(number)
    site.round()
    made, before = site.back_up(), site.bytes()
    as_it_was(made)
    held = {r.id: (r.atom_id, r.title, r.updated) for r in site.store.releases.list()}
    site.lose("acts", "feeds")
    site.restore(made)
    assert {r.id: (r.atom_id, r.title, r.updated) for r in site.store.releases.list()} == held
    site.publish(LATER)
    assert site.bytes() == before
    assert sorted(os.listdir(site.root)) == [
        "backups",
        "feeds",
        "releases",
        "s.db",
        "s.db-shm",
        "s.db-wal",
        "s.db.acts",
    ]


def test_what_is_adopted_is_brought_up_by_the_journal(site: Site) -> None:
    """With no backup at all: a person's edits are a person's again, and what was withdrawn and restored is there."""
    for number in range(3):
        site.file(number)
    site.round()
    site.act(Withdraw(site.id_of("Haus 0"), "falsch"), NOW + HOUR / 4)
    site.act(Restore(site.id_of("Haus 0")), NOW + HOUR / 2)
    site.act(Withdraw(site.id_of("Haus 1"), "falsch"), NOW + HOUR / 2)
    site.act(Edit(edited := site.id_of("Haus 2"), {"title": "Haus zwei"}, "Zahl"), NOW + HOUR / 2)
    site.publish(NOW + HOUR / 2)
    before = _feeds(site)
    site.lose()
    site.store = of_file(site.path)
    adopt(site.store, site.plan, now=LATER)
    prepare(site.store, site.plan, now=LATER)
    site.publish(LATER)
    assert _others(before, _feeds(site), all_formats=False) == {}
    assert site.store.releases.edits(edited) == {"title": "Haus zwei"}


def test_what_a_feed_holds_stays_in_it_though_its_lines_do_not_say_so(site: Site) -> None:
    """Lines that were made before their topic was there, by a version that kept them."""
    site.file(1)
    site.round()
    made = site.back_up()
    site.file(2)
    site.round(LATER)
    for path in site.feeds.rglob("*.atom"):
        path.write_text(re.sub(r"\s*<category term=\"bau\"[^>]*/>", "", path.read_text("utf-8")), "utf-8")
    site.lose("acts")
    done = site.restore(made, LATER + HOUR)
    assert done.caught_up.new == 1
    site.publish(LATER + HOUR)
    assert {each.id for each in site.store.feeds.head("bau").shown} == {site.id_of("Haus 1"), site.id_of("Haus 2")}
    assert all(each.topics == ("bau",) for each in site.store.releases.list())
