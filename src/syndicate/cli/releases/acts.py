"""What a person does to a release: withdraw, restore, lift, edit, split. Works beside a daemon."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from syndicate.app import App
from syndicate.cli.daemon import leave_at_once_on_signals
from syndicate.cli.opened import opened
from syndicate.cli.options import UNSET, ConfigPath, Json, Reference, Verbose, WrongUse, command_app, examples, known
from syndicate.cli.release import embargo_in_words
from syndicate.cli.releases.fields import Given, edited
from syndicate.cli.releases.history import told_json
from syndicate.cli.terminal import now, print_json
from syndicate.errors import StoreError, StoreUnusable
from syndicate.model import Change, Release, Source
from syndicate.pipeline import Act, Edit, Lift, Restore, Split, Withdraw
from syndicate.store import ALL
from syndicate.text import count

app = command_app()
Text = str | None


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
def _chosen(reference: str, config: Path, verbose: bool) -> Iterator[Chosen]:
    with opened(config, verbose) as program, leave_at_once_on_signals():
        yield Chosen(program, program.store.releases.resolve(reference))


@app.command(
    epilog=examples("syndicate releases withdraw 3k9f", 'syndicate releases withdraw 3k9f --reason "Zahlen falsch"')
)
def withdraw(
    release: Reference,
    reason: Annotated[Text, typer.Option(metavar="TEXT", help="Shown to readers; nothing of the old text is.")] = None,
    config: ConfigPath = UNSET,
    as_json: Json = False,
    verbose: Verbose = False,
) -> int:
    """Take a release back: it leaves every feed and page, and no poll brings it back."""
    with _chosen(release, config, verbose) as chosen:
        (change, *_), written = chosen.act(Withdraw(chosen.release.id, reason))
        name = _name(chosen.release)
        if change.release.issued:
            done = f"{name} is gone from every feed; a tombstone and a notice stand in its place {written}."
        else:
            done = f"{name} is withdrawn. Readers had never seen it, and nothing tells them of it."
        return chosen.tell(as_json, done, f"To bring it back: syndicate releases restore {chosen.release.id}")


@app.command(epilog=examples("syndicate releases restore 3k9f"))
def restore(release: Reference, config: ConfigPath = UNSET, as_json: Json = False, verbose: Verbose = False) -> int:
    """Undo a withdrawal."""
    with _chosen(release, config, verbose) as chosen:
        (change, *_), written = chosen.act(Restore(chosen.release.id))
        back = change.release
        return chosen.tell(as_json, f"{_name(back)} is back: {_where(back, chosen.zone)} {written}.")


@app.command(epilog=examples("syndicate releases lift 3k9f"))
def lift(release: Reference, config: ConfigPath = UNSET, as_json: Json = False, verbose: Verbose = False) -> int:
    """End a release's embargo now, and publish it."""
    with _chosen(release, config, verbose) as chosen:
        try:
            (change, *_), written = chosen.act(Lift(chosen.release.id))
        except StoreUnusable:
            raise
        except StoreError:
            raise StoreError(f"{_name(chosen.release)} is under no embargo (it is {chosen.release.state})") from None
        return chosen.tell(as_json, f"{_name(change.release)} is now {_where(change.release, chosen.zone)} {written}.")


