"""What people did in the months before a scene begins, written where the scene needs it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.tables import Act, Gathering, Member, Movement, Occurrence, Practice, Rsvp
from tests.town import Town


def did(town: Town, who: str, kind: str, *days_ago: float) -> None:
    """Put into the ledger that somebody did something so many days ago."""
    with town.drumbeat.database.transaction() as db:
        member = db.scalars(select(Member).where(Member.person == town.stage.native(who))).one()
        for days in days_ago:
            once = f"{kind}:{member.id}:{days}"
            at = town.clock() - timedelta(days=days)
            db.add(Act(movement_id=member.movement_id, member_id=member.id, kind=kind, at=at, once=once))


def joined(town: Town, days_ago: float, *people: str) -> None:
    """Let people have joined so many days ago; without names, everybody."""
    everybody = [str(row["person"]) for row in town.rows(Member)]
    for who in people or everybody:
        town.set_member(who, joined_at=town.clock() - timedelta(days=days_ago))


def held(town: Town, title: str, days_ago: float, *, yes: str, came: str, notes: int = 0) -> None:
    """Let a gathering have been held, by Ana; ``yes`` and ``came`` are names, ``notes`` how many looked back on it."""
    with town.drumbeat.database.transaction() as db:
        movement = db.scalars(select(Movement)).one()
        by_name = {town.stage.named(member.person): member.id for member in db.scalars(select(Member))}
        practice = db.scalar(select(Practice).where(Practice.name == title))
        at = town.clock() - timedelta(days=days_ago)
        if practice is None:
            practice = Practice(movement_id=movement.id, ritual="gathering", name=title, cadence="on demand", anchor=at)
            practice.channel = movement.channel
            db.add(practice)
            db.flush()
        occurrence = Occurrence(
            movement_id=movement.id, practice_id=practice.id, planned_at=at, opened_at=at, closed_at=at, state="held"
        )
        db.add(occurrence)
        db.flush()
        gathering = Gathering(
            movement_id=movement.id,
            occurrence_id=occurrence.id,
            uid=f"{title}-{days_ago}",
            title=title,
            kind="call",
            purpose="organizing",
            place_kind="",
            starts_at=at,
            minutes=60,
            host_id=by_name["ana"],
            announced_at=at,
            state="over",
            recorded=True,
            changed_at=at,
            reflections=notes,
        )
        db.add(gathering)
        db.flush()
        db.add_all(
            Rsvp(gathering_id=gathering.id, member_id=by_name[who], answer="going", at=at) for who in yes.split()
        )
        acts = [("attended", who) for who in came.split()] + [("hosted", "ana")]
        db.add_all(
            Act(
                movement_id=movement.id,
                member_id=by_name[who],
                kind=kind,
                at=at,
                occurrence_id=occurrence.id,
                once=f"{kind}:{occurrence.id}:{by_name[who]}",
            )
            for kind, who in acts
        )
