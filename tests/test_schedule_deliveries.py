"""What is brought to others: in threads, one of a key at a time, whatever goes wrong with some."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from syndicate.app import App
from syndicate.config import load
from syndicate.errors import ClientClosed
from syndicate.model import Delivered, Errand, Event, Failed, Plan
from syndicate.schedule import Deliveries
from waiting import PATIENCE, until

SITE = '[site]\ntag = "presse.talland.example,2026"\n'


class Kind:
    """What is due as long as it was not recorded; `acts` by key."""

    def __init__(self) -> None:
        self.acts: dict[str, Any] = {}
        self.recorded: list[str] = []
        self.looks = 0

    def due(self, plan: Plan, now: datetime) -> Iterable[Errand]:
        self.looks += 1
        return [Errand(key=key, act=act, slow=key.startswith("slow")) for key, act in [*self.acts.items()]]

    def record(self, outcomes: Sequence[str], now: datetime) -> bool:
        for key in outcomes:
            self.acts.pop(key, None)
            self.recorded.append(key)
        return False

    def next(self) -> datetime | None:
        return None


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Kind:
    made = Kind()
    monkeypatch.setattr("syndicate.schedule.deliveries.errands_of", lambda *_: (made,))
    return made


@pytest.fixture
def told() -> list[Event]:
    return []


@pytest.fixture
def app(tmp_path: Path, told: list[Event]) -> Iterator[App]:
    (tmp_path / "config.toml").write_text(SITE, encoding="utf-8")
    with App(load(tmp_path / "config.toml"), [told.append]) as made:
        yield made


def test_what_waits_holds_up_nobody_and_is_begun_once(kind: Kind, app: App) -> None:
    go, begun = threading.Event(), list[str]()

    def waits(key: str) -> str:
        begun.append(key)
        assert go.wait(PATIENCE)
        return key

    slow = [f"{lane}{n}" for n in range(60) for lane in ("wait", "slow")]
    kind.acts = {key: lambda key=key: waits(key) for key in slow} | {
        f"quick{n}": lambda n=n: f"quick{n}" for n in range(9)
    }
    deliveries = Deliveries(app)
    deliveries.start()
    until(lambda: len(kind.recorded) == 9, "what is quick was held up")
    go.set()
    until(lambda: not kind.acts)
    assert sorted(begun) == sorted(slow)
    assert deliveries.stop(PATIENCE)


def test_a_fault_of_one_rests_and_costs_no_other(kind: Kind, app: App, told: list[Event]) -> None:
    def fails() -> str:
        raise KeyError("geheim")

    kind.acts = {"bad": fails, "good": lambda: "good"}
    Deliveries(app).once(PATIENCE)
    assert kind.recorded == ["good"]
    assert [type(event.cause) for event in told if isinstance(event, Failed)] == [KeyError]


@pytest.mark.parametrize("fails", ["due", "record"])
def test_a_fault_of_one_kind_costs_no_other(
    kind: Kind, app: App, told: list[Event], monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    def broken(*_: object) -> bool:
        raise KeyError("geheim")

    other, tried = Kind(), list[str]()
    setattr(other, fails, broken)
    monkeypatch.setattr("syndicate.schedule.deliveries.errands_of", lambda *_: (other, kind))
    other.acts = {"bad": lambda: tried.append("bad")}
    kind.acts = {"good": lambda: "good"}
    Deliveries(app).once(PATIENCE)
    assert (kind.recorded, tried) == (["good"], ["bad"] if fails == "record" else [])
    assert [type(event.cause) for event in told if isinstance(event, Failed)] == [KeyError]


def test_what_is_recorded_again_is_told_once_and_what_is_not_recorded_never(
    app: App, told: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit that was lost is done again; whoever was told of it would count twice."""

    class Telling(Kind):
        def record(self, outcomes: Sequence[str], now: datetime) -> bool:
            for key in outcomes:
                tell(Delivered(what="push", of=key))
                if key == "unrecorded":
                    raise KeyError
            return super().record(outcomes, now)

    def made(store: object, posting: object, given: Callable[[Event], object]) -> tuple[Kind, ...]:
        nonlocal tell
        tell = given
        return kinds

    def twice(unit: Callable[[], bool], *, lasting: bool) -> bool:
        unit()
        return unit()

    tell: Callable[[Event], object] = told.append
    kinds = Telling(), Telling()
    monkeypatch.setattr("syndicate.schedule.deliveries.errands_of", made)
    monkeypatch.setattr(app.store, "together", twice)
    for kind, key in zip(kinds, ("unrecorded", "recorded"), strict=True):
        kind.acts = {key: lambda key=key: key}
    Deliveries(app).once(PATIENCE)
    assert [event for event in told if isinstance(event, Delivered)] == [Delivered(what="push", of="recorded")]


