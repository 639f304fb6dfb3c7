"""What happens to the machine, and what an operator does about it."""

from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from simulation.machine import Killed
from syndicate.model import Poll

if TYPE_CHECKING:
    from simulation.play import Play


class Accidents:
    """Of one story."""

    def __init__(self, play: "Play") -> None:
        self._play = play
        self._only = False
        self._power: Random | None = None  # where the next kill is a loss of power: what decides what is left

    def happens(self) -> None:
        """One of them."""
        if self._only:
            return
        kinds = (self._kill, self._kill, self._power_fails, self._reload, self._nonsense, self._delete, self._sleep)
        self._play.random.choice((*kinds, self._asks))()

    def only(self, step: int | None, power: int | None) -> None:
        """None but a kill before this step; or there, with `power`, the power fails."""
        self._only, self._play.machine.fatal = True, step
        self._power = None if power is None else Random(power)

    def day(self) -> None:
        """What an operator sees to each morning: who has answered 410 is asked again."""
        play = self._play
        for source in sorted(play.web.gone):
            with suppress(Killed), play.machine.process("resume"):
                app = play.people.opens()
                try:
                    app.store.sources.resume(source)
                    play.web.gone.discard(source)
                    play.note(f"a person: resumes {source}")
                finally:
                    app.__exit__(None, None, None)

    def killed(self) -> None:
        """The daemon was."""
        play, power = self._play, self._power
        play.note(f"{'the power fails' if power else 'killed'} before step {play.machine.steps}")
        if play.daemon:
            play.daemon.vanish(power)
        play.daemon, self._power = None, None
        if power:
            play.machine.touched |= {str(path) for path in (play.root / "feeds").rglob("*") if path.is_file()}

    def _kill(self) -> None:
        machine = self._play.machine
        machine.fatal = machine.steps + self._play.random.randint(1, 120)

    def _power_fails(self) -> None:
        self._kill()
        self._power = Random(self._play.random.random())

    def _reload(self) -> None:
        self._play.configured.change()
        self._play.note("a person: changes config.toml")
        if self._play.daemon:
            self._play.daemon.reload()

    def _nonsense(self) -> None:
        """It is mended at once, but the daemon has seen it."""
        play = self._play
        if play.daemon and play.machine.fatal is None:
            play.configured.spoil()
            play.note("a person: spoils config.toml")
            play.daemon.reload()
            play.daemon.tick()
            play.configured.write()
            play.daemon.reload()

    def _delete(self) -> None:
        """Somebody deletes files of the published folder."""
        play = self._play
        files = sorted(path for path in (play.root / "feeds").rglob("[!.]*") if path.is_file())
        if play.daemon and files:
            for path in play.random.sample(files, min(len(files), 3)):
                path.unlink()
                play.machine.touched.add(str(path))
            play.note("somebody deletes files of the published folder")
            play.daemon.looks_after_feeds()
            play.mending = 2  # looks: one that finds it, one that publishes

    def _sleep(self) -> None:
        """The whole machine, for hours."""
        self._play.clock.now += timedelta(hours=self._play.random.randint(3, 40))
        self._play.note("the machine wakes up")

    def _asks(self) -> None:
        """A person asks a source by name."""
        play = self._play
        source = play.random.choice([each for each in play.web.publishers if each not in play.web.gone])
        play.note(f"a person: ingest {source}")
        with suppress(Killed), play.machine.process("ingest"):
            app = play.people.opens()
            try:
                app.run(Poll(None, (source,), "named"))
                app.publish()
            finally:
                app.__exit__(None, None, None)
