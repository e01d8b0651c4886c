"""How many will probably come, from how many came when others said yes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, func, or_, select

from bot.insights.forecast import LOOKED_BACK, expect
from bot.insights.numbers import Portion
from bot.store import recall
from bot.tables import Act, Gathering, Member, Occurrence, Rsvp
from bot.turn import Turn
from rituals.gathering.answered import CAME, counts


def forecast_words(turn: Turn, gathering: Gathering) -> str:
    """Say on the card how many to expect; '' while too little is known."""
    practice_id = turn.db.get_one(Occurrence, gathering.occurrence_id).practice_id
    past = recall(turn.db, ("showed", turn.movement.id), lambda: _past(turn)) or ()
    same = [portion for its_practice, portion in past if its_practice == practice_id]
    expected = expect(counts(turn, gathering).going, same, [portion for _, portion in past])
    return expected.said if expected is not None else ""


def _past(turn: Turn) -> Sequence[tuple[int, Portion]]:
    """List the gatherings of which it is known who came: their practice, and how many of those who said yes came."""
    came = and_(Act.occurrence_id == Gathering.occurrence_id, Act.member_id == Rsvp.member_id, Act.kind.in_(CAME))
    rows = turn.db.execute(
        select(Occurrence.practice_id, func.count(Act.member_id.distinct()), func.count(Rsvp.member_id.distinct()))
        .select_from(Gathering)
        .join(Occurrence, Occurrence.id == Gathering.occurrence_id)
        .join(Rsvp, (Rsvp.gathering_id == Gathering.id) & (Rsvp.answer == "going"))
        .join(Member, Member.id == Rsvp.member_id)
        .outerjoin(Act, came)
        .where(
            Gathering.movement_id == turn.movement.id,
            Gathering.starts_at >= turn.now - LOOKED_BACK,
            Gathering.starts_at < turn.now,
            Gathering.recorded,
            Occurrence.state == "held",
            Member.bot.is_(False),
            Member.opted_out.is_(False),
            or_(Member.left_at.is_(None), Member.left_at >= Gathering.starts_at),
        )
        .group_by(Gathering.id, Occurrence.practice_id)
    )
    return [(practice_id, Portion(part, whole)) for practice_id, part, whole in rows]
