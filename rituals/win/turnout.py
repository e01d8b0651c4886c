"""What a movement tried and who came, in figures that rest on enough people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from statistics import median

from sqlalchemy import select

from bot.insights.celebrations import TAKING_PART
from bot.insights.numbers import half_up, share
from bot.insights.promises import Pledge, follow_through
from bot.people import present
from bot.practices import all_practices, called
from bot.tables import Act, Member, Occurrence
from bot.turn import Turn
from rituals.win.study import Tried

# How many usually came is said from so many times on.
FEWEST_TIMES = 5


def list_tried(turn: Turn, *, own: str) -> list[Tried]:
    """List the rituals that came about, with how often they were held and how many people usually came."""
    came = _came(turn)
    tried = []
    for practice in all_practices(turn.db, turn.movement):
        over = turn.db.scalars(
            select(Occurrence).where(Occurrence.practice_id == practice.id, Occurrence.state.in_(("held", "missed")))
        ).all()
        held = [one.id for one in over if one.state == "held"]
        known = turn.rituals.by_name.get(practice.ritual)
        if held and practice.ritual != own:
            about = known.about if known is not None else ""
            name = called(practice).capitalize()
            held_said = f"Held {share(len(held), len(over))} times"
            tried.append(Tried(name, about, held_said, _usually([len(came[one]) for one in held])))
    return tried


def _usually(counts: list[int]) -> str:
    counted = [count for count in counts if count]
    if len(counted) < FEWEST_TIMES:
        return ""
    usual = half_up(median(counted))
    return f"Usually {usual} people" + (
        f", from {min(counted)} to {max(counted)}" if min(counted) < max(counted) else ""
    )


def _came(turn: Turn) -> dict[int, set[int]]:
    """Tell who took part in which occurrence; nobody is named anywhere, and who asked not to be counted is not."""
    rows = turn.db.execute(
        select(Act.occurrence_id, Act.member_id)
        .join(Member, Member.id == Act.member_id)
        .where(Act.movement_id == turn.movement.id, Act.occurrence_id.is_not(None), Act.kind.in_(sorted(TAKING_PART)))
        .where(Member.opted_out.is_(False), Member.bot.is_(False))
    )
    came: dict[int, set[int]] = defaultdict(set)
    for occurrence_id, member_id in rows:
        if occurrence_id is not None:
            came[occurrence_id].add(member_id)
    return came


def count_turnout(turn: Turn, pledges: Iterable[Pledge]) -> list[tuple[str, str]]:
    """Give the figures of the whole time: who took part at least once, and how promises went."""
    there = set(turn.db.scalars(select(Member.id).where(present(turn.movement.id))))
    ever = {member_id for people in _came(turn).values() for member_id in people}
    figures = [("Members who took part at least once", share(len(there & ever), len(there)))] if there & ever else []
    went = follow_through(pledges, now=turn.now, window=turn.now - turn.movement.started_at)
    if went.counted:
        figures.append(("Promises kept in time", share(went.on_time, went.counted)))
    return figures
