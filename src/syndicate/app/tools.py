"""What asks and what reads, as a plan has it."""

from collections.abc import Collection

from syndicate import client, reading, workers
from syndicate.model import Fetching, Plan, Source
from syndicate.work import Tools
from syndicate.workers import Workers


def client_of(fetch: Fetching) -> "client.Client":
    """What dials, within the configured limits."""
    limits = client.Limits(fetch.user_agent, fetch.timeout.total_seconds(), fetch.max_bytes, fetch.per_host)
    return client.Client(limits)


def workers_of(fetch: Fetching, sources: Collection[Source] = ()) -> Workers:
    """What reads documents, in processes with the configured limits; prepared for those of these sources."""
    limits = workers.Limits(fetch.parse_timeout.total_seconds(), fetch.parse_memory)
    return Workers(limits, modules=reading.modules(sources))


def tools_of(plan: Plan, pauses: "client.PageDelay") -> Tools:
    readers = workers_of(plan.fetch, plan.sources)
    return Tools(
        client=client_of(plan.fetch),
        page_delay=pauses,
        run=readers.run,
        stay_ready=readers.stay_ready,
        stop_reading=readers.close,
    )


def page_delay_of(plan: Plan) -> "client.PageDelay":
    return client.PageDelay(plan.fetch.page_delay.total_seconds())
