"""What organizers may be told in private of people who are slipping away: numbers and what to offer, never names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.insights.ladder import away_within, is_away
from bot.insights.newcomers import JOINED_FROM, JOINED_TO, Newcomer
from bot.insights.numbers import Portion, may_show_some
from bot.insights.participation import Somebody, eligible
from bot.insights.turnout import Slot, fair_turnout, was_fair

SILENCE = timedelta(days=60)
CAME_BEFORE = 2


@dataclass(frozen=True, slots=True)
class Attended:
    """How often somebody has been at a gathering, and when last."""

    times: int
    last: datetime


@dataclass(frozen=True, slots=True)
class DropOff:
    """How many; None where it is nobody, or where so few are on one side that it would point at people.

    A number is given only when it is at least three and at least three others are not in it: those who still come,
    the newcomers who took a step, the members who had a gathering they could make.
    """

    stopped_coming: int | None = None
    without_first_step: int | None = None
    without_slot: int | None = None


def look_for_drop_off(
    people: Mapping[int, Somebody],
    attended: Mapping[int, Attended],
    slots: Sequence[Slot],
    newcomers: Sequence[Newcomer],
    *,
    now: datetime,
) -> DropOff:
    """Count who came at least twice and not for sixty days, which newcomers found no way in, who had no slot."""
    return DropOff(
        _shown(stopped_coming(people, attended, slots, now=now)),
        _shown(without_first_step(newcomers, now=now)),
        _shown(without_slot(people, attended, slots, now=now)),
    )


def _shown(portion: Portion) -> int | None:
    return portion.part if may_show_some(portion) else None


def stopped_coming(
    people: Mapping[int, Somebody], attended: Mapping[int, Attended], slots: Sequence[Slot], *, now: datetime
) -> Portion:
    """Count who has not come for sixty days, of those who came at least twice and could have come since.

    Who is away, or was for half of that time, or had no gathering they could make, has not stopped anything.
    """
    since = now - SILENCE
    known = [slot for slot in slots if slot.state == "held" and slot.recorded and since <= slot.at < now]
    regulars = [
        who
        for who, came in attended.items()
        if came.times >= CAME_BEFORE and who in people and _is_around(people[who], since=since, now=now)
    ]
    silent = [who for who in regulars if attended[who].last < since]
    stopped = [who for who in silent if any(was_fair(people[who], slot.at) for slot in known)]
    return Portion(len(stopped), len(regulars) - len(silent) + len(stopped))


def _is_around(one: Somebody, *, since: datetime, now: datetime) -> bool:
    there = one.counts and (one.left is None or one.left > now) and not is_away(one.breaks, now)
    return there and 2 * away_within(one.breaks, since, now) < now - since


def without_first_step(newcomers: Sequence[Newcomer], *, now: datetime) -> Portion:
    """Count who has taken no first step to this day, of those who joined two to ten weeks ago and are still there."""
    joined = [
        one
        for one in newcomers
        if now - JOINED_FROM <= one.joined < now - JOINED_TO and (one.left is None or one.left > now)
    ]
    return Portion(sum(one.first_step is None for one in joined), len(joined))


def without_slot(
    people: Mapping[int, Somebody], attended: Mapping[int, Attended], slots: Sequence[Slot], *, now: datetime
) -> Portion:
    """Count who had no gathering they could make in sixty days in which some were held."""
    since = now - SILENCE
    lately = [slot for slot in slots if since <= slot.at < now and slot.state == "held" and slot.recorded]
    could = eligible(people, at=now, window=SILENCE)
    came = {who for who in could if who in attended and attended[who].last >= since}
    return fair_turnout(people, could, came, lately).without if lately else Portion(0, len(could))
