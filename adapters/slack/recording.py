"""What Drumbeat tells Slack, written down call by call without any token; and what Slack's own libraries log."""

from __future__ import annotations

import copy
import logging
import sys
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger()

# What opens a door is replaced by something of the same kind that opens none.
_SECRETS = {"client_secret", "code", "token", "refresh_token"}
FRAMES_TOLD = 4


class Recorder:
    """Passes every outgoing call on to whoever wants to keep them."""

    def __init__(self, write: Callable[[dict[str, object]], None] | None, *, now: Callable[[], datetime]) -> None:
        self._write = write
        self._now = now

    def note(self, method: str, payload: Mapping[str, Any]) -> None:
        """Write down a call, an answer (``ack.…``) or what is sent to a ``response_url``; never where that is."""
        if self._write is None:
            return
        harmless = {key: "removed" if key in _SECRETS else copy.deepcopy(value) for key, value in payload.items()}
        self._write({"method": method, "payload": harmless, "at": self._now().timestamp()})


class _Harmless(logging.Filter):
    """Takes what the libraries log into our log, and keeps it from going anywhere else.

    Only which error it was, and where: what a library says of it may hold tokens, addresses and people's words.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else sys.exc_info()[1]
        about = {"error": type(error).__name__, "where": where_in(error)} if error is not None else {}
        log.log(record.levelno, "slack library", told_by=f"{record.module}.{record.funcName}:{record.lineno}", **about)
        return False


def where_in(error: BaseException) -> str:
    """Say where an error comes from, the innermost place first, and nothing of what it says."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_TOLD:]
    return " < ".join(f"{Path(frame.filename).stem}.{frame.name}:{frame.lineno}" for frame in reversed(frames))


def library_log() -> logging.Logger:
    """Give the log that slack-bolt and slack_sdk write to. Below an error they would tell it people's words."""
    library = logging.getLogger("drumbeat.slack")
    library.setLevel(logging.ERROR)
    if not library.filters:
        library.addFilter(_Harmless())
    return library
