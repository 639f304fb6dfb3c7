"""`syndicate init`: a folder to begin with."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from syndicate.cli.options import WrongUse, command_app, examples

app = command_app()


@app.command(epilog=examples("syndicate init", "syndicate init presse"))
def init(
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="Made where it is not there.")] = Path(),
) -> int:
    """Write a commented config.toml and a folder for releases. Overwrites nothing."""
    target = directory / "config.toml"
    template = (files("syndicate.cli") / "templates" / "config.toml").read_bytes()
    directory.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("xb") as file:
            file.write(template)
    except FileExistsError:
        raise WrongUse(f"{target} is there already; it was not changed") from None
    (directory / "releases").mkdir(exist_ok=True)
    option = "" if directory == Path() else f" --config {target}"
    typer.echo(f"Wrote {target}. Put releases into {directory / 'releases'}, then:")
    typer.echo(f"  syndicate check{option}")
    typer.echo(f"  syndicate run{option}")
    return 0
