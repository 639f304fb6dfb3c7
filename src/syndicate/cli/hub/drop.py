"""`syndicate hub drop`: end subscriptions."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from syndicate.cli.hub.listed import shown
from syndicate.cli.options import UNSET, ConfigPath, WrongUse, command_app, examples
from syndicate.cli.stored import stored
from syndicate.cli.terminal import now
from syndicate.store import Subscription

app = command_app()


@app.command(epilog=examples("syndicate hub drop 7", "syndicate hub drop https://reader.example/hook"))
def drop(
    chosen: Annotated[
        list[str], typer.Argument(metavar="CALLBACK|ID…", help="As in `syndicate hub list`; a callback: all of its.")
    ],
    config: ConfigPath = UNSET,
) -> int:
    """End subscriptions. The daemon tells each subscriber so; he may subscribe again."""
    with stored(config) as (_, store):
        ended = [*dict.fromkeys(_named(chosen, store.subscriptions.list()))]
        store.subscriptions.drop(ended, now())
    for each in ended:
        typer.echo(f"{shown(each.callback)} is not told of {each.document} any more.")
    return 0


def _named(chosen: Sequence[str], there: Sequence[Subscription]) -> Iterator[Subscription]:
    for name in chosen:
        found = [each for each in there if name in (each.callback, str(each.id), shown(each.callback))]
        if not found:
            raise WrongUse(f'"{shown(name)}" subscribes to nothing: `syndicate hub list` shows who does')
        yield from found
