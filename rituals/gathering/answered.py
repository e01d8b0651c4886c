"""What people said about coming to one gathering, as counts: the leaf that the card and every answer build on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from bot.tables import Gathering, Member, Rsvp
from bot.turn import Turn

CAME = ("attended", "hosted")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are going, how many may come, how many can't, and how many wait for a place (or were offered one).

    ``hosting``: how many of those going host it, and so take nobody's place.
    """

    going: int = 0
    maybe: int = 0
    cant: int = 0
    waiting: int = 0
    hosting: int = 0

    @property
    def seated(self) -> int:
        """Tell how many of the places are taken by those going."""
        return self.going - self.hosting


def counts(turn: Turn, gathering: Gathering) -> Counts:
    """Count the answers of those who are in the movement."""
    by_answer: dict[str, int] = dict(
        turn.db.execute(
            select(Rsvp.answer, func.count())
            .join(Member, Member.id == Rsvp.member_id)
            .where(Rsvp.gathering_id == gathering.id, Member.left_at.is_(None), Member.bot.is_(False))
            .group_by(Rsvp.answer)
        ).all()
    )
    waiting = by_answer.get("waiting", 0) + by_answer.get("offered", 0)
    hosts = [one for one in (gathering.host_id, gathering.co_host_id) if one is not None]
    hosting = select(func.count()).where(
        Rsvp.gathering_id == gathering.id, Rsvp.answer == "going", Rsvp.member_id.in_(hosts)
    )
    return Counts(
        by_answer.get("going", 0),
        by_answer.get("maybe", 0),
        by_answer.get("cant", 0),
        waiting,
        (turn.db.scalar(hosting) or 0) if hosts and gathering.capacity is not None else 0,
    )


def said(turn: Turn, gathering: Gathering, *answers: str) -> list[Member]:
    """List who gave one of these answers and is in the movement, the first to answer first."""
    chosen = (
        select(Member)
        .join(Rsvp, Rsvp.member_id == Member.id)
        .where(Rsvp.gathering_id == gathering.id, Rsvp.answer.in_(answers))
        .where(Member.movement_id == turn.movement.id, Member.left_at.is_(None), Member.bot.is_(False))
        .order_by(Rsvp.at, Rsvp.member_id)
    )
    return list(turn.db.scalars(chosen))
