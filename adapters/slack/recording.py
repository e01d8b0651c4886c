"""What Drumbeat tells Slack, written down call by call without any token; and what Slack's own libraries log."""

from __future__ import annotations

import copy
import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog

log = structlog.get_logger()

# What opens a door is replaced by something of the same kind that opens none.
_SECRETS = {"client_secret", "code", "token", "refresh_token"}
_TOKENS = re.compile(r"xox[a-z]*-[\w.-]+|xapp-[\w.-]+")
_ADDRESSES = re.compile(r"((?:https?|wss?)://[^/\s'\"]+)[^\s'\"]*")
_SAID_MOST = 200


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
    """Takes what the libraries log into our log, without addresses' secrets, and keeps it from going anywhere else."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = _ADDRESSES.sub(r"\1/…", _TOKENS.sub("…", record.getMessage()))
        log.log(record.levelno, "slack library", where=record.funcName, said=said.split("\n")[0][:_SAID_MOST])
        return False


def library_log() -> logging.Logger:
    """Give the log that slack-bolt and slack_sdk write to. Below an error they would tell it people's words."""
    library = logging.getLogger("drumbeat.slack")
    library.setLevel(logging.ERROR)
    if not library.filters:
        library.addFilter(_Harmless())
    return library
