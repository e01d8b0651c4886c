"""One private reminder to those who owe an answer; each can switch it off, and nobody who is away gets one."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.chat import Answer, Blank, Whisper
from bot.people import away_ids, members
from bot.tables import Member, Occurrence, Post
from bot.turn import Turn, read_number
from rituals.checkin import messages
from rituals.checkin.declaration import ritual
from rituals.checkin.rounds import find_asked, find_board
from rituals.checkin.tables import CheckInAnswer

# Where the prompt has not arrived yet, such as because the platform is down.
LOOK_AGAIN = timedelta(hours=1)


@ritual.timer("remind")
def remind(turn: Turn) -> None:
    """Remind those who owe an answer; whoever has quiet hours now is looked at again when these end."""
    found = find_asked(turn, turn.about)
    if found is None or found[0].state != "open":
        return
    occurrence = found[0]
    if _waits(turn, occurrence):
        turn.later(LOOK_AGAIN, "remind", occurrence.id)
        return
    for member in owing(turn, occurrence):
        quiet_until = turn.quiet_until(member)
        if quiet_until <= turn.now:
            _send(turn, occurrence, member)
        elif occurrence.closes_at is not None and quiet_until < occurrence.closes_at:
            # A reminder that only waited would also reach who has answered, left or gone away during the night.
            turn.later(quiet_until, "remind-one", f"{occurrence.id}/{member.id}")


def _waits(turn: Turn, occurrence: Occurrence) -> bool:
    """Tell whether the prompt is still on its way to the channel."""
    board = find_board(turn, occurrence)
    return board is not None and board.message_id is None and board.state in ("wanted", "sending")


@ritual.timer("remind-one")
def remind_one(turn: Turn) -> None:
    """Remind one person after their quiet hours, if they still owe an answer."""
    occurrence_id, _, member_id = turn.about.partition("/")
    found = find_asked(turn, occurrence_id)
    if found is None or found[0].state != "open":
        return
    for member in owing(turn, found[0]):
        if member.id == read_number(member_id):
            _send(turn, found[0], member)


def _send(turn: Turn, occurrence: Occurrence, member: Member) -> None:
    if occurrence.closes_at is not None:
        view = messages.reminder(turn.movement.name, occurrence.id, turn.moment(occurrence.closes_at), turn.action)
        turn.dm(member, _key(occurrence, member), view, about=str(occurrence.id))


def _key(occurrence: Occurrence, member: Member) -> str:
    return f"remind:{occurrence.id}:{member.id}"


def owing(turn: Turn, occurrence: Occurrence) -> list[Member]:
    """List who owes an answer and may be reminded: nobody where the prompt is not there, or not there any more."""
    board = find_board(turn, occurrence)
    if board is None or board.state != "shown" or turn.movement.shut_out_at is not None:
        return []
    answered = set(turn.db.scalars(select(CheckInAnswer.member_id).where(CheckInAnswer.occurrence_id == occurrence.id)))
    there = [
        member
        for member in members(turn.db, turn.movement.id)
        if member.reminders and member.id not in answered and member.joined_at <= (occurrence.opened_at or turn.now)
    ]
    away = away_ids(turn.db, [member.id for member in there], at=turn.now)
    return [member for member in there if member.id not in away]


def settle_reminder(turn: Turn, occurrence: Occurrence) -> None:
    """Take back the reminder of somebody who owes nothing any more, or turn it into a thank-you."""
    key = _key(occurrence, turn.who)
    turn.withdraw(key)
    turn.cancel("remind-one", f"{occurrence.id}/{turn.who.id}")
    turn.dm(turn.who, key, messages.reminder_done(turn.movement.name), about=str(occurrence.id))


def stop_reminding_of(turn: Turn, occurrence: Occurrence) -> None:
    """Remind nobody of a check-in any more, not even by what could not be delivered until now."""
    turn.cancel("remind", occurrence.id)
    waiting = turn.db.scalars(
        select(Member)
        .join(Post, (Post.person == Member.person) & (Post.movement_id == Member.movement_id))
        .where(
            Member.movement_id == turn.movement.id,
            Post.ritual == ritual.name,
            Post.about == str(occurrence.id),
            Post.state.in_(("wanted", "refused")),
        )
    )
    for member in waiting:
        turn.withdraw(_key(occurrence, member))


@ritual.press("quiet")
def switch_off(turn: Turn) -> Answer:
    """Switch somebody's reminders off, from the reminder itself."""
    turn.who.reminders = False
    return Whisper(
        "I won't remind you of gatherings, check-ins or promises. /remind switches reminders on again; with /away "
        "nobody asks you for anything."
    )


@ritual.command(
    "remind",
    "Switch your reminders on or off",
    usage="[on | off]",
    blank=Blank("reminders", "On or off", ("on", "off")),
)
def switch(turn: Turn) -> Answer:
    """Switch one's own reminders on or off; without a word, to the other of the two."""
    word = turn.words.lower().strip()
    if word not in ("", "on", "off"):
        return Whisper("I know /remind on, /remind off, and /remind alone, which switches to the other one.")
    turn.who.reminders = word == "on" if word else not turn.who.reminders
    return Whisper(
        "I will remind you in private: of gatherings you go to, open check-ins, and what you promised."
        if turn.who.reminders
        else "I won't remind you of gatherings, check-ins or promises."
    )
