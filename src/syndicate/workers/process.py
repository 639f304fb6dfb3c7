"""What runs in the processes: first what they are all forked from, then each of them. Single-threaded, imports little.

What is prepared waits for two descriptors: the pipe of a new process, and where its end is told. It answers with the
process.
"""

import contextlib
import gc
import os
import pickle
import resource
import signal
import socket
import struct
from collections.abc import Iterable
from importlib import import_module
from multiprocessing.connection import Connection
from typing import NoReturn

TOO_LARGE = 77  # status of a process that had not enough memory
NUMBER = struct.Struct("i")  # how a process, and its wait status, are told


def prepare(control: int, memory: int, seconds: float, modules: Iterable[str]) -> None:
    """Import these, and fork a process whenever that is asked for, until the program that asks has ended."""
    for module in modules:
        import_module(module)
    gc.collect()
    gc.freeze()  # what is here stays: a collection in a fork would only make its pages its own
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    living: dict[int, int] = {}
    signal.signal(signal.SIGCHLD, lambda *_: _reap(living))
    with socket.socket(fileno=control) as asked, contextlib.suppress(OSError):
        while (found := socket.recv_fds(asked, 1, 2))[0]:
            _fork(asked, found[1], living, (memory, seconds))
    for process in [*living]:  # the program has gone: whatever they read, nobody waits for it
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    while living:
        _reap(living, 0)


def _fork(asked: socket.socket, given: list[int], living: dict[int, int], limits: tuple[int, float]) -> None:
    pipe, told = given
    try:
        process = os.fork()
    except OSError:  # too many of them, no memory
        process = 0
    else:
        if process == 0:
            _become(pipe, (asked.fileno(), told, *living.values()), limits)
    os.close(pipe)
    if not process:
        os.close(told)
        asked.send(NUMBER.pack(0))
        return
    # By its handle it can be killed and nobody else, whoever has its number later. Not every system has handles.
    handles = [os.pidfd_open(process)] if hasattr(os, "pidfd_open") else []
    socket.send_fds(asked, [NUMBER.pack(process)], handles)
    for handle in handles:
        os.close(handle)
    living[process] = told
    _reap(living)  # it may have ended before it was known


def _reap(living: dict[int, int], options: int = os.WNOHANG) -> None:
    """Tell how those ended that have. By its parent alone: until then nobody else has their numbers."""
    for process in [*living]:
        try:
            ended, status = os.waitpid(process, options)
        except ChildProcessError:  # the signal came while this was under way
            continue
        if ended and (told := living.pop(process, None)) is not None:
            with contextlib.suppress(OSError):  # nobody wants to know
                os.write(told, NUMBER.pack(status))
            os.close(told)


def _become(pipe: int, foreign: Iterable[int], limits: tuple[int, float]) -> NoReturn:
    """The new process; it ends here."""
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for descriptor in foreign:
            os.close(descriptor)
        _serve(pipe, *limits)
        status = 0
    finally:
        os._exit(status)


def _serve(fd: int, memory: int, seconds: float) -> None:
    """Answer until the pipe ends."""
    with contextlib.suppress(ValueError, OSError):  # not every system can limit memory
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        memory = memory if most == resource.RLIM_INFINITY else min(memory, most)
        resource.setrlimit(resource.RLIMIT_AS, (memory, most))
    pipe = Connection(fd)
    with contextlib.suppress(EOFError, OSError):
        pipe.send_bytes(b"")
        while True:
            job = pipe.recv_bytes()
            _allow(seconds)
            pipe.send_bytes(_answered(job))


def _answered(job: bytes) -> bytes:
    try:
        function, arguments, named = pickle.loads(job)  # noqa: S301 - from the program itself
        return pickle.dumps((True, function(*arguments, **named)))
    except MemoryError:
        os._exit(TOO_LARGE)
    except Exception as error:  # raised again where it was asked for
        return _told(error)


def _allow(seconds: float) -> None:
    """Processor time for one more reading: also when nobody is left to look at the clock."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)  # what the operator allows us stays
    wanted = int(used.ru_utime + used.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))


def _told(error: Exception) -> bytes:
    """An error that cannot travel is told by its words."""
    try:
        answer = pickle.dumps((False, error))
        pickle.loads(answer)  # noqa: S301 - what we have just written
    except Exception:
        return pickle.dumps((False, RuntimeError(repr(error))))
    return answer
