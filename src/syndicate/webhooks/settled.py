"""Which hooks there are, as the configuration has them."""

from syndicate.model import Plan
from syndicate.store import Store
from syndicate.webhooks.names import subject


def settle(store: Store, plan: Plan) -> None:
    """The hooks of this plan and no others, from now on: what happened before a new one is none of its. At a start, a
    reload.
    """
    urls, known = {hook.url for hook in plan.webhooks}, {hook.url for hook in store.webhooks.list()}
    if urls != known:
        with store.transaction():
            store.webhooks.keep(urls, store.happened.last())
            for url in known - urls:
                store.alarms.end("webhook", subject(url))
