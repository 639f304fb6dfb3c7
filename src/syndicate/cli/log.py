"""The log: one line per event on standard error, `key=value`, time in UTC."""

import logging
import sys

import structlog
from structlog.typing import Processor

_SHARED: list[Processor] = [
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True, key="time"),
    structlog.processors.format_exc_info,
]
_LINE = structlog.processors.LogfmtRenderer(key_order=["time", "level", "event"], drop_missing=True)


def configure(level: int) -> None:
    """Our own log from `level` on. Of the libraries only what is wrong: their INFO has tokens and passwords in it."""
    structlog.configure(
        processors=[*_SHARED, _LINE],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _LINE]
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    # What of its jobs matters, the schedule says itself.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
