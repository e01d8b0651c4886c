"""A time zone as calendars want it told: from when on its clocks run how far from UTC, and when they change.

Calendar programs know most zones by name; the others, and those with older lists, go by what is written here (RFC 5545,
VTIMEZONE). The one of the library that writes our calendars is an hour late whenever clocks go forward.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

# Where no rule can be told, every change is; who follows a calendar asks for it anew long before these years end.
YEARS = 20
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a zone's clocks. ``wall`` is what they show at that moment, before they are changed."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool


def describe_zone(name: str, *, since: int) -> Timezone:
    """Describe a zone from a year on."""
    # Made anew each time: a component belongs to the calendar that it stands in.
    described = Timezone()
    described.add("TZID", name)
    first, changes = _changes(name, since)
    described.add_component(_observe([first], always=True))
    kinds: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        kinds.setdefault((change.before, change.after, change.name, change.summer), []).append(change)
    for alike in kinds.values():
        described.add_component(_observe(alike))
    return described


def _observe(alike: list[Change], *, always: bool = False) -> TimezoneStandard | TimezoneDaylight:
    """Describe changes of one kind: by their rule if they have one, otherwise each of them."""
    first = alike[0]
    observed = TimezoneDaylight() if first.summer else TimezoneStandard()
    observed.add("DTSTART", first.wall)
    observed.add("TZOFFSETFROM", first.before)
    observed.add("TZOFFSETTO", first.after)
    observed.add("TZNAME", first.name)
    if not always:
        rule = _find_rule(alike)
        if rule:
            observed.add("RRULE", vRecur.from_ical(rule))
        else:
            # A line each: the parser of Thunderbird and Nextcloud reads only the first time of a line.
            for change in alike[1:]:
                observed.add("RDATE", [change.wall])
    return observed


def _find_rule(alike: list[Change]) -> str:
    """Find 'the last Sunday of March' in every year that was looked at; '' where it is not so simple."""
    walls = [change.wall for change in alike]
    if len(walls) < YEARS - 1 or any(two.year != one.year + 1 for one, two in pairwise(walls)):
        return ""
    if len({(wall.month, wall.weekday(), wall.time()) for wall in walls}) > 1:
        return ""
    places = set.intersection(*(_places(wall) for wall in walls))
    if not places:
        return ""
    return f"FREQ=YEARLY;BYMONTH={walls[0].month};BYDAY={min(places)}{_CODES[walls[0].weekday()]}"


def _places(wall: datetime) -> set[int]:
    """Tell which of its weekdays in the month a day is: the third, the last."""
    last = wall.day + 7 > monthrange(wall.year, wall.month)[1]
    return {(wall.day + 6) // 7} | ({-1} if last else set())


@lru_cache(maxsize=256)
def _changes(name: str, since: int) -> tuple[Change, tuple[Change, ...]]:
    """Find how a zone's clocks run when a year begins, and every change from then on."""
    zone = ZoneInfo(name)
    begin = datetime(since, 1, 1, tzinfo=UTC)
    offset = _offset(begin, zone)
    wall = datetime(since, 1, 1)  # noqa: DTZ001 - what clocks show there
    first = Change(wall, offset, offset, _name(begin, zone), bool(begin.astimezone(zone).dst()))
    return first, tuple(_follow(zone, begin, datetime(since + YEARS, 1, 1, tzinfo=UTC)))


def _follow(zone: ZoneInfo, at: datetime, end: datetime) -> Iterator[Change]:
    while at < end:
        before, after = at, at + _DAY
        if _looks(before, zone) != _looks(after, zone):
            while after - before > timedelta(seconds=1):
                middle = before + (after - before) // 2
                before, after = (middle, after) if _looks(middle, zone) == _looks(before, zone) else (before, middle)
            after = after.replace(microsecond=0)
            old, new = _offset(before, zone), _offset(after, zone)
            wall = after.replace(tzinfo=None) + old
            yield Change(wall, old, new, _name(after, zone), bool(after.astimezone(zone).dst()))
        at += _DAY


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _name(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).tzname() or zone.key


def _looks(at: datetime, zone: ZoneInfo) -> tuple[object, ...]:
    return _offset(at, zone), _name(at, zone)
