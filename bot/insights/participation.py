"""Who takes part and who only looks on: the rates of a movement, of the people who could have acted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.insights.ladder import DOING_CLASS, NEW, Trace, away_within
from bot.insights.numbers import Portion

WINDOW = timedelta(days=30)
# Reach: which part of those who show a sign of life also act.
FEWEST_VISIBLE = 10
REAL_FROM = 0.5
WATCH_FROM = 0.2

Verdict = Literal["real", "watch", "illusion", "too few to tell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """A member as the figures see them: no name, when they came and left, when they were away, where their clock is.

    ``breaks`` are merged (``bot.insights.ladder.merge``).
    """

    joined: datetime
    left: datetime | None = None
    breaks: tuple[tuple[datetime, datetime], ...] = ()
    zone: str = ""
    # Bots, and whoever asked not to be counted, are in no figure.
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Participation:
    """How many could have acted in a time, and how many of them did what."""

    eligible: int = 0
    visible: int = 0
    active: int = 0
    # Came to something at which people meet at one time.
    sync: int = 0
    # Did something of the third class: hosted, began something, fulfilled a role.
    leading: int = 0

    @property
    def activation(self) -> Portion:
        """Give the headline: who did something, of all who could have."""
        return Portion(self.active, self.eligible)

    @property
    def listening(self) -> Portion:
        """Give who left no trace."""
        return Portion(self.eligible - self.visible, self.eligible)

    @property
    def gap(self) -> Portion:
        """Give the digital illusion: who was seen and did nothing."""
        return Portion(self.visible - self.active, self.eligible)

    @property
    def reach(self) -> Portion:
        """Give who did something, of all who were seen."""
        return Portion(self.active, self.visible)

    @property
    def turned_up(self) -> Portion:
        """Give who came to something, of all who could have acted."""
        return Portion(self.sync, self.eligible)

    @property
    def verdict(self) -> Verdict:
        """Say what the talk is worth."""
        return judge(self.reach)


def judge(reach: Portion) -> Verdict:
    """Say whether those who talk also act; nothing while there are few."""
    if reach.whole < FEWEST_VISIBLE:
        return "too few to tell"
    share = reach.part / reach.whole
    if share >= REAL_FROM:
        return "real"
    return "watch" if share >= WATCH_FROM else "illusion"


def is_eligible(one: Somebody, *, at: datetime, window: timedelta = WINDOW) -> bool:
    """Tell whether somebody could have acted in the time up to a moment: there long enough, and hardly away."""
    if not one.counts or (one.left is not None and one.left <= at) or one.joined > at - NEW:
        return False
    since = max(at - window, one.joined)
    return 2 * away_within(one.breaks, since, at) < at - since


def eligible(people: Mapping[int, Somebody], *, at: datetime, window: timedelta = WINDOW) -> set[int]:
    """Find those who could have acted in the time up to a moment."""
    return {number for number, one in people.items() if is_eligible(one, at=at, window=window)}


def take_part(
    eligible: Collection[int],
    traces: Mapping[int, Sequence[Trace]],
    turned_up: Mapping[int, Sequence[datetime]],
    *,
    at: datetime,
    window: timedelta = WINDOW,
) -> Participation:
    """Count who of the eligible did what in the time up to a moment. ``turned_up``: when they were at a gathering."""
    since = at - window
    best = [max((one.rung for one in traces.get(who, ()) if since <= one.at < at), default=0) for who in eligible]
    return Participation(
        eligible=len(best),
        visible=sum(rung > 0 for rung in best),
        active=sum(rung >= DOING_CLASS for rung in best),
        sync=len(came_lately(eligible, turned_up, at=at, window=window)),
        leading=sum(rung > DOING_CLASS for rung in best),
    )


def came_lately(
    eligible: Iterable[int],
    turned_up: Mapping[int, Sequence[datetime]],
    *,
    at: datetime,
    window: timedelta = WINDOW,
) -> set[int]:
    """Find who of the eligible was at a gathering in the time up to a moment."""
    return {who for who in eligible if any(at - window <= when < at for when in turned_up.get(who, ()))}
