"""Who is in a call while a movement gathers there: noted only of calls that a ritual watches, while it does."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from bot.chat import Present, WasPresent
from bot.people import find_member, hold
from bot.plain import tidy_line
from bot.tables import Member, Movement, Visit, Watch

if TYPE_CHECKING:
    from bot.turn import Turn

# Whoever comes early is noted, as long as they stay; and a call that lasts a little longer is still the one meant.
AROUND = timedelta(hours=1)
ROOM_MOST = 120


# ------------------------------------------------------------------------------------------------ for rituals


def set_watch(
    db: Session,
    movement: Movement,
    ritual: str,
    about: str,
    *,
    room: str,
    since: datetime,
    until: datetime,
    now: datetime,
) -> None:
    """Watch a call; the same ritual's watch about the same thing moves. What is over already is not watched."""
    room = tidy_line(room)[:ROOM_MOST]
    if not call_name(room) or since >= until:
        msg = f"nothing to watch: {room!r} from {since} to {until}"
        raise ValueError(msg)
    watch = _find(db, movement.id, ritual, about)
    if watch is None:
        watch = Watch(movement_id=movement.id, ritual=ritual, about=about)
        db.add(watch)
    elif (watch.room, watch.since, watch.until) == (room, since, until):
        return
    watch.platform, watch.workspace = movement.platform, movement.workspace
    watch.room, watch.since, watch.until = room, since, until
    db.flush()
    outside = Visit.came_at >= until, Visit.left_at <= since
    db.execute(delete(Visit).where(Visit.watch_id == watch.id, or_(*outside)))
    # One more look ends what is open when a watch is over earlier than was planned.
    watch.look_at = max(since, now) if now < until or _open(db, watch) else None


def end_watch(db: Session, movement_id: int, ritual: str, about: str) -> None:
    """Watch no more, and forget every visit that was noted."""
    watch = _find(db, movement_id, ritual, about)
    if watch is not None:
        db.execute(delete(Visit).where(Visit.watch_id == watch.id))
        db.delete(watch)
        db.flush()


def visits_of(turn: Turn, about: str | int) -> list[Visit]:
    """List who was in the call that this ritual watches about something, in the order in which they came.

    Who is there still has no ``left_at``. Whoever does not want to be seen in calls is left out, at once.
    """
    watch = _find(turn.db, turn.movement.id, turn.ritual.name, str(about))
    if watch is None:
        return []
    seen = Member.opted_out.is_(False), Member.seen_in_calls.is_(True), Member.bot.is_(False)
    noted = select(Visit).join(Member, Member.id == Visit.member_id).where(Visit.watch_id == watch.id, *seen)
    return list(turn.db.scalars(noted.order_by(Visit.came_at, Visit.id)))


def forget_visits(db: Session, member: Member) -> None:
    """Forget every call in which a member was seen, as they wish."""
    db.execute(delete(Visit).where(Visit.member_id == member.id))


# ------------------------------------------------------------------------------------------------ what is heard


def call_name(room: str) -> str:
    """Compare calls by this: people write '#Lounge' and 'lounge' and mean one."""
    return tidy_line(room).lstrip("#").strip().casefold()


def note_presence(db: Session, event: Present | WasPresent, *, now: datetime) -> None:
    """Note that somebody came into a call or left it, in each movement that watches it and that they belong to.

    Telling it twice, late or in another order changes nothing. Of a call that nobody watches nothing is kept.
    """
    if event.who.bot:
        return
    at = min(event.at, now)
    names = {call_name(one) for one in (event.room, event.place.channel, event.name)} - {""}
    near = (
        select(Watch.id, Watch.movement_id, Watch.room)
        .where(Watch.platform == event.place.platform, Watch.workspace == event.place.workspace)
        .where(Watch.since <= at + AROUND, Watch.until >= at - AROUND)
        .order_by(Watch.movement_id, Watch.id)
    )
    for watch_id, movement_id, room in db.execute(near).all():
        movement = db.get(Movement, movement_id) if call_name(room) in names else None
        member = find_member(db, hold(db, movement), event.who.id) if movement is not None else None
        watch = db.get(Watch, watch_id, populate_existing=True) if member is not None else None
        if member is None or watch is None:
            continue
        if isinstance(event, WasPresent):
            note_told(db, watch, member, began=event.began, ended=at)
        elif event.here:
            come(db, watch, member, at=at)
        else:
            go(db, watch, member, at=at)


