"""What people do beside the daemon, each with a command of their own: to a release, to a source, to the folder."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from simulation.authors import Authors
from simulation.documents import sentence
from simulation.laws import holds
from simulation.machine import Killed, Machine
from simulation.truths import Truth
from syndicate.app import App
from syndicate.errors import StoreError
from syndicate.pipeline import Act, Edit, Lift, Restore, Split, Withdraw


def _nothing(_: Truth) -> None:
    pass


@dataclass(eq=False)
class Order:
    """What a person wants done to a release; `begins` and `ends` are told to its truth. `when`: at which step of the
    daemon, "": when it has nothing to do.
    """

    truth: Truth
    act: Callable[[str], Act]
    begins: Callable[[Truth], object]
    ends: Callable[[Truth], object] = _nothing
    when: str = ""
    tried: bool = False
    done: bool = False
    published: bool = False


class Opens(Protocol):
    def __call__(self) -> App: ...


class People:
    """`opens` the program as a command does. What is killed is tried again, as a person would."""

    def __init__(self, random: Random, machine: Machine, authors: Authors, opens: Opens) -> None:
        self._random = random
        self._machine = machine
        self._authors = authors
        self.opens = opens
        self._orders: list[Order] = []

    def want(self) -> None:
        """Somebody wants something done: when the daemon waits for an answer, as it publishes, or by the next look."""
        kinds = (self._withdraws, self._withdraws, self._restores, self._edits, self._edits, self._lifts, self._splits)
        if order := self._random.choice(kinds)():
            order.when = self._random.choice(("answer", "rename", ""))
            self._orders.append(order)

    def meanwhile(self, step: str) -> None:
        """The daemon is in the midst of something: who wants to do something now does."""
        for order in [each for each in self._orders if each.when == step and not each.done]:
            self._command(order, publishes=step == "answer")

    def work(self) -> bool:
        """What is left to be done is done; whether there was something."""
        found = bool(self._orders)
        for order in [*self._orders]:
            order.when = ""
            self._command(order, publishes=True)
        self._orders = [order for order in self._orders if not order.published]
        return found

    def _chosen(self, which: Callable[[Truth], object]) -> Truth | None:
        busy = {order.truth for order in self._orders}
        truths = self._authors.truths.values()
        found = [truth for truth in truths if truth not in busy and truth.parts == 1 and which(truth)]
        return self._random.choice(found) if found else None

    def _withdraws(self) -> Order | None:
        truth = self._chosen(lambda truth: truth.acked and not truth.going and not truth.is_over())
        return truth and Order(truth, lambda i: Withdraw(i, "Irrtum"), Truth.is_withdrawn, Truth.was_withdrawn)

    def _restores(self) -> Order | None:
        truth = self._chosen(lambda truth: truth.by_person and truth.gone and not truth.said[-1].taken_back)
        return truth and Order(truth, Restore, Truth.is_restored, Truth.was_restored)

    def _edits(self) -> Order | None:
        truth = self._chosen(lambda truth: truth.shown and not truth.going and not truth.said[-1].taken_back)
        if truth is None:
            return None
        mark, minor = f"w{truth.number}h{len(truth.hands)}x", self._random.random() < 0.3
        fields = {"title": f"{sentence(self._random)[4:-1]} {mark}"}
        note = "Zahlen berichtigt" if self._random.random() < 0.3 else None
        act = lambda i: Edit(i, fields, minor=minor, note=note)  # noqa: E731
        return Order(truth, act, lambda truth: truth.is_edited(mark), Truth.was_edited)

    def _lifts(self) -> Order | None:
        truth = self._chosen(lambda truth: truth.is_held)
        return truth and Order(truth, Lift, Truth.is_lifted)

    def _splits(self) -> Order | None:
        truth = self._chosen(lambda truth: truth.shown and not truth.going and len(truth.told) > 1 and not truth.hands)
        return truth and Order(truth, lambda i: Split(i, "p"), Truth.is_split)

    def _command(self, order: Order, *, publishes: bool) -> None:
        with suppress(Killed), self._machine.process("command"):
            app: Any = self.opens()
            try:
                if not order.done:
                    self._amend(order, app)
                if publishes:
                    app.publish()
                    order.ends(order.truth)
                    order.published = True
            finally:
                order.tried = True
                app.__exit__(None, None, None)

    def _amend(self, order: Order, app: App) -> None:
        order.begins(order.truth)
        words = (
            (release, f"{release.title} {release.teaser} {release.content}") for release in app.store.releases.list()
        )
        found = [release for release, text in words if order.truth.is_in(text)]
        holds("what was read is in the store", found, order.truth.mark)
        act = order.act(found[0].id)
        try:
            app.amend(act)
            self._authors.note(f"a person: {type(act).__name__} {found[0].id}, {order.truth.mark}")
        except StoreError as error:
            self._authors.note(f"a person: {type(act).__name__} {order.truth.mark}: {error}")
            if not order.tried:
                order.ends = _nothing
        order.done = True
