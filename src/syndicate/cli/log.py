"""The log: one line per event on standard error, `key=value` (logfmt), time in UTC, without a secret."""

import logging
import re
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from syndicate.text import visible
from syndicate.urls import without_secrets

_LONGEST, _TRACE = 2_000, 20_000  # characters of a value, and of a traceback, whose end says what it is
_URL = re.compile(r"[a-z][a-z0-9+.-]{1,20}://[^\s\"'<>]+", re.IGNORECASE)
_CREDENTIALS = re.compile(r"\b(basic|bearer) +[a-z0-9+/=._~-]{8,}", re.IGNORECASE)


def safe(text: str, longest: int = _LONGEST) -> str:
    """As it may stand in a line, whoever wrote it: line ends are the renderer's."""
    text = _URL.sub(lambda found: without_secrets(found[0]), text)
    text = _CREDENTIALS.sub(r"\1 …", text)
    text = visible(text)
    return text if len(text) <= longest else f"{text[: longest // 2]}…{text[-longest // 2 :]}"


def _safe(_: WrappedLogger, __: str, words: EventDict) -> EventDict:
    for name, value in words.items():
        if value is not None and not isinstance(value, bool | int | float):
            words[name] = safe(str(value), _TRACE if name == "exception" else _LONGEST)
    return words


_SHARED: list[Processor] = [
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True, key="time"),
    structlog.processors.format_exc_info,
]
_LINE: list[Processor] = [
    _safe,
    structlog.processors.LogfmtRenderer(key_order=["time", "level", "event"], drop_missing=True),
]


def configure(level: int) -> None:
    """Our own log from `level` on. Of the libraries only what is wrong: their INFO has tokens and passwords in it."""
    structlog.configure(
        processors=[*_SHARED, *_LINE],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_LINE]
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    # What of its jobs matters, the schedule says itself.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
