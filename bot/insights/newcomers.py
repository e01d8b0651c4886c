"""How newcomers find their way in: who takes a first step, how long it takes until they act, and who stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from bot.insights.ladder import BLOCK, NEW, away_within
from bot.insights.numbers import Portion

# Who joined in this span has had their two weeks.
JOINED_FROM, JOINED_TO = timedelta(days=74), timedelta(days=14)
LATELY = timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody who joined, with their first step and their first act from then on; bots and opted-out are none."""

    joined: datetime
    left: datetime | None = None
    first_step: datetime | None = None
    first_act: datetime | None = None
    breaks: tuple[tuple[datetime, datetime], ...] = ()
    acts: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Activation:
    """After how long half of the newcomers act; none while fewer than half have."""

    median: timedelta | None
    people: int
    acted: int


def first_step_conversion(newcomers: Iterable[Newcomer], *, now: datetime) -> Portion:
    """Count who took a first step within two weeks; whoever left since stays in the count."""
    joined = [one for one in newcomers if now - JOINED_FROM <= one.joined < now - JOINED_TO]
    took = sum(one.first_step is not None and one.first_step - one.joined < NEW for one in joined)
    return Portion(took, len(joined))


def time_to_activation(newcomers: Iterable[Newcomer], *, now: datetime) -> Activation:
    """Estimate how long it takes until a newcomer acts; who has not yet, or left, counts as long as they were there."""
    spans: list[tuple[timedelta, bool]] = []
    for one in newcomers:
        if now - LATELY <= one.joined < now:
            end = now if one.left is None else min(now, one.left)
            acted = one.first_act is not None and one.first_act <= end
            until = one.first_act if acted and one.first_act is not None else end
            spans.append((until - one.joined, acted))
    return Activation(kaplan_meier(spans), len(spans), sum(acted for _, acted in spans))


def kaplan_meier(spans: Iterable[tuple[timedelta, bool]]) -> timedelta | None:
    """Give the median time to an event, of spans that end with it (True) or only end; none if it is not reached."""
    ended: dict[timedelta, list[bool]] = defaultdict(list)
    for span, happened in spans:
        ended[span].append(happened)
    at_risk = sum(len(some) for some in ended.values())
    # The curve as a fraction of whole numbers: halves are met exactly.
    above, below = 1, 1
    for span in sorted(ended):
        events = sum(ended[span])
        if events:
            above, below = above * (at_risk - events), below * at_risk
            if 2 * above <= below:
                return span
        at_risk -= len(ended[span])
    return None


def retention(newcomers: Iterable[Newcomer], *, now: datetime) -> tuple[Portion, ...]:
    """Count for each thirty days after joining who acted in them, of those for whom they are over and who were there.

    Whoever left stays in the count; whoever was away for all of them is left out of them.
    """
    people = list(newcomers)
    cells: list[Portion] = []
    for number in range(max(((now - one.joined) // BLOCK for one in people), default=0)):
        blocks = [(one, one.joined + number * BLOCK) for one in people]
        over = [
            (one, start)
            for one, start in blocks
            if start + BLOCK <= now and away_within(one.breaks, start, start + BLOCK) < BLOCK
        ]
        acted = sum(any(start <= at < start + BLOCK for at in one.acts) for one, start in over)
        cells.append(Portion(acted, len(over)))
    return tuple(cells)


def cohorts(
    newcomers: Sequence[Newcomer], *, now: datetime, zone: tzinfo = UTC
) -> tuple[tuple[date, tuple[Portion, ...]], ...]:
    """Count the same for each month of joining, oldest first."""
    months: dict[date, list[Newcomer]] = defaultdict(list)
    for one in newcomers:
        months[one.joined.astimezone(zone).date().replace(day=1)].append(one)
    return tuple((month, retention(months[month], now=now)) for month in sorted(months))
