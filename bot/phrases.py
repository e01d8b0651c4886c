"""Moments as people say them in passing: 'sat 6pm', 'tonight at 8', '24.12. 18:00', 'next week on tuesday 19h'.

Every phrase is put into the strict grammar of `bot.moments`, which then decides. What could mean two things, such as
3/4 or 'at 7', is refused with both of them, never guessed; that is why this is no library of natural dates, which all
guess.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.moments import MONTHS, WEEKDAY_NAMES, MomentError, quote, read_moment

_WEEKDAY = rf"(?:{'|'.join(sorted(WEEKDAY_NAMES, key=len, reverse=True))})"
_SPELLINGS = (
    (re.compile(r"\b([ap])\.m\.?"), r"\1m"),
    (re.compile(r"\b(?:tmrw|tmr|tomorow|tommorow|tommorrow)\b"), "tomorrow"),
    (re.compile(r"\b(?:the )?day after tomorrow\b"), "in 2 days"),
    (re.compile(r"\bhalf an hour\b"), "30 minutes"),
    (re.compile(r"\bmins?\b"), "minutes"),
    (re.compile(r"\bhrs?\b"), "hours"),
    (re.compile(r"\b(?:a )?fortnight\b"), "2 weeks"),
    (re.compile(r"\bmidday\b"), "noon"),
    (re.compile(rf"\b({_WEEKDAY})\."), r"\1"),
    (re.compile(r"\bthis (?=morning|afternoon|evening)"), "today "),
    (re.compile(r"\btonight\b"), "today evening"),
)
_CLOCKS = (
    # Each gives hour, minute, half of the day and whether it counts to 24 by itself.
    re.compile(r"(?:\bat |@ ?)?\b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))? ?(?P<half>[ap]m)\b"),
    re.compile(r"(?:\bat |@ ?)?\b(?P<hour>\d{1,2}):(?P<minute>\d{2})(?: ?h| o'?clock)?\b"),
    # 19h and 19h30, but 2h and 1h30 are how long something takes.
    re.compile(r"(?:\bat |@ ?)?\b(?P<hour>1[3-9]|2[0-3])h(?P<minute>\d{2})?\b"),
    re.compile(r"(?:\bat |@ ?)\b(?P<hour>\d{1,2})(?:\.(?P<minute>\d{2}))?(?: o'?clock)?(?![\d.:/-])"),
    re.compile(r"\b(?P<hour>\d{1,2}) o'?clock\b"),
    # 18.00; of '12.12 18.00' the last.
    re.compile(r"(?:^|(?<=\s))(?P<hour>\d{1,2})\.(?P<minute>\d{2})(?=$|\s)(?!.*\s\d{1,2}\.\d{2}(?=$|\s))"),
    re.compile(r"(?:(?<=evening )|(?<=morning ))(?P<hour>\d{1,2})$"),
    re.compile(r"(?:\bat )?\b(?P<named>noon|midnight)\b"),
)
_PART_OF_DAY = re.compile(r"\b(?:in the )?(?P<part>morning|afternoon|evening|night)\b")
_LATER_HALF = {"afternoon", "evening", "night"}
_DOTTED = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.?(?P<year>\d{4})?")
_SLASHED = re.compile(r"(?P<first>\d{1,2})(?P<mark>[/-])(?P<second>\d{1,2})(?:(?P=mark)(?P<year>\d{4}))?")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})")
_NEXT_WEEK = re.compile(rf"(?:next week,? (?:on )?(?P<first>{_WEEKDAY})|(?P<second>{_WEEKDAY}),? (?:of )?next week)")
_MONTHS_IN_YEAR, _HOURS_OF_HALF, _HOURS = 12, 12, 24


class AmbiguousError(MomentError):
    """What was written may mean two moments; the sentence names both."""


def read_phrase(words: str, *, zone: str, now: datetime) -> datetime:
    """Read a moment as people say it, in the movement's zone; raises ``MomentError`` with a sentence.

    What has two meanings raises ``AmbiguousError``.
    """
    try:
        return read_moment(words, zone=zone, now=now)
    except MomentError as strict:
        today = now.astimezone(ZoneInfo(zone)).date()
        rephrased = rephrase(words, today=today)
        if rephrased == " ".join(words.lower().split()):
            raise
        try:
            return read_moment(rephrased, zone=zone, now=now)
        except MomentError:
            raise strict from None


def rephrase(words: str, *, today: date) -> str:
    """Put a phrase into the words of the strict grammar: the day first, then the time of day by 24 hours."""
    text = " ".join(words.lower().replace(",", " ").split())
    for spelling, plain in _SPELLINGS:
        text = spelling.sub(plain, text)
    text, part = _take_part_of_day(text)
    text, clock = _take_clock(text, part)
    return f"{_rephrase_day(text, today=today)} {clock}".strip()


def _take_part_of_day(text: str) -> tuple[str, str]:
    found = _PART_OF_DAY.search(text)
    if found is None:
        return text, ""
    # The word stays in the text as 'evening' for a moment, so that 'tonight 8' is understood.
    rest = text[: found.start()] + "evening" + text[found.end() :] if found["part"] != "morning" else text
    return rest, found["part"]


def _take_clock(text: str, part: str) -> tuple[str, str]:
    for wording in _CLOCKS:
        if found := wording.search(text):
            rest = f"{text[: found.start()]} {text[found.end() :]}"
            clock = _say_clock(found, part)
            break
    else:
        rest, clock = text, ""
    if part:
        rest = re.sub(r"\b(?:in the )?(?:evening|morning)\b", " ", rest)
    return " ".join(rest.split()), clock


def _say_clock(found: re.Match[str], part: str) -> str:
    named = found.groupdict()
    if named.get("named"):
        return str(named["named"])
    hour, minute, half = int(found["hour"]), int(named.get("minute") or 0), named.get("half")
    if half:
        return f"{hour}:{minute:02}{half}"
    bare = not named.get("minute") and "h" not in found[0].replace("o'clock", "")
    if 1 <= hour < _HOURS_OF_HALF and part in _LATER_HALF:
        hour += _HOURS_OF_HALF
    elif bare and 1 <= hour <= _HOURS_OF_HALF and not part:
        late = hour % _HOURS_OF_HALF + _HOURS_OF_HALF
        raise AmbiguousError(
            f"'{quote(found[0].strip())}' may be {hour}am or {hour}pm; write '{hour}am' or '{late}:00'."
        )
    return f"{hour:02}:{minute:02}"


def _rephrase_day(text: str, *, today: date) -> str:
    text = re.sub(r"^(?:on|this|coming|this coming) ", "", text).strip(" -@")
    text = re.sub(r"^the (?=\d)", "", re.sub(r" (?:at|@|-|on)$", "", text))
    if found := _NEXT_WEEK.fullmatch(text):
        days = 7 - today.weekday() + WEEKDAY_NAMES[found["first"] or found["second"]]
        return (today + timedelta(days=days)).isoformat()
    if found := _YEAR_FIRST.fullmatch(text):
        return f"{found['year']}-{int(found['month']):02}-{int(found['day']):02}"
    weekday = ""
    if found := re.fullmatch(rf"({_WEEKDAY}) (?:the )?(\d.*)", text):
        weekday, text = f"{found[1]} ", found[2]
    if found := _DOTTED.fullmatch(text):
        return weekday + _say_day(int(found["day"]), int(found["month"]), found["year"])
    if found := _SLASHED.fullmatch(text):
        return weekday + _say_either(found)
    return weekday + re.sub(r"^(\d{1,2})\. ", r"\1 ", text)


def _say_either(found: re.Match[str]) -> str:
    """Take 24/12 and 12/24 for Christmas Eve; 3/4 is April to one half of the world and March to the other."""
    first, second, year = int(found["first"]), int(found["second"]), found["year"]
    if first <= _MONTHS_IN_YEAR and second <= _MONTHS_IN_YEAR and first != second and first and second:
        one, other = _say_day(first, second, ""), _say_day(second, first, "")
        raise AmbiguousError(f"'{found[0]}' may be {one} or {other}; write it with the month's name.")
    return _say_day(second, first, year) if second > _MONTHS_IN_YEAR else _say_day(first, second, year)


def _say_day(day: int, month: int, year: str | None) -> str:
    if not 1 <= month <= _MONTHS_IN_YEAR:
        raise MomentError(f"There is no month {month}; write the day like '3 december'.")
    return f"{day} {MONTHS[month - 1].title()}{f' {year}' if year else ''}"
