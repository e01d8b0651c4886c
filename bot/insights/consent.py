"""When a proposal stands by consent: enough people answered, and nobody's objection is open."""

from __future__ import annotations

from typing import Literal

LEAST_ANSWERS = 3

Outcome = Literal["adopted", "objected", "too few answered"]


def quorum(asked: int, *, present: int) -> int:
    """Tell how many must answer: half of those who were asked, at least three, and never more than there are."""
    return max(1, min(present, max(LEAST_ANSWERS, (asked + 1) // 2)))


def decide(consents: int, objections: int, *, needed: int) -> Outcome:
    """Decide at the deadline. Silence is neither consent nor objection."""
    if objections:
        return "objected"
    return "adopted" if consents >= needed else "too few answered"
