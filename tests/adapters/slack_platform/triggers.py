"""Leave to act in somebody's name for a moment: a trigger opens one view, a response_url takes a few messages.

https://docs.slack.dev/interactivity/handling-user-interaction: a trigger lives three seconds and works once; a
response_url works five times within thirty minutes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Literal

from tests.adapters.slack_platform.refusing import RefusedError

USES = 5
MINUTES = 30


@dataclass(slots=True)
class Trigger:
    team: str
    user: str
    channel: str
    thread_ts: str
    at: float
    used: bool = False


class Triggers:
    """Triggers live in real time, whatever clock the rest goes by."""

    def __init__(self) -> None:
        self.seconds = 3.0
        self._known: dict[str, Trigger] = {}
        self._serials = count(1)

    def give(self, team: str, user: str, channel: str = "", thread_ts: str = "") -> str:
        native = f"{next(self._serials)}.{sum(map(ord, team))}.{user.lower()}"
        self._known[native] = Trigger(team, user, channel, thread_ts, time.monotonic())
        return native

    def exchange(self, native: str, team: str) -> Trigger:
        found = self._known.get(native)
        if found is None or found.team != team:
            raise RefusedError("invalid_trigger_id")
        if found.used:
            raise RefusedError("exchanged_trigger_id")
        if time.monotonic() - found.at > self.seconds:
            raise RefusedError("expired_trigger_id")
        found.used = True
        return found


@dataclass(slots=True)
class ResponseUrl:
    """Where the answer to one act goes; ``origin`` is the message that it was done to, or the first answer."""

    team: str
    user: str
    channel: str
    kind: Literal["commands", "actions"]
    at: datetime
    thread_ts: str = ""
    origin: str = ""
    uses: int = 0
