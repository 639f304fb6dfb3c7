"""`syndicate releases show`: one release, and what has become of it."""

from zoneinfo import ZoneInfo

from syndicate.cli.options import UNSET, ConfigPath, Json, Reference, command_app, examples
from syndicate.cli.release import show_release
from syndicate.cli.releases.history import history, show_history, told_json
from syndicate.cli.stored import stored
from syndicate.cli.terminal import print_json

app = command_app()


@app.command(epilog=examples("syndicate releases show 3k9f", "syndicate releases show 3k9f --json"))
def show(release: Reference, config: ConfigPath = UNSET, as_json: Json = False) -> int:
    """One release with all its fields, who says it, what was done to it, and its revisions."""
    with stored(config) as (settings, store):
        if as_json:
            print_json(told_json(release, store, settings.site))
            return 0
        zone = ZoneInfo(settings.site.timezone)
        told = history(release, store)
    show_release(told.release, zone)
    show_history(told, zone)
    return 0
