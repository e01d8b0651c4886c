"""When somebody is forgotten or not counted any more: what they signed in a check leaves it."""

from __future__ import annotations

from sqlalchemy import delete, select

from bot.chat import shorten
from bot.tables import Member, Occurrence
from bot.turn import Turn, read_number
from rituals.alignment.declaration import ritual
from rituals.alignment.outcome import SIGNER_ROOM
from rituals.alignment.signing import signature
from rituals.alignment.tables import Activity, Check, Rating


@ritual.timer("member-deleted")
def take_signature_out(turn: Turn) -> None:
    """Delete their signed ratings, and their name with the reason they gave. What is anonymous nobody can find."""
    number = read_number(turn.about)
    member = turn.db.get(Member, number) if number is not None else None
    if member is None:
        return
    turn.db.execute(delete(Rating).where(Rating.voter == signature(member.id)))
    signed = (
        select(Activity)
        .join(Check, Check.occurrence_id == Activity.occurrence_id)
        .join(Occurrence, Occurrence.id == Check.occurrence_id)
        .where(Occurrence.movement_id == turn.movement.id, Check.way == "signed")
    )
    beginning = f"{shorten(member.name, limit=SIGNER_ROOM)}: "
    for activity in turn.db.scalars(signed):
        kept = [reason for reason in activity.reasons if not reason.startswith(beginning)]
        if kept != activity.reasons:
            activity.reasons = kept
