"""Dates and times as people write them and as they like to read them, in the movement's own time zone.

The grammar is small and strict: what is not understood is refused with an example, never guessed. It is English
whatever the machine's own language.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SHORT_WEEKDAYS = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
WEEKDAY_NAMES = _SHORT_WEEKDAYS | {name: i for i, full in enumerate(WEEKDAYS) for name in (full, full[:3])}
MONTH_NAMES = {name: i for i, full in enumerate(MONTHS, 1) for name in (full, full[:3])} | {"sept": 9}
SMALL_NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}

CLOCK = r"\d{1,2}(?:[:.]\d{2})? ?[ap]m|\d{1,2}[:.]\d{2}|noon|midnight"
_CLOCK_PARTS = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))? ?(?P<half>[ap]m)?")
_WITH_CLOCK = re.compile(rf"(?P<day>.*?)(?:,? at |, | )(?P<clock>{CLOCK})")
_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?P<offset>z|[+-]\d{2}:?\d{2})?",
)
_ISO_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})")
_SPAN = re.compile(r"in (?P<count>\d{1,4}|[a-z]+) (?P<unit>day|week)s?")
_SHORT_SPAN = re.compile(r"in (?P<count>\d{1,4}|[a-z]+|an) (?P<unit>minute|hour)s?")
_NAMED = re.compile(
    r"(?:(?P<weekday>[a-z]+),? )?"
    r"(?:(?P<day>\d{1,2})(?P<suffix>st|nd|rd|th)? (?:of )?(?P<month>[a-z]+)"
    r"|(?P<month_first>[a-z]+) (?P<day_second>\d{1,2})(?P<suffix_second>st|nd|rd|th)?)"
    r"(?:,? (?P<year>\d{4}))?",
)
_YEARS = range(1970, 2201)  # a typing mistake such as 20266 or 0206 is a mistake, not a plan
_LEAP_GAP = 8  # 29 February can be eight years away: 2096 to 2104
_DAY_EXAMPLES = "'friday', '3 december' or '2026-12-03'"
_MOMENT_EXAMPLES = "'friday 18:00', '3 december 18:00' or 'tomorrow 9am'"


class MomentError(ValueError):
    """What was written is no date or time that we understand; the sentence says so to the one who wrote it."""


def read_clock(words: str) -> time:
    """Read a time of day: 09:00, 9:00, 9am, 9 am, 9.30pm, noon, midnight."""
    text = _tidy(words)
    if text in ("noon", "midnight"):
        return time(12 if text == "noon" else 0)
    parts = _CLOCK_PARTS.fullmatch(text)
    if parts and (parts["minute"] or parts["half"]):
        hour, minute = int(parts["hour"]), int(parts["minute"] or 0)
        if hour in (range(1, 13) if parts["half"] else range(24)) and minute in range(60):
            return time(hour % 12 + 12 * (parts["half"] == "pm") if parts["half"] else hour, minute)
    raise MomentError(f"'{quote(words)}' is not a time of day; write it like '18:00', '9am' or 'noon'.")


def find_instant(wall: datetime, *, zone: str) -> datetime:
    """Find the instant at which clocks in the zone show this time.

    A time that the clocks jump over falls as much later as they jump (02:30 becomes 03:30), as RFC 5545 has it and
    therefore as people's calendars show it. Of a time that comes twice, only the first counts.
    """
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def read_day(words: str, *, zone: str, now: datetime) -> date:
    """Read a day: 'today', 'friday', 'in 2 weeks', '3 december', 'december 3, 2027', '2026-12-03'.

    'friday' and 'next friday' both are the first Friday after today, because today has a word of its own. A date
    without a year is the next such date, today included.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    days = _find_days(_tidy(words), today=today)
    if not days:
        raise MomentError(f"I do not understand the day '{quote(words)}'; write it like {_DAY_EXAMPLES}.")
    return days[-1] if _tidy(words) in WEEKDAY_NAMES and days[0] == today else days[0]


def read_moment(words: str, *, zone: str, now: datetime) -> datetime:
    """Read a moment: a day as in `read_day` and a time, or 'in 2 hours', or what a date picker sends.

    Where several days could be meant, it is the first whose time is still ahead: 'friday 18:00' said on a Friday
    morning is today. 'next friday' is the first Friday after today. A moment that was named in full, or 'today 9am',
    may lie in the past; whether that makes sense is for the one who asked to say.
    """
    text = _tidy(words)
    if iso := _ISO.fullmatch(text):
        return _read_iso(text, words=words, zone=zone, offset=iso["offset"])
    if (soon := _SHORT_SPAN.fullmatch(text)) and (count := _count("a" if soon["count"] == "an" else soon["count"])):
        return now.astimezone(UTC) + timedelta(**{f"{soon['unit']}s": count})
    parts = _WITH_CLOCK.fullmatch(text)
    today = now.astimezone(ZoneInfo(zone)).date()
    days = _find_days(parts["day"] if parts else text, today=today)
    if not days:
        raise MomentError(f"I do not understand the time '{quote(words)}'; write it like {_MOMENT_EXAMPLES}.")
    if not parts:
        raise MomentError(f"'{quote(words)}' needs a time of day; write it like '{quote(words)} 18:00'.")
    clock = read_clock(parts["clock"])
    instants = [find_instant(datetime.combine(day, clock), zone=zone) for day in days]
    return next((at for at in instants if at > now), instants[-1])


