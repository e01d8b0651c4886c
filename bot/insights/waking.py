"""When people in different time zones are awake together, and which of these times suit them best."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

WAKES, SLEEPS = time(8), time(21)
# So many hours of one day two people must share to be asked to find half an hour together.
SHARED = timedelta(hours=2)
WITHIN = timedelta(days=7)
LONG = timedelta(minutes=30)
STEP = timedelta(minutes=30)
# Nobody is asked to be there tonight.
NOTICE = timedelta(hours=12)
MOST_TIMES = 3
SATURDAY = 5

Span = tuple[datetime, datetime]
IsQuiet = Callable[[datetime, str], bool]


def shared_hours(zones: Collection[str], *, now: datetime) -> list[Span]:
    """List when everybody in these zones is awake within the next week, by the clocks of each."""
    first, *others = sorted(set(zones))
    spans = list(_awake(first, now=now))
    for zone in others:
        spans = [
            (max(one[0], two[0]), min(one[1], two[1]))
            for one in spans
            for two in _awake(zone, now=now)
            if max(one[0], two[0]) < min(one[1], two[1])
        ]
    return sorted(spans)


def _awake(zone: str, *, now: datetime) -> Iterator[Span]:
    """List the waking hours of each day that has something of the next week in it."""
    day = (now.astimezone(ZoneInfo(zone)) - timedelta(days=1)).date()
    while True:
        wakes, sleeps = (datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC) for clock in (WAKES, SLEEPS))
        if wakes >= now + WITHIN:
            return
        if sleeps > now:
            yield max(wakes, now), min(sleeps, now + WITHIN)
        day += timedelta(days=1)


def can_meet(zones: Collection[str], *, now: datetime) -> bool:
    """Tell whether people in these zones share enough waking hours of some day."""
    return any(end - start >= SHARED for start, end in shared_hours(zones, now=now))


def suggest_times(zones: Sequence[str], *, now: datetime, is_quiet: IsQuiet) -> tuple[datetime, ...]:
    """Suggest up to three times within a week that suit everybody: early, in the middle and late in it."""
    possible = list(_possible(zones, now=now, is_quiet=is_quiet))
    chosen: list[datetime] = []
    part = (WITHIN - NOTICE) / MOST_TIMES
    for number in range(MOST_TIMES):
        start = now + NOTICE + number * part
        there = [at for at in possible if start <= at < start + part]
        if there:
            hours = {_hour(at, zones[0]) for at in chosen}
            chosen.append(min(there, key=lambda at: (_effort(at, zones) + (_hour(at, zones[0]) in hours), at)))
    return tuple(chosen)


def _hour(at: datetime, zone: str) -> int:
    return at.astimezone(ZoneInfo(zone)).hour


def _possible(zones: Sequence[str], *, now: datetime, is_quiet: IsQuiet) -> Iterator[datetime]:
    for start, end in shared_hours(zones, now=now):
        at = _up_to_step(max(start, now + NOTICE))
        while at + LONG <= end:
            if not any(is_quiet(at, zone) or is_quiet(at + LONG - STEP / 2, zone) for zone in zones):
                yield at
            at += STEP


def _up_to_step(at: datetime) -> datetime:
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - (midnight - at) // STEP * STEP


def _effort(at: datetime, zones: Sequence[str]) -> int:
    """Tell how much a time asks of people: evenings and weekend days are easy, working hours and the edges are not."""
    effort = 0
    for zone in zones:
        local = at.astimezone(ZoneInfo(zone))
        easy = range(10, 19) if local.weekday() >= SATURDAY else range(17, 20)
        edge = local.hour < WAKES.hour + 1 or local.hour >= SLEEPS.hour - 1
        effort += 0 if local.hour in easy else 3 if edge else 2
    return effort
