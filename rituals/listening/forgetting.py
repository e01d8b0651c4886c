"""When somebody is forgotten or not counted any more: their talks go, with what was heard in them, and nobody waits."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from bot.store import leave_nothing_behind
from bot.tables import Occurrence
from bot.turn import Turn, read_number
from rituals.listening import messages
from rituals.listening.declaration import ritual
from rituals.listening.hearing import share_nothing
from rituals.listening.shown import ask_key, card_key, how
from rituals.listening.tables import Listener, ListeningPair, ListeningSeat
from rituals.listening.talks import Talk, seated


@ritual.timer("member-deleted")
def let_go(turn: Turn) -> None:
    """Let go of every talk of this member; those who were in it with them keep their own record, and no more."""
    who = read_number(turn.about)
    rows = turn.db.execute(
        select(ListeningPair, Occurrence)
        .join(ListeningSeat, ListeningSeat.pair_id == ListeningPair.id)
        .join(Occurrence, Occurrence.id == ListeningPair.occurrence_id)
        .where(ListeningSeat.member_id == who, ListeningPair.movement_id == turn.movement.id)
    ).all()
    for pair, occurrence in rows:
        talk = seated(turn, pair, occurrence)
        share_nothing(turn, talk)
        _tell_the_others(turn, talk, who)
        turn.db.execute(delete(ListeningPair).where(ListeningPair.id == pair.id))
    turn.db.execute(delete(Listener).where(Listener.member_id == who))
    leave_nothing_behind(turn.db)


def _tell_the_others(turn: Turn, talk: Talk, who: int | None) -> None:
    waited = talk.occurrence.state == "open" and how(talk) == "open"
    for _, member in talk.seats:
        if member.id == who:
            continue
        if waited:
            those = Listener.member_id == member.id
            turn.db.execute(update(Listener).where(those).values(waits=Listener.waits + 1))
        view = messages.talk_gone(turn.movement.name, waited=waited)
        for key in (card_key(talk, member), ask_key(talk, member)):
            turn.withdraw(key)
            turn.dm(member, key, view, about=str(talk.occurrence.id))
