"""What time it is: the wall's clock, or the playground's, which can be moved forward."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Now = Callable[[], datetime]


def wall_clock() -> datetime:
    """Read the machine's clock."""
    return datetime.now(UTC)


class MovedClock:
    """The wall's clock, some time ahead. Calling it tells the time."""

    def __init__(self, offset: timedelta = timedelta(0), *, wall: Now = wall_clock) -> None:
        self.offset = offset
        self._wall = wall

    def __call__(self) -> datetime:
        """Tell the moved time."""
        return self._wall() + self.offset

    def move_to(self, moment: datetime) -> None:
        """Make it that moment now. A clock never goes back."""
        self.offset = max(self.offset, moment - self._wall())
