"""Signals that end a process, or wake it, and how it ends whatever hangs."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import typer

from syndicate.cli.terminal import console
from syndicate.store import fell, let_go

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def leave_at_once_on_signals(status: int = 130) -> Iterator[None]:
    """While sources are asked or documents written, SIGTERM and Ctrl-C do not wait for them."""
    with handled(lambda: leave(status)):
        yield


@contextmanager
def handled(act: Callable[[], None] | None, *signals: signal.Signals) -> Iterator[None]:
    """Within the block `act` is called at SIGTERM and Ctrl-C, or at these signals; None: they do what they did."""

    def handle(number: int, frame: FrameType | None) -> None:
        if act:
            act()

    if act is None or threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is told of signals
        return
    before = {number: signal.signal(number, handle) for number in signals or _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end_within(seconds: float) -> None:
    """Whatever hangs: a slow source, a publish of a whole archive."""
    timer = threading.Timer(seconds, stopped)
    timer.daemon = True
    timer.start()


def stopped() -> None:
    typer.echo("Stopped.")
    leave(0)


def fallen() -> None:
    """By a fault of ours. Whoever supervises us starts us again; where nobody does, `status` tells of it."""
    fell()
    leave(1)


def leave(status: int) -> None:
    """End the process without waiting for its threads.

    Safe at any moment: an ingest is one transaction, and its fetch state is part of it, so that the source is simply
    asked again; a document is renamed into place whole, and stays dirty in the store until it is; the kernel frees the
    locks. The client is not closed before: that would note a failure of the sources under way.
    """
    let_go()
    console(err=True).show_cursor(True)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(status)
