"""A seed's story: the whole program, the made web, people and accidents, day after day."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from unittest.mock import patch

from simulation.documents import DAY, Held, sentence
from simulation.laws import Broken, Laws, holds
from simulation.machine import Clock, Killed, Machine, NoDeliveries, Pool, Process, Scheduler, Watchers, as_killed
from simulation.truths import Truth
from simulation.web import Given, Publisher, Web
from syndicate.app import App, Lines
from syndicate.config import load
from syndicate.errors import StoreError, SyndicateError
from syndicate.model import Event, Failed, Lifted, Polled, Published, Reloaded, Settled
from syndicate.pipeline import Act, Edit, Lift, Restore, Withdraw
from syndicate.schedule import Schedule

BASE = "https://presse.talland.example/"
TICK = timedelta(minutes=20)
_KEEP = os.environ.get("SIMULATION_KEEP")  # where all is left as it was when a law was broken
_SHM = Path("/dev/shm")
_SCHEDULE = "syndicate.schedule.schedule"


class Failure(AssertionError):
    """A seed that found something: the report is its text."""


@dataclass(eq=False)
class Order:
    """What a person wants done to a release; `begins` and `ends` are told to its truth. `when`: at which step."""

    truth: Truth
    act: Callable[[str], Act]
    begins: Callable[[Truth], object]
    ends: Callable[[Truth], object]
    when: str = ""
    tried: bool = False
    done: bool = False
    published: bool = False


class Play:
    """`run` plays so many days and returns the trace's digest; Failure where a law is broken."""

    def __init__(self, seed: int, days: int, root: Path) -> None:
        self.seed = seed
        self.days = days
        self.root = root
        self.random = Random(seed)
        start = datetime(2026, 1, 1, 6, tzinfo=UTC) + DAY * self.random.randrange(330)
        self.start = start
        self.clock = Clock(start)
        self.machine = Machine(root, self.clock)
        self.trace: list[str] = []
        self.web = Web(self.random, self.clock, self.note)
        self.feeds = root / "feeds"
        self.laws = Laws(root, self.feeds, BASE, self.web)
        self.daemon: Daemon | None = None
        self.orders: list[Order] = []
        self.page_size = self.random.randint(2, 6)
        self._stirred = False  # something may be another than at the last look

    def note(self, what: str) -> None:
        self.trace.append(f"{self.clock.now:%d %H:%M:%S} {what}".replace(str(self.root), "."))

    @property
    def digest(self) -> str:
        return hashlib.sha256("\n".join(self.trace).encode()).hexdigest()[:16]

    def run(self) -> str:
        self._begin()
        try:
            with self.machine.running(), self._dialling():
                for day in range(self.days):
                    self._day(quiet=day >= self.days - 2)
                if self.daemon:
                    self.daemon.end()
        except (Exception, Broken) as error:
            if _KEEP:
                shutil.copytree(self.root, _KEEP, dirs_exist_ok=True)
                Path(_KEEP, "trace").write_text("\n".join(self.trace), encoding="utf-8")
            raise Failure(self.report(error)) from error
        return self.digest

    def report(self, error: BaseException) -> str:
        day = (self.clock.now - self.start) // DAY
        last = "\n".join(f"    {line}" for line in self.trace[-25:])
        return (
            f"seed {self.seed}, day {day}, step {self.machine.steps}: {type(error).__name__}: {error}\n"
            f"  the last that happened:\n{last}\n  again: make sim SEED={self.seed} DAYS={self.days}"
        )

    # --- the world ----------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        hosts = ("amt.example", "land.example")
        for identifier, form in (("a", "rss"), ("b", "atom"), ("c", "json"), ("d", "rss")):
            self.web.add(Publisher(identifier, form, self.random.choice(hosts), self.random.randint(6, 15)))
        folder = self.root / "releases"
        folder.mkdir()
        self.web.add(Publisher("f", "md", "", 1_000, folder=folder))
        self.web.dropped = self._dropped
        self.web.during = lambda: self._meanwhile("answer")
        self.machine.between = self._meanwhile
        self._configure()
        for publisher in self.web.publishers.values():
            for _ in range(self.random.randint(0, 4)):
                self.web.publish(publisher)

    def _configure(self) -> None:
        sources = "".join(
            f'[[source]]\nid = "{each.id}"\n'
            + (
                f'path = "{each.folder}"\n'
                if each.folder
                else f'url = "{each.url}"\ninterval = "2h"\nfulltext = false\n'
            )
            for each in self.web.publishers.values()
        )
        (self.root / "config.toml").write_text(
            f'[store]\nurl = "sqlite:///s.db"\n[site]\nbase_url = "{BASE}"\ntag = "presse.talland.example,2026"\n'
            f"[publish]\npage_size = {self.page_size}\n"
            '[[topic]]\nid = "forst"\ntitle = "Forst"\nkickers = ["Forst"]\n' + sources,
            encoding="utf-8",
        )

    @contextmanager
    def _dialling(self) -> Iterator[None]:
        with ExitStack() as patches:
            web = self.web
            patches.enter_context(
                patch("syndicate.client.transport.Transport.handle_request", lambda t, r, c=None: web.answer(t, r, c))
            )
            for name, made in (
                ("BackgroundScheduler", Scheduler),
                ("Deliveries", NoDeliveries),
                ("Watchers", Watchers),
            ):
                patches.enter_context(patch(f"{_SCHEDULE}.{name}", made))
            patches.enter_context(patch("syndicate.schedule.pool.ThreadPoolExecutor", Pool))
            yield

    def _day(self, *, quiet: bool) -> None:
        self.web.quiet = quiet
        end = self.clock.now + DAY
        acts = [] if quiet else self._acts()
        while self.clock.now < end:
            while acts and acts[0][0] <= self.clock.now:
                acts.pop(0)[1]()
            self._tick()
            self._to_next(end)
        if self.daemon:
            self.laws.day(self.clock.now)

    def _to_next(self, end: datetime) -> None:
        """The next tick, or the moment before and at which an embargo ends."""
        now = self.clock.now
        ends = {truth.said[-1].held.until for truth in self.web.truths.values() if truth.said[-1].held}
        moments = {moment for at in ends if at for moment in (at - timedelta(seconds=1), at)}
        self.clock.now = min([end, now + TICK, *(at for at in moments if at > now)])

    def _acts(self) -> list[tuple[datetime, Callable[[], object]]]:
        kinds = [self._publishes] * 5 + [self._corrects] * 3 + [self._holds] * 2 + [self._people] * 3
        kinds += [self._hold_again, self._takes_back, self._drops, self._kill]
        found = [
            (self.clock.now + timedelta(seconds=self.random.randrange(86_400)), self.random.choice(kinds))
            for _ in range(self.random.randint(2, 10))
        ]
        return sorted(found, key=lambda each: each[0])

    def _publisher(self) -> Publisher:
        return self.random.choice([*self.web.publishers.values()])

    def _one_of(self, publisher: Publisher) -> Truth | None:
        found = [truth for truth in publisher.shown[: publisher.shows] if not truth.said[-1].taken_back]
        return self.random.choice(found) if found else None

    def _publishes(self) -> None:
        self.web.publish(self._publisher())

    def _corrects(self) -> None:
        publisher = self._publisher()
        if truth := self._one_of(publisher):
            self.web.correct(publisher, truth)

    def _end(self) -> Held:
        hours = self.random.choice((1, 5, 20, 60))
        return Held(self.clock.now.replace(second=0) + timedelta(minutes=self.random.randrange(60 * hours) + 1))

    def _holds(self) -> None:
        self.web.publish(self._publisher(), Held(None) if self.random.random() < 0.2 else self._end())

    def _hold_again(self) -> None:
        publisher = self._publisher()
        truth = self._one_of(publisher)
        if truth and truth.said[-1].held and not truth.public:
            self.web.hold(publisher, truth, self._end() if self.random.random() < 0.6 else None)

    def _takes_back(self) -> None:
        publisher = self._publisher()
        if truth := self._one_of(publisher):
            self.web.take_back(publisher, truth)

    def _drops(self) -> None:
        publisher = self._publisher()
        if truth := self._one_of(publisher):
            self.web.drop(publisher, truth)

    def _kill(self) -> None:
        self.machine.fatal = self.machine.steps + self.random.randint(1, 120)

    # --- people -------------------------------------------------------------------------------------------------------

    def _people(self) -> None:
        """Somebody wants something done: when the daemon waits for an answer, as it publishes, or by the next look."""
        act = self.random.choice((self._withdraws, self._withdraws, self._restores, self._edits, self._lifts))
        if order := act():
            order.when = self.random.choice(("answer", "rename", ""))
            self.orders.append(order)

    def _chosen(self, which: Callable[[Truth], object]) -> Truth | None:
        busy = {order.truth for order in self.orders}
        found = [truth for truth in self.web.truths.values() if truth not in busy and which(truth)]
        return self.random.choice(found) if found else None

    def _withdraws(self) -> Order | None:
        truth = self._chosen(lambda truth: truth.acked and not truth.going)
        return truth and Order(truth, lambda i: Withdraw(i, "Irrtum"), Truth.is_withdrawn, Truth.was_withdrawn)

    def _restores(self) -> Order | None:
        truth = self._chosen(lambda truth: truth.by_person and truth.gone and not truth.said[-1].taken_back)
        return truth and Order(truth, Restore, Truth.is_restored, Truth.was_restored)

    def _edits(self) -> Order | None:
        truth = self._chosen(lambda truth: truth.shown and not truth.going)
        if truth is None:
            return None
        mark = f"w{truth.number}h{len(truth.hands)}x"
        title = f"{sentence(self.random)[4:-1]} {mark}"
        minor = self.random.random() < 0.3
        return Order(
            truth, lambda i: Edit(i, {"title": title}, minor=minor), lambda t: t.is_edited(mark), Truth.was_edited
        )

    def _lifts(self) -> Order | None:
        truth = self._chosen(lambda truth: truth.acked and truth.acked.held and not truth.public and not truth.going)
        return truth and Order(truth, Lift, Truth.is_lifted, Truth.was_lifted)

    def _meanwhile(self, step: str) -> None:
        """The daemon is in the midst of something: who wants to do something now does."""
        if self.machine.depth != 1 or self.daemon is None or self.machine.at != self.daemon.process:
            return
        for order in [each for each in self.orders if each.when == step and not each.done]:
            self._command(order, publishes=step == "answer")

    def _orders(self) -> bool:
        """What is left to be done is done, and tried again where it was killed; whether there was something."""
        found = bool(self.orders)
        for order in self.orders:
            order.when = ""
        for order in [*self.orders]:
            self._command(order, publishes=True)
        self.orders = [order for order in self.orders if not order.published]
        return found

    def _command(self, order: Order, *, publishes: bool) -> None:
        with self.machine.process("command") as process, suppress(Killed):
            try:
                self._amend(order, process, publishes)
            except Killed:
                self.note(f"command killed before step {self.machine.steps}")
                raise

    def _amend(self, order: Order, process: Process, publishes: bool) -> None:
        app = App(load(self.root / "config.toml"), [self.heard], clock=self.clock, lines=Lines())
        try:
            if not order.done:
                order.begins(order.truth)
                found = [r for r in app.store.releases.list() if order.truth.is_in(f"{r.title} {r.teaser} {r.content}")]
                holds("what was read is in the store", found, order.truth.mark)
                try:
                    app.amend(order.act(found[0].id))
                    self.note(f"a person: {order.act(found[0].id)} of {order.truth.mark}")
                except StoreError as error:
                    self.note(f"a person: {error}")
                    if not order.tried:
                        order.ends = lambda _: None
                order.done = True
            if publishes:
                app.publish()
                order.ends(order.truth)
                order.published = True
        finally:
            order.tried = True
            app.__exit__(None, None, None)

    # --- the daemon ---------------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        began = self.clock.now  # what ends while a slow server is waited for is for the next look
        try:
            if self.daemon is None:
                self.daemon = Daemon(self)
            self.daemon.tick()
        except Killed:
            self.note(f"killed before step {self.machine.steps}")
            if self.daemon:
                self.daemon.vanish()
                self.daemon = None
            self.laws.words(self.clock.now)
            return
        if self._orders():
            self._stirred = True
            return  # what they have begun, the next look ends
        ended = {truth.number for truth in self.web.truths.values() if truth.ends(began)}
        if ended or self._stirred:
            self._stirred = False
            self.laws.settled(began)

    def _dropped(self, publisher: Publisher) -> None:
        """Mostly the daemon hears of it at once."""
        if self.daemon and self.random.random() < 0.7:
            self.daemon.schedule._watchers.happened(publisher.id)

    def _touched(self) -> set[str]:
        touched, self.machine.touched = self.machine.touched, set()
        return touched

    def heard(self, event: Event) -> None:
        """Of the daemon: what it did."""
        match event:
            case Polled():
                self._polled(event)
            case Published() if event.documents:
                self.note(f"published {len(event.documents)} documents")
                self._stirred = True
                self.laws.published(self.clock.now, self._touched())
            case Failed():
                self.note(f"failed: {event.error}")
                if not isinstance(event.cause, SyndicateError):
                    raise event.cause
            case Lifted() | Settled() | Reloaded():
                self.note(type(event).__name__.lower())

    def _polled(self, event: Polled) -> None:
        if event.fault:
            raise event.fault
        given = self.web.given.pop(event.source, None)
        if event.changes is None:
            self.note(f"{event.source}: {event.error or event.skipped or event.waits}")
            return
        self.note(f"{event.source}: {sorted(change.verdict for change in event.changes.changes)}")
        publisher = self.web.publishers[event.source]
        if publisher.folder and not event.changes.left:
            given = Given(publisher.entries())
        if given and given.whole:
            self._stirred = self._stirred or bool(event.changes.changes)
            for said in given.entries:
                self.web.truths[said.truth].surely(said, self.clock.now)


