"""Law: until its end nothing public differs from a world without the embargoed release.

A history is played twice, with what is under an embargo and without it: after each step every published byte is the
same, and so are the files that were written.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch
from xml.sax.saxutils import escape

from hypothesis import HealthCheck, assume, event, example, given, settings
from hypothesis import strategies as st

from icons import png
from syndicate.documents import as_shown, delta
from syndicate.errors import StoreError, StoreUnusable
from syndicate.model import Embargo, Icon, Image, Media, Release, Source, Topic, Webhook
from syndicate.pipeline import Act, Edit, Lift, Restore, Split, Withdraw, reclassify
from syndicate.recording import mark_all
from syndicate.webhooks import of_release, queued
from test_upgrade import reads
from worlds import NOW, SITE, World

SOURCES = (("amt", 0, "keep"), ("land", 1, "keep"), ("stadt", 0, "withdraw"))
TITLES = ("Eichen gepflanzt", "Schule saniert", "Brücke über die Talle eröffnet")
KICKERS = ("Forst", "Schule", "Verkehr")
LONG = " ".join(f"Im Satz {k} steht etwas über {k} Eichen, {k * 3} Nachbarn und {k * 7} Wege." for k in range(8))
TEXTS = (
    LONG,
    f"{LONG} Nachsatz.",
    "Kurz gesagt: Es ist so weit.",
    "Ganz anders: Niemand war dort, und alle schwiegen.",
)
URLS = (None, "https://www.talland.example/a", "https://www.talland.example/b")
IDS = (None, "eins", "zwei")
PICTURE = Media("ab12", "hand.png", "image/png", b"\x89PNG von Hand")
EDITS = {
    "edit": Edit("", {"teaser": "Von Hand."}),
    "minor": Edit("", {"teaser": "Fast von Hand."}, minor=True),
    "note": Edit("", note="Eine Zahl war falsch."),
    "no notes": Edit("", no_notes=True),
    "picture": Edit("", {"images": (Image(f"media:{PICTURE.hash}/{PICTURE.name}", alt="Ein Bild"),)}, media=(PICTURE,)),
    "topic": Edit("", {"assigned": ("wald",)}),
    "address": Edit("", {"url": "https://www.talland.example/b"}),
    "date": Edit("", {"stated": NOW - timedelta(days=3)}),
    "put back": Edit("", revert=("teaser",)),
}
ICON = Icon("icon.png", "image/png", png(16), 16)
ENDS = ("Redebeginn", "2027-01-01T12:00:00Z")


@dataclass(frozen=True)
class Words:
    """What a document says of one release. `related` is the head that its related block names."""

    title: str
    kicker: str | None
    text: str
    url: str | None = None
    id: str | None = None
    date: str | None = None
    related: tuple[str, str] | None = None
    corrects: str | None = None
    picture: bool = False


@dataclass(frozen=True)
class File:
    """A file comes, or says something else. With an `end` of an embargo it is in one of the two worlds only."""

    source: int
    name: int
    words: Words
    page: bool
    end: str | None = None
    withdrawn: bool = False


@dataclass(frozen=True)
class Feed:
    """A feed's file: (words, end of the embargo) of each entry."""

    source: int
    entries: tuple[tuple[Words, str | None], ...]


@dataclass(frozen=True)
class Again:
    """A public file says something else, under an embargo: in one world only."""

    source: int
    name: int
    words: Words
    end: str


@dataclass(frozen=True)
class Gone:
    source: int
    name: int
    held: bool


@dataclass(frozen=True)
class Hand:
    """A person does something to the nth release: that readers know, or that waits."""

    act: str
    nth: int
    held: bool


@dataclass(frozen=True)
class Mapped:
    kicker: str


@dataclass(frozen=True)
class Upgrade:
    """Another reader reads a source from now on: it finds the same, or other words and another topic."""

    source: int
    other: bool


Step = File | Feed | Again | Gone | Hand | Mapped | Upgrade