def test_what_an_end_cuts_off_is_neither_recorded_nor_told(kind: Kind, app: App, told: list[Event]) -> None:
    def cut() -> str:
        raise ClientClosed("the client was closed")

    kind.acts = {"cut": cut}
    deliveries = Deliveries(app)
    deliveries.start()
    until(lambda: kind.looks)
    assert deliveries.stop(PATIENCE)
    assert (kind.recorded, told) == ([], [])


def test_once_ends_though_one_does_not(kind: Kind, app: App) -> None:
    go = threading.Event()
    kind.acts = {"never": lambda: str(go.wait(PATIENCE)), "good": lambda: "good"}
    Deliveries(app).once(0.3)
    go.set()
    assert kind.recorded == ["good"]


@pytest.mark.parametrize("why", ["another one has the hub", "the store cannot be used"])
def test_who_must_not_look_waits_and_looks_when_it_may(
    kind: Kind, app: App, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    """A word that nobody takes is forgotten: it would wake the thread for ever."""
    asked, may = list[str](), list[str]()

    @contextmanager
    def role(name: str) -> Iterator[bool]:
        asked.append(name)
        yield bool(may) or why != "another one has the hub"

    monkeypatch.setattr(app.store, "role", role)
    monkeypatch.setattr(app, "works", lambda: bool(may) or why != "the store cannot be used")
    deliveries = Deliveries(app)
    deliveries.start()
    deliveries.wake()
    until(lambda: not deliveries._woken.is_set())
    assert kind.looks == 0
    may.append("now")
    until(lambda: kind.looks == 1)
    assert deliveries.stop(PATIENCE)
    assert {*asked} == {"hub"}


def test_without_a_word_nobody_looks(kind: Kind, app: App) -> None:
    """A look is for a publish, or for what somebody else has written."""
    deliveries = Deliveries(app)
    deliveries.start()
    until(lambda: kind.looks == 1)
    with App(app.plan) as other:  # another process, say
        other.store.remember("reload", "x")
    until(lambda: kind.looks == 2)
    assert deliveries.stop(PATIENCE)
    assert kind.looks == 2


@pytest.mark.parametrize("lane", ["wait", "slow"])
def test_what_waits_for_a_thread_is_brought_as_it_is_due_by_then(
    kind: Kind, app: App, monkeypatch: pytest.MonkeyPatch, lane: str
) -> None:
    """Behind slow servers it waits for minutes, and a release may be withdrawn meanwhile."""
    monkeypatch.setattr("syndicate.schedule.deliveries._USUAL", 1)
    monkeypatch.setattr("syndicate.schedule.deliveries._MOST", 1)
    monkeypatch.setattr("syndicate.schedule.deliveries._SLOW", 1)
    go, brought = threading.Event(), list[str]()

    def hangs() -> str:
        brought.append("begun")
        assert go.wait(PATIENCE)
        return f"{lane}0"

    def brings(key: str, words: str) -> Any:
        return lambda: brought.append(words) or key

    later, gone = f"{lane}1", f"{lane}2"
    kind.acts = {f"{lane}0": hangs, later: brings(later, "old words"), gone: brings(gone, "withdrawn words")}
    deliveries = Deliveries(app)
    deliveries.start()
    until(lambda: brought == ["begun"])
    kind.acts[later] = brings(later, "new words")
    del kind.acts[gone]
    with App(app.plan) as other:
        other.store.remember("reload", "x")
    until(lambda: kind.looks == 2)
    kind.acts[f"{lane}3"] = brings(f"{lane}3", "more")
    with App(app.plan) as other:
        other.store.remember("reload", "y")
    until(lambda: kind.looks == 3)  # so that the second is over
    go.set()
    until(lambda: not kind.acts)
    assert brought == ["begun", "new words", "more"]
    assert deliveries.stop(PATIENCE)
