"""When somebody is forgotten or not counted any more: wins that name them, or count their cheers, are shown anew."""

from __future__ import annotations

from sqlalchemy import or_, select

from bot.turn import Turn, read_number
from rituals.win.declaration import ritual
from rituals.win.tables import Cheer, Win, WinMaker
from rituals.win.wins import show_everywhere


@ritual.timer("member-deleted")
def find_wins(turn: Turn) -> None:
    """Find the wins that have anything of this member; each is shown anew in a turn of its own, after this one."""
    who = read_number(turn.about)
    theirs = or_(
        Win.reporter_id == who,
        Win.id.in_(select(WinMaker.win_id).where(WinMaker.member_id == who)),
        Win.id.in_(select(Cheer.win_id).where(Cheer.member_id == who)),
    )
    of_movement = select(Win.id).where(Win.movement_id == turn.movement.id, theirs)
    for number in turn.db.scalars(of_movement.order_by(Win.id)):
        turn.later(turn.now, "show-anew", number)


@ritual.timer("show-anew")
def show_anew(turn: Turn) -> None:
    """Show one win as it is now."""
    win = turn.db.get(Win, read_number(turn.about))
    if win is not None and win.movement_id == turn.movement.id:
        show_everywhere(turn, win)