heads = st.tuples(st.sampled_from(KICKERS), st.sampled_from(TITLES))
words = st.builds(
    Words,
    title=st.sampled_from(TITLES),
    kicker=st.sampled_from((None, *KICKERS)),
    text=st.sampled_from(TEXTS),
    url=st.sampled_from(URLS),
    id=st.sampled_from(IDS),
    date=st.sampled_from((None, "2026-05-30T09:00:00Z")),
    related=st.one_of(st.none(), heads),
    corrects=st.sampled_from((None, None, *TITLES)),
    picture=st.booleans(),
)
sources = st.integers(0, len(SOURCES) - 1)
ends = st.sampled_from(ENDS)
public_files = st.builds(
    File,
    source=sources,
    name=st.integers(0, 1),
    words=words,
    page=st.booleans(),
    withdrawn=st.sampled_from((False, False, False, True)),
)
held_files = st.builds(
    File,
    source=sources,
    name=st.integers(0, 3),
    words=words,
    page=st.booleans(),
    end=ends,
    withdrawn=st.sampled_from((False, False, False, True)),
)


@st.composite
def feeds(draw: st.DrawFn) -> Feed:
    shown = draw(st.lists(st.tuples(words, st.none()), min_size=1, max_size=2))
    held = draw(st.lists(st.tuples(words, ends), max_size=2))
    return Feed(draw(sources), tuple(draw(st.permutations([*shown, *held]))))


hands = st.builds(
    Hand,
    act=st.sampled_from(("withdraw", "restore", "split", "put off", *EDITS)),
    nth=st.integers(0, 3),
    held=st.booleans(),
)
again = st.builds(Again, source=sources, name=st.integers(0, 1), words=words, end=ends)
gone = st.builds(Gone, source=sources, name=st.integers(0, 3), held=st.booleans())
mapped = st.builds(Mapped, kicker=st.sampled_from(KICKERS))
upgrades = st.builds(Upgrade, source=sources, other=st.booleans())
histories = st.lists(
    st.one_of(public_files, held_files, feeds(), held_files, public_files, again, hands, gone, mapped, hands, upgrades),
    min_size=2,
    max_size=9,
)


