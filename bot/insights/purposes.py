"""How much of what a movement does is mobilizing, one ask to many, and how much is organizing, people who stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.insights.numbers import share

MOBILIZING, ORGANIZING = "mobilizing", "organizing"


@dataclass(frozen=True, slots=True)
class Purposes:
    """How many occurrences, or acts at them, served which purpose."""

    organizing: int
    mobilizing: int

    @property
    def total(self) -> int:
        """Count both."""
        return self.organizing + self.mobilizing


def count_purposes(purposes: Iterable[str]) -> Purposes:
    """Count what each occurrence, or each act at one, was for; what has neither purpose is in no figure."""
    listed = list(purposes)
    return Purposes(organizing=listed.count(ORGANIZING), mobilizing=listed.count(MOBILIZING))


def spoken_purposes(counted: Purposes) -> str:
    """Say the mix: 'Mobilizing: 3 of 7 (about half); the rest is organizing.'."""
    if not counted.total:
        return "Mobilizing and organizing: no data yet."
    return f"Mobilizing: {share(counted.mobilizing, counted.total)}; the rest is organizing."
