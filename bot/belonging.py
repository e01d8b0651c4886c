"""What an event belongs to: the movement, the member who acts, the post it is about; and whether they may."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.chat import Commanded, Event, Joined, Left, Place, Pressed, Reacted, Said, Submitted, Whisper
from bot.people import find_member, hold, movement_at, movements_of, welcome
from bot.ritual import RANKS
from bot.routing import GONE, Asked, RefusedError, ask_which
from bot.tables import Member, Movement, Post

_NOT_YOURS = "This belongs to a movement that you are not in. Join its channel first."


def find_movement(db: Session, event: Event, asked: Asked | None, picked: int) -> Movement | Whisper | None:
    """Find the movement that an event belongs to, and hold it: its turns are taken one after the other."""
    found: Movement | None = None
    here = movement_at(db, event.place)
    meant = event.action.movement if isinstance(event, Pressed | Submitted) else picked
    if meant:
        found = db.get(Movement, meant)
        # A number in an action is only a claim: it must be a movement of this very workspace.
        if found is None or not _is_of(found, event.place):
            raise RefusedError(GONE)
    elif here is not None:
        found = here
    elif isinstance(event, Commanded) and asked is not None and asked.handler.only != "anyone":
        theirs = movements_of(db, event.who, event.place)
        if len(theirs) > 1:
            return ask_which(event, theirs)
        found = theirs[0] if theirs else None
    return hold(db, found) if found is not None else None


def find_who(db: Session, event: Event, movement: Movement | None) -> Member | None:
    if movement is None:
        return None
    member = find_member(db, movement, event.who.id)
    at_home = event.place.channel == movement.channel
    # A platform may deliver late: whoever came again is not gone by an older leave, nor the other way round.
    if isinstance(event, Left):
        if member is not None and at_home and member.joined_at <= event.at:
            member.left_at = member.left_at or event.at
        return member
    late = member is not None and member.left_at is not None and event.at < member.left_at
    if at_home and not late and (member is None or member.left_at is not None or isinstance(event, Joined)):
        return welcome(db, movement, event.who, now=event.at)
    if member is None or member.left_at is not None:
        raise RefusedError(_NOT_YOURS)
    return member


def find_post(db: Session, event: Event, movement: Movement | None) -> Post | None:
    """Find our own post that was tapped, or under which somebody wrote."""
    match event:
        case Pressed(message=message) | Reacted(message=message):
            message_id = message
        case Said(place=Place(thread=thread)):
            message_id = thread
        case _:
            message_id = ""
    if not message_id or movement is None:
        return None
    # A message's id tells it apart only within its channel or inbox.
    place = event.place
    here = Post.channel == place.channel if place.channel else Post.person == event.who.id
    return db.scalar(select(Post).where(Post.message_id == message_id, Post.movement_id == movement.id, here))


def allow(asked: Asked, who: Member | None) -> None:
    only = asked.handler.only
    if only == "anyone":
        return
    if who is None:
        raise RefusedError(_NOT_YOURS)
    if RANKS.index(only) > RANKS.index(who.role):
        msg = f"Only {'an organizer' if only == 'organizer' else 'the founder'} can do this."
        raise RefusedError(msg)


def _is_of(movement: Movement, place: Place) -> bool:
    """Tell whether a movement belongs to the workspace of a place, where that is known."""
    return movement.platform == place.platform and place.workspace in ("", movement.workspace)
