"""Finding the talk that an action is about: always one's own, because nobody can name another's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from bot.insights.talks import Said, Verdict, judge
from bot.tables import Member, Occurrence
from bot.turn import Turn, read_number
from rituals.listening.declaration import CORRECTED_WITHIN
from rituals.listening.tables import ListeningPair, ListeningSeat


@dataclass(frozen=True, slots=True)
class Talk:
    """A pair or a trio of one round, with everybody in it."""

    pair: ListeningPair
    occurrence: Occurrence
    seats: Sequence[tuple[ListeningSeat, Member]]

    def others(self, member: Member) -> list[Member]:
        """List with whom somebody is in it."""
        return [one for _, one in self.seats if one.id != member.id]

    def seat_of(self, member: Member) -> ListeningSeat:
        """Find somebody's own seat."""
        return next(seat for seat, one in self.seats if one.id == member.id)


def find_mine(turn: Turn, about: str = "") -> Talk | None:
    """Find the talk of whoever acts in the round that the action names."""
    number = read_number(about or turn.about)
    if number is None:
        return None
    return _read(turn, _of(turn, turn.who).where(ListeningPair.occurrence_id == number))


def find_open(turn: Turn, member: Member) -> Talk | None:
    """Find somebody's talk in the round that is on."""
    return _read(turn, _of(turn, member).where(Occurrence.state == "open").limit(1))


def _of(turn: Turn, member: Member) -> Select[ListeningPair, Occurrence]:
    return (
        select(ListeningPair, Occurrence)
        .join(ListeningSeat, ListeningSeat.pair_id == ListeningPair.id)
        .join(Occurrence, Occurrence.id == ListeningPair.occurrence_id)
        .where(ListeningPair.movement_id == turn.movement.id, ListeningSeat.member_id == member.id)
        .order_by(Occurrence.id.desc())
    )


def _read(turn: Turn, wanted: Select[ListeningPair, Occurrence]) -> Talk | None:
    found = turn.db.execute(wanted).first()
    return seated(turn, found[0], found[1]) if found is not None else None


def seated(turn: Turn, pair: ListeningPair, occurrence: Occurrence) -> Talk:
    """Read who is in a talk."""
    rows = turn.db.execute(
        select(ListeningSeat, Member)
        .join(Member, Member.id == ListeningSeat.member_id)
        .where(ListeningSeat.pair_id == pair.id)
        .order_by(Member.name, Member.id)
    )
    return Talk(pair, occurrence, [(row[0], row[1]) for row in rows])


def talks_of(turn: Turn, occurrence: Occurrence) -> list[Talk]:
    """List everybody's talks of a round."""
    pairs = turn.db.scalars(
        select(ListeningPair).where(ListeningPair.occurrence_id == occurrence.id).order_by(ListeningPair.id)
    )
    return [seated(turn, pair, occurrence) for pair in pairs.all()]


def verdict_of(turn: Turn, talk: Talk) -> Verdict:
    """Decide, from what they say, who talked."""
    return judge({seat.member_id: Said(seat.says, seat.said_at) for seat, _ in talk.seats}, now=turn.now)


def is_final(turn: Turn, talk: Talk) -> bool:
    """Tell whether a round is over for so long that nothing is changed in it any more."""
    closed = talk.occurrence.closed_at
    return closed is not None and turn.now > closed + CORRECTED_WITHIN
