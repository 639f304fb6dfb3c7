"""`syndicate store`: the database, from one kind into the other."""

import typer

from syndicate.cli.groups import group
from syndicate.cli.options import UNSET, ConfigPath, command_app, examples, needs_command

__all__ = ["app"]

app = command_app(group({"copy": "syndicate.cli.store.copied"}))


@app.callback(
    invoke_without_command=True,
    epilog=examples("syndicate store copy sqlite:///syndicate.db postgresql://syndicate@db.example/syndicate"),
)
def store(ctx: typer.Context, config: ConfigPath = UNSET) -> int:
    """The store as a whole: what is held, in SQLite or in PostgreSQL."""
    return needs_command(ctx)
