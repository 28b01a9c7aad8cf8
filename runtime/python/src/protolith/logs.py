"""Logs of a service process: structlog, one line an event on stderr, `console` for people and `json` for machines."""

import logging
import sys
from typing import Any, Final

import structlog
from structlog.types import EventDict, Processor

from protolith.context import CURRENT
from protolith.settings import WorkerSettings

_LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure(settings: WorkerSettings) -> None:
    """Send structlog's and the standard library's records (asyncio, asyncpg, …) the same way."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_call,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_renderers(settings)))
    logging.basicConfig(handlers=[handler], level=_LEVELS[settings.log_level], force=True)


def _renderers(settings: WorkerSettings) -> list[Processor]:
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if settings.log_format == "json":
        return [remove, structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
    # Plain: the pretty traceback prints local variables, and with them what users sent.
    console = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    return [remove, console]


def _add_call(_logger: Any, _level: str, event: EventDict) -> EventDict:
    """The call that is being served, so that a handler's own lines can be found by their trace."""
    context = CURRENT.get()
    if context is not None:
        event.setdefault("method", context.method)
        event.setdefault("trace_id", context.trace_id)
    return event