class Play:
    """One of the two worlds."""

    def __init__(self, root: Path, *, held: bool) -> None:
        root.mkdir()
        self.held = held
        self.world = World(root, page_size=2)
        self.sources = []
        for name, priority, missing in SOURCES:
            (root / name).mkdir()
            source = Source(id=name, path=str(root / name), tag=SITE.tag, priority=priority, missing=missing)
            self.sources.append(source)
        plan = self.world.plan
        self.world.plan = replace(
            plan,
            sources=tuple(self.sources),
            site=replace(plan.site, icon=ICON.path),
            publish=replace(plan.publish, icon=ICON, formats=(*plan.publish.formats, "ninjs")),
        )
        self.writes = 0
        self.upgraded = set[int]()  # sources that are read otherwise by now
        self.waiting = set[int]()  # sources where a public file says something else, under an embargo

    def path(self, source: int, name: str) -> Path:
        return Path(self.sources[source].path or "") / name

    def write(self, source: int, name: str, body: str | bytes) -> None:
        path = self.path(source, name)
        path.write_bytes(body if isinstance(body, bytes) else body.encode())
        self.writes += 1
        os.utime(path, (1_700_000_000, 1_700_000_000 + self.writes))

    def take(self, step: Step, now: datetime) -> None:
        match step:
            case File():
                self._file(step)
            case Feed():
                said = [(_of(step.source, words, end), end) for words, end in step.entries if self.held or end is None]
                self.write(step.source, "feed.xml", rss(said))
            case Again() if self.path(step.source, f"open{step.name}.md").exists():
                self.waiting.add(step.source)
                if self.held:
                    text = markdown(_of(step.source, step.words, None), step.end)
                    self.write(step.source, f"open{step.name}.md", text)
            case Gone() if not step.held or self.held:
                for path in self.path(step.source, "").glob(f"{'held' if step.held else 'open'}{step.name}.*"):
                    path.unlink()
            case Mapped():
                topics = (Topic("thema", "Thema", kickers=(step.kicker,)),)
                self.world.plan = replace(self.world.plan, topics=topics)
                reclassify(self.world.store, plan=self.world.plan, now=now)
            # Readers keep what they have of a file that waits: only what it says by now could be read again.
            case Upgrade() if step.source not in self.waiting:
                source = self.sources[step.source]
                self.sources[step.source] = replace(source, select=(*source.select, ("title", "h1")))
                self.upgraded ^= {step.source} if step.other else set()
                self.world.plan = replace(self.world.plan, sources=tuple(self.sources))
        if isinstance(step, File | Feed | Again | Gone | Upgrade):
            run = reads(otherwise) if step.source in self.upgraded else None
            self.world.poll(now, self.sources[step.source], run)

    def _file(self, step: File) -> None:
        name = f"{'open' if step.end is None else 'held'}{step.name}.{'txt' if step.page else 'md'}"
        # A public file that waits shows what it showed. Where it does not, it would show another picture at once.
        if step.words.picture and step.source not in self.waiting:
            self.write(step.source, "bild.png", b"\x89PNG\r\n\x1a\n" + step.words.title.encode())
        if step.end is None or self.held:
            words = _of(step.source, step.words, step.end)
            text = page(words, step.end) if step.page else markdown(words, step.end, step.withdrawn)
            self.write(step.source, name, text)

    def act(self, act: Act, now: datetime) -> str:
        try:
            self.world.act(act, now)
        except StoreUnusable:
            raise
        except StoreError:
            return "refused"
        return "done"

    def releases(self) -> list[Release]:
        return sorted(self.world.store.releases.list(), key=lambda release: release.atom_id)

    def seen(self) -> list[Release]:
        return [release for release in self.releases() if not release.never_shown]

    def unseen(self) -> list[Release]:
        return [release for release in self.releases() if release.never_shown]

    def tree(self, now: datetime) -> tuple[list[str], dict[str, str]]:
        """What was written, and every byte."""
        written = self.world.publish(now)
        return sorted(written), {path: body.decode("latin-1") for path, body in self.world.bytes().items()}

    def told(self, now: datetime) -> list[object]:
        """What has happened, every version of a document, in their order, and what changed since those of a head."""
        store = self.world.store
        named = {release.id: release.atom_id for release in store.releases.list()}
        events = [(each.kind, named[each.release], each.at, each.topics) for each in store.happened.since(0)]
        events += [(hook.decode(),) for hook in self.hooks()]
        rows = store._connection.execute("SELECT document, hash, at, superseded, positions FROM version ORDER BY id")
        held = store.versions.since("all.json", 0)
        changes = [delta(store, self.world.plan, "all", "json", version, now) for version in held]
        return [*events, *rows, *(each and each.body for each in changes)]

    def hooks(self) -> Iterator[bytes]:
        """What a webhook is sent of all that has happened."""
        store, plan = self.world.store, self.world.plan
        hook = Webhook(url="https://talland.example/", secret="0123456789abcdef")
        for each in store.happened.since(0):
            release = store.releases.get(each.release)
            shown = release and as_shown(store, plan, release)
            yield of_release(queued(hook, each), shown, plan)


def _of(source: int, words: Words, end: str | None) -> Words:
    """With an id of the source's own, which what is held shares with the next source's public ones."""
    number = source if end is None else (source + 1) % len(SOURCES)
    return replace(words, id=words.id and f"urn:talland:{number}-{words.id}")


def markdown(words: Words, end: str | None, withdrawn: bool = False) -> str:
    fields = {
        "title": words.title,
        "topic": words.kicker,
        "url": words.url,
        "id": words.id,
        "date": words.date,
        "corrects": words.corrects,
        "embargo": end,
        "image": "bild.png" if words.picture else None,
        "withdrawn": "true" if withdrawn else None,
    }
    front = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
    return f"---\n{front}---\n\n{words.text}\n"


