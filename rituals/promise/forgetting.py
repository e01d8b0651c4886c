"""When somebody is forgotten: what they asked the channel for a hand with is taken back, with their words."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.tables import Post, Promise
from bot.turn import Turn, read_number
from rituals.promise import messages
from rituals.promise.declaration import ritual
from rituals.promise.shown import help_key


@ritual.timer("member-deleted")
def find_promises(turn: Turn) -> None:
    """Look at each of their promises in a turn of its own, after this one: who is only not counted keeps them."""
    theirs = select(Promise).where(Promise.owner_id == read_number(turn.about), Promise.movement_id == turn.movement.id)
    for promise in turn.db.scalars(theirs.order_by(Promise.id)):
        turn.later(turn.now, "gone", promise.id)


@ritual.timer("gone")
def take_back(turn: Turn) -> None:
    """Take name and words off what asked for help with a promise that is gone; where nobody asked, nothing is posted.

    SQLite may give its number to another promise, which must not be shown in this one's posts: they get other keys.
    """
    number = read_number(turn.about)
    if number is None or turn.db.get(Promise, number) is not None:
        return
    gone = f":gone:{int(turn.now.timestamp())}"
    about = (Post.movement_id == turn.movement.id) & (Post.ritual == ritual.name) & (Post.about == turn.about)
    turn.db.execute(update(Post).where(about).values(key=Post.key + gone).execution_options(synchronize_session=False))
    key = f"{help_key(number)}{gone}"
    turn.withdraw(key)
    turn.show(key, messages.taken_back())
