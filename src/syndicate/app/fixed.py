"""What of a configuration changes with a start only."""

from syndicate.errors import ConfigError
from syndicate.model import Plan


def check_change(before: Plan, after: Plan) -> None:
    """ConfigError where something changes that is in use as long as the daemon runs."""
    fixed = {
        "store.url": (before.store, after.store),
        "publish.directory": (before.publish.directory, after.publish.directory),
        "serve.host": (before.serve.host, after.serve.host),
        "serve.port": (before.serve.port, after.serve.port),
        "serve.status": (before.serve.status, after.serve.status),
    }
    changed = [name for name, (old, new) in fixed.items() if old != new]
    if changed:
        raise ConfigError(f"{after.path}: {' and '.join(changed)}: changes when the daemon is started again")
