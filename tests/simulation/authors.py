"""Who publishes: what is said, corrected, held, taken back; and how it stands in a document or in a folder."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random

from simulation.documents import FILES, KICKERS, Held, Said, sentence
from simulation.machine import Clock
from simulation.truths import Truth


@dataclass(eq=False)
class Publisher:
    """A source. `shows`: so many entries at once; `shown`: from the newest. `folder`: whose files are the source."""

    id: str
    form: str
    host: str
    shows: int = 10
    folder: Path | None = None
    shown: list[Truth] = field(default_factory=list)
    copies: dict[int, Said] = field(default_factory=dict)  # of a portal: what it has taken over, by truth
    changed: datetime | None = None
    past: list[tuple[datetime, tuple[Said, ...]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://{self.host}/{self.id}/feed"

    def entries(self) -> tuple[Said, ...]:
        return tuple(self.says(truth) for truth in self.shown[: self.shows])

    def says(self, truth: Truth) -> Said:
        return self.copies.get(truth.number) or truth.said[-1]


class Authors:
    """Of all publishers. `truths` by number; `dropped` is told that something has happened in a folder."""

    def __init__(self, random: Random, clock: Clock, note: Callable[[str], object]) -> None:
        self.random = random
        self.clock = clock
        self.note = note
        self.truths: dict[int, Truth] = {}
        self.dropped: Callable[[Publisher], object] = lambda _: None

    def publish(self, publisher: Publisher, held: Held | None = None, instead: Truth | None = None) -> Truth:
        """Something new. `instead`: under the id, and in the place, of what was said before."""
        truth = Truth(len(self.truths), flickers=publisher.folder is None and self.random.random() < 0.07)
        self.truths[truth.number] = truth
        number, now = truth.number, self.clock.now
        name = number * 7919 % 100_003
        address = f"https://{publisher.host or 'amt.example'}/meldung/{name}"
        lines = [sentence(self.random) for _ in range(self.random.randint(3, 6))]
        said = Said(
            truth=number,
            version=0,
            title=self._title(number, 0),
            text="\n".join([f"{lines[0]} w{number}x", *lines[1:], f"{sentence(self.random)} w{number}v0x"]),
            kicker=self.random.choice(KICKERS),
            stated=now if self.random.random() < 0.8 else None,
            updated=now,
            id=f"urn:x-made:{name}" if self.random.random() < 0.8 else address,
            url=address,
            held=held,
        )
        if instead:
            said = said._replace(id=instead.said[-1].id)
            publisher.shown.remove(instead)
            truth.instead = instead
        truth.said.append(said)
        publisher.shown.insert(0, truth)
        place = f" in the place of {instead.mark}" if instead else ""
        self._says(publisher, truth, f"publishes {truth.mark}{_held(held)}{place}")
        return truth

    def correct(self, publisher: Publisher, truth: Truth) -> None:
        before = truth.said[-1]
        k = before.version + 1
        kept = before.text.rpartition("\n")[0]
        said = before._replace(
            version=k,
            title=self._title(truth.number, k) if self.random.random() < 0.4 else before.title,
            text=f"{kept}\n{sentence(self.random)} w{truth.number}v{k}x",
            updated=self.clock.now,
        )
        truth.said.append(said)
        self._says(publisher, truth, f"corrects w{truth.number}v{k}x")

    def hold(self, publisher: Publisher, truth: Truth, held: Held | None) -> None:
        """Put the end off, or forward, or let it go."""
        truth.said.append(truth.said[-1]._replace(updated=self.clock.now, held=held))
        self._says(publisher, truth, f"holds {truth.mark}{_held(held) or ' no more'}")

    def take_back(self, publisher: Publisher, truth: Truth) -> None:
        if truth.instead and not truth.acked:
            # Who has not read it between cannot know: its id is told to be gone, under which another one was read.
            truth.instead.going = True
        before = truth.said[-1]
        truth.said.append(before._replace(version=before.version + 1, updated=self.clock.now, taken_back=True))
        self._says(publisher, truth, f"takes back {truth.mark}")

    def drop(self, publisher: Publisher, truth: Truth) -> None:
        """It stands there no more: that says nothing."""
        publisher.shown.remove(truth)
        if publisher.folder:
            self._file(publisher, truth).unlink()
        self._changes(publisher, f"drops {truth.mark}")

    def take_over(self, portal: Publisher, truth: Truth) -> None:
        """As it stands today, with a sentence of the portal's own: at the same address."""
        said = truth.said[-1]
        text = f"{said.text}\n{sentence(self.random)}"
        portal.copies[truth.number] = said._replace(text=text, id=f"portal-{truth.number}", updated=self.clock.now)
        if truth not in portal.shown:
            portal.shown.insert(0, truth)
        self._changes(portal, f"takes over {truth.mark}")

    def _says(self, publisher: Publisher, truth: Truth, what: str) -> None:
        if publisher.folder:
            said = truth.said[-1]
            truth.hears(publisher.id, said, self.clock.now)
            path = self._file(publisher, truth)
            path.write_text(FILES[path.suffix](said), encoding="utf-8")
            os.utime(path, (self.clock.now.timestamp(),) * 2)
        self._changes(publisher, what)

    def _changes(self, publisher: Publisher, what: str) -> None:
        publisher.changed = self.clock.now
        publisher.past.append((self.clock.now, publisher.entries()))
        self.note(f"{publisher.id} {what}")
        if publisher.folder:
            self.dropped(publisher)

    def _file(self, publisher: Publisher, truth: Truth) -> Path:
        assert publisher.folder
        suffixes = [*FILES]
        return publisher.folder / f"{truth.number}{suffixes[truth.number % len(suffixes)]}"

    def _title(self, number: int, k: int) -> str:
        return f"{sentence(self.random)[4:-1]} w{number}t{k}x"


def _held(held: Held | None) -> str:
    return "" if held is None else f" until {held.until:%d %H:%M}" if held.until else " until somebody speaks"
