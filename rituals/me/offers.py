"""What somebody could do next, of all that the movement's rituals have on, and the one step that fits them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from bot.chat import Button
from bot.insights.steps import LastYes, Offer, last_yes, next_step
from bot.people import away_ids
from bot.tables import Act, Gathering, Occurrence, Practice, Rsvp
from bot.turn import Turn
from rituals.me.declaration import LATELY, ritual

WEEK = timedelta(days=7)

Step = tuple[Offer, Button]


def find_step(turn: Turn) -> Step | None:
    """Find the next small step of the one who acts; none for who is away or does not want to be asked."""
    if away_ids(turn.db, [turn.who.id], at=turn.now):
        return None
    named = dict(_all_offers(turn))
    member = turn.who
    step = next_step(list(named), _last_yes(turn), asks=member.asks, hours=member.hours, taken=_taken(turn))
    return (step, named[step]) if step is not None else None


def _all_offers(turn: Turn) -> Iterable[Step]:
    for one in turn.rituals.by_name.values():
        if one.offers is not None:
            turn.ritual = one
            found = list(one.offers(turn))
            turn.ritual = ritual
            for offer in found:
                action = turn.action(offer.verb, offer.about, ritual=one.name)
                yield offer, Button(offer.label, action, "primary")


def _last_yes(turn: Turn) -> LastYes:
    """Read what the one who acts last said yes to, and what it was one of."""
    rows = turn.db.execute(
        select(Act.at, Act.kind, Practice.ritual, Practice.id)
        .outerjoin(Occurrence, Occurrence.id == Act.occurrence_id)
        .outerjoin(Practice, Practice.id == Occurrence.practice_id)
        .where(Act.member_id == turn.who.id, Act.at > turn.now - LATELY, Act.at <= turn.now)
    )
    return last_yes((at, kind, f"{name}:{number}" if name else "") for at, kind, name, number in rows)


def _taken(turn: Turn) -> list[int]:
    """Tell how many minutes of this week they have given away already, to what they said they come to."""
    coming = (
        select(Gathering.minutes)
        .join(Rsvp, Rsvp.gathering_id == Gathering.id)
        .where(Rsvp.member_id == turn.who.id, Rsvp.answer == "going", Gathering.state == "announced")
        .where(Gathering.starts_at >= turn.now, Gathering.starts_at < turn.now + WEEK)
    )
    return list(turn.db.scalars(coming))
