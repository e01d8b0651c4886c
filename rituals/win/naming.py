"""Those who made a win happen: they are told in private, and their name stands there only as long as they like."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import select

from bot.chat import Answer, Whisper
from bot.tables import Member
from bot.turn import Turn
from rituals.win import views
from rituals.win.declaration import ritual
from rituals.win.tables import Win, WinMaker
from rituals.win.unmaking import unmake
from rituals.win.wins import find_win, is_undecided, makers_of, note_key, show_everywhere

NOT_THERE = Whisper("This win is not there any more.")
MOST_TOLD_AGAIN = 50


def name_makers(turn: Turn, win: Win, makers: Sequence[Member]) -> None:
    """Write down who made a win happen; whoever is new there is told, and whoever is not named any more as well."""
    before = makers_of(turn, win)
    for maker, member in before:
        if member not in makers and maker.shown:
            turn.db.delete(maker)
            _forget(turn, maker, member)
    known = {member.id for _, member in before}
    for member in makers:
        if member.id not in known:
            # Named by somebody else, whoever asked not to be counted stays out until they say otherwise.
            shown = not member.opted_out or member.id == turn.who.id
            turn.db.add(WinMaker(win_id=win.id, member_id=member.id, shown=shown, note=secrets.token_hex(8)))
    turn.db.flush()
    tell_makers(turn, win)


def tell_makers(turn: Turn, win: Win) -> None:
    """Make the private messages to those who were named true; nobody is told of what they wrote themselves."""
    for maker, member in makers_of(turn, win):
        _tell(turn, win, maker, member)


def tell_again(turn: Turn) -> None:
    """Make the private messages to whoever acts true, after they said what may be done with their name."""
    rows = turn.db.execute(
        select(Win, WinMaker)
        .join(WinMaker, WinMaker.win_id == Win.id)
        .where(WinMaker.member_id == turn.who.id, Win.movement_id == turn.movement.id, Win.taken_back.is_(False))
        .order_by(Win.id.desc())
        .limit(MOST_TOLD_AGAIN)
    ).all()
    for win, maker in rows:
        _tell(turn, win, maker, turn.who)


def _tell(turn: Turn, win: Win, maker: WinMaker, member: Member) -> None:
    if win.found or member.id == win.reporter_id or member.left_at is not None:
        return
    reporter = turn.db.get(Member, win.reporter_id) if win.reporter_id is not None else None
    view = views.Named(
        movement=turn.movement.name,
        by=reporter.name if reporter is not None else "somebody who left",
        what=win.what,
        shown=maker.shown,
        undecided=is_undecided(turn, member),
    )
    turn.dm(member, note_key(maker), views.named(view, win.id, turn.action), about=f"named/{win.id}")


def _forget(turn: Turn, maker: WinMaker, member: Member) -> None:
    """Leave nothing in the private message; one that nobody has seen yet is not sent at all."""
    turn.withdraw(note_key(maker))
    turn.dm(member, note_key(maker), views.taken_out(), about="named")


def _find_mine(turn: Turn) -> tuple[Win, WinMaker] | None:
    win = find_win(turn, turn.about)
    mine = turn.db.get(WinMaker, (win.id, turn.who.id)) if win is not None else None
    return (win, mine) if win is not None and mine is not None else None


@ritual.press("take-out")
def take_out(turn: Turn) -> Answer:
    """Take somebody's name out of a win, wherever it stands."""
    found = _find_mine(turn)
    if found is None:
        return Whisper("Your name does not stand with this win.")
    win, mine = found
    if win.found:  # it is about nothing but this person
        unmake(turn, win)
        return Whisper("Done. It is taken back, in the channel and in every digest.")
    turn.db.delete(mine)
    turn.db.flush()
    _forget(turn, mine, turn.who)
    show_everywhere(turn, win)
    return Whisper("Done. Your name is out of it, in the channel and in every digest.")


@ritual.press("put-in")
def put_in(turn: Turn) -> Answer:
    """Show the name of somebody who asked not to be counted, because they want it here."""
    found = _find_mine(turn)
    if found is None:
        return Whisper("You are not named in this win any more, so there is nothing to show.")
    win, mine = found
    mine.shown = True
    show_everywhere(turn, win)
    tell_makers(turn, win)
    return Whisper("Done. Your name stands with it now.")
