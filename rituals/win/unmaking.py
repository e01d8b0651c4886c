"""Taking a win back: it disappears from its post, its digest and its thread, and from the private messages about it."""

from __future__ import annotations

from sqlalchemy import select

from bot.turn import Turn
from rituals.win import messages, views
from rituals.win.tables import Cheer, Win, WinOffer
from rituals.win.wins import key_of, makers_of, note_key, show_everywhere


def unmake(turn: Turn, win: Win) -> None:
    """Let a win and everything about it go; only its number stays, so that nothing else is shown in its place."""
    for maker, member in makers_of(turn, win):
        if win.found:
            for offer in turn.db.scalars(select(WinOffer).where(WinOffer.win_id == win.id)).all():
                view = views.offer_answered("back", offer.what, offer.id, turn.action)
                turn.dm(member, f"offer:{offer.id}", view, about="offer")
        elif member.id != win.reporter_id:
            turn.withdraw(note_key(maker))
            turn.dm(member, note_key(maker), views.named_in_nothing(), about="named")
        turn.db.delete(maker)
    thanked = False
    for cheer in turn.db.scalars(select(Cheer).where(Cheer.win_id == win.id)).all():
        thanked = thanked or bool(cheer.words)
        turn.db.delete(cheer)
    win.what, win.evidence, win.reporter_id, win.taken_back = "", "", None, True
    # A post that still waits for its channel is not sent at all.
    turn.withdraw(key_of(win.id))
    show_everywhere(turn, win)
    if thanked:
        turn.withdraw(f"thanks:{win.id}")
        turn.show(f"thanks:{win.id}", messages.thanks([]), under=key_of(win.id), about="thanks")
