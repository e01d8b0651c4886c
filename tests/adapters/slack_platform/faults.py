"""Mishaps on the way to Slack that a test asks for, and the pace that Slack keeps."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from tests.adapters.slack_platform.refusing import Json

if TYPE_CHECKING:
    from tests.adapters.slack_platform.web import Call

SENDING = ("chat.postMessage", "chat.update")
# https://docs.slack.dev/apis/web-api/rate-limits: one message a second and channel, with short bursts above it; the
# other methods are of four tiers, each so many calls a minute, method and workspace.
BURST = 3
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
METHOD_TIERS = {
    **dict.fromkeys(("conversations.list", "users.list"), 2),
    **dict.fromkeys(("chat.update", "chat.delete", "conversations.history", "conversations.replies"), 3),
    **dict.fromkeys(("conversations.info", "conversations.join", "conversations.open", "users.conversations"), 3),
    **dict.fromkeys(("chat.postEphemeral", "conversations.members", "users.info", "files.getUploadURLExternal"), 4),
    **dict.fromkeys(("files.completeUploadExternal", "files.info", "views.open", "views.push"), 4),
    **dict.fromkeys(("views.update", "views.publish"), 4),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was sent or changed: what arrived, or would have."""

    kind: Literal["post", "edit"]
    team: str
    channel: str
    thread_ts: str
    ts: str
    text: str
    blocks: list[Json]


@dataclass(frozen=True, slots=True)
class Fault:
    retry_after: float | None
    after_storing: bool
    status: int


class Faults:
    """What goes wrong next."""

    def __init__(self) -> None:
        self._next: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._refusals: deque[tuple[str, tuple[str, ...]]] = deque()
        self.missed: list[Sent] = []

    def fail(self, times: int, fault: Fault, method: str) -> None:
        self._next[method].extend([fault] * times)

    def refuse(self, error: str, methods: tuple[str, ...]) -> None:
        self._refusals.append((error, methods))

    def take(self, method: str) -> Fault | None:
        """Give what goes wrong with this call: what was asked for its method, or for any post or edit."""
        waiting = self._next[method] or (self._next[""] if method in SENDING else None)
        return waiting.popleft() if waiting else None

    def refusal(self, method: str) -> str:
        for one in self._refusals:
            if method in one[1]:
                self._refusals.remove(one)
                return one[0]
        return ""


class Pace:
    """Counts calls by the stand's clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._left: dict[tuple[str, str], tuple[float, float]] = {}

    def wait(self, call: Call, *, posts: bool, calls: bool) -> int:
        """Give the seconds to wait, and take one place if there is one."""
        if call.method == "chat.postMessage":
            return self._take((call.method, call.text("channel")), BURST, 1.0) if posts else 0
        minute = TIERS.get(METHOD_TIERS.get(call.method, 0), 0) if calls else 0
        return self._take((call.method, call.workspace.id), minute, minute / 60) if minute else 0

    def _take(self, what: tuple[str, str], most: float, a_second: float) -> int:
        now = self._now().timestamp()
        left, then = self._left.get(what, (most, now))
        left = min(left + (now - then) * a_second, most)
        if left < 1:
            self._left[what] = (left, now)
            return max(1, math.ceil((1 - left) / a_second))
        self._left[what] = (left - 1, now)
        return 0
