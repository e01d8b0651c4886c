"""The figures of a movement at a moment, put together from what its people did: all of what a pulse may show."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from bot.insights.ladder import LEADING_CLASS, Level, Term, Trace, level
from bot.insights.newcomers import Activation, Newcomer, first_step_conversion, time_to_activation
from bot.insights.numbers import Change, Portion, change, may_show_listeners, opted_out_note
from bot.insights.participation import (
    WINDOW,
    Participation,
    Somebody,
    Verdict,
    came_lately,
    eligible,
    take_part,
)
from bot.insights.promises import FollowThrough, Pledge, follow_through
from bot.insights.turnout import (
    FairTurnout,
    Response,
    Round,
    ShowUp,
    Slot,
    fair_turnout,
    missing_attendance,
    show_up,
    usual_response,
)

# Gatherings are too few in a month to tell how many of those who said yes come.
GATHERINGS_WINDOW = timedelta(days=90)
TREND_GATHERINGS = 12
LEADER_MONTHS = 3
ACTIVE_LEVELS: tuple[Level, ...] = ("activated", "core", "leading")


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything the figures are computed from, by members' numbers.

    ``people`` holds those who left as well. All acts are in ``traces``; of mere signs of life they need hold only the
    latest of whoever was not away: what an earlier one would change, it has changed as well.
    """

    zone: tzinfo
    people: Mapping[int, Somebody]
    traces: Mapping[int, Sequence[Trace]]
    turned_up: Mapping[int, Sequence[datetime]]
    slots: Sequence[Slot] = ()
    pledges: Sequence[Pledge] = ()
    rounds: Sequence[Round] = ()
    newcomers: Sequence[Newcomer] = ()
    terms: Mapping[int, Sequence[Term]] | None = None
    opted_out: int = 0


@dataclass(frozen=True, slots=True)
class Trend:
    """A share now and in the time before, and whether it really changed."""

    now: Portion
    before: Portion

    @property
    def change(self) -> Change:
        """Say in a word whether it went up or down."""
        return change(self.before, self.now)


@dataclass(frozen=True, slots=True)
class Came:
    """One gathering of the trend: how many had said yes, and how many came (members and guests).

    ``came`` is None where nobody has told who came, or where it was not held.
    """

    at: datetime
    title: str
    said_yes: int
    came: int | None
    guests: int
    held: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """Talk against turning up, where there are enough people on every side to show it."""

    visible: Portion
    gap: Portion
    reach: Portion
    listening: Portion


@dataclass(frozen=True, slots=True)
class Rungs:
    """How many stand where. Who listens or only talks is None unless both may be shown: one would tell the other."""

    activated: int
    core: int
    leading: int
    digital_only: int | None = None
    listening: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """All figures of a movement at a moment. What single people could be read from is not in it.

    Windows: 30 days and the 30 before for ``activation``, ``turned_up``, ``fair``, ``talk``; 90 days for ``show_up``,
    ``missing`` and ``follow_through``; the last twelve for ``gatherings``; the last eight for ``response``.
    """

    at: datetime
    # Who did something, of all who could have: the headline.
    activation: Trend
    # Who came to something, of all who could have acted.
    turned_up: Trend
    # Who came, of those with a gathering they could have come to; None of ``no_slot`` where it would tell too much.
    fair: Portion
    no_slot: int | None
    # Said yes against came, with the same of the 90 days before.
    show_up: ShowUp
    show_up_before: ShowUp
    # That attendance is missing, in words; '' where it is not.
    missing: str
    gatherings: tuple[Came, ...]
    # Whether those who talk also act; the figures themselves are None where they would point at people.
    verdict: Verdict
    talk: Talk | None
    rungs: Rungs
    first_step: Portion
    activation_time: Activation
    follow_through: FollowThrough
    response: Response
    # Month by month, oldest first, this month last: how many different people led.
    leaders: tuple[tuple[date, int], ...]
    # How many chose not to be counted, in words; '' where nothing may be said.
    not_counted: str


def levels(material: Material, *, now: datetime, who: set[int] | None = None) -> dict[int, Level]:
    """Tell where everybody who counts and is there stands, each for their own eyes."""
    terms = material.terms or {}
    return {
        number: level(
            material.traces.get(number, ()),
            joined=one.joined,
            at=now,
            zone=material.zone,
            breaks=one.breaks,
            terms=terms.get(number, ()),
        )
        for number, one in material.people.items()
        if one.counts and (one.left is None or one.left > now) and (who is None or number in who)
    }


