"""The log: lines for people or for a collector, in which nobody's words can stand, not even in an error's own text."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger


def set_up_logging(level: str, form: Literal["plain", "json"]) -> None:
    """Log in lines for people or as JSON. No member's words and no secret is ever given to the log."""
    least = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=least, format="%(message)s")
    # A round that lasts longer than its second is no news: the next one does the rest.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # Which tables are made is said by the command that makes them.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    processors: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        outline_errors,
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False),
    ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def outline_errors(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Write down what kind of error it was and where; its text and its variables may hold what somebody typed."""
    told = event.pop("exc_info", None)
    error = sys.exc_info()[1] if told is True else told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(outline(error))
    return event


def outline(error: BaseException) -> Iterator[str]:
    """Tell an error as a traceback without any text: kinds, files, lines and functions, the cause first."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from outline(cause)
        yield "which led to"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
    yield f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from (f"  | {line}" for line in outline(one))
