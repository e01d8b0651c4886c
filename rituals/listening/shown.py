"""Talks as plain values for the views, and keeping what stands in inboxes and the channel true."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from bot.chat import Mention, Message
from bot.insights.talks import NOT_YET, WONT, YES
from bot.tables import Member, Occurrence
from bot.turn import Turn
from rituals.listening import messages
from rituals.listening.declaration import FEWEST
from rituals.listening.messages import How
from rituals.listening.tables import ListeningPair, ListeningRound
from rituals.listening.talks import Talk


def how(talk: Talk) -> How:
    """Say how a talk stands: it took place, it will not, or it may still."""
    if talk.pair.talked_at is not None:
        return "talked"
    return "open" if sum(seat.says != WONT for seat, _ in talk.seats) >= FEWEST else "off"


def show(turn: Turn, talk: Talk, member: Member) -> messages.Shown:
    """Make a talk ready to be shown to one of its people."""
    row = turn.db.get(ListeningRound, talk.occurrence.id)
    closes = talk.occurrence.closes_at
    return messages.Shown(
        round=talk.occurrence.id,
        people=[Mention(one.person, one.name) for one in talk.others(member)],
        how=how(talk),
        times=[turn.moment(datetime.fromisoformat(at)) for at in talk.pair.times],
        questions=row.questions if row is not None else (),
        until=turn.moment(closes) if closes is not None and talk.occurrence.state == "open" else None,
    )


def card_key(talk: Talk, member: Member) -> str:
    """Name the message that tells somebody with whom they are; a pair's number may come again, a round's does not."""
    return f"talk:{talk.occurrence.id}:{member.id}"


def ask_key(talk: Talk, member: Member) -> str:
    """Name the one message that asks somebody how it went."""
    return f"asked:{talk.occurrence.id}:{member.id}"


def send_card(turn: Turn, talk: Talk, member: Member) -> None:
    """Tell somebody with whom they are."""
    view = messages.card(turn.movement.name, show(turn, talk, member), turn.action)
    turn.dm(member, card_key(talk, member), view, about=str(talk.occurrence.id))


def ask(turn: Turn, talk: Talk, member: Member) -> None:
    """Ask somebody how it went, or tell them what the others say of it: one message, changed as things change."""
    turn.dm(member, ask_key(talk, member), _question(turn, talk, member), about=str(talk.occurrence.id))


def correct(turn: Turn, talk: Talk, *, cards: bool, asks: Collection[int] = ()) -> None:
    """Change what stands in the inboxes of those in a talk, and ask those of them who are named.

    Whoever was sent nothing is sent nothing. ``cards``: also what told them of the talk; while nothing of that has
    changed, it is let alone, as it may wait for the morning.
    """
    for _, member in talk.seats:
        if cards:
            view = messages.card(turn.movement.name, show(turn, talk, member), turn.action)
            turn.withdraw(card_key(talk, member))
            turn.dm(member, card_key(talk, member), view, about=str(talk.occurrence.id))
        if member.id not in asks:
            turn.withdraw(ask_key(talk, member))
        ask(turn, talk, member)


def _question(turn: Turn, talk: Talk, member: Member) -> Message:
    others = [(seat, one) for seat, one in talk.seats if one.id != member.id]
    mine = talk.seat_of(member).says
    said_no = [one.name for seat, one in others if seat.says in (WONT, NOT_YET)]
    if how(talk) == "off" and all(one.left_at is not None for _, one in others):
        return messages.partner_left(turn.movement.name)
    if how(talk) == "off" and mine not in (YES, WONT):
        return messages.partner_cannot(turn.movement.name, said_no, talk.occurrence.id, turn.action)
    asked = messages.Asked(
        shown=show(turn, talk, member),
        said_yes=[one.name for seat, one in others if seat.says == YES],
        said_no=said_no,
        wrote=[one.name for seat, one in others if seat.heard],
        mine=mine,
    )
    return messages.question(turn.movement.name, asked, turn.action)


def round_key(occurrence: Occurrence) -> str:
    """Name the channel's post of a round."""
    return f"round:{occurrence.id}"


def show_round(turn: Turn, occurrence: Occurrence) -> None:
    """Make the channel's post of a round true: how many pairs there are, and in the end how many talked."""
    row = turn.db.get_one(ListeningRound, occurrence.id)
    if occurrence.state == "open":
        view = messages.round_begun(row.pairs, occurrence.id, turn.action)
    else:
        view = messages.round_over(count_talked(turn, occurrence), row.pairs, occurrence.id, turn.action)
    turn.show(round_key(occurrence), view, about=str(occurrence.id))


def count_talked(turn: Turn, occurrence: Occurrence) -> int:
    """Count the talks of a round that took place."""
    talked = select(func.count()).select_from(ListeningPair)
    counted = turn.db.scalar(
        talked.where(ListeningPair.occurrence_id == occurrence.id, ListeningPair.talked_at.is_not(None))
    )
    return counted or 0