def take_pulse(material: Material, *, now: datetime) -> Pulse:
    """Compute all figures of a movement."""
    could, could_before = (eligible(material.people, at=at) for at in (now, now - WINDOW))
    part = take_part(could, material.traces, material.turned_up, at=now)
    part_before = take_part(could_before, material.traces, material.turned_up, at=now - WINDOW)
    lately = [slot for slot in material.slots if now - GATHERINGS_WINDOW <= slot.at < now]
    earlier = [slot for slot in material.slots if now - 2 * GATHERINGS_WINDOW <= slot.at < now - GATHERINGS_WINDOW]
    month = [slot for slot in lately if slot.at >= now - WINDOW]
    fair = fair_turnout(material.people, could, came_lately(could, material.turned_up, at=now), month)
    return Pulse(
        at=now,
        activation=Trend(part.activation, part_before.activation),
        turned_up=Trend(part.turned_up, part_before.turned_up),
        fair=fair.came,
        no_slot=_shown_without(fair),
        show_up=show_up(lately),
        show_up_before=show_up(earlier),
        missing=missing_attendance(lately),
        gatherings=_trend(material.slots, now=now),
        verdict=part.verdict,
        talk=_talk(part),
        rungs=_rungs(Counter(levels(material, now=now, who=could).values()), len(could)),
        first_step=first_step_conversion(material.newcomers, now=now),
        activation_time=time_to_activation(material.newcomers, now=now),
        follow_through=follow_through(material.pledges, now=now),
        response=usual_response(material.rounds),
        leaders=_leaders(material, now=now),
        not_counted=opted_out_note(material.opted_out),
    )


def _shown_without(fair: FairTurnout) -> int | None:
    """Give how many had no gathering they could make, where the figure hides everybody among others."""
    few = fair.without
    return few.part if may_show_listeners(few.whole, few.part) else None


def _talk(part: Participation) -> Talk | None:
    """Give talk against turning up only where it tells of no few people who listen or only talk.

    The figures tell each other: whoever knows how many were seen also knows how many were not.
    """
    shown = all(may_show_listeners(part.eligible, portion.part) for portion in (part.listening, part.gap))
    return Talk(Portion(part.visible, part.eligible), part.gap, part.reach, part.listening) if shown else None


def _rungs(counts: Mapping[Level, int], among: int) -> Rungs:
    active, core, leading = (counts.get(one, 0) for one in ACTIVE_LEVELS)
    digital, listening = counts.get("digital-only", 0), counts.get("listening", 0) + counts.get("newcomer", 0)
    if all(may_show_listeners(among, count) for count in (digital, listening)):
        return Rungs(active, core, leading, digital, listening)
    return Rungs(active, core, leading)


def _trend(slots: Sequence[Slot], *, now: datetime) -> tuple[Came, ...]:
    over = [slot for slot in slots if slot.at < now and slot.state != "excused"]
    latest = sorted(over, key=lambda slot: (slot.at, slot.title))[-TREND_GATHERINGS:]
    return tuple(
        Came(
            at=slot.at,
            title=slot.title,
            said_yes=len(slot.yes),
            came=len(slot.came) + slot.guests if slot.recorded else None,
            guests=slot.guests,
            held=slot.state == "held",
        )
        for slot in latest
    )


def _leaders(material: Material, *, now: datetime) -> tuple[tuple[date, int], ...]:
    """Count the different people who led, in this month and the full ones before it."""
    local = now.astimezone(material.zone)
    this = local.year * 12 + local.month - 1
    led: dict[int, set[int]] = defaultdict(set)
    for who, one in material.people.items():
        if one.counts:
            for trace in material.traces.get(who, ()):
                if trace.rung == LEADING_CLASS and trace.at < now:
                    when = trace.at.astimezone(material.zone)
                    led[when.year * 12 + when.month - 1].add(who)
    months = range(this - LEADER_MONTHS + 1, this + 1)
    return tuple((date(month // 12, month % 12 + 1, 1), len(led[month])) for month in months)
