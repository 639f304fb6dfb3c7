"""`syndicate releases`: what is held, and what a person does to it."""

import typer

from syndicate.cli.groups import group
from syndicate.cli.options import UNSET, ConfigPath, command_app, examples, needs_command

__all__ = ["app"]

_ACTS = "syndicate.cli.releases.acts"
app = command_app(
    group(
        {
            "list": "syndicate.cli.releases.listed",
            "show": "syndicate.cli.releases.show",
            "withdraw": _ACTS,
            "restore": _ACTS,
            "lift": _ACTS,
            "split": _ACTS,
            "edit": "syndicate.cli.releases.edit",
            "keep": "syndicate.cli.releases.keep",
        }
    )
)


@app.callback(
    invoke_without_command=True,
    epilog=examples(
        "syndicate releases list --limit 20", "syndicate releases show 3k9f", "syndicate releases withdraw 3k9f"
    ),
)
def releases(ctx: typer.Context, config: ConfigPath = UNSET) -> int:
    """What is held, and what a person does to it.

    RELEASE is an id, four or more first characters of one, an atom:id or a URL.
    """
    return needs_command(ctx)
