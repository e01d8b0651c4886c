"""The log: lines for people or for a collector, in which nobody's words can stand, not even in an error's own text."""

from __future__ import annotations

import hashlib
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# What a line may tell in words: all of it is ours, none of it anybody's name, words or number on a platform.
TELLING = frozenset(
    {
        *("event", "level", "timestamp", "exception", "reference", "where", "mend", "sentence", "address"),
        *("what", "kind", "work", "errand", "error", "outcome", "platform", "platforms", "ritual", "verb"),
    }
)
_ROWS = re.compile(r"[0-9/]{1,12}")
OURS = ("bot", "adapters", "rituals")


def set_up_logging(level: str, form: Literal["plain", "json"]) -> None:
    """Log in lines for people or as JSON. No member's words and no secret is ever given to the log."""
    least = logging.getLevelNamesMapping()[level.upper()]
    handler = logging.StreamHandler()
    handler.setFormatter(Outline())
    # What the libraries tell while they look for a fault is what went over the line, word for word.
    logging.basicConfig(level=max(least, logging.WARNING), handlers=[handler])
    # A round that lasts longer than its second is no news: the next one does the rest.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # Which tables are made is said by the command that makes them.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    processors: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        outline_errors,
        seal,
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


def seal(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep figures and what is known to be ours; anything else becomes a mark that only tells one from another."""
    return {key: told if key in TELLING or _is_figure(told) else _mark(told) for key, told in event.items()}


def _is_figure(told: object) -> bool:
    """Tell whether something is a number, or numbers of our own rows such as '17/3'; a platform's are longer."""
    return told is None or isinstance(told, (int, float)) or bool(_ROWS.fullmatch(str(told)))


def _mark(told: object) -> str:
    return f"~{hashlib.sha256(str(told).encode()).hexdigest()[:8]}"


class Outline(logging.Formatter):
    """Writes down who logged and where, for what does not come by our own log: a library puts into words what it likes.

    Of our own lines the sentence is kept, without what would be filled in.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write one line, and below it the outline of an error."""
        ours = record.name.partition(".")[0] in OURS
        line = f"{record.levelname.lower()} {record.name} {record.filename}:{record.lineno} in {record.funcName}"
        lines = [f"{line}: {record.msg}" if ours else line]
        error = record.exc_info[1] if record.exc_info else None
        return "\n".join([*lines, *(outline(error) if error is not None else ())])


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
