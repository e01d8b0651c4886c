"""When somebody is forgotten or not counted any more: they leave the counts, and their words the thread."""

from __future__ import annotations

from sqlalchemy import select

from bot.turn import Turn, read_number
from rituals.rally.declaration import ritual
from rituals.rally.rallies import show_rally, show_told
from rituals.rally.starting import take_proposal_back
from rituals.rally.tables import Rally, RallyDone


@ritual.timer("member-deleted")
def show_without(turn: Turn) -> None:
    """Show anew what shows anything of this member, as it is at the end of this turn."""
    who = read_number(turn.about)
    done = (
        select(Rally, RallyDone.words)
        .join(RallyDone, RallyDone.rally_id == Rally.id)
        .where(RallyDone.member_id == who, Rally.movement_id == turn.movement.id)
    )
    for rally, words in turn.db.execute(done).all():
        show_rally(turn, rally)
        if words:
            show_told(turn, rally, without=who)
    proposed = select(Rally).where(Rally.by_id == who, Rally.movement_id == turn.movement.id, Rally.state == "proposed")
    for proposal in turn.db.scalars(proposed).all():
        take_proposal_back(turn, proposal)