def note_inside(db: Session, watch: Watch, people: Collection[str], *, at: datetime) -> None:
    """Compare who is in the call with who was noted. What was heard after the platform was asked stays."""
    named = select(Member).where(Member.movement_id == watch.movement_id, Member.person.in_(set(people)))
    here = {member.id: member for member in db.scalars(named)}
    for visit in _open(db, watch):
        if visit.member_id not in here and visit.came_at <= at:
            # They went unheard: all that is known is when they were there for the last time.
            _end(db, watch, visit, at=max(visit.came_at, watch.looked_at or visit.came_at))
    for member in here.values():
        come(db, watch, member, at=at)
    watch.looked_at = at


def finish(db: Session, watch: Watch) -> None:
    """End a watch: whoever is there still has stayed until its end."""
    for visit in _open(db, watch):
        _end(db, watch, visit, at=watch.until)
    watch.look_at = None


# ------------------------------------------------------------------------------------------------ one visit


def come(db: Session, watch: Watch, member: Member, *, at: datetime) -> None:
    """Note that a member is in a call, unless that is known, they don't want it, or the watch is over."""
    if member.bot or member.opted_out or member.left_at is not None or not member.seen_in_calls:
        return
    if watch.look_at is None or not watch.since - AROUND <= at < watch.until:
        return
    newest = _newest(db, watch, member)
    if newest is None or (newest.left_at is not None and newest.left_at <= at):
        db.add(Visit(watch_id=watch.id, member_id=member.id, came_at=at))
        db.flush()


def go(db: Session, watch: Watch, member: Member, *, at: datetime) -> None:
    """Note that a member left a call; one that they left before they came last is old news."""
    newest = _newest(db, watch, member)
    if newest is None or newest.told or newest.came_at > at:
        return
    # A look may have found them gone before we hear when they went.
    looked_at = watch.looked_at or newest.came_at
    if newest.left_at is None or newest.left_at < at <= looked_at:
        _end(db, watch, newest, at=at)


def note_told(db: Session, watch: Watch, member: Member, *, began: datetime, ended: datetime) -> None:
    """Note that a member had been in a call of which we saw nothing ourselves, if that was the call that is watched.

    A call that went on for hours before or after tells nothing: they may have been there only then.
    """
    meant = watch.since - AROUND <= began < watch.until and watch.since < ended <= watch.until + AROUND
    wished = not member.bot and not member.opted_out and member.left_at is None and member.seen_in_calls
    if meant and wished and _newest(db, watch, member) is None:
        at = min(ended, watch.until)
        db.add(Visit(watch_id=watch.id, member_id=member.id, came_at=at, left_at=at, told=True))
        db.flush()


def _end(db: Session, watch: Watch, visit: Visit, *, at: datetime) -> None:
    """End a visit; one of which nothing lay in the time that is watched is nobody's business."""
    left_at = min(at, watch.until)
    if left_at <= max(visit.came_at, watch.since):
        db.delete(visit)
    else:
        visit.left_at = left_at
    db.flush()


def _find(db: Session, movement_id: int, ritual: str, about: str) -> Watch | None:
    named = select(Watch).where(Watch.movement_id == movement_id, Watch.ritual == ritual, Watch.about == about)
    return db.scalars(named).one_or_none()


def _open(db: Session, watch: Watch) -> list[Visit]:
    return list(db.scalars(select(Visit).where(Visit.watch_id == watch.id, Visit.left_at.is_(None))))


def _newest(db: Session, watch: Watch, member: Member) -> Visit | None:
    theirs = select(Visit).where(Visit.watch_id == watch.id, Visit.member_id == member.id)
    return db.scalars(theirs.order_by(Visit.came_at.desc(), Visit.id.desc()).limit(1)).one_or_none()
