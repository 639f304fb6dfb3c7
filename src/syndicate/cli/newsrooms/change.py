"""`syndicate newsrooms revoke`, `confirm`."""

from collections.abc import Sequence
from typing import Annotated

import typer

from syndicate.cli.options import UNSET, ConfigPath, WrongUse, command_app, examples, known
from syndicate.cli.stored import stored
from syndicate.cli.terminal import now
from syndicate.model import Newsroom

app = command_app()
Names = Annotated[list[str], typer.Argument(metavar="NAME…", help="As in `syndicate newsrooms list`.")]


@app.command(epilog=examples("syndicate newsrooms revoke tagblatt"))
def revoke(names: Names, config: ConfigPath = UNSET) -> int:
    """Let newsrooms in no more, at once, wherever the feeds are served. Their names may be given anew."""
    with stored(config) as (_, store):
        for newsroom in _named(names, store.newsrooms.list()):
            if newsroom.revoked:
                typer.echo(f"{newsroom.name} was revoked already.")
                continue
            store.newsrooms.revoke(newsroom.name, now())
            for kind in ("newsroom", "suspended"):
                store.alarms.end(kind, newsroom.name)
            typer.echo(f"{newsroom.name} is revoked: its token counts for nothing from now on.")
    return 0


@app.command(
    epilog=examples("syndicate newsrooms confirm tagblatt", "syndicate newsrooms confirm   # all that are suspended")
)
def confirm(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME…]", help="Default: all that are suspended.")
    ] = None,
    config: ConfigPath = UNSET,
) -> int:
    """Let newsrooms in again whose tokens are suspended, as after a restore that may have lost a revocation.

    See `syndicate newsrooms list` first, and revoke whom you do not mean.
    """
    with stored(config) as (_, store):
        there = store.newsrooms.list()
        chosen = _named(names, there) if names else [each for each in there if each.state == "suspended"]
        for newsroom in chosen:
            if newsroom.revoked:
                raise WrongUse(f"{newsroom.name} is revoked; `syndicate newsrooms add` gives it another token")
        with store.transaction():
            store.newsrooms.confirm(newsroom.name for newsroom in chosen)
            for newsroom in chosen:
                store.alarms.end("suspended", newsroom.name)
    for newsroom in chosen:
        was = "is let in again" if newsroom.suspended else "was not suspended"
        typer.echo(f"{newsroom.name} {was}.")
    if not chosen:
        typer.echo("No newsroom is suspended.")
    return 0


def _named(names: Sequence[str], there: Sequence[Newsroom]) -> list[Newsroom]:
    by_name = {newsroom.name: newsroom for newsroom in there}
    return [by_name[name] for name in known("newsroom", names, by_name)]
