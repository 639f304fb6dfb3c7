"""`syndicate why`: where a release came from, what was done to it, and why it is in its topics."""

from typing import Any
from zoneinfo import ZoneInfo

from syndicate.classify import Rules, classify, sources_topics
from syndicate.cli._open import stored
from syndicate.cli._options import UNSET, ConfigPath, Json, Reference, command_app, examples
from syndicate.cli._release import embargo_in_words
from syndicate.cli._terminal import console, local, print_json, rfc3339
from syndicate.config import Config
from syndicate.model import Release
from syndicate.store import Store
from syndicate.store.releases import Revision

app = command_app()


@app.command(epilog=examples("syndicate why 3k9f", "syndicate why https://www.example.org/presse/klinik --json"))
def why(release: Reference, config: ConfigPath = UNSET, as_json: Json = False) -> int:
    """Where a release came from, what was done to it, why it is in its topics."""
    with stored(config) as (settings, store):
        zone = ZoneInfo(settings.site.timezone)
        found = store.releases.resolve(release)
        told = _told(found, settings, store, zone)
    if as_json:
        print_json(told)
    else:
        _show(found, told, zone)
    return 0
