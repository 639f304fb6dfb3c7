"""`syndicate sources remove`, `pause`, `resume`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from syndicate import store as stores
from syndicate.cli.options import UNSET, ConfigPath, WrongUse, command_app, examples, known, source_ids
from syndicate.cli.sources.write import told_daemon
from syndicate.cli.stored import configured, converting
from syndicate.config import edit as config_file
from syndicate.config import read
from syndicate.errors import StoreError
from syndicate.model import Plan

app = command_app()
Ids = Annotated[
    list[str],
    typer.Argument(metavar="ID…", help="Ids of sources, as in `syndicate sources list`.", autocompletion=source_ids),
]


@app.command(epilog=examples("syndicate sources remove portal", "syndicate sources remove portal --yes"))
def remove(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="As in `syndicate sources list`.", autocompletion=source_ids)
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: ConfigPath = UNSET,
) -> int:
    """Take a source out of the configuration, with the comments that belong to it. Its releases stay.

    What is known of its polls is forgotten. Comments and layout of the rest stay as they are.
    """
    settings = configured(config)
    known("source", [identifier], [source.id for source in settings.sources])
    if not yes:
        if not sys.stdin.isatty():
            raise WrongUse(f"to take {identifier} out without being asked, say --yes")
        if not typer.confirm(f"Take the source {identifier} out of {settings.path}?"):
            typer.echo("Nothing was changed.")
            return 0
    config_file.remove_source(settings.path, identifier, read)
    typer.echo(f"Took the source {identifier} out of {settings.path}.")
    try:
        _forget(identifier, settings)
    except StoreError as error:  # the file is written: the store alone does not know of it
        typer.echo(f"What is known of its polls stays ({error}).")
    if hint := told_daemon(settings):
        typer.echo(hint)
    return 0


def _forget(identifier: str, settings: Plan) -> None:
    if not stores.exists(settings.store):
        return
    with stores.open(settings.store, told=converting()) as store:
        store.sources.forget(identifier)
        releases = store.releases.delivered(identifier)
    if releases:
        typer.echo(f"Its releases stay ({releases}): syndicate releases list --source {identifier}")
        typer.echo("To take one back: syndicate releases withdraw RELEASE")


@app.command(epilog=examples("syndicate sources pause portal", "syndicate sources pause portal ministerium"))
def pause(identifiers: Ids, config: ConfigPath = UNSET) -> int:
    """Ask sources no more until they are resumed. Works beside a daemon, at once."""
    return _each(identifiers, config, paused=True)


@app.command(epilog=examples("syndicate sources resume portal"))
def resume(identifiers: Ids, config: ConfigPath = UNSET) -> int:
    """Ask sources again, at once: paused ones, and those that were stopped because they answered 410 Gone."""
    return _each(identifiers, config, paused=False)


def _each(identifiers: list[str], config: Path, *, paused: bool) -> int:
    settings = configured(config)
    with stores.open(settings.store, told=converting()) as store:
        sources = {source.id: source for source in settings.sources}
        for identifier in known("source", identifiers, sources):
            before = store.sources.state(identifier, files=False)
            if paused:
                store.sources.pause(identifier)
                said = "was paused already" if before.paused else "is paused"
                typer.echo(f"{identifier} {said}: syndicate sources resume {identifier}")
                continue
            store.sources.resume(identifier)
            said = "is asked again" if before.paused or before.gone else "was not paused, and is due now"
            typer.echo(f"{identifier} {said}.")
            if not sources[identifier].enabled:
                typer.echo(f"syndicate: {identifier} has enabled = false in {settings.path}", err=True)
    return 0
