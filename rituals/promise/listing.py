"""What somebody sees of promises: all of their own, of others' only the open public ones and the common figure."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select

from bot.chat import MENU_LIMIT, Answer
from bot.insights.numbers import share
from bot.insights.promises import GRACE, FollowThrough
from bot.people import away_ids
from bot.promises import is_open, movement_follow_through
from bot.ritual import Glimpse
from bot.tables import Member, Promise
from bot.turn import Turn
from rituals.promise import views
from rituals.promise.declaration import LATELY, LEAST_COUNTED, ritual
from rituals.promise.found import NOT_THERE, carrier_ids, find, is_awaited, name_of, refuse
from rituals.promise.messages import Shown
from rituals.promise.shown import show, show_to
from rituals.promise.views import Mine

CARDS = 4
AWAITED = 2
KEPT = 5
RUNNING = Promise.done_at.is_(None) & Promise.released_at.is_(None)


def _of(turn: Turn) -> list[Promise]:
    """List what the one who acts carries, is asked for, or has asked for, that is not over or not for long."""
    mine = or_(*(column == turn.who.id for column in (Promise.owner_id, Promise.co_owner_id, Promise.asked_by_id)))
    lately = or_(RUNNING, Promise.done_at > turn.now - LATELY)
    listed = select(Promise).where(Promise.movement_id == turn.movement.id, mine, lately)
    return list(turn.db.scalars(listed.order_by(Promise.due_at, Promise.id)))


def show_mine(turn: Turn) -> Answer:
    """Show somebody what they promised, what they are asked, and how it went; nobody else sees that."""
    all_of_mine = _of(turn)
    carried = [one for one in all_of_mine if is_open(one) and turn.who.id in carrier_ids(one)]
    awaited = [one for one in all_of_mine if is_awaited(one, turn.who)]
    asked = [one for one in all_of_mine if one.asked_by_id == turn.who.id and one.accepted_at is None]
    kept = [one for one in all_of_mine if one.done_at is not None and turn.who.id in carrier_ids(one)]
    kept.sort(key=lambda one: one.done_at or one.due_at, reverse=True)
    return views.mine(
        Mine(
            cards=[show_to(turn, one, turn.who) for one in carried[:CARDS]],
            awaited=[_awaited(turn, one) for one in awaited[:AWAITED]],
            more=[show(turn, one) for one in carried[CARDS : CARDS + MENU_LIMIT]],
            asked=[show(turn, one, who=name_of(turn, one.owner_id)) for one in asked],
            kept=[Shown(one.id, one.what, _done_on(turn, one.done_at)) for one in kept[:KEPT]],
            figure=_own_figure(movement_follow_through(turn, member=turn.who)),
        ),
        turn.action,
    )


def _awaited(turn: Turn, promise: Promise) -> Shown:
    asks = promise.owner_id if promise.owner_id != turn.who.id else promise.asked_by_id
    return show(turn, promise, who=name_of(turn, asks) if asks is not None else "")


def _done_on(turn: Turn, at: datetime | None) -> str:
    return turn.spoken_date(at) if at is not None else ""


def _own_figure(figure: FollowThrough) -> str:
    if not figure.counted:
        return ""
    return f"In the last 90 days you kept {share(figure.on_time, figure.counted)} in time. Only you see this."


@ritual.press("show")
def show_one(turn: Turn) -> Answer:
    """Show one of one's own promises, picked from a list."""
    promise = find(turn, turn.choice or turn.about)
    refusal = refuse(turn, promise)
    if promise is None or refusal is not None or not is_open(promise):
        return refusal or NOT_THERE
    return views.card(show_to(turn, promise, turn.who), turn.action)


def show_everybodys(turn: Turn) -> Answer:
    """Show the open public promises; what is long past its day is nobody's business but its owner's."""
    open_ones = turn.db.execute(
        select(Promise, Member)
        .join(Member, Member.id == Promise.owner_id)
        .where(
            Promise.movement_id == turn.movement.id,
            RUNNING,
            Promise.accepted_at.is_not(None),
            Promise.public.is_(True),
            Promise.due_at > turn.now - GRACE,
            Member.left_at.is_(None),
        )
        .order_by(Promise.due_at, Promise.id)
    ).all()
    listed = [show(turn, promise, who=f"({_names(turn, promise, owner)})") for promise, owner in open_ones]
    return views.everybodys(turn.movement.name, listed, _figure(movement_follow_through(turn)))


def _names(turn: Turn, promise: Promise, owner: Member) -> str:
    other = promise.co_owner_id if promise.co_accepted_at is not None else None
    return f"{owner.name} and {name_of(turn, other)}" if other is not None else owner.name


def _figure(figure: FollowThrough) -> str:
    if figure.counted < LEAST_COUNTED:
        return "How promises go here is told when five of them have come due in 90 days."
    moved = f", {figure.renegotiated} of them moved in good time" if figure.renegotiated else ""
    return f"In the last 90 days, kept in time: {share(figure.on_time, figure.counted)}{moved}."


@ritual.home
def glimpse(turn: Turn) -> Glimpse:
    """Show somebody's own page what they promised next, and what they are asked; who is away owes nothing."""
    mine = _of(turn)
    carried = [one for one in mine if is_open(one) and turn.who.id in carrier_ids(one)]
    more = (f"Your other promises: {len(carried) - 1}, in /promise list.",) if len(carried) > 1 else ()
    if away_ids(turn.db, [turn.who.id], at=turn.now):
        return Glimpse()
    owed = views.owed(
        [show(turn, one) for one in carried[:1]],
        [_awaited(turn, one) for one in mine if is_awaited(one, turn.who)][:1],
        turn.action,
    )
    return Glimpse(owed=owed, on=more)
