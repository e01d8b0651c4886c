"""How much of what a movement does is mobilizing, one ask to many, and how much is organizing, people who stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOBILIZING, ORGANIZING = "mobilizing", "organizing"


@dataclass(frozen=True, slots=True)
class Purposes:
    """How many acts served which purpose."""

    organizing: int
    mobilizing: int


def count_purposes(purposes: Iterable[str]) -> Purposes:
    """Count what each act was for; what has neither purpose is in no figure."""
    listed = list(purposes)
    return Purposes(organizing=listed.count(ORGANIZING), mobilizing=listed.count(MOBILIZING))


def spoken_purposes(counted: Purposes) -> str:
    """Say the mix: '4 organizing, 3 mobilizing'."""
    if not (counted.organizing or counted.mobilizing):
        return "no data yet"
    return f"{counted.organizing} organizing, {counted.mobilizing} mobilizing"
