"""When somebody is forgotten or not counted any more: their answers leave the posts that show them."""

from __future__ import annotations

from sqlalchemy import select

from bot.tables import Occurrence
from bot.turn import Turn, read_number
from rituals.checkin.closing import show_summary_anew
from rituals.checkin.declaration import ritual
from rituals.checkin.pages import show_page
from rituals.checkin.rounds import show_board
from rituals.checkin.tables import Asked, CheckInAnswer


@ritual.timer("member-deleted")
def show_without(turn: Turn) -> None:
    """Show anew what shows an answer of this member, as it is at the end of this turn."""
    rows = turn.db.execute(
        select(Occurrence, Asked, CheckInAnswer.page)
        .join(Asked, Asked.occurrence_id == Occurrence.id)
        .join(CheckInAnswer, CheckInAnswer.occurrence_id == Occurrence.id)
        .where(CheckInAnswer.member_id == read_number(turn.about), Occurrence.movement_id == turn.movement.id)
    ).all()
    for occurrence, asked, page in rows:
        show_board(turn, occurrence)
        if occurrence.closed_at is not None:
            show_summary_anew(turn, occurrence)
        if page:
            show_page(turn, occurrence, asked, page)
