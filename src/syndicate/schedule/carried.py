"""A job of the engine: the sources of one host, several at a time, politely, and not for long."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime

from syndicate.model import Plan, Poll
from syndicate.polling import Queue

_LONGEST = 60.0  # seconds: what is left then is due, and comes again
_TICK = 1.0  # seconds

Ask = Callable[[Poll], object]


def carry(job: Poll, plan: Plan, ask: Ask, over: threading.Event) -> None:
    """`ask` each of them. Nothing more is begun once it is `over`."""
    if len(job.sources) == 1:
        ask(job)
        return
    queue, end = Queue(), time.monotonic() + _LONGEST
    for at, identifier in enumerate(job.sources):
        source = plan.by_id.get(identifier)
        since = datetime.fromtimestamp(at, UTC)  # in their order
        queue.put(identifier, job.host, since, paced=not (source and source.allow_private))
    with ThreadPoolExecutor(plan.fetch.per_host, thread_name_prefix="job of a host") as threads:
        under_way = dict[Future[object], str]()
        ticked = time.monotonic()
        while len(queue) or under_way:
            if time.monotonic() - ticked >= _TICK:
                queue.tick()
                ticked = time.monotonic()
            ends = over.is_set() or time.monotonic() >= end
            while not ends and (found := queue.take(plan.fetch.per_host)):
                under_way[threads.submit(ask, Poll(job.host, (found[0],), job.call))] = found[0]
            if ends and not under_way:
                return
            left = max(0.01, ticked + _TICK - time.monotonic())
            if not under_way:
                over.wait(left)
                continue
            for done in wait(under_way, left, FIRST_COMPLETED).done:
                queue.end(under_way.pop(done))
