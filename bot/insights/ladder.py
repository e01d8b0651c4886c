"""Where a member stands by what they did lately: newcomer, listening, digital-only, activated, core or leading.

Nobody's place is shown to anybody else. A member moves up at once, and down only after two weeks below the bar.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal, NamedTuple

Level = Literal["newcomer", "listening", "digital-only", "activated", "core", "leading"]
LEVELS: tuple[Level, ...] = ("newcomer", "listening", "digital-only", "activated", "core", "leading")

# The one place that says what an act is worth: every kind has exactly one class, and there are no weights.
ONLINE = frozenset(
    {
        "reaction",
        "message",
        "rsvp",
        "poll_vote",
        "decision_vote",
        "checkin_answer",
        "promise_made",
        "invite_sent",
    }
)
DOING = frozenset({"attended", "promise_kept", "action_done", "proposal_made", "feedback_given"})
LEADING = frozenset({"hosted", "initiated", "role_duty", "mentored", "handed_over", "brought_in"})
# Acts: what is more than a sign of life. Having come is a fact, whoever confirmed it.
ACTS = DOING | LEADING
# What shows that a newcomer has found a way in.
FIRST_STEPS = ACTS | (ONLINE - {"reaction", "message"})

ONLINE_CLASS, DOING_CLASS, LEADING_CLASS = 1, 2, 3

DAY = timedelta(days=1)
COUNTED = timedelta(days=90)
NEW = timedelta(days=14)
# When it is looked: now, and so long ago; the highest of these places is shown.
MARKS = (timedelta(0), timedelta(days=7), timedelta(days=14))
LEADING_DAYS = 2
CORE_DAYS = 4
BLOCK = timedelta(days=30)
BLOCKS = 3

# From when to when; without an end it goes on.
Break = tuple[datetime, datetime | None]
Term = tuple[datetime, datetime | None]
_FOREVER = datetime.max.replace(tzinfo=UTC)


class Trace(NamedTuple):
    """That somebody did something: when, and of which class (1 online, 2 an act, 3 leading)."""

    at: datetime
    rung: int


def class_of(kind: str) -> int:
    """Tell the class of a kind of act; 0 for what is none."""
    if kind in ONLINE:
        return ONLINE_CLASS
    if kind in DOING:
        return DOING_CLASS
    return LEADING_CLASS if kind in LEADING else 0


def merge(breaks: Iterable[Break]) -> tuple[tuple[datetime, datetime], ...]:
    """Join breaks that touch or overlap, in order of time; one without an end goes on for ever."""
    joined: list[tuple[datetime, datetime]] = []
    for start, end in sorted((start, _FOREVER if end is None else end) for start, end in breaks):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif start < end:
            joined.append((start, end))
    return tuple(joined)


def away_within(breaks: Sequence[tuple[datetime, datetime]], since: datetime, until: datetime) -> timedelta:
    """Tell how much of a time somebody was away; the breaks are merged."""
    return sum((max(min(end, until) - max(start, since), timedelta(0)) for start, end in breaks), timedelta(0))


def is_away(breaks: Sequence[tuple[datetime, datetime]], at: datetime) -> bool:
    """Tell whether somebody is away at a moment; the breaks are merged."""
    return any(start <= at < end for start, end in breaks)


def available_age(breaks: Sequence[tuple[datetime, datetime]], since: datetime, until: datetime) -> timedelta:
    """Tell how long ago something is, leaving out the time in which somebody was away."""
    return (until - since) - away_within(breaks, since, until)


def frozen_at(breaks: Sequence[tuple[datetime, datetime]], at: datetime) -> datetime:
    """Give the moment at which somebody's place is looked at: the start of the break that they are in, or now."""
    return next((start for start, end in breaks if start <= at < end), at)


def counted_from(breaks: Sequence[tuple[datetime, datetime]], at: datetime) -> datetime:
    """Give the first moment whose acts still count at a moment: ninety days back, without the time away."""
    if not breaks:
        return at - COUNTED
    left, cursor = COUNTED, frozen_at(breaks, at)
    for start, end in reversed(breaks):
        if start >= cursor:
            continue
        if cursor - end > left:
            break
        # Everything in a break is as old as its end is, so what lies exactly at the bound counts back to its start.
        left -= cursor - end
        cursor = start
    return cursor - left


def raw_level(
    traces: Iterable[Trace],
    *,
    joined: datetime,
    at: datetime,
    zone: tzinfo = UTC,
    breaks: Sequence[tuple[datetime, datetime]] = (),
    terms: Sequence[Term] = (),
) -> Level:
    """Tell where somebody stands at a moment by what they did in the ninety days before, without any patience.

    ``breaks`` are merged; ``terms`` are the times in which they held a role.
    """
    moment = frozen_at(breaks, at)
    since = counted_from(breaks, moment)
    lately = [trace for trace in traces if since <= trace.at < moment]
    acts = [trace for trace in lately if trace.rung >= DOING_CLASS]
    if not acts:
        if lately:
            return "digital-only"
        return "newcomer" if moment - joined < NEW else "listening"
    led = [trace.at for trace in acts if trace.rung == LEADING_CLASS]
    if len({day_of(when, zone) for when in led}) >= LEADING_DAYS or any(_in_term(terms, when) for when in led):
        return "leading"
    return "core" if _is_core([trace.at for trace in acts], breaks, moment, zone) else "activated"


def _in_term(terms: Sequence[Term], at: datetime) -> bool:
    return any(start <= at and (end is None or at < end) for start, end in terms)


def _is_core(
    acts: Sequence[datetime], breaks: Sequence[tuple[datetime, datetime]], moment: datetime, zone: tzinfo
) -> bool:
    if len(acts) < CORE_DAYS or len({day_of(when, zone) for when in acts}) < CORE_DAYS:
        return False
    blocks = {min(available_age(breaks, when, moment) // BLOCK, BLOCKS - 1) for when in acts}
    return len(blocks) == BLOCKS


def day_of(at: datetime, zone: tzinfo) -> int:
    """Give the day of a moment in a zone, as a number."""
    return at.astimezone(zone).toordinal()


def level(
    traces: Sequence[Trace],
    *,
    joined: datetime,
    at: datetime,
    zone: tzinfo = UTC,
    breaks: Sequence[tuple[datetime, datetime]] = (),
    terms: Sequence[Term] = (),
) -> Level:
    """Tell the place that is shown to its owner: the highest of now, a week ago and two weeks ago."""
    reached: Level = "newcomer"
    for mark in MARKS:
        if mark and (at - mark < joined or reached == LEVELS[-1]):
            continue
        place = raw_level(traces, joined=joined, at=at - mark, zone=zone, breaks=breaks, terms=terms)
        reached = max(reached, place, key=LEVELS.index)
    return reached


def first_needed(breaks: Sequence[tuple[datetime, datetime]], at: datetime) -> datetime:
    """Give the first moment whose acts have a say in the place that is shown at a moment."""
    return min(counted_from(breaks, at - mark) for mark in MARKS)
