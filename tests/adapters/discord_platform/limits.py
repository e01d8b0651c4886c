"""How often something may be asked of Discord's HTTP API, and the headers that tell.

https://discord.com/developers/docs/topics/rate-limits
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from tests.adapters.discord_platform.refusing import Refused

GLOBAL_A_SECOND = 50
OLD = timedelta(hours=1)
# Discord does not tell its limit for edits of old messages; bots that edit once a minute live.
OLD_EDIT_SECONDS = 60.0
_FREE: Final = (1000, 1.0)
_POSTS: Final = ("POST /channels/{}/messages", "PATCH /channels/{}/messages/{}")


class Limits:
    """The buckets. Nothing is limited until a test asks for it, but the headers are always there."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.posts = False
        self.old_edits = False
        self.post_limit = (5, 5.0)
        self._now = now
        self._buckets: dict[tuple[str, str], tuple[datetime, int]] = {}
        self._all: deque[float] = deque()
        self._edited: dict[str, datetime] = {}

    def spend(self, route: str, major: str) -> dict[str, str]:
        """Count a request of a route on a channel or server; gives the headers, or refuses."""
        if self.posts:
            self._spend_global()
        limited = self.posts and route in _POSTS
        most, seconds = self.post_limit if limited else _FREE
        begun, spent = self._buckets.get((route, major), (self._now(), 0))
        if not limited or self._now() - begun >= timedelta(seconds=seconds):
            begun, spent = self._now(), 0
        left = max((begun + timedelta(seconds=seconds) - self._now()).total_seconds(), 0.001)
        headers = {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(max(most - spent - 1, 0)),
            "X-RateLimit-Reset": f"{(begun + timedelta(seconds=seconds)).timestamp():.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": sha256(route.encode()).hexdigest()[:32],
        }
        if spent >= most:
            raise Limited(left, headers={**headers, "X-RateLimit-Scope": "user"})
        if limited:
            self._buckets[route, major] = (begun, spent + 1)
        return headers

    def spend_old_edit(self, channel: str, posted: datetime) -> None:
        """Count an edit of a message; of those older than an hour there may be few."""
        if not self.old_edits or self._now() - posted < OLD:
            return
        last = self._edited.get(channel)
        since = None if last is None else (self._now() - last).total_seconds()
        if since is not None and since < OLD_EDIT_SECONDS:
            raise Refused(30046, retry_after=OLD_EDIT_SECONDS - since)
        self._edited[channel] = self._now()

    def _spend_global(self) -> None:
        now = asyncio.get_running_loop().time()
        while self._all and self._all[0] <= now - 1:
            self._all.popleft()
        if len(self._all) >= GLOBAL_A_SECOND:
            left = self._all[0] + 1 - now
            headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
            raise Limited(max(left, 0.001), headers=headers, everywhere=True)
        self._all.append(now)


class Limited(Refused):
    """Too many requests; Discord says for how long to wait."""

    def __init__(self, seconds: float, *, headers: dict[str, str] | None = None, everywhere: bool = False) -> None:
        super().__init__(0, retry_after=round(seconds, 3), everywhere=everywhere)
        self.headers = headers or {}
