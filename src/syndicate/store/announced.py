"""What of each release was last announced, filled from what readers see: of a past that nobody is to hear of."""

import json
from datetime import datetime

from syndicate.store.acts import Asked
from syndicate.store.codec import inflate, stamp
from syndicate.store.states import VISIBLE
from syndicate.store.upsert import put

COLUMNS = ("release", "state", "revision", "updated")


def announce_all(db: Asked) -> None:
    """What stands in feeds or is withdrawn from them is as if it had been told."""
    seen = db.execute(f"SELECT id, state, own FROM release WHERE {VISIBLE} OR state = 'withdrawn' AND unseen = 0")  # noqa: S608 - ours
    rows = ((release, state, *_told(own)) for release, state, own in seen)
    db.executemany(put("announced", COLUMNS, COLUMNS[:1]), rows)


def _told(own: bytes) -> tuple[int, str]:
    said = json.loads(inflate(own))
    return said.get("revision", 1), stamp(datetime.fromisoformat(said["updated"]))
