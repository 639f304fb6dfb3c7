"""`syndicate store copy`: what one store holds, into another one."""

from typing import Annotated

import typer

from syndicate import store as stores
from syndicate.cli.options import UNSET, ConfigPath, Json, WrongUse, command_app, examples
from syndicate.cli.stored import place_of
from syndicate.cli.terminal import in_parts, now, print_json
from syndicate.errors import StoreError
from syndicate.recording import mark_all
from syndicate.text import count

app = command_app()
_EPILOG = examples(
    "syndicate store copy sqlite:///syndicate.db postgresql://syndicate@db.example/syndicate",
    "syndicate store copy postgresql://syndicate@db.example/syndicate sqlite:////var/backups/syndicate.db",
)


@app.command(epilog=_EPILOG)
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="The address of a store, as in `[store] url`.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="That of an empty one, which is made.")],
    config: ConfigPath = UNSET,
    as_json: Json = False,
) -> int:
    """Copy all that one store holds into another one: from SQLite into PostgreSQL, or back.

    It is read back and compared before it can be used; until then whoever opens it is told so. Where it was broken off,
    the same command goes on with it. Not beside a daemon on either. Passwords are best kept in ~/.pgpass or PGPASSWORD.
    """
    folder = place_of(config).absolute().parent
    try:
        one, other = (stores.located(url, folder) for url in (source, target))
    except StoreError as error:
        raise WrongUse(str(error)) from error
    with in_parts("Copying") as told:
        done = stores.copy_into(one, other, told=lambda _, at, of: told(at, of))
    with stores.open(other) as store:
        mark_all(store, now=now())  # a folder that was published from another state has to be looked through
    names = [stores.shown(url) for url in (one, other)]
    if as_json:
        print_json({"from": names[0], "to": names[1], "rows": done.rows, "tables": done.tables})
    else:
        typer.echo(f"{names[1]}: {count(done.rows, 'row')}, as in {names[0]}. Name it as `[store] url` to use it.")
    return 0
