"""Said yes and came: what gatherings tell of who turns up, blaming nobody who could not have come."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from statistics import median
from typing import Literal
from zoneinfo import ZoneInfo

from bot.insights.ladder import is_away
from bot.insights.numbers import Portion, rate
from bot.insights.participation import Somebody

# Nobody is expected to come in their own night.
NIGHT_FROM, NIGHT_TO = 22, 7
ROUNDS = 8

State = Literal["held", "missed", "excused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A gathering that is over. ``yes``: who had said they would come when it was planned to start.

    ``recorded``: somebody or something has told who came. ``guests``: people without an account.
    """

    at: datetime
    state: State
    recorded: bool = False
    yes: frozenset[int] = frozenset()
    came: frozenset[int] = frozenset()
    guests: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True)
class ShowUp:
    """How many of those who said yes came, how many came without it, and of how many gatherings nobody knows."""

    kept: Portion = field(default_factory=lambda: Portion(0, 0))
    walk_ins: int = 0
    not_recorded: int = 0


@dataclass(frozen=True, slots=True)
class FairTurnout:
    """Who came, of those who had a gathering that they could have come to; and how many had none."""

    came: Portion
    without: Portion


@dataclass(frozen=True, slots=True)
class Round:
    """One occurrence that asks everybody for an answer: who was asked, and who answered before it closed."""

    at: datetime
    recipients: frozenset[int]
    answered: frozenset[int]


@dataclass(frozen=True, slots=True)
class Response:
    """Which part usually answers: the median of the last occurrences, newest last."""

    usual: float | None
    rounds: tuple[Portion, ...] = ()

    @property
    def said(self) -> str:
        """Say it as exactly as so few people allow."""
        if self.usual is None:
            return "no data yet"
        return rate(self.usual, fewest=min(portion.whole for portion in self.rounds))


def show_up(slots: Iterable[Slot]) -> ShowUp:
    """Count over the gatherings that were held; one of which nobody knows who came is only counted as such."""
    held = [slot for slot in slots if slot.state == "held"]
    known = [slot for slot in held if slot.recorded]
    kept = Portion(sum(len(slot.yes & slot.came) for slot in known), sum(len(slot.yes) for slot in known))
    return ShowUp(kept, sum(len(slot.came - slot.yes) for slot in known), len(held) - len(known))


def missing_attendance(slots: Iterable[Slot]) -> str:
    """Say that it is not known who shows up, where that is so of more than half of the gatherings."""
    held = [slot for slot in slots if slot.state == "held"]
    missing = sum(not slot.recorded for slot in held)
    if 2 * missing <= len(held):
        return ""
    calls = "call" if len(held) == 1 else "calls"
    return f"Attendance is missing for {missing} of {len(held)} {calls}, so I can't say who shows up."


def fair_turnout(
    people: Mapping[int, Somebody], eligible: Collection[int], came: Collection[int], slots: Iterable[Slot]
) -> FairTurnout:
    """Count who came, of those who had a fair chance. Whoever came anyway had one."""
    known = [slot for slot in slots if slot.state == "held" and slot.recorded]
    there = set(came) & set(eligible)
    had = {who for who in eligible if who in there or any(was_fair(people[who], slot.at) for slot in known)}
    return FairTurnout(Portion(len(there), len(had)), Portion(len(eligible) - len(had), len(eligible)))


def was_fair(one: Somebody, at: datetime) -> bool:
    """Tell whether somebody could have come: they were there already, not away, and it was not their night."""
    return one.joined <= at and not is_away(one.breaks, at) and not is_night(one.zone, at)


def is_night(zone: str, at: datetime) -> bool:
    """Tell whether it is night where somebody is, as far as that is known."""
    clock = _zone(zone)
    return clock is not None and not NIGHT_TO <= at.astimezone(clock).hour < NIGHT_FROM


@cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, OSError, ValueError):  # what a platform tells need not be a zone
        return None


def usual_response(rounds: Iterable[Round]) -> Response:
    """Give which part usually answers, over the last eight occurrences that had somebody to answer."""
    asked = sorted((one for one in rounds if one.recipients), key=lambda one: one.at)[-ROUNDS:]
    portions = tuple(Portion(len(one.answered & one.recipients), len(one.recipients)) for one in asked)
    return Response(median(one.part / one.whole for one in portions) if portions else None, portions)


def recipients(people: Mapping[int, Somebody], *, at: datetime) -> frozenset[int]:
    """Find who was asked by a post: there before it, and not away."""
    return frozenset(
        who
        for who, one in people.items()
        if one.counts and one.joined < at and (one.left is None or one.left > at) and not is_away(one.breaks, at)
    )


def own_show_up(who: int, slots: Sequence[Slot]) -> ShowUp:
    """Give one person's own yeses and comings, for nobody's eyes but theirs."""
    mine = [slot for slot in slots if slot.state == "held" and slot.recorded]
    yes = [slot for slot in mine if who in slot.yes]
    walked_in = sum(who in slot.came and who not in slot.yes for slot in mine)
    return ShowUp(Portion(sum(who in slot.came for slot in yes), len(yes)), walked_in)
