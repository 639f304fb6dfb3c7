"""`syndicate why --dropped`: entries of which nothing is held, since a rule of their source says so."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from syndicate.cli.options import SHOWN, known
from syndicate.cli.stored import stored
from syndicate.cli.terminal import console, print_json_list, print_total, table
from syndicate.model import NO_KEEP, Dropped
from syndicate.text import local, rfc3339


def show_dropped(config: Path, sources: Sequence[str], limit: int | None, *, as_json: bool) -> int:
    """The latest first: 50 of them, with `--json` or `--limit 0` all that is kept."""
    with stored(config) as (settings, store):
        zone = ZoneInfo(settings.site.timezone)
        asked = known("source", sources, settings.by_id) or [*settings.by_id]
        total = store.dropped.count(asked)
        most = limit if limit is not None else None if as_json else SHOWN
        rows = [*islice(store.dropped.list(asked), most or None)]
    if as_json:
        print_json_list(_json(each, zone) for each in rows)
        return 0
    if not total:
        console().print("No rule has dropped anything.")
        return 0
    listing = table("Dropped", "Source", "Rule", "Title", "Address")
    for each in rows:
        listing.add_row(local(each.at, zone), each.source, _rule(each), each.title, each.url or each.id or "–")
    console().print(listing)
    print_total(len(rows), total, "entry", ", the latest; --limit 0 shows all", many="entries")
    return 0


def _rule(dropped: Dropped) -> str:
    return "no keep" if dropped.rule == NO_KEEP else dropped.rule


def _json(dropped: Dropped, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "source": dropped.source,
        "title": dropped.title,
        "url": dropped.url,
        "id": dropped.id,
        "rule": dropped.rule,
        "at": rfc3339(dropped.at, zone),
    }
