"""The release that a command acts on, and what is said of it afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import typer

from syndicate.app import App
from syndicate.cli.opened import opened
from syndicate.cli.release import embargo_in_words
from syndicate.cli.releases.history import told_json
from syndicate.cli.signals import leave_at_once_on_signals
from syndicate.cli.terminal import print_json
from syndicate.model import Change, Release
from syndicate.pipeline import Act
from syndicate.store import ALL
from syndicate.text import count


@dataclass(frozen=True)
class Chosen:
    """The release that was named, and the program that acts on it."""

    program: App
    release: Release

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.program.plan.site.timezone)

    def act(self, act: Act) -> tuple[tuple[Change, ...], str]:
        """Record and publish: (what changed, how many documents in words)."""
        self.program.prepare()  # first: a topic that the configuration renames is not to be made anew
        changes = self.program.amend(act).changes
        return changes, f"({count(len(self.program.publish()), 'document')} written)"

    def tell(self, as_json: bool, *lines: str, **more: str) -> int:
        """The lines, or the release as `releases show --json` prints it, with `more`."""
        if as_json:
            print_json(told_json(self.release.id, self.program.store, self.program.plan.site) | more)
            return 0
        for line in lines:
            typer.echo(line)
        return 0


@contextmanager
def chosen(reference: str, config: Path, verbose: bool) -> Iterator[Chosen]:
    with opened(config, verbose) as program, leave_at_once_on_signals():
        yield Chosen(program, program.store.releases.resolve(reference))


def name_of(release: Release) -> str:
    return f"{release.id} „{release.title}“"


def where(release: Release, zone: ZoneInfo) -> str:
    """Where readers find it, or why they do not."""
    if release.visible:
        return f"public in {', '.join((ALL, *release.topics))}"
    if release.state == "embargoed":
        return f"under embargo, {embargo_in_words(release.embargo, zone)}"
    return f"not public, as it is {release.state}"