def spoken_clock(clock: time) -> str:
    return f"{clock.hour:02}:{clock.minute:02}"


def spoken_day(day: date, *, now: datetime, zone: str) -> str:
    """Say a day: 'Thu 3 December', with the year only when it is not the present one."""
    year = "" if day.year == now.astimezone(ZoneInfo(zone)).year else f" {day.year}"
    return f"{WEEKDAYS[day.weekday()][:3].title()} {day.day} {MONTHS[day.month - 1].title()}{year}"


def spoken_moment(at: datetime, zone: str, *, now: datetime) -> str:
    """Say a moment: 'Thu 3 December, 18:00'."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{spoken_day(local.date(), now=now, zone=zone)}, {spoken_clock(local.time())}"


def spoken_span(span: timedelta) -> str:
    """Say how long: '1 week', '3 hours', '1 day and 12 hours'; what is smaller than the second unit is left out."""
    if span < timedelta():
        raise ValueError(f"A span that is told to people runs forward, this one is {span}.")
    minutes = span // timedelta(minutes=1)
    if minutes and not minutes % (7 * 24 * 60):
        return _plural(minutes // (7 * 24 * 60), "week")
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if not (days or hours or minutes):
        return "less than a minute"
    large, small = ((days, "day"), (hours, "hour")) if days else ((hours, "hour"), (minutes, "minute"))
    return " and ".join(_plural(count, unit) for count, unit in (large, small) if count)


def ordinal_suffix(number: int) -> str:
    return "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def quote(words: str) -> str:
    text = " ".join(words.split())
    return text if len(text) <= 60 else f"{text[:59]}…"  # noqa: PLR2004 - what fits a line on a phone


def _find_days(text: str, *, today: date) -> tuple[date, ...]:
    """Every day that could be meant, soonest first; none when the words are not understood."""
    if text in ("today", "tomorrow"):
        return (today + timedelta(days=text == "tomorrow"),)
    name = text.removeprefix("next ")
    if name in WEEKDAY_NAMES:
        ahead = (WEEKDAY_NAMES[name] - today.weekday()) % 7
        first, second = today + timedelta(days=ahead), today + timedelta(days=ahead + 7)
        return (first, second) if name == text else (first if ahead else second,)
    if (span := _SPAN.fullmatch(text)) and (count := _count(span["count"])):
        return (today + timedelta(**{f"{span['unit']}s": count}),)
    if iso := _ISO_DAY.fullmatch(text):
        return (_make_day(int(iso["year"]), int(iso["month"]), int(iso["day"]), text=text),)
    return _find_named(text, today=today)


def _find_named(text: str, *, today: date) -> tuple[date, ...]:
    parts = _NAMED.fullmatch(text)
    month = MONTH_NAMES.get(parts["month"] or parts["month_first"]) if parts else None
    if not parts or not month or (parts["weekday"] and parts["weekday"] not in WEEKDAY_NAMES):
        return ()
    number = int(parts["day"] or parts["day_second"])
    if (parts["suffix"] or parts["suffix_second"] or ordinal_suffix(number)) != ordinal_suffix(number):
        return ()
    if parts["year"]:
        days: tuple[date, ...] = (_make_day(int(parts["year"]), month, number, text=text),)
    else:
        _make_day(2000, month, number, text=text)  # a leap year: refuses 31 June, lets 29 February pass
        years = range(today.year, today.year + 2 * _LEAP_GAP)
        days = tuple(day for year in years if (day := _try_day(year, month, number)) and day >= today)[:2]
    if parts["weekday"] and days[0].weekday() != WEEKDAY_NAMES[parts["weekday"]]:
        told = f"{days[0].day} {MONTHS[month - 1].title()} {days[0].year}"
        raise MomentError(f"{told} is a {WEEKDAYS[days[0].weekday()].title()}, so '{quote(text)}' contradicts itself.")
    return days[:1] if parts["weekday"] else days


def _read_iso(text: str, *, words: str, zone: str, offset: str | None) -> datetime:
    _make_day(*(int(part) for part in text[:10].split("-")), text=words)
    try:
        at = datetime.fromisoformat(text.upper())
    except ValueError:
        raise MomentError(f"'{quote(words)}' is no time that exists; write it like {_MOMENT_EXAMPLES}.") from None
    return at.astimezone(UTC) if offset else find_instant(at, zone=zone)


def _make_day(year: int, month: int, day: int, *, text: str) -> date:
    if (made := _try_day(year, month, day)) and year in _YEARS:
        return made
    raise MomentError(f"There is no such day as '{quote(text)}'; write it like {_DAY_EXAMPLES}.")


def _try_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _count(words: str) -> int:
    """A number in digits or as a small word; 0 when it is neither, which no span may be."""
    return int(words) if words.isdecimal() else SMALL_NUMBERS.get(words, 0)


def _plural(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _tidy(words: str) -> str:
    return " ".join(words.lower().split())
