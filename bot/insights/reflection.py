"""Whether looking back on a gathering goes along with more people at the next one; said only when there is enough."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from statistics import median

# So many times each, at least, before anything is said.
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Held:
    """One gathering of which it is recorded who came: how many, and how many notes they wrote on it."""

    practice: int
    at: datetime
    came: int
    notes: int


def changes(held: Iterable[Held]) -> tuple[list[int], list[int]]:
    """Give by how many more came to the next one of the same kind: after those looked back on, and after the others."""
    after: dict[bool, list[int]] = {True: [], False: []}
    ordered = sorted(held, key=lambda one: (one.practice, one.at))
    for _, of_one in groupby(ordered, key=lambda one: one.practice):
        for this, following in pairwise(of_one):
            after[this.notes > 0].append(following.came - this.came)
    return after[True], after[False]


def reflection_words(held: Iterable[Held]) -> str:
    """Say it in a sentence, or '' while there is too little to say anything."""
    looked, others = changes(held)
    if min(len(looked), len(others)) < FEWEST:
        return ""
    return (
        f"After gatherings that people looked back on, {_spoken(median(looked))} to the next one; after the others, "
        f"{_spoken(median(others))} (medians; {len(looked)} times against {len(others)}). That is no proof of a cause."
    )


def _spoken(change: float) -> str:
    if change == 0:
        return "as many came"
    return f"{abs(change):g} {'more' if change > 0 else 'fewer'} came"
