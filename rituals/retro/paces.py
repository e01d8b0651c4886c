"""How long each phase of a retro takes, in minutes for a live one and in days for one that is spread out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.moments import find_instant
from bot.quiet import QuietHours

HOUR = 60
DAY = 24 * HOUR
LIVE = (7, 5, 3, 30)
SPREAD = (2 * DAY, DAY, DAY, 3 * DAY)
LONGEST_LIVE = 4 * HOUR
LONGEST_SPREAD = 28 * DAY
_TIME = re.compile(r"(?P<count>[0-9]{1,4})(?P<unit>[mhd]?)")


class PaceError(ValueError):
    """What was written are no times for the phases; the sentence says so to the one who wrote it."""


def read_pace(words: str, *, live: bool) -> tuple[int, ...]:
    """Read four times, for notes, groups, votes and talk: '7 5 3 30' in minutes, '2 1 1 3' in days, '12h' in hours."""
    parts = words.lower().replace(",", " ").split()
    if not parts:
        return LIVE if live else SPREAD
    read = [_minutes(part, live=live) for part in parts]
    if len(read) != len(LIVE) or None in read:
        example = "'7 5 3 30' for minutes" if live else "'2 1 1 3' for days, or '12h' for hours"
        raise PaceError(f"Please write four times, for notes, groups, votes and talk: {example}.")
    spans = tuple(span or 0 for span in read)
    longest = LONGEST_LIVE if live else LONGEST_SPREAD
    if not all(1 <= span <= longest for span in spans):
        raise PaceError(
            "Each phase of a live retro takes 1 minute to 4 hours."
            if live
            else "Each phase of a retro that is spread out takes up to 28 days."
        )
    return spans


def _minutes(part: str, *, live: bool) -> int | None:
    match = _TIME.fullmatch(part)
    if match is None:
        return None
    unit = match["unit"] or ("m" if live else "d")
    return int(match["count"]) * {"m": 1, "h": HOUR, "d": DAY}[unit]


def spoken_pace(spans: Sequence[int]) -> str:
    """Write four times as they can be typed again."""
    return " ".join(_spoken(span) for span in spans)


def _spoken(span: int) -> str:
    if span % DAY == 0:
        return f"{span // DAY}d"
    return f"{span // HOUR}h" if span % HOUR == 0 else f"{span}m"


def phase_end(now: datetime, span: int, *, zone: str, live: bool, quiet: QuietHours | None) -> datetime:
    """Tell when a phase that begins now ends.

    Days are days on the wall: they end at the same time of day, also when clocks change in between. What would end in
    quiet hours ends with them, because nobody should have to be awake for a deadline; a live one is as long as it is.
    """
    if live:
        return now + timedelta(minutes=span)
    if span % DAY == 0:
        wall = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + timedelta(minutes=span)
        end = find_instant(wall, zone=zone)
    else:
        end = now + timedelta(minutes=span)
    return past_quiet(end, zone=zone, quiet=quiet)


def past_quiet(end: datetime, *, zone: str, quiet: QuietHours | None) -> datetime:
    """Move a deadline out of the quiet hours, to their end."""
    return quiet.ends_after(end, zone) if quiet is not None else end
