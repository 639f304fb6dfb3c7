"""`syndicate releases keep`: a release stays, though its page at its source is gone."""

from syndicate.cli.options import UNSET, ConfigPath, Reference, command_app, examples
from syndicate.cli.stored import stored
from syndicate.cli.terminal import console
from syndicate.fulltext import leave
from syndicate.urls import without_secrets

app = command_app()


@app.command(epilog=examples("syndicate releases keep 3k9f"))
def keep(release: Reference, config: ConfigPath = UNSET) -> int:
    """Keep a release as it is: its page at its source is asked no more, and `status` does not tell of it.

    That ends when its feed or list says something else of it.
    """
    with stored(config) as (_, store):
        found = store.releases.resolve(release)
        rows = leave(store, found)
    screen = console()
    if not rows:
        screen.print(f"{found.id} „{found.title}“ has no page that is asked.", soft_wrap=True)
    for row in rows:
        screen.print(
            f"{found.id} „{found.title}“ stays as it is: {without_secrets(row.address)} is asked no more.",
            soft_wrap=True,
        )
    return 0
