"""How a movement gets another home: its founder asks for it there, and whoever is in that channel are its members."""

from __future__ import annotations

from sqlalchemy import update

from bot.chat import Action, Answer, Whisper
from bot.people import find_member, movement_at, movements_of
from bot.tables import Member, Movement, Practice
from bot.turn import Turn
from rituals.movement import messages
from rituals.movement.declaration import ritual

MOVE = "move"
HOW = Whisper("To move a movement, its founder types /drumbeat move here in the new channel.")


def offer_to_move(turn: Turn) -> Answer:
    """Offer the founder of one movement elsewhere to make this channel its home."""
    if turn.words.lower().split() != [MOVE, "here"] or not turn.place.channel or turn.person is None:
        return HOW
    if turn.movement_ is not None:
        return Whisper("A movement lives in this channel already. Choose another one: every movement has its own.")
    theirs = [movement for movement in movements_of(turn.db, turn.person, turn.place) if _founded(turn, movement)]
    if len(theirs) != 1:
        return Whisper(
            "You are the founder of no movement in this workspace, so there is none to move."
            if not theirs
            else "You are the founder of several movements here. I can't tell which one you mean, so none was moved."
        )
    if not _may_settle(turn):
        return Whisper(_NOT_HERE)
    return messages.move_offer(theirs[0].name, Action(ritual.name, MOVE, turn.place.channel, theirs[0].id))


def _founded(turn: Turn, movement: Movement) -> bool:
    member = find_member(turn.db, movement, turn.person.id) if turn.person is not None else None
    return member is not None and member.role == "founder"


def _may_settle(turn: Turn) -> bool:
    """Tell whether this person may begin a movement in this channel: to move one there is the same to its people."""
    return not turn.stewards_only or (turn.person is not None and turn.person.steward)


@ritual.press(MOVE, only="founder")
def move(turn: Turn) -> Answer:
    """Make the channel in which this is pressed the movement's home."""
    movement, there = turn.movement, turn.place
    # It was offered to somebody who may begin a movement there; not every platform says so again with a press.
    if not there.channel or there.channel != turn.about or there.workspace != movement.workspace:
        return HOW
    if there.channel == movement.channel:
        return Whisper(f"{movement.name} lives here already.")
    if movement_at(turn.db, there) is not None:
        return Whisper("Meanwhile another movement was started in this channel, so nothing was moved.")
    before, shut_out = movement.channel, movement.shut_out_at is not None
    movement.channel = there.channel
    movement.moved_at, movement.shut_out_at, movement.roll_due_at = turn.now, None, turn.now
    turn.db.execute(
        update(Practice)
        .where(Practice.movement_id == movement.id, Practice.channel == before)
        .values(channel=there.channel)
    )
    # Nobody sees anything of the movement any more until the roll, which comes at once, finds them in the new channel.
    turn.db.execute(
        update(Member)
        .where(Member.movement_id == movement.id, Member.left_at.is_(None), Member.id != turn.who.id)
        .values(left_at=turn.now)
    )
    stamp = f"{turn.now:%Y%m%d%H%M%S}"
    turn.show(f"moved-here:{stamp}", messages.moved_here(movement.name, turn.who.name), about="")
    if not shut_out:
        turn.show(f"moved-away:{stamp}", messages.moved_away(movement.name), about="", channel=before)
    return Whisper(f"Done. {movement.name} lives here now. What is open in the old channel stays there until it ends.")


_NOT_HERE = (
    "Only the channel's creator or an admin can bring a movement here. Ask them, or choose a channel of your own."
)
