"""`syndicate backup`: a copy of the store, while it is in use."""

import os
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from syndicate import store as stores
from syndicate.backup import backup as make
from syndicate.cli.options import UNSET, ConfigPath, Json, WrongUse, command_app, examples
from syndicate.cli.stored import configured
from syndicate.cli.terminal import in_parts, now, print_json
from syndicate.store import belongs_to
from syndicate.text import rfc3339

app = command_app()


@app.command(epilog=examples("syndicate backup /mnt/backups/", "syndicate backup syndicate-before-the-upgrade.db"))
def backup(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A file, or a folder: then its name has the time.")],
    force: Annotated[bool, typer.Option("--force", help="Put it in the place of a file that is there.")] = False,
    config: ConfigPath = UNSET,
    as_json: Json = False,
) -> int:
    """Copy the store as it is at this moment, look the copy through, and only then give it its name.

    Works beside a daemon, and keeps nobody from writing. The copy is yours alone to read: it holds what is under an
    embargo. `syndicate restore` puts it back.
    """
    settings = configured(config)
    store = stores.file_of(settings.store)
    if store and belongs_to(path, store):
        raise WrongUse(f"{path} belongs to the store itself; name another file, best on another disk")
    if os.path.isfile(path) and not force:
        raise WrongUse(f"{path} is there already; name another file, or say --force")
    with in_parts("Copying") as told:
        made = make(settings, path, now=now(), force=force, told=told)
    if as_json:
        written, zone = made.copied.written, ZoneInfo(settings.site.timezone)
        print_json({"path": str(made.path), "bytes": made.copied.size, "written": written and rfc3339(written, zone)})
    else:
        typer.echo(f"{made.path}: {made.copied.size:,} bytes, whole and readable.")
    return 0
