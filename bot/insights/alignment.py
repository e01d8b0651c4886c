"""How far what a movement does still serves its mission: what a few ratings say, and what they do not."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

LEAST_RATINGS = 5
LOWEST, HIGHEST = 1, 5
LOW = (1, 2)
HIGH = (4, 5)
SPLIT_FROM = 0.5
ALIGNED_FROM = 3.5
OFF_MISSION_TO = 2.5
# Spread: people who rate by chance come to 0.6; within 0.35 most are at most one step apart.
AGREED_TO = 0.35
CONTESTED_FROM = 0.6
DRIFTING_BELOW = 3
DRIFT_FROM = 1 / 3
CHANGE_FROM = 0.5
CHANGE_P = 0.10
MOST_SPLITS = 20_000
SHUFFLES = 10_000

Verdict = Literal["aligned", "unsure", "off mission", "split", "too few answers"]
Change = Literal["up", "down", "no clear change", "too few to compare"]
Agreement = Literal["agreed", "views differ", "contested", "drifted"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the ratings of one activity say, 1 (no longer serves the mission) to 5 (serves it fully)."""

    count: int
    mean: float
    median: float
    spread: float
    split: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Drift:
    """Why it is worth talking about the mission; empty when nothing says so."""

    exposed: float | None = None
    mission_down: bool = False
    mission_split: bool = False

    @property
    def warns(self) -> bool:
        """Tell whether there is something to talk about."""
        return self.mission_down or self.mission_split or (self.exposed is not None and self.exposed >= DRIFT_FROM)


def read_ratings(ratings: Sequence[int]) -> Reading:
    """Read the ratings of one activity; 'not sure' is no number and is left out beforehand."""
    if not ratings:
        return Reading(0, 0, 0, 0, 0, "too few answers")
    count = len(ratings)
    middle = statistics.median(ratings)
    average = sum(ratings) / count
    low = sum(rating in LOW for rating in ratings) / count
    high = sum(rating in HIGH for rating in ratings) / count
    split = 4 * low * high
    spread = sum(abs(rating - middle) for rating in ratings) / count / 2
    return Reading(count, average, middle, spread, split, _judge(count, average, split))


def _judge(count: int, average: float, split: float) -> Verdict:
    if count < LEAST_RATINGS:
        return "too few answers"
    if split >= SPLIT_FROM:
        return "split"
    if average >= ALIGNED_FROM:
        return "aligned"
    return "off mission" if average <= OFF_MISSION_TO else "unsure"


def tell_agreement(reading: Reading, change: Change) -> Agreement:
    """Say in a word how people stand to each other: divided, moved away together, agreed, or something between."""
    if reading.split >= SPLIT_FROM or reading.spread >= CONTESTED_FROM:
        return "contested"
    if change == "down":
        return "drifted"
    return "agreed" if reading.spread <= AGREED_TO else "views differ"


def compare(before: Sequence[int], after: Sequence[int]) -> Change:
    """Tell whether ratings moved since last time by more than chance would move them."""
    if min(len(before), len(after)) < LEAST_RATINGS:
        return "too few to compare"
    # In whole numbers, because 3.2 - 2.7 is a little less than a half for a computer.
    moved = sum(after) * len(before) - sum(before) * len(after)
    if abs(moved) < CHANGE_FROM * len(before) * len(after) or chance(before, after) > CHANGE_P:
        return "no clear change"
    return "up" if moved > 0 else "down"


def chance(before: Sequence[int], after: Sequence[int]) -> float:
    """Tell how often the means would lie this far apart if it made no difference who rated when (a permutation test).

    All splits are tried when there are few enough, otherwise ten thousand shuffles, always the same ones.
    """
    pool = [*before, *after]
    total, first, second = sum(pool), len(before), len(after)

    def apart(one: Iterable[int]) -> int:
        mine = sum(one)
        return abs(mine * second - (total - mine) * first)

    seen = apart(before)
    splits = math.comb(len(pool), first)
    if splits <= MOST_SPLITS:
        return sum(apart(one) >= seen for one in combinations(pool, first)) / splits
    shuffle = random.Random(0)  # noqa: S311 - the same figures must give the same answer everywhere
    # The smaller half is drawn: it tells the other one, and costs less.
    drawn = min(first, second)
    first, second = drawn, len(pool) - drawn
    hits = sum(apart(shuffle.sample(pool, drawn)) >= seen for _ in range(SHUFFLES))
    return (hits + 1) / (SHUFFLES + 1)


def expose(activities: Iterable[tuple[int, Reading]]) -> float | None:
    """Tell which share of the acts went into activities that hardly serve the mission, among those that were rated."""
    rated = [(acts, reading.mean) for acts, reading in activities if reading.count >= LEAST_RATINGS]
    whole = sum(acts for acts, _ in rated)
    return sum(acts for acts, mean in rated if mean < DRIFTING_BELOW) / whole if whole else None


def look_for_drift(activities: Iterable[tuple[int, Reading]], mission: Reading, change: Change) -> Drift:
    """Find what is worth a talk. It judges activities, never people."""
    return Drift(expose(activities), mission_down=change == "down", mission_split=mission.verdict == "split")
