"""A seed's story: the whole program, the made web, people and accidents, day after day."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from simulation.accidents import Accidents
from simulation.authors import Authors, Publisher
from simulation.configured import BASE, Configured
from simulation.daemon import Daemon, on_the_made_web
from simulation.documents import DAY, Held
from simulation.laws import Broken, Laws
from simulation.machine import Clock, Killed, Machine
from simulation.people import People
from simulation.truths import Truth
from simulation.web import Given, Web
from syndicate.app import App, Lines
from syndicate.config import load
from syndicate.errors import SyndicateError
from syndicate.model import Event, Failed, Lifted, Polled, Published, Reloaded, Settled

TICK = timedelta(minutes=30)
_QUIET = 3  # days at the end in which nothing happens but what was to come
_KEEP = os.environ.get("SIMULATION_KEEP")  # where all is left as it was when a law was broken
_SHM = Path("/dev/shm")
_SOON = timedelta(seconds=1)


class Failure(AssertionError):
    """A seed that has found something: the report is its text."""


class Play:
    """`run` plays so many days; Failure where a law is broken. `trace`: what happened, a line each."""

    def __init__(self, seed: int, days: int, root: Path, *, quiet: int = _QUIET) -> None:
        self.seed = seed
        self.days = days
        self._quiet = quiet
        self.root = root
        self.trace: list[str] = []
        self.random = Random(seed)
        self._start = datetime(2026, 1, 1, 6, tzinfo=UTC) + DAY * self.random.randrange(330)
        self.clock = Clock(self._start)
        self.authors = Authors(self.random, self.clock, self.note)
        self.web = Web(self.random, self.clock, self.note, self.authors.truths)
        self.machine = Machine(root / "s.db", root / "feeds", self.clock)
        self.configured = Configured(self.random, root, self.web.publishers)
        self.laws = Laws(root / "s.db", root / "feeds", BASE, self.web)
        self.people = People(self.random, self.machine, self.authors, self._opened)
        self.accidents = Accidents(self)
        self.daemon: Daemon | None = None
        self.stirred = False  # something may be another than at the last look
        self._looked: datetime | None = None
        self.mending = 0  # looks until the folder is whole again

    def note(self, what: str) -> None:
        self.trace.append(f"{self.clock.now:%d %H:%M:%S} {what}".replace(str(self.root), "."))

    @property
    def digest(self) -> str:
        """Of the whole story."""
        return hashlib.sha256("\n".join(self.trace).encode()).hexdigest()[:16]

    def run(self) -> None:
        try:
            with self.machine.running(), on_the_made_web(self.web):
                self._begin()
                for day in range(self.days):
                    self._day(quiet=day >= self.days - self._quiet)
                if self.daemon:
                    self.daemon.end()
        except (Exception, Broken) as error:
            if _KEEP:
                shutil.copytree(self.root, _KEEP, dirs_exist_ok=True)
                Path(_KEEP, "trace").write_text("\n".join(self.trace), encoding="utf-8")
            raise Failure(self._report(error)) from error

    def _report(self, error: BaseException) -> str:
        day = (self.clock.now - self._start) // DAY
        last = "\n".join(f"    {line}" for line in self.trace[-25:])
        return (
            f"seed {self.seed}, day {day}, step {self.machine.steps}: {type(error).__name__}: {error}\n"
            f"  the last that happened:\n{last}\n  again: make sim SEED={self.seed} DAYS={self.days}"
        )

    # --- days ---------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        hosts = ("amt.example", "land.example")
        for name, form in (("a", "rss"), ("b", "atom"), ("c", "json"), ("p", "rss")):
            self.web.add(Publisher(name, form, self.random.choice(hosts), self.random.randint(6, 15)))
        folder = self.root / "releases"
        folder.mkdir()
        self.web.add(Publisher("f", "", "", 1_000, folder))
        self.authors.dropped = self._dropped
        self.web.during = lambda: self._meanwhile("answer")
        self.machine.between = self._meanwhile
        self.configured.write()
        for publisher in self._own():
            for _ in range(self.random.randint(0, 4)):
                self.authors.publish(publisher)

    def _day(self, *, quiet: bool) -> None:
        self.web.quiet = quiet
        self.accidents.day()
        acts = [] if quiet else self._acts()
        end = self.clock.now + DAY
        while self.clock.now < end:
            while acts and acts[0][0] <= self.clock.now:
                acts.pop(0)[1]()
            self._tick()
            self._to_next(end)
        if self.daemon and self._looked and not self.stirred:
            self.laws.day(self._looked)

    def _to_next(self, end: datetime) -> None:
        """The next look, or the second before an embargo ends, or that in which it does."""
        now = self.clock.now
        held = {truth.said[-1].held for truth in self.authors.truths.values()}
        ends = [each.until for each in held if each and each.until and each.until > now]
        before = [at - _SOON for at in ends if at - _SOON > now]
        end = max(end, now)  # the machine may have slept over it
        self.clock.now = min([end, now + (_SOON if self.stirred else TICK), *ends, *before])

    def _acts(self) -> list[tuple[datetime, Callable[[], object]]]:
        """What is to happen within a day, by when."""
        kinds: list[Callable[[], object]] = [self._publishes] * 5 + [self._corrects] * 4 + [self._holds] * 2
        kinds += [self.people.want] * 5 + [self._holds_again, self._takes_back, self._drops, self._says_instead]
        kinds += [self._takes_over] * 2 + [self.accidents.happens] * 3
        found = [
            (self.clock.now + timedelta(seconds=self.random.randrange(86_400)), self.random.choice(kinds))
            for _ in range(self.random.randint(2, 10))
        ]
        return sorted(found, key=lambda each: each[0])

    # --- what publishers do -------------------------------------------------------------------------------------------

    def _own(self) -> list[Publisher]:
        """Those who have something of their own to say."""
        return [publisher for publisher in self.web.publishers.values() if publisher.id != "p"]

    def _some(self) -> tuple[Publisher, Truth | None]:
        """A publisher, and one of what stands in its document."""
        publisher = self.random.choice(self._own())
        found = [truth for truth in publisher.shown[: publisher.shows] if not truth.said[-1].taken_back]
        return publisher, self.random.choice(found) if found else None

    def _publishes(self) -> None:
        self.authors.publish(self._some()[0])

    def _corrects(self) -> None:
        publisher, truth = self._some()
        if truth:
            self.authors.correct(publisher, truth)

    def _end(self) -> Held:
        hours = self.random.choice((1, 5, 20, 60))
        return Held(self.clock.now.replace(second=0) + timedelta(minutes=self.random.randrange(60 * hours) + 1))

    def _holds(self) -> None:
        self.authors.publish(self._some()[0], Held(None) if self.random.random() < 0.2 else self._end())

    def _holds_again(self) -> None:
        publisher, truth = self._some()
        if truth and truth.said[-1].held and not truth.public and not truth.lifted:
            self.authors.hold(publisher, truth, self._end() if self.random.random() < 0.6 else None)

    def _takes_back(self) -> None:
        publisher, truth = self._some()
        if truth:
            self.authors.take_back(publisher, truth)

    def _drops(self) -> None:
        publisher, truth = self._some()
        if truth:
            self.authors.drop(publisher, truth)

    def _says_instead(self) -> None:
        """Something else, under an id that was given before."""
        publisher, truth = self._some()
        if truth and publisher.folder is None and truth.shown and not truth.said[-1].held and not truth.instead:
            self.authors.publish(publisher, instead=truth)

    def _takes_over(self) -> None:
        publisher, truth = self._some()
        if (
            truth
            and publisher.folder is None
            and truth.shown
            and not truth.going
            and truth.said[-1].held is None
            and truth.parts == 1
        ):
            self.authors.take_over(self.web.publishers["p"], truth)

    def _dropped(self, publisher: Publisher) -> None:
        """Mostly the daemon hears of it at once."""
        if self.daemon and self.random.random() < 0.7:
            self.daemon.happened(publisher.id)

    # --- the program --------------------------------------------------------------------------------------------------

    def _opened(self) -> App:
        """As a command opens it."""
        return App(load(self.configured.path), [self.heard], clock=self.clock, lines=Lines())

    def _meanwhile(self, step: str) -> None:
        if self.machine.depth == 1 and self.daemon and self.machine.at is self.daemon.process:
            self.people.meanwhile(step)

    def _tick(self) -> None:
        if self.clock.now == self._looked:
            self.clock.passes(1)  # it looks once in a second
        began = self._looked = self.clock.now  # what ends while a slow server is waited for is for the next look
        try:
            if self.daemon is None:
                self.daemon = Daemon(self.configured.path, self.machine, self.heard)
                self.daemon.start()
                self.note("the daemon starts")
            self.daemon.tick()
        except Killed:
            self.accidents.killed()
            self.laws.words(self.clock.now)
            if not self.mending:
                self.laws.left()
            self.stirred = True
            return
        self.mending = max(self.mending - 1, 0)
        if self.people.work() or self.mending:
            self.stirred = True  # what they have begun, the next look ends
            return
        if self.stirred or any(truth.ends(began) for truth in self.authors.truths.values()):
            self.stirred = False
            self.laws.settled(began)

    def heard(self, event: Event) -> None:
        """Of the daemon and of commands: what was done."""
        match event:
            case Polled():
                self._polled(event)
            case Published() if event.documents:
                self.note(f"published {len(event.documents)} documents")
                self.stirred = True
                touched, self.machine.touched = self.machine.touched, set()
                self.laws.published(self.clock.now, touched, whole=not self.mending)
            case Failed():
                self.note(f"failed: {event.error}")
                if not isinstance(event.cause, SyndicateError):
                    raise event.cause
            case Lifted() | Settled():
                self.note(f"{type(event).__name__.lower()} {event.release}")
            case Reloaded():
                self.note(f"reloaded: {event.error}")

    def _polled(self, event: Polled) -> None:
        if event.fault:
            raise Broken("no fault of ours", repr(event.fault))
        given, publisher = self.web.given.pop(event.source, None), self.web.publishers[event.source]
        if event.changes is None:
            self.note(f"{event.source}: {event.error or event.skipped or event.waits}")
            return
        told = sorted(change.verdict for change in event.changes.changes)
        self.note(f"{event.source}: {', '.join(told) or 'nothing new'}")
        if publisher.folder and not event.changes.left:
            given = Given(publisher.entries())
        if given and given.whole:
            self.stirred = self.stirred or bool(told)
            for said in given.entries:
                self.authors.truths[said.truth].surely(event.source, said, self.clock.now)


@contextmanager
def _room() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=_SHM if _SHM.is_dir() else None) as folder:
        yield Path(folder)


def play(seed: int, days: int = 30) -> Play:
    """The story of a seed, to its end."""
    with _room() as root:
        made = Play(seed, days, root)
        made.run()
        return made


def cut_short(seed: int, step: int | None, power: int | None = None) -> int:
    """The same of two days, without accidents but one: a kill before this step, or with `power` (which chances it has)
    a loss of power there. How many steps it took.
    """
    with _room() as root:
        made = Play(seed, 2, root, quiet=1)
        made.accidents.only(step, power)
        made.run()
        return made.machine.steps
