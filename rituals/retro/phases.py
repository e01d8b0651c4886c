"""The course of a retro as plain rules: which phase follows, how many votes there are, what is talked about first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PHASES = ("gather", "group", "vote", "discuss", "closed")
OPEN_PHASES = PHASES[:-1]


def following(phase: str, *, notes: int, topics: int) -> str:
    """Tell which phase comes next: what there is nothing to do in is left out, and without a note there is nothing."""
    if notes == 0:
        return "closed"
    if phase == "gather":
        return "group" if notes > 1 else "discuss"
    if phase == "group":
        return "vote" if topics > 1 else "discuss"
    return PHASES[min(PHASES.index(phase) + 1, len(PHASES) - 1)]


def before(phase: str) -> str:
    """Tell which phase came before; none before the first, and none once it is closed."""
    return PHASES[PHASES.index(phase) - 1] if phase in ("group", "vote", "discuss") else ""


def may_move(start: str, end: str) -> bool:
    """Tell whether a retro may go from one phase to another: on, past empty ones, back by one, never out of the end."""
    if start == "closed":
        return False
    return end == before(start) or PHASES.index(end) > PHASES.index(start)


def may_vote(given: Mapping[int, int], topic: int, votes: int, *, each: int, on_one: int) -> bool:
    """Tell whether somebody may have so many votes on a topic beside what they gave to the others."""
    others = sum(count for other, count in given.items() if other != topic)
    return 0 <= votes <= on_one and others + votes <= each


@dataclass(frozen=True, slots=True)
class Standing:
    """A topic as the order of the discussion sees it."""

    topic: int
    name: str
    votes: int
    notes: int


def rank(topics: Sequence[Standing]) -> list[Standing]:
    """Put topics into the order of the discussion: by votes, then by notes, then by name."""
    return sorted(topics, key=lambda one: (-one.votes, -one.notes, one.name.casefold(), one.name, one.topic))


def chosen(topics: Sequence[Standing], *, most: int) -> list[Standing]:
    """Choose what is talked about: the first few that got a vote, or where nobody voted the first few at all."""
    ranked = rank(topics)
    voted = [one for one in ranked if one.votes]
    return (voted or ranked)[:most]


def tied(topics: Sequence[Standing], *, most: int) -> bool:
    """Tell whether one that is talked about had as many votes as one that is not."""
    ranked = rank(topics)
    return len(ranked) > most and ranked[most - 1].votes == ranked[most].votes > 0
