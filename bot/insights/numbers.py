"""How small numbers are told: never more exactly than so few people allow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

PERCENT_FROM = 20
WORDS_FROM = 5
FEWER = 0.4
MORE = 0.6
# Of nine intervals in ten the true share lies within.
Z = 1.6448536
# With fewer in either window nothing is said about what changed.
FEWEST_TO_COMPARE = 5
# What would point at single people is shown only with so many on either side, and among so many.
FEWEST_SHOWN = 3
FEWEST_AMONG = 10
FEWEST_OPTED_OUT = 2
FEWEST_IN_COHORT = 5

Change = Literal["up", "down", "no clear change", "too few to compare"]


@dataclass(frozen=True, slots=True)
class Portion:
    """So many of so many. It is kept as a pair of whole numbers and put into words only where it is shown."""

    part: int
    whole: int

    @property
    def said(self) -> str:
        """Say it as exactly as so few people allow."""
        return share(self.part, self.whole)

    @property
    def rest(self) -> int:
        """Tell how many are not in it."""
        return self.whole - self.part


def half_up(value: float) -> int:
    """Round halves up."""
    return math.floor(value + 0.5)


def share(part: int, whole: int) -> str:
    """Say k of n: '2 of 4', '3 of 7 (about half)', '45% (9 of 20)'; a percentage only from 20 people on."""
    if whole == 0:
        return "no data yet"
    if whole < WORDS_FROM:
        return f"{part} of {whole}"
    if whole >= PERCENT_FROM:
        return f"{half_up(100 * part / whole)}% ({part} of {whole})"
    return f"{part} of {whole} ({_in_words(part / whole)})"


def rate(value: float, *, fewest: int) -> str:
    """Say a rate that several shares came to: a percentage only if each of them rests on twenty people or more."""
    return f"{half_up(100 * value)}%" if fewest >= PERCENT_FROM else _in_words(value)


def _in_words(value: float) -> str:
    if value in (0, 1):
        return "all" if value else "none"
    if value < FEWER:
        return "fewer than half"
    return "about half" if value <= MORE else "more than half"


def mean(values: tuple[int, ...]) -> str:
    """Say a mean with one decimal, halves up: '3.8'."""
    tenths = half_up(10 * sum(values) / len(values))
    return f"{tenths // 10}.{tenths % 10}"


def wilson(portion: Portion) -> tuple[float, float]:
    """Tell between which shares the true one lies in nine cases of ten (the Wilson interval)."""
    n = portion.whole
    p = portion.part / n
    middle = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def newcombe(before: Portion, after: Portion) -> tuple[float, float]:
    """Tell by how much a share has risen at least and at most, in nine cases of ten (Newcombe's interval)."""
    first, second = before.part / before.whole, after.part / after.whole
    (low1, high1), (low2, high2) = wilson(before), wilson(after)
    risen = second - first
    return (
        risen - math.sqrt((second - low2) ** 2 + (high1 - first) ** 2),
        risen + math.sqrt((high2 - second) ** 2 + (first - low1) ** 2),
    )


def change(before: Portion, after: Portion) -> Change:
    """Say in a word whether a share went up or down by more than chance would move it."""
    if min(before.whole, after.whole) < FEWEST_TO_COMPARE:
        return "too few to compare"
    low, high = newcombe(before, after)
    if low > 0:
        return "up"
    return "down" if high < 0 else "no clear change"


def may_show_listeners(eligible: int, count: int) -> bool:
    """Tell whether it may be said how many are listening, or only talk: it must not point at anybody."""
    return eligible >= FEWEST_AMONG and may_show_some(Portion(count, eligible))


def may_show_some(portion: Portion) -> bool:
    """Tell whether it may be said of how many something holds: of three at least, and not of three others."""
    return portion.part >= FEWEST_SHOWN and portion.rest >= FEWEST_SHOWN


def cohort_cell(portion: Portion) -> str:
    """Say a cell of a table of cohorts: 'few' where it rests on fewer than five people."""
    return portion.said if portion.whole >= FEWEST_IN_COHORT else "few"


def opted_out_note(count: int) -> str:
    """Say how many chose not to be counted; nothing of a single one."""
    return f"{count} people chose not to be counted" if count >= FEWEST_OPTED_OUT else ""
