"""Who belongs to a movement, who is away, and who may decide."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from bot.chat import Person, Place
from bot.plain import tidy_line
from bot.store import Id, recall
from bot.tables import Away, Member, Movement

NAME_LIMIT = 80
ORGANIZERS = ("organizer", "founder")


_AT = select(Movement).where(
    Movement.platform == bindparam("platform"),
    Movement.workspace == bindparam("workspace"),
    Movement.channel == bindparam("channel"),
)
_HOLD = (
    select(Movement)
    .where(Movement.id == bindparam("movement"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
_MEMBER = select(Member).where(Member.movement_id == bindparam("movement"), Member.person == bindparam("person"))


def movement_at(db: Session, place: Place) -> Movement | None:
    """Find the movement whose home this channel is."""
    if not place.channel:
        return None
    home = {"platform": place.platform, "workspace": place.workspace, "channel": place.channel}
    return recall(db, ("home", *home.values()), lambda: db.scalar(_AT, home))


def hold(db: Session, movement: Movement) -> Movement:
    """Wait for the movement's other turns, and read it as they left it; once a transaction.

    Not a full FOR UPDATE: whoever only writes a row that belongs to the movement, such as the courier, may go on.
    """
    held = recall(db, ("held", movement.id), lambda: db.scalars(_HOLD, {"movement": movement.id}).one())
    assert held is not None  # noqa: S101 - there is one row of this number, or an error
    return held


def movements_of(db: Session, person: Person, place: Place) -> list[Movement]:
    """List the movements of a workspace that a person belongs to, by name; of all where it is not known which."""
    theirs = (
        select(Movement)
        .join(Member, Member.movement_id == Movement.id)
        .where(Movement.platform == place.platform, Member.person == person.id, Member.left_at.is_(None))
        .order_by(Movement.name, Movement.id)
    )
    if place.workspace:
        theirs = theirs.where(Movement.workspace == place.workspace)
    return list(db.scalars(theirs))


def find_member(db: Session, movement: Movement, person_id: str) -> Member | None:
    """Find a person in a movement, also one who left. A form may send anything for an id."""
    if not person_id.isprintable():
        return None
    named = {"movement": movement.id, "person": person_id}
    return recall(db, ("member", movement.id, person_id), lambda: db.scalar(_MEMBER, named))


def find_present(db: Session, movement: Movement, person_id: str) -> Member | None:
    """Find somebody who can be asked for something: a person who is in the movement now."""
    member = find_member(db, movement, person_id)
    return None if member is None or member.left_at is not None or member.bot else member


def find_members(db: Session, movements: Collection[Movement], people: Collection[str]) -> None:
    """Read at once whoever of these people is in these movements, for ``find_member`` to recall."""
    if not movements:
        return
    ids = {movement.id for movement in movements}
    named = {person for person in people if person.isprintable()}
    for member in db.scalars(select(Member).where(Member.movement_id.in_(ids), Member.person.in_(named))):
        db.info["member", member.movement_id, member.person] = member


def welcome(db: Session, movement: Movement, person: Person, *, now: datetime) -> Member:
    """Make a person of the home channel a member, or bring their name and time zone up to date."""
    name = tidy_line(person.name)[:NAME_LIMIT]
    member = find_member(db, movement, person.id)
    if member is None:
        member = Member(
            movement_id=movement.id,
            person=person.id,
            name=name or "somebody",
            zone=person.zone,
            joined_at=now,
            bot=person.bot,
        )
        db.add(member)
        db.flush()
        return member
    if member.left_at is not None:
        if member.left_at != movement.moved_at:
            member.joined_at = now
        member.left_at = None
    # Of who asked to be left out, or forgotten, nothing new is noted.
    if not member.opted_out:
        member.name = name or member.name
        member.zone = person.zone or member.zone
    return member


def bring_up_to_date(db: Session, person: Person, place: Place) -> None:
    """Note a person's new name or time zone in every movement of the workspace that they are in and counted in."""
    there = select(Movement.id).where(Movement.platform == place.platform, Movement.workspace == place.workspace)
    known = (Member.person == person.id) & Member.movement_id.in_(there) & Member.opted_out.is_(False)
    told = {"name": tidy_line(person.name)[:NAME_LIMIT], "zone": person.zone}
    changed = {name: value for name, value in told.items() if value}
    if not changed:
        return
    db.execute(update(Member).where(known).values(changed))


def present(movement_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """Say which members count: people, not bots, who have not left and did not ask to be left out."""
    return (
        (Member.movement_id == movement_id)
        & Member.left_at.is_(None)
        & Member.bot.is_(False)
        & Member.opted_out.is_(False)
    )


def members(db: Session, movement_id: int) -> list[Member]:
    """List the people of a movement, longest there first."""
    return list(db.scalars(select(Member).where(present(movement_id)).order_by(Member.joined_at, Member.id)))


_COUNT = select(func.count(Member.id)).where(present(bindparam("movement", type_=Id)))


def count_members(db: Session, movement_id: int) -> int:
    """Count the people of a movement."""
    return db.scalar(_COUNT, {"movement": movement_id}) or 0


def count_opted_out(db: Session, movement_id: int) -> int:
    """Count the people who are in a movement and chose not to be counted."""
    chose = (Member.movement_id == movement_id) & Member.left_at.is_(None) & Member.opted_out.is_(True)
    return db.scalar(select(func.count(Member.id)).where(chose, Member.bot.is_(False))) or 0


def organizers(db: Session, movement_id: int) -> list[Member]:
    """List those who may decide: organizers and founders."""
    return [member for member in members(db, movement_id) if member.role in ORGANIZERS]


def away_ids(db: Session, member_ids: Iterable[int], *, at: datetime) -> set[int]:
    """Tell which of these members are away at a moment."""
    return set(
        db.scalars(
            select(Away.member_id).where(
                Away.member_id.in_(list(member_ids)), Away.start <= at, or_(Away.end.is_(None), Away.end > at)
            )
        )
    )
