"""The clockwork behind a cadence: when it comes round next, right through every change of the clocks.

It is a trigger as APScheduler knows them, because APScheduler's own either double or drop a ritual when clocks change.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from dateutil.rrule import rrule, rrulestr  # type: ignore[import-untyped]

from bot.moments import find_instant

if TYPE_CHECKING:
    from collections.abc import Iterator

_DAY = timedelta(days=1)


class CadenceTrigger(BaseTrigger):  # type: ignore[misc] # APScheduler 3 has no types
    """The instants of a rule (of those that a Cadence makes) at a time of day in a zone, none before the anchor.

    Where a rule leaves out weeks, counting starts in the week of its first occurrence at or after the anchor.
    """

    __slots__ = ("_anchor", "_at", "_first_week", "_rule", "_weeks", "_zone")

    def __init__(self, rule: str, *, at: time, zone: str, anchor: datetime) -> None:
        self._rule, self._at, self._zone, self._anchor = rule, at, zone, _require_aware(anchor)
        interval = re.search(r";INTERVAL=(\d+)", rule)
        self._weeks = int(interval[1]) if interval else 1
        self._first_week: date | None = None
        if interval:
            every_week = CadenceTrigger(rule.replace(interval[0], ""), at=at, zone=zone, anchor=anchor)
            first = next(every_week.follow(anchor - datetime.resolution)).astimezone(ZoneInfo(zone))
            self._first_week = first.date() - first.weekday() * _DAY

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Give APScheduler the one next time from now on; what was missed in the meantime is not caught up."""
        before_now = now - datetime.resolution
        return next(self.follow(max(previous_fire_time or before_now, before_now)), None)

    def follow(self, after: datetime) -> Iterator[datetime]:
        """Yield every occurrence strictly after a moment, as instants, without end."""
        last = max(_require_aware(after), self._anchor - datetime.resolution).astimezone(UTC)
        # A day of margin: a time that the clocks jump over can fall on the day after the one it was meant for.
        for wall in self._walls_from(last.astimezone(ZoneInfo(self._zone)).date() - _DAY):
            instant = find_instant(wall, zone=self._zone)
            if instant > last:  # also drops a whole day that a zone left out, as Samoa did with 30 December 2011
                last = instant
                yield instant

    def _walls_from(self, day: date) -> Iterator[datetime]:
        """Yield what local clocks show at each occurrence from a day on, at the same cost however old the anchor is."""
        if self._first_week:
            cycle = self._weeks * 7 * _DAY
            day = self._first_week + (day - self._first_week) // cycle * cycle
        yield from _parse(self._rule).replace(dtstart=datetime.combine(day, self._at))


@lru_cache(maxsize=1024)
def _parse(rule: str) -> rrule:
    return rrulestr(rule, dtstart=datetime(2000, 1, 1))  # noqa: DTZ001 - stands in; every use sets its own local start


def _require_aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment without a zone could be anywhere; give an aware datetime.")
    return moment
