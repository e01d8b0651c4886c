"""Moving the movement's clock forward: to the next hour, the next day, the next Monday."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final, Literal, Protocol, get_args

Leap = Literal["hour", "day", "monday"]
LEAPS: Final[tuple[Leap, ...]] = get_args(Leap)
MORNING: Final = time(9)


class Controls(Protocol):
    """What the host lets the page do with the clock."""

    def now(self) -> datetime:
        """Tell the time, in the movement's zone."""

    async def move_to(self, moment: datetime) -> None:
        """Move the clock forward, and ring every timer that is due on the way."""


def leap(now: datetime, *, to: Leap) -> datetime:
    """Find the next full hour, or nine in the morning of the next day or Monday, on the clock of ``now``'s zone."""
    if to == "hour":
        past = timedelta(minutes=now.minute, seconds=now.second, microseconds=now.microsecond)
        # In UTC, because an hour on the clock face can be none or two when summer time starts or ends.
        return (now.astimezone(UTC) - past + timedelta(hours=1)).astimezone(now.tzinfo)
    days = 1 if to == "day" else 7 - now.weekday()
    return datetime.combine(now.date() + timedelta(days=days), MORNING, tzinfo=now.tzinfo)
