"""What can be typed behind /away: 'until friday', 'for two weeks', 'from monday until 3 december'."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.moments import read_day

_FROM = re.compile(r"from (?P<first>.+?)(?: (?P<back>(?:until|till|to|for) .+))?")
_FOR = re.compile(r"(?:for )?(?P<span>\S+ (?:day|week)s?)")


@dataclass(frozen=True, slots=True)
class Days:
    """The first day away, and the first day back if it is known."""

    first: date
    back: date | None


def read_days(words: str, *, zone: str, now: datetime) -> Days:
    """Read the days of a break; raises ``MomentError`` with a sentence for what is not understood."""
    text = " ".join(words.lower().split())
    first = read_day("today", zone=zone, now=now)
    if ahead := _FROM.fullmatch(text):
        first = read_day(ahead["first"], zone=zone, now=now)
        # 'from monday until friday' means the Friday after that Monday.
        then = datetime.combine(first, time(12), tzinfo=ZoneInfo(zone))
        return Days(first, _read_back(ahead["back"], zone=zone, now=then) if ahead["back"] else None)
    return Days(first, _read_back(text, zone=zone, now=now))


def _read_back(text: str, *, zone: str, now: datetime) -> date:
    if span := _FOR.fullmatch(text):
        return read_day(f"in {span['span']}", zone=zone, now=now)
    return read_day(re.sub(r"^(?:until|till|to) ", "", text), zone=zone, now=now)
