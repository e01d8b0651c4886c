"""Once a month at most, organizers hear in private what their celebrations leave out."""

from __future__ import annotations

from sqlalchemy import select

from bot.insights.celebrations import WINDOW, Celebration, give_hints
from bot.insights.ladder import ACTS
from bot.people import away_ids, organizers
from bot.tables import Act, Member
from bot.turn import Turn
from rituals.win import views
from rituals.win.tables import Win
from rituals.win.wins import makers_of


def hint(turn: Turn) -> None:
    """Tell the organizers; a second time in a month only changes what they were told, and notifies nobody."""
    acts, active = _count_acts(turn)
    given = give_hints(_celebrations(turn), acts=acts, active=active)
    if not given:
        return
    month = f"{turn.today():%Y-%m}"
    there = organizers(turn.db, turn.movement.id)
    away = away_ids(turn.db, [member.id for member in there], at=turn.now)
    for member in there:
        if member.id not in away:
            turn.dm(member, f"hints:{month}:{member.id}", views.hints(turn.movement.name, given), about="hints")


def _celebrations(turn: Turn) -> list[Celebration]:
    wins = turn.db.scalars(
        select(Win).where(
            Win.movement_id == turn.movement.id,
            Win.taken_back.is_(False),
            Win.at >= turn.now - WINDOW,
            Win.at < turn.now,
        )
    ).all()
    return [
        Celebration(
            "outcome" if win.kind == "outcome" else "effort",
            tuple(member.id for maker, member in makers_of(turn, win) if maker.shown),
            bool(win.evidence),
        )
        for win in wins
    ]


def _count_acts(turn: Turn) -> tuple[int, int]:
    """Count the acts of ninety days, one per person and occurrence, and the people who did them."""
    rows = turn.db.execute(
        select(Act.id, Act.member_id, Act.occurrence_id)
        .join(Member, Member.id == Act.member_id)
        .where(Act.movement_id == turn.movement.id, Act.kind.in_(sorted(ACTS)), Member.opted_out.is_(False))
        .where(Act.at >= turn.now - WINDOW, Act.at < turn.now)
    ).all()
    acts = {(member, "at", occurrence) if occurrence else (member, "alone", act) for act, member, occurrence in rows}
    return len(acts), len({member for _, member, _ in rows})
