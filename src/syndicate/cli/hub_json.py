"""A source's hub as JSON."""

from zoneinfo import ZoneInfo

from syndicate.app import HubState
from syndicate.text import rfc3339


def hub_json(hub: HubState | None, zone: ZoneInfo) -> dict[str, object] | None:
    """Null where it has none, or is not to be pushed."""
    if hub is None:
        return None
    moments = {name: rfc3339(getattr(hub, name), zone) for name in ("since", "until", "pushed")}
    names = ("address", "topic", "state", "pushes", "refused", "missed", "error")
    return {name: getattr(hub, name) for name in names} | moments