class Daemon:
    """The program as `syndicate run` has it, driven by the virtual clock."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self.process = Process("daemon")
        self.app: App | None = None
        with play.machine.at_work(self.process):
            try:
                plan = load(play.root / "config.toml")
                self.app = App(plan, [play.heard], clock=play.clock, lines=Lines())
                self.app.prepare()
                self.schedule = Schedule(self.app)
                self.schedule.start()
            except Killed:
                self.vanish()
                raise
        play.note("starts")

    @property
    def pool(self) -> Pool:
        return self.schedule._pool._threads  # type: ignore[return-value]

    def tick(self) -> None:
        with self._play.machine.at_work(self.process):
            self.pool.drain()
            for _ in self.schedule._scheduler.run_due(self._play.clock):
                self.pool.drain()

    def vanish(self) -> None:
        """Nothing of it is left but what is on the disk."""
        if self.app:
            as_killed(self._play.root / "s.db", lambda: self.app and self.app.__exit__(None, None, None))

    def end(self) -> None:
        with self._play.machine.at_work(self.process):
            self.schedule.stop(5)
            self.app and self.app.__exit__(None, None, None)


def play(seed: int, days: int = 30) -> Play:
    """The story of a seed, to its end."""
    with tempfile.TemporaryDirectory(dir=_SHM if _SHM.is_dir() else None) as folder:
        made = Play(seed, days, Path(folder))
        made.run()
        return made
