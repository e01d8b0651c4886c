"""Who lives in the towns and hamlets of the tests, where, and when; nothing of a platform, so that it costs little."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.chat import Person
from bot.clock import MovedClock

# A Sunday noon, so that the first Monday check-in is near. Berlin is one hour ahead of UTC.
START = datetime(2026, 11, 1, 11, 0, tzinfo=UTC)
RIVER = "river"
# Where people of the town call each other: a voice channel, a room, or the huddle of #river.
LOUNGE = "lounge"
PEOPLE = {
    "ana": Person("ana", "Ana", "Europe/Berlin"),
    "ben": Person("ben", "Ben", "Europe/Berlin"),
    "chi": Person("chi", "Chi", "Europe/Berlin"),
    "dee": Person("dee", "Dee", "Europe/Berlin"),
    "eli": Person("eli", "Eli", "Europe/Berlin"),
}


def stopped_clock(at: datetime = START) -> MovedClock:
    """Make a clock that stands still until it is moved."""
    return MovedClock(wall=lambda: at)
