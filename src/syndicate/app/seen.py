"""What of a poll may be told before an embargo ends: what readers can see only, since numbers betray as well."""

from syndicate.model import Change, Changes


def seen(changes: Changes) -> list[Change]:
    told = [c for c in changes.changes if c.verdict != "held" and not c.release.never_shown]
    return [c for c in told if c.release.visible or c.verdict == "withdrawn"]
