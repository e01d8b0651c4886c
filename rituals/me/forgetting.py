"""Being forgotten: a person's name and every trace of them go, and nobody else's record changes."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, update

from bot.chat import Answer
from bot.store import leave_nothing_behind
from bot.tables import Member, Post
from bot.turn import Turn
from rituals.me import messages
from rituals.me.declaration import ritual
from rituals.me.erasing import erase_name, erase_posts
from rituals.me.shown import show_without

NOBODY = "somebody"
LOOK_AGAIN = timedelta(hours=1)


@ritual.press("delete")
def ask_to_delete(turn: Turn) -> Answer:
    """Say what deleting means."""
    return messages.sure_to_delete(turn.action, founder=turn.who.role == "founder")


@ritual.press("delete-now")
def delete_me(turn: Turn) -> Answer:
    """Delete everything about the one who acts."""
    who = turn.who
    # What was written to them goes in turns of their own, the first ones: they need inboxes, and this one the channel.
    turn.later(turn.now, "erase-inbox", who.person)
    if who.name != NOBODY:
        turn.later(turn.now, "erase-name", who.name)
    show_without(turn, who)
    _replace(turn, who)
    leave_nothing_behind(turn.db)
    return messages.deleted()


def _replace(turn: Turn, who: Member) -> None:
    """Put an empty row in the place of a member: in the channel still, they would be a member again tomorrow.

    It is a new one, made before the old one goes, so that no number that was theirs is ever anybody's again.
    """
    db = turn.db
    db.flush()
    # Who acts is spoken of once more in this turn, so what is read of them stays readable.
    db.expunge(who)
    old = Member.id == who.id
    db.execute(update(Member).where(old).values(person=f"-{who.id}").execution_options(synchronize_session=False))
    nobody = Member(
        movement_id=who.movement_id, person=who.person, name=NOBODY, joined_at=turn.now, bot=who.bot, opted_out=True
    )
    db.add(nobody)
    db.flush()
    db.execute(delete(Member).where(old).execution_options(synchronize_session=False))
    # Whatever else was read of them in this transaction is not so any more.
    db.expire_all()
    db.info["member", who.movement_id, who.person] = turn.who_ = nobody


@ritual.timer("erase-inbox")
def erase_inbox(turn: Turn) -> None:
    """Erase what was written to somebody who is forgotten."""
    erase_posts(turn, Post.person == turn.about)


@ritual.timer("erase-name")
def erase_name_in_posts(turn: Turn) -> None:
    """Forget what posts to others say of somebody who is forgotten; what is on its way is looked at later again."""
    if erase_name(turn, turn.about):
        turn.later(LOOK_AGAIN, "erase-name", turn.about)
