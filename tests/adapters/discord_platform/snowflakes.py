"""Discord's ids: numbers that tell when something came to be.

https://discord.com/developers/docs/reference#snowflakes
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
# People, channels and servers of the tests were all there since some moment of the year 2021.
_LONG_AGO = datetime(2021, 1, 1, tzinfo=UTC)
_YEAR_MS = 365 * 24 * 60 * 60 * 1000


class Mint:
    """Gives ids that only grow, even while the clock stands still."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._last = 0

    def new(self) -> str:
        self._last = max(_number(self._now()), self._last + 1)
        return str(self._last)


def time_of(snowflake: str) -> datetime:
    """Tell when something with this id came to be."""
    return EPOCH + timedelta(milliseconds=int(snowflake) >> 22)


def named_snowflake(kind: str, name: str) -> str:
    """Give what a test calls by name an id that is the same in every run."""
    digest = int.from_bytes(sha256(f"{kind}/{name}".encode()).digest()[:12])
    at = _LONG_AGO + timedelta(milliseconds=digest % _YEAR_MS)
    return str(_number(at) | (digest >> 40) % (1 << 22))


def _number(at: datetime) -> int:
    return ((at - EPOCH) // timedelta(milliseconds=1)) << 22
