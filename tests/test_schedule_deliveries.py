"""What is brought to others: in threads, one of a key at a time, whatever goes wrong with some."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from syndicate.app import App
from syndicate.config import load
from syndicate.errors import ClientClosed
from syndicate.model import Errand, Event, Failed, Plan
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
