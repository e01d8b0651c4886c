"""Whose turn it is to run something: who has not had it longest, is not away and does not carry too much already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.people import ORGANIZERS, away_ids, members
from bot.tables import Host, Member, Occurrence, Practice

LATELY = timedelta(days=14)
# Whoever ran so many lately is left in peace.
TOO_MUCH = 2
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody on a rota: when they last ran this ritual, and how much they ran lately of any."""

    member_id: int
    last_ran: datetime | None = None
    ran_lately: int = 0
    away: bool = False

    @property
    def free(self) -> bool:
        """Tell whether they may be asked at all."""
        return not self.away and self.ran_lately < TOO_MUCH


def in_turn(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Put those who may be asked into the order of their turns; those who never had it keep the order they come in."""
    return sorted((one for one in candidates if one.free), key=lambda one: one.last_ran or _NEVER)


def propose(candidates: Sequence[Candidate], *, skipped: Collection[int] = ()) -> int | None:
    """Tell whose turn it is, leaving out who skipped this time; nobody's, when there is nobody to ask."""
    return next((one.member_id for one in in_turn(candidates) if one.member_id not in skipped), None)


def is_on_rota(practice: Practice, member: Member) -> bool:
    """Tell whether somebody takes turns: organizers, owner and understudy unless they stepped off, and who joined."""
    if member.id in practice.settings.get("off_rota", ()):
        return False
    carries = member.role in ORGANIZERS or member.id in (practice.owner_id, practice.understudy_id)
    return carries or member.id in practice.settings.get("rota", ())


def step_on(practice: Practice, member: Member) -> None:
    """Put somebody on the rota."""
    _note(practice, member, on="rota", off="off_rota")


def step_off(practice: Practice, member: Member) -> None:
    """Take somebody off the rota."""
    _note(practice, member, on="off_rota", off="rota")


def _note(practice: Practice, member: Member, *, on: str, off: str) -> None:
    added = sorted({*practice.settings.get(on, ()), member.id})
    left = [one for one in practice.settings.get(off, ()) if one != member.id]
    practice.settings = {**practice.settings, on: added, off: left}


def read_candidates(db: Session, practice: Practice, *, now: datetime) -> list[Candidate]:
    """Read who is on a rota, the longest in the movement first."""
    there = [one for one in members(db, practice.movement_id) if is_on_rota(practice, one)]
    ids = [one.id for one in there]
    away = away_ids(db, ids, at=now)
    last: dict[int, datetime] = {
        member_id: at
        for member_id, at in db.execute(
            select(Host.member_id, func.max(Occurrence.opened_at))
            .join(Occurrence, Occurrence.id == Host.occurrence_id)
            .where(Host.member_id.in_(ids), Occurrence.practice_id == practice.id)
            .group_by(Host.member_id)
        )
        if at is not None
    }
    lately: dict[int, int] = dict(
        db.execute(
            select(Host.member_id, func.count())
            .where(Host.member_id.in_(ids), Host.at >= now - LATELY)
            .group_by(Host.member_id)
        ).all()
    )
    return [Candidate(one, last.get(one), lately.get(one, 0), one in away) for one in ids]