def page(words: Words, end: str | None) -> str:
    related = "\n\nWeitere Meldungen\n\n{}\n\n{}\n".format(*words.related) if words.related else ""
    held = f"Sperrfrist: {end}\n\n" if end else ""
    return f"{held}{words.kicker or 'Forst'}\n\n{words.title}\n\n{words.text}\n\nSo viel dazu.{related}"


def rss(entries: list[tuple[Words, str | None]]) -> str:
    items = "".join(
        "<item><title>{}</title>{}{}{}{}<description>{}</description></item>".format(
            escape(words.title),
            f"<link>{words.url}</link>" if words.url else "",
            f'<guid isPermaLink="false">{words.id}</guid>' if words.id else "",
            f"<category>{words.kicker}</category>" if words.kicker else "",
            f"<pubDate>{words.date}</pubDate>" if words.date else "",
            escape((f"<p>Sperrfrist: {end}</p>" if end else "") + f"<p>{words.text}</p>"),
        )
        for words, end in entries
    )
    return f'<rss version="2.0"><channel><title>Amt</title><link>https://amt.example/</link>{items}</channel></rss>'


@contextmanager
def both() -> Iterator[tuple[Play, Play]]:
    with tempfile.TemporaryDirectory() as root, patch("os.fsync"):
        plays = (Play(Path(root) / "mit", held=True), Play(Path(root) / "ohne", held=False))
        try:
            yield plays
        finally:
            for play in plays:
                play.world.close()


def otherwise(release: Release) -> Release:
    return replace(release, teaser=f"{release.teaser} Mehr.", kicker="Land")


def made(act: str, release: Release) -> Act:
    match act:
        case "withdraw":
            return Withdraw(release.id, "Irrtum")
        case "restore":
            return Restore(release.id)
        case name if name in EDITS:
            return replace(EDITS[name], release=release.id)
        case "put off":
            return Edit(release.id, {"embargo": Embargo(NOW + timedelta(days=999))})
    return Split(release.id, "amt")


def by_hand(step: Hand, having: Play, without: Play, now: datetime) -> None:
    """On the same release in both worlds, or on one that is in one of them only."""
    if step.held:
        # What is known by its address or its words alone ends as soon as its source says it in public.
        found = [r for r in having.unseen() if any(k.kind == "id" or k.value.startswith("held") for k in r.keys)]
        if found:
            having.act(made(step.act, found[step.nth % len(found)]), now)
        return
    known, same = having.seen(), without.seen()
    assert [release.atom_id for release in known] == [release.atom_id for release in same]
    if same:
        nth = step.nth % len(same)
        assert having.act(made(step.act, known[nth]), now) == without.act(made(step.act, same[nth]), now)


def is_said_again(step: Step, taken_back: list[tuple[int, Words]]) -> bool:
    """Is it what its own source took back under embargo, named by nothing but the same address or the same words?

    No later reading brings that back, though nobody has seen it: where two rules meet, nothing is shown.
    """
    if not isinstance(step, Feed):
        return False
    ids = [words.id for words, _ in step.entries]
    return any(
        step.source == source and (words.url or words.text) == (old.url or old.text)
        for words, _ in step.entries
        if words.id is None or ids.count(words.id) > 1
        for source, old in taken_back
    )


def is_the_same(having: Play, without: Play, now: datetime) -> None:
    written, files = having.tree(now)
    expected, rest = without.tree(now)
    assert {path for path in {*files, *rest} if files.get(path) != rest.get(path)} == set(), difference(files, rest)
    assert written == expected
    assert having.told(now) == without.told(now)


def difference(files: dict[str, str], rest: dict[str, str]) -> str:
    """The first lines that differ, for whoever has to find out why."""
    for path in sorted({*files, *rest}):
        one, two = files.get(path, "").splitlines(), rest.get(path, "").splitlines()
        if one != two:
            return f"{path}: with it {sorted({*one} - {*two})[:9]}, without {sorted({*two} - {*one})[:9]}"
    return "nothing"


