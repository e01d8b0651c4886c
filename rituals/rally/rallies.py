"""The rallies of a movement: finding one, counting who did it, and keeping the channel's view of it true."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.chat import Message
from bot.tables import Member, Occurrence
from bot.turn import Turn, read_number
from rituals.rally import messages
from rituals.rally.links import host_of
from rituals.rally.tables import Rally, RallyDone


def find_rally(turn: Turn, about: str = "") -> Rally | None:
    """Find a rally of this very movement."""
    number = read_number(about or turn.about)
    if number is None:
        return None
    return turn.db.scalar(select(Rally).where(Rally.id == number, Rally.movement_id == turn.movement.id))


def find_open(turn: Turn, about: str = "") -> Rally | None:
    """Find a rally of this movement that can still be done."""
    rally = find_rally(turn, about)
    return rally if rally is not None and rally.state == "open" and rally.deadline > turn.now else None


def open_rallies(turn: Turn) -> list[Rally]:
    """List the rallies that are open, the most urgent first."""
    of_movement = select(Rally).where(Rally.movement_id == turn.movement.id, Rally.state == "open")
    return list(turn.db.scalars(of_movement.where(Rally.deadline > turn.now).order_by(Rally.deadline, Rally.id)))


def occurrence_of(turn: Turn, rally: Rally) -> Occurrence | None:
    """Find the occurrence of a rally that was posted."""
    return turn.db.get(Occurrence, rally.occurrence_id) if rally.occurrence_id is not None else None


def find_done(turn: Turn, rally: Rally, member: Member) -> RallyDone | None:
    """Find whether somebody says they did it."""
    return turn.db.get(RallyDone, (rally.id, member.id))


def came_of(turn: Turn, rally: Rally) -> messages.Came:
    """Count who did it and who told it; nobody is counted who asked not to be."""
    done, told = turn.db.execute(
        select(func.count(), func.count().filter(RallyDone.told.is_(True)))
        .select_from(RallyDone)
        .join(Member, Member.id == RallyDone.member_id)
        .where(RallyDone.rally_id == rally.id, Member.opted_out.is_(False))
    ).one()
    return messages.Came(done=done, told=told)


def ask_of(turn: Turn, rally: Rally) -> messages.Ask:
    """Make a rally ready to be shown."""
    return messages.Ask(
        number=rally.id,
        what=rally.what,
        minutes=rally.minutes,
        until=turn.moment(rally.deadline),
        link=rally.link,
        host=host_of(rally.link),
        nudge=rally.nudge,
    )


def card_key(rally: Rally) -> str:
    """Name the channel's post of a rally."""
    return f"rally:{rally.id}"


def show_rally(turn: Turn, rally: Rally) -> None:
    """Make the channel's post of a rally true."""
    turn.show(card_key(rally), lambda: _card(turn, rally), about=str(rally.id))


def _card(turn: Turn, rally: Rally) -> Message:
    ask = ask_of(turn, rally)
    if rally.state == "off":
        return messages.rally_off(ask)
    came = came_of(turn, rally)
    return messages.rally(ask, came, turn.action) if rally.state == "open" else messages.rally_over(ask, came)


def show_told(turn: Turn, rally: Rally, *, without: int | None = None) -> None:
    """Make the thread's post true in which people's own words stand, ``without`` somebody who is being forgotten."""
    rows = turn.db.execute(
        select(Member.name, RallyDone.words)
        .join(Member, Member.id == RallyDone.member_id)
        .where(RallyDone.rally_id == rally.id, RallyDone.words != "")
        .where(Member.opted_out.is_(False), Member.id != (without or 0))
        .order_by(RallyDone.at, RallyDone.member_id)
    ).all()
    told = [(name, words) for name, words in rows]
    more = max(0, len(told) - messages.MOST_TOLD)
    key = f"told:{rally.id}"
    if not told:
        # Nobody is told that something was taken back which they never saw.
        turn.withdraw(key)
    turn.show(key, messages.told_words(told[more:], more), under=card_key(rally), about="told")
