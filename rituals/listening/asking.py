"""Whoever has not said whether they talked is asked once, in private, after five days."""

from __future__ import annotations

from datetime import timedelta

from bot.insights.talks import WONT
from bot.people import away_ids
from bot.tables import Member
from bot.turn import Turn, read_number
from rituals.listening.closing import find_round
from rituals.listening.declaration import ritual
from rituals.listening.shown import ask, how
from rituals.listening.talking import call_off
from rituals.listening.talks import Talk, find_open, talks_of

LOOK_AGAIN = timedelta(days=1)


@ritual.timer("ask")
def ask_everybody(turn: Turn) -> None:
    """Ask those who have said nothing; where somebody has left the movement, nobody waits for them any more."""
    occurrence = find_round(turn, turn.about)
    if occurrence is None or occurrence.state != "open":
        return
    for talk in talks_of(turn, occurrence):
        _let_go_of_leavers(turn, talk)
        for _, member in talk.seats:
            _ask(turn, talk, member)


@ritual.timer("ask-one")
def ask_one(turn: Turn) -> None:
    """Ask one person who was away or slept."""
    written, _, number = turn.about.partition("/")
    occurrence, member_id = find_round(turn, written), read_number(number)
    member = turn.db.get(Member, member_id) if member_id is not None else None
    if occurrence is None or occurrence.state != "open" or member is None:
        return
    talk = find_open(turn, member)
    if talk is not None and talk.occurrence.id == occurrence.id:
        _ask(turn, talk, member)


def _ask(turn: Turn, talk: Talk, member: Member) -> None:
    """Ask somebody who owes an answer; whoever is away or sleeps is looked at again afterwards."""
    if how(talk) != "open" or talk.seat_of(member).says or member.left_at is not None:
        return
    if not member.reminders or member.opted_out:
        return
    away = member.id in away_ids(turn.db, [member.id], at=turn.now)
    chance = turn.now + LOOK_AGAIN if away else turn.quiet_until(member)
    if chance > turn.now:
        # A question that only waited would also reach who has answered by then.
        turn.later(chance, "ask-one", f"{talk.occurrence.id}/{member.id}")
        return
    ask(turn, talk, member)


def _let_go_of_leavers(turn: Turn, talk: Talk) -> None:
    before = how(talk)
    for seat, member in talk.seats:
        if member.left_at is not None and not seat.says:
            seat.says, seat.said_at = WONT, turn.now
    turn.db.flush()
    if how(talk) != before:
        call_off(turn, talk, before=before)