def it_all_comes_out(having: Play, now: datetime) -> None:
    """Whatever is lifted is out then, under its own id or in the release that it is an edition of.

    That one stays withdrawn where it was: its source says again what was taken back.
    """
    store = having.world.store
    waiting = [release for release, _ in store.releases.waiting()]
    gone = {release.id for release in having.seen() if release.withdrawn}
    for release in waiting:
        if store.releases.get(release.id):  # else it was joined to one that was lifted before
            having.world.act(Lift(release.id), now)
        found = store.releases.resolve(release.id)
        assert found.visible or found.id in gone, found
    assert store.releases.waiting() == ()
    having.tree(now)
    mark_all(store, now=NOW)
    assert having.world.publish(now) == []
    for feed in ("all",):
        walked = [i for _, ids in having.world.walk(feed) for i in ids]
        assert sorted(walked) == sorted(release.atom_id for release in having.releases() if release.visible)


OAKS = Words("Eichen gepflanzt", "Forst", LONG, url=URLS[1], id="eins")
ROAD = Words(
    "Brücke über die Talle eröffnet", "Verkehr", TEXTS[3], url=URLS[1], id="eins", related=("Forst", OAKS.title)
)
HELD_OAKS = File(0, 2, OAKS, page=False, end=ENDS[0])
TAKEN_BACK = Hand("withdraw", 0, held=True)
OPEN = File(0, 0, replace(OAKS, url=None, id=None, kicker=None), page=False)
BRIDGE = Words(ROAD.title, "Schule", LONG)
PICTURED = File(0, 0, replace(OPEN.words, picture=True), page=False)
FOUND = (
    # The same words are held, and public and taken back by hand.
    [replace(HELD_OAKS, words=replace(OPEN.words, id="zwei")), OPEN, Hand("withdraw", 0, held=False)],
    # A held edition of what readers have corrects what has a page of ours.
    [
        Feed(0, ((BRIDGE, None), (Words("Schule saniert", None, LONG), ENDS[0]))),
        OPEN,
        File(0, 0, replace(BRIDGE, corrects=OAKS.title), page=False, end=ENDS[0]),
    ],
    # A picture is another while the public file that has it says something else, under an embargo.
    [PICTURED, Again(0, 0, OPEN.words, ENDS[0]), File(0, 1, replace(ROAD, picture=True), page=True, end=ENDS[1])],
)


def known_faults(test: Callable[[list[Step]], None]) -> Callable[[list[Step]], None]:
    """In both orders: the same address or id, by one of another and of the same priority; what a page names."""
    histories: list[list[Step]] = [*FOUND]
    for source in (1, 2):
        open_oaks = File(source, 0, replace(OAKS, title=ROAD.title, kicker="Verkehr"), page=False)
        naming = File(source, 1, replace(ROAD, url=None), page=True)
        histories += [[HELD_OAKS, open_oaks], [open_oaks, HELD_OAKS], [HELD_OAKS, naming], [naming, HELD_OAKS]]
        histories += [[HELD_OAKS, TAKEN_BACK, naming], [HELD_OAKS, naming, TAKEN_BACK], [naming, HELD_OAKS, TAKEN_BACK]]
    for history in histories:
        test = example(history)(test)
    return test


@known_faults
@settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(histories)
def test_until_its_end_nothing_public_differs_from_a_world_without_it(history: list[Step]) -> None:
    now, taken_back = NOW, list[tuple[int, Words]]()
    with both() as (having, without):
        for step in history:
            now += timedelta(hours=1)
            assume(not is_said_again(step, taken_back))
            if isinstance(step, File) and step.end and step.withdrawn:
                taken_back.append((step.source, step.words))
            if isinstance(step, Hand):
                by_hand(step, having, without, now)
            else:
                having.take(step, now)
                without.take(step, now)
            is_the_same(having, without, now)
        event(f"waiting: {len(having.world.store.releases.waiting())}")
        it_all_comes_out(having, now + timedelta(hours=1))
