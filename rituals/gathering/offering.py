"""What gatherings have that somebody could do next: come to one that has a place left, or host one that has no host."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from bot.chat import shorten
from bot.insights.steps import Offer
from bot.tables import Gathering, Occurrence, Rsvp
from bot.turn import Turn
from rituals.gathering.answered import counts
from rituals.gathering.declaration import ritual

AHEAD = timedelta(days=21)
MOST = 10
TITLE_ROOM = 160
# Whoever gave one of these answers is not asked again.
ANSWERED = ("going", "cant", "waiting", "offered")


@ritual.steps
def steps(turn: Turn) -> Iterable[Offer]:
    """Offer the next gatherings."""
    coming = (
        select(Gathering, Occurrence.practice_id, Rsvp.answer)
        .join(Occurrence, Occurrence.id == Gathering.occurrence_id)
        .outerjoin(Rsvp, (Rsvp.gathering_id == Gathering.id) & (Rsvp.member_id == turn.who.id))
        .where(Gathering.movement_id == turn.movement.id, Gathering.state == "announced")
        .where(Gathering.shown_at.is_not(None), Gathering.starts_at > turn.now, Gathering.starts_at < turn.now + AHEAD)
        .order_by(Gathering.starts_at, Gathering.id)
        .limit(MOST)
    )
    for gathering, practice_id, answer in turn.db.execute(coming):
        runs_it = turn.who.id in (gathering.host_id, gathering.co_host_id)
        if answer not in ANSWERED and not runs_it and _has_room(turn, gathering):
            yield _offer(turn, gathering, practice_id, verb="going", words="Come to", label="I'm going")
        if gathering.host_id is None and answer != "cant":
            yield _offer(turn, gathering, practice_id, verb="host", words="Host", label="I'll host it")


def _has_room(turn: Turn, gathering: Gathering) -> bool:
    if gathering.capacity is None:
        return True
    said = counts(turn, gathering)
    return said.going + said.waiting < gathering.capacity


def _offer(turn: Turn, gathering: Gathering, practice_id: int, *, verb: str, words: str, label: str) -> Offer:
    title = shorten(gathering.title, limit=TITLE_ROOM)
    return Offer(
        kind="host" if verb == "host" else "gathering",
        words=f"{words} '{title}', {turn.spoken(gathering.starts_at)}.",
        minutes=gathering.minutes,
        verb=verb,
        about=str(gathering.id),
        label=label,
        like=f"{ritual.name}:{practice_id}",
        at=gathering.starts_at,
    )
