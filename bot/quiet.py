"""Quiet hours: the part of the day in which a movement's people are left in peace."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.moments import CLOCK, MomentError, quote, read_clock, spoken_clock

_HOURS = re.compile(rf"(?:from )?(?P<start>{CLOCK})(?: to | until | ?[-–] ?)(?P<end>{CLOCK})")
_HINT = "write them like '22:00 to 07:00', '10pm to 7am' or 'none'."
_SECOND = timedelta(seconds=1)


class QuietHoursError(ValueError):
    """What was written are no quiet hours; the sentence says so to the one who wrote it."""


@dataclass(frozen=True)
class QuietHours:
    """From one time of day, included, to another, excluded; past midnight when the end comes first on the clock."""

    start: time
    end: time

    def __post_init__(self) -> None:
        """Refuse what would be quiet never or always, and what the plain words cannot carry."""
        if self.start == self.end:
            raise QuietHoursError(
                f"Quiet hours need a beginning and an end, {spoken_clock(self.start)} is both; {_HINT}"
            )
        if any(clock.tzinfo or clock.second or clock.microsecond for clock in (self.start, self.end)):
            raise QuietHoursError(f"Quiet hours begin and end on a whole minute; {_HINT}")

    def __str__(self) -> str:
        return f"{spoken_clock(self.start)} to {spoken_clock(self.end)}"

    def covers(self, at: datetime, zone: str) -> bool:
        """Say whether clocks in the zone show a quiet time at this instant."""
        local = at.astimezone(ZoneInfo(zone)).time()
        if self.start < self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end

    def ends_after(self, at: datetime, zone: str) -> datetime:
        """Find the first instant, at or after this one, that is not quiet."""
        at = at.astimezone(UTC)
        while self.covers(at, zone):
            local = at.astimezone(ZoneInfo(zone))
            to_end = datetime.combine(local, self.end) - local.replace(tzinfo=None)
            end = at + to_end % timedelta(days=1)
            if end.astimezone(ZoneInfo(zone)).utcoffset() == local.utcoffset():
                return end
            at = _find_change(at, end, zone=zone)  # clocks change on the way: look again from there
        return at


def read_quiet_hours(words: str) -> QuietHours | None:
    """Read '22:00 to 07:00', '10pm-7am' or 'none'."""
    text = " ".join(words.lower().split())
    if text == "none":
        return None
    hours = _HOURS.fullmatch(text)
    if not hours:
        raise QuietHoursError(f"I do not understand the quiet hours '{quote(words)}'; {_HINT}")
    try:
        return QuietHours(read_clock(hours["start"]), read_clock(hours["end"]))
    except MomentError as error:
        raise QuietHoursError(str(error)) from None


def _find_change(early: datetime, late: datetime, *, zone: str) -> datetime:
    """Find, to the second, when clocks changed between two instants."""
    offset = early.astimezone(ZoneInfo(zone)).utcoffset()
    early = early.replace(microsecond=0)
    while late - early > _SECOND:
        middle = early + (late - early) // 2 // _SECOND * _SECOND
        if middle.astimezone(ZoneInfo(zone)).utcoffset() == offset:
            early = middle
        else:
            late = middle
    return late
