"""`syndicate try`: a configuration put to everything that is held, before it acts."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from syndicate import store as stores
from syndicate.app import looked_at
from syndicate.cli.options import SHOWN, UNSET, ConfigPath, Few, Json, command_app, examples
from syndicate.cli.stored import configured, converting, place_of
from syndicate.cli.terminal import bar, console, print_json_pairs, print_total, table
from syndicate.config import load_for
from syndicate.errors import ConfigError
from syndicate.model import Plan
from syndicate.text import count
from syndicate.trying import Difference, Trial, accept, tried

app = command_app()
# What a release is counted as, in the order in which that is told.
_KINDS = {
    "moved": "into other topics",
    "held": "shown nowhere any more",
    "shown": "shown that are held now",
    "dropped": "would not have come in (they stay)",
    "let in": "that were dropped would come in",
    "merged": "would be one with another",
    "split": "would be two",
    "text": "with another source's text",
    "shortened": "with their teaser alone",
    "whole": "with all of their text",
    "images": "with or without images",
    "headline": "headlines that would not have been made",
}


@app.command("try", epilog=examples("syndicate try", "syndicate try new.toml", "syndicate try new.toml --json"))
def try_configuration(
    candidate: Annotated[
        Path | None,
        typer.Argument(metavar="[CONFIG]", help="What would take the place of config.toml; default: that, as it is."),
    ] = None,
    config: ConfigPath = UNSET,
    limit: Few = None,
    take_on: Annotated[
        bool, typer.Option("--accept", help="Take on what no start does by itself: another identity of a source.")
    ] = False,
    as_json: Json = False,
) -> int:
    """What a changed configuration would move, drop, rename, merge or split: counted, then each with its reason.

    It is held against what the store was last classified by. Changes nothing; exit status 0 also where something would.
    Paths in CONFIG are relative to the folder of config.toml, whose place it would take.
    """
    plan = load_for(candidate, _place(candidate, config)) if candidate else configured(config)
    with looked_at(_where(plan, config), told=converting()) as store, ExitStack() as opened:
        with bar("trying", sum(store.releases.counts().values())) as shown:  # it ends before anything is printed
            trial = opened.enter_context(tried(store, plan, looked=lambda more: shown.update(advance=more)))
        if as_json:
            print_json_pairs(_json(trial, limit))
        else:
            _show(trial, SHOWN if limit is None else limit, accepts=take_on)
    if take_on:
        _accept(plan, config)
    return 0


def _accept(plan: Plan, config: Path) -> None:
    """On standard error: what is printed is what was tried."""
    place = _where(plan, config)
    if not stores.exists(place.store):
        return
    with stores.open(place.store, make=False) as store:
        for each in accept(store, plan):
            known = f'its releases are known by "{each.source.identity}"'
            typer.echo(f"{each.source.id}: from the next start or reload on, {known}", err=True)


def _place(candidate: Path, config: Path) -> Path:
    """What it would take the place of; where nothing is there, its own."""
    return place_of(config) if place_of(config).exists() else candidate


def _where(plan: Plan, config: Path) -> Plan:
    """Whose store it is put to: that of the configuration whose place it would take, where that can be read."""
    try:
        return configured(config)
    except ConfigError:
        return plan


def _show(trial: Trial, limit: int, *, accepts: bool) -> None:
    for line in trial.asks:
        typer.echo(line)
    if trial.asks:
        typer.echo("")
    if not trial.known and trial.held:
        typer.echo("It was classified by a program that did not note its configuration: topics alone are compared.\n")
    if trial.nothing:
        typer.echo(f"nothing would change for {count(trial.held, 'release')}")
        return
    _counts(trial)
    if trial.settings:
        typer.echo("\nSettings")
        for each in trial.settings:
            typer.echo(f"  {each.key}{_change(each.before, each.after)}: {each.does}")
    if trial.topics:
        typer.echo("\nTopics")
        for topic in trial.topics:
            typer.echo(f"  {topic.id}{f' → {topic.to}' if topic.to else ''}: {topic.kind}: {topic.does}")
    _releases(trial, limit)
    if not accepts:
        typer.echo("\nNothing was changed.")


def _counts(trial: Trial) -> None:
    listing = table("Releases", "What would become of them", numbers=["Releases"])
    for kind, what in _KINDS.items():
        if trial.counts.get(kind):
            listing.add_row(str(trial.counts[kind]), what)
    if trial.counts:
        console().print(listing)
    typer.echo(
        f"of {count(trial.held, 'release')}"
        if trial.counts
        else f"{count(trial.held, 'release')} would stay as they are"
    )


def _releases(trial: Trial, limit: int) -> None:
    there = sum(trial.counts.values())
    if not there:
        return
    typer.echo("")
    shown = 0
    for each in islice(trial.differences, limit or None):
        typer.echo(f"{each.release or '–':<12}  {each.kind:<9}  {each.title}")
        typer.echo(f"{'':12}  {each.reason}")
        shown += 1
    print_total(shown, there, "difference", ", the newest; --limit 0 shows all")


def _change(before: Any, after: Any) -> str:
    """Of a setting; of a whole source there is none."""
    if before is None or after is None or (before, after) == ("another", "another"):
        return ""
    return f" {_said(before)} → {_said(after)}"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_said, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _json(trial: Trial, limit: int | None) -> Iterator[tuple[str, Any]]:
    """The key of each part, and what it is; the last one as it comes."""
    yield "releases", trial.held
    yield "known", trial.known
    yield "asks", trial.asks
    yield "counts", {kind: trial.counts.get(kind, 0) for kind in _KINDS}
    yield "settings", [each._asdict() for each in trial.settings]
    yield "topics", [each._asdict() for each in trial.topics]
    yield "differences", map(_difference_json, islice(trial.differences, limit or None))


def _difference_json(found: Difference) -> dict[str, Any]:
    told = found._asdict()
    return told | {"release": found.release or None, "state": found.state or None}
