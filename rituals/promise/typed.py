"""What can be typed behind /promise: 'call the harbour office by friday'."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from datetime import datetime

from bot.moments import MomentError, read_day, read_moment
from bot.plain import tidy_line
from bot.promises import end_of

# The last one counts: 'drop by the office by friday'.
_BY = re.compile(r"(?P<what>.*?)(?:^|\s)by\s+(?P<when>(?:(?!\sby\s).)+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: what to do, and by when if that is understood."""

    what: str
    due_at: datetime | None = None


def read_typed(words: str, *, zone: str, now: datetime) -> Typed:
    """Read a promise in words. A day that is not understood stays a part of what to do, and is asked for."""
    line = tidy_line(words)
    parts = _BY.fullmatch(line)
    if parts:
        try:
            return Typed(parts["what"].strip(), read_due(parts["when"], zone=zone, now=now))
        except MomentError:
            pass
    return Typed(line)


def read_due(words: str, *, zone: str, now: datetime) -> datetime:
    """Read a day, which may be used up to its end, or a day with a time; raises ``MomentError`` with a sentence."""
    try:
        return end_of(read_day(words, zone=zone, now=now), zone=zone)
    except MomentError:
        with contextlib.suppress(MomentError):
            return read_moment(words, zone=zone, now=now)
        raise