@app.command(
    epilog=examples(
        'syndicate releases edit 3k9f --title "Neues Klinikum in Oberwiesen" --minor',
        'syndicate releases edit 3k9f --body text.md --note "Die Zahl der Betten war falsch."',
        'syndicate releases edit 3k9f --embargo "14. März 2026, 11 Uhr"',
    )
)
def edit(
    release: Reference,
    title: Annotated[Text, typer.Option(metavar="TEXT")] = None,
    teaser: Annotated[Text, typer.Option(metavar="TEXT", help='"" takes it away.')] = None,
    kicker: Annotated[Text, typer.Option(metavar="TEXT", help='"" takes it away. It maps to topics.')] = None,
    body: Annotated[
        Text,
        typer.Option(
            metavar="FILE", help="Its text: Markdown (.md), HTML (.html), else plain text; - is standard input."
        ),
    ] = None,
    language: Annotated[Text, typer.Option(metavar="TAG", help="Like de, en, de-CH.")] = None,
    embargo: Annotated[
        Text, typer.Option(metavar="TIME", help="Its end, or an event in words; `releases lift` ends it.")
    ] = None,
    note: Annotated[
        Text, typer.Option(metavar="TEXT", help="What was corrected: the release opens with it from now on.")
    ] = None,
    no_notes: Annotated[bool, typer.Option("--no-notes", help="Take the notes away that it opens with.")] = False,
    minor: Annotated[bool, typer.Option("--minor", help="A typo: readers are not told again.")] = False,
    config: ConfigPath = UNSET,
    as_json: Json = False,
    verbose: Verbose = False,
) -> int:
    """Change fields of a release by hand. No later poll undoes it.

    Readers get it as a correction: the same entry, updated and on top again; with --minor in its old place.
    """
    given = Given(title, teaser, kicker, body, language, embargo)
    if given == Given() and not (note and note.strip()) and not no_notes:
        raise WrongUse("nothing to change: --title, --teaser, --kicker, --body, --language, --embargo or --note")
    with _chosen(release, config, verbose) as chosen:
        fields = edited(given, chosen.release, _source(chosen), chosen.zone, now=now())
        (change, *_), written = chosen.act(Edit(chosen.release.id, fields, note, minor, no_notes))
        return chosen.tell(as_json, _edited(change, chosen.release, written, chosen.zone))


@app.command(epilog=examples("syndicate releases split 3k9f ministerium"))
def split(
    release: Reference,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="The source whose edition is another release.")],
    config: ConfigPath = UNSET,
    as_json: Json = False,
    verbose: Verbose = False,
) -> int:
    """Part two sources' editions that were taken for one release."""
    with _chosen(release, config, verbose) as chosen:
        told = [edition.source for edition in chosen.program.store.releases.editions(chosen.release.id)]
        known("source", [source], dict.fromkeys((*told, *chosen.program.plan.by_id)))
        (rest, apart), written = chosen.act(Split(chosen.release.id, source))
        return chosen.tell(
            as_json,
            f"{_name(rest.release)} stays: {_where(rest.release, chosen.zone)}.",
            f"{_name(apart.release)}, as {source} says it: {_where(apart.release, chosen.zone)} {written}.",
            split_off=apart.release.id,
        )


def _source(chosen: Chosen) -> Source:
    """The one whose words these are, for its language and pictures; perhaps it is no more in the configuration."""
    identifier, site = chosen.release.source or "", chosen.program.plan.site
    gone = Source(id=identifier, timezone=site.timezone, language=site.language, tag=site.tag)
    return chosen.program.plan.by_id.get(identifier, gone)


def _name(release: Release) -> str:
    return f"{release.id} „{release.title}“"


def _where(release: Release, zone: ZoneInfo) -> str:
    """Where readers find it, or why they do not."""
    if release.visible:
        return f"public in {', '.join((ALL, *release.topics))}"
    if release.state == "embargoed":
        return f"under embargo, {embargo_in_words(release.embargo, zone)}"
    return f"not public, as it is {release.state}"


def _edited(change: Change, before: Release, written: str, zone: ZoneInfo) -> str:
    release = change.release
    fields = [*change.fields, *(["embargo"] if release.embargo != before.embargo else [])]
    if not fields:
        return f"{_name(release)} says so already; nothing changed for readers."
    changed = f"{_name(release)}, {' and '.join(fields)} changed: {_where(release, zone)}"
    if not release.visible:
        return f"{changed}."
    place = "in its old place" if change.verdict == "minor" else "as a correction, on top"
    return f"{changed}, {place} (revision {release.revision}) {written}."
