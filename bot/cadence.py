"""How often a ritual comes round, in plain words: 'every other friday 16:00', 'last day of the month', 'on demand'.

The words are a small strict grammar over the recurrence rules of calendars (RFC 5545), so that a calendar feed can
carry the very same rule. A word that is not understood is refused, never skipped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from bot.moments import (
    CLOCK,
    MONTHS,
    SMALL_NUMBERS,
    WEEKDAY_NAMES,
    WEEKDAYS,
    MomentError,
    ordinal_suffix,
    quote,
    read_clock,
    spoken_clock,
)
from bot.trigger import CadenceTrigger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

USUAL_TIME = time(9)  # of a cadence that names none
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ORDINALS = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4} | {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_ORDINAL_WORDS = {number: word for word, number in _ORDINALS.items()}
_WEEKS = range(1, 53)  # what comes round less than once a year is no rhythm
_MONTH_DAYS = range(1, 32)
_IN_EVERY_MONTH = 28
# A quarter's first Monday is in January, its last Friday in March; its 15th or 31st is counted in its first month.
_STARTS, _ENDS = "BYMONTH=1,4,7,10;", "BYMONTH=3,6,9,12;"
_SHOWN_TWICE = 30
_EXAMPLES = "'every monday 09:00', 'every other friday 16:00' or 'last day of the month 17:00'"


class CadenceError(ValueError):
    """A cadence or a time zone that we do not understand; the sentence says so to the one who wrote it."""


@dataclass(frozen=True)
class Cadence:
    """A rhythm and its time of day, 'on demand' without a rule; `str` gives the plain words in which it is kept."""

    rule: str
    at: time = USUAL_TIME

    def __post_init__(self) -> None:
        """Let in only what has plain words that mean the very same."""
        try:
            same = _read(str(self)) == (self.rule, self.at)
        except (LookupError, ValueError):
            same = False
        if not same:
            raise CadenceError(f"There are no plain words for the rule '{self.rule}' at {self.at}.")

    def __str__(self) -> str:
        return f"{_say(self.rule)} {spoken_clock(self.at)}" if self.rule else "on demand"

    def upcoming(self, after: datetime, *, zone: str, anchor: datetime, count: int = 3) -> tuple[datetime, ...]:
        """Tell the next few occurrences strictly after a moment, as UTC instants, none before the anchor.

        The anchor is the first planned occurrence, or the moment from which the cadence holds: 'every other' counts
        from the first occurrence at or after it. Who changes the time or the zone sets a new anchor.
        """
        return tuple(islice(self.trigger(zone=zone, anchor=anchor).follow(after), count)) if self.rule else ()

    def next_after(self, after: datetime, *, zone: str, anchor: datetime) -> datetime | None:
        """Tell the next occurrence strictly after a moment; none when the cadence is 'on demand'."""
        return self.trigger(zone=zone, anchor=anchor).get_next_fire_time(after, after) if self.rule else None

    def trigger(self, *, zone: str, anchor: datetime) -> CadenceTrigger:
        """Make the APScheduler trigger that computes all of the above."""
        return CadenceTrigger(self.rule, at=self.at, zone=zone, anchor=anchor)


def read_cadence(words: str) -> Cadence:
    """Read a cadence such as 'mondays 9am', 'first tuesday of the month 18:00', 'quarterly' or 'on demand'.

    Without a time it is at 09:00. 'weekly' is every Monday, 'monthly' the 1st, 'quarterly' the quarter's first Monday.
    A date that a month does not have falls on that month's last day. A date of a quarter is one of its first month,
    only its last day and its last Friday and so on are in the third.
    """
    return Cadence(*_read(words))


def read_zone(words: str) -> str:
    """Read a time zone by its IANA name, such as Europe/Berlin, in any case and with a space or an underscore."""
    zones = _list_zones()
    text = "_".join(words.lower().split())
    if text in zones:
        return zones[text]
    cities = [name for name in zones if text and text in name.split("/")]
    near = (cities + [name for name in get_close_matches(text, zones, n=3) if name not in cities])[:3]
    near = near or ["europe/berlin", "america/new_york", "asia/kolkata"]
    *others, last = [zones[name] for name in near]
    names = " or ".join(part for part in (", ".join(others), last) if part)
    raise CadenceError(f"I know no time zone '{quote(words)}'; write its name, for example {names}.")


def spoken(cadence: Cadence, moments: Iterable[datetime], zone: str) -> str:
    """Say a cadence with its next moments: 'every monday 09:00 (Europe/Berlin): next Mon 7 Dec 09:00'."""
    if not cadence.rule:
        return str(cadence)
    local = [moment.astimezone(ZoneInfo(zone)) for moment in moments]
    told = ", ".join(
        f"{WEEKDAYS[at.weekday()][:3].title()} {at.day} {MONTHS[at.month - 1][:3].title()} {spoken_clock(at.time())}"
        for at in local
    )
    return f"{cadence} ({zone}): next {told}" if told else f"{cadence} ({zone})"


@lru_cache(maxsize=4096)  # the same few words are read at every turn of ten thousand rituals
def _read(words: str) -> tuple[str, time]:
    text = re.sub(r"\s*,\s*", ", ", " ".join(words.lower().split()))
    readings = [(match, make) for rhythm, make in _RHYTHMS if (match := rhythm.match(text))]
    match, make = max(readings, key=lambda reading: reading[0].end(), default=(None, None))
    rule = make(match) if match and make else None
    if not match or rule is None:
        raise _misunderstand(text, words=words)
    clock, left = re.findall(rf"^(?:,? (?:at )?({CLOCK})(?=$|[ ,]))?(.*)", text[match.end() :])[0]
    if left.strip() or (clock and not rule):
        raise _misunderstand(left.strip() or clock, words=words)
    try:
        return rule, read_clock(clock) if clock else USUAL_TIME
    except MomentError:
        raise _misunderstand(clock, words=words) from None


def _make_weekly(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    count = groups.get("count") or ("other" if match[0].startswith("fortnightly") else "one")
    weeks = 2 if count == "other" else int(count) if count.isdecimal() else SMALL_NUMBERS[count]
    if weeks not in _WEEKS:
        return None
    names = re.findall(_DAY, groups.get("days") or "monday")
    codes = ",".join(_CODES[day] for day in sorted({WEEKDAY_NAMES[name] for name in names}))
    if weeks == 1:
        return "FREQ=DAILY" if codes == ",".join(_CODES) else f"FREQ=WEEKLY;BYDAY={codes}"
    return f"FREQ=WEEKLY;INTERVAL={weeks};BYDAY={codes}"


def _make_monthly(match: re.Match[str]) -> str | None:
    ordinal, weekday, number = match["ordinal"], match["day"], int(match["number"] or 0)
    months = "" if match["period"] == "month" else _ENDS if ordinal == "last" else _STARTS
    if weekday:
        return f"FREQ=MONTHLY;{months}BYDAY={_ORDINALS[ordinal]}{_CODES[WEEKDAY_NAMES[weekday]]}"
    if ordinal:
        return f"FREQ=MONTHLY;{months}BYMONTHDAY={_ORDINALS[ordinal]}"
    if number not in _MONTH_DAYS or match["suffix"] != ordinal_suffix(number):
        return None
    if number <= _IN_EVERY_MONTH:
        return f"FREQ=MONTHLY;{months}BYMONTHDAY={number}"
    days = ",".join(str(day) for day in range(_IN_EVERY_MONTH, number + 1))
    return f"FREQ=MONTHLY;{months}BYMONTHDAY={days};BYSETPOS=-1"  # the latest of these days that the month has


def _say(rule: str) -> str:
    """Put a rule into the one form of words in which it is kept."""
    parts = dict(part.split("=") for part in rule.split(";"))
    if parts["FREQ"] == "DAILY":
        return "every day"
    if parts["FREQ"] == "WEEKLY":
        names = [WEEKDAYS[_CODES.index(code)] for code in parts["BYDAY"].split(",")]
        days = " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
        weeks = int(parts.get("INTERVAL", "1"))
        if weeks == 1:
            return "every weekday" if names == [*WEEKDAYS[:5]] else f"every {days}"
        return f"every other {days}" if weeks == 2 else f"every {weeks} weeks on {days}"  # noqa: PLR2004 - 'other'
    period = "quarter" if "BYMONTH" in parts else "month"
    if "BYDAY" in parts:
        nth, code = int(parts["BYDAY"][:-2]), parts["BYDAY"][-2:]
        return f"{_ORDINAL_WORDS[nth]} {WEEKDAYS[_CODES.index(code)]} of the {period}"
    number = int(parts["BYMONTHDAY"].split(",")[-1])
    return f"last day of the {period}" if number < 0 else f"every {period} on the {number}{ordinal_suffix(number)}"


def _misunderstand(part: str, *, words: str) -> CadenceError:
    whole = quote(words)
    # Twice something long would be more than a problem of a form holds.
    where = "" if part == whole.lower() or len(whole) > _SHOWN_TWICE else f" in '{whole}'"
    return CadenceError(f"I do not understand '{quote(part)}'{where}; write it like {_EXAMPLES}.")


@lru_cache(maxsize=1)
def _list_zones() -> dict[str, str]:
    """Name every zone by its small letters, leaving out the machine's own files that are no place's time."""
    return {name.lower(): name for name in sorted(available_timezones() - {"Factory", "localtime", "posixrules"})}


_DAY = rf"(?:{'|'.join(sorted(WEEKDAY_NAMES, key=len, reverse=True))})"
_DAYS = rf"(?P<days>{_DAY}s?(?:(?:, and |, | and ){_DAY}s?)*)"
_MANY_DAYS = rf"(?P<days>{_DAY}s(?:(?:, and |, | and ){_DAY}s)*)"
_COUNT = r"(?P<count>other|\d{1,2}|two|three|four|five|six)"
_DATE = rf"(?:(?P<ordinal>{'|'.join(_ORDINALS)}) (?:day|(?P<day>{_DAY}))|(?P<number>\d{{1,2}})(?P<suffix>st|nd|rd|th))"
_PERIOD = r"(?P<period>month|quarter)"
_EACH = r"(?:every|each)"
# The whole grammar: every way to put a rhythm, and the rule that it makes. The longest match counts, so that
# 'every friday of the month' is not taken for 'every friday'. 'every second friday' is left out: it means two things.
_WORDINGS: tuple[tuple[str, Callable[[re.Match[str]], str | None]], ...] = (
    (r"on demand", lambda _: ""),
    (rf"{_EACH} day|daily", lambda _: "FREQ=DAILY"),
    (rf"{_EACH} weekday|(?:on )?weekdays", lambda _: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    (rf"(?:weekly|{_EACH} week)(?: on {_DAYS})?", _make_weekly),
    (rf"(?:fortnightly|every {_COUNT} weeks?)(?: on {_DAYS})?", _make_weekly),
    (rf"{_EACH} (?:(?P<count>other) )?{_DAYS}", _make_weekly),
    (rf"(?:on )?{_MANY_DAYS}", _make_weekly),
    (rf"monthly|{_EACH} month", lambda _: "FREQ=MONTHLY;BYMONTHDAY=1"),
    (rf"quarterly|{_EACH} quarter", lambda _: f"FREQ=MONTHLY;{_STARTS}BYDAY=1MO"),
    (rf"(?:(?:on )?the |every )?{_DATE} of (?:(?:the|every|each) )?{_PERIOD}", _make_monthly),
    (rf"{_EACH} {_PERIOD} on (?:the )?{_DATE}", _make_monthly),
    (rf"{_PERIOD}ly on (?:the )?{_DATE}", _make_monthly),
)
_RHYTHMS = [(re.compile(rf"(?:{wording})(?=$|[ ,])"), make) for wording, make in _WORDINGS]
