"""Promises as plain values for the views, and keeping what stands in inboxes and the channel true."""

from __future__ import annotations

from bot.chat import Message
from bot.promises import spoken_due
from bot.tables import Member, Promise
from bot.turn import Turn
from rituals.promise import messages
from rituals.promise.found import carriers, name_of
from rituals.promise.messages import Shown
from rituals.promise.times import reminder_at, zone_of


def show(turn: Turn, promise: Promise, *, who: str = "") -> Shown:
    """Make a promise ready to be shown."""
    return Shown(promise.id, promise.what, spoken_due(turn, promise), who)


def show_to(turn: Turn, promise: Promise, member: Member) -> Shown:
    """Make a promise ready to be shown to somebody who has promised it, with who else has."""
    return show(turn, promise, who=" and ".join(one.name for one in carriers(turn, promise) if one.id != member.id))


def spoken_reminder(turn: Turn, promise: Promise, member: Member) -> str:
    """Say when somebody will be reminded, or '' for never."""
    if not member.reminders or member.opted_out:
        return ""
    at = reminder_at(due=promise.due_at, since=turn.now, zone=zone_of(turn, member))
    return turn.spoken_date(at) if at is not None else ""


# ------------------------------------------------------------------------------------------------ keys


def question_key(promise: Promise, member_id: int) -> str:
    """Name the message that asks somebody whether they will do it."""
    return f"ask:{promise.id}:{member_id}"


def reminder_key(promise: Promise, member_id: int) -> str:
    """Name the reminder of a due date: a new date brings a new reminder."""
    return f"remind:{promise.id}:{member_id}:{promise.due_at:%Y%m%d%H%M}"


def overdue_key(promise: Promise) -> str:
    """Name the message to an owner whose promise's day has passed."""
    return f"overdue:{promise.id}:{promise.owner_id}:{promise.due_at:%Y%m%d%H%M}"


def help_key(number: int) -> str:
    """Name the post that asks the channel for a hand."""
    return f"help:{number}"


# ------------------------------------------------------------------------------------------------ correcting


def correct(turn: Turn, member: Member, key: str, message: Message) -> None:
    """Change a private message for those who have seen it; who has not seen it never will."""
    turn.withdraw(key)
    turn.dm(member, key, message)


def settle_messages(turn: Turn, promise: Promise, said: str) -> None:
    """Put every private message about a promise to rest: what it asked for is settled."""
    for member in carriers(turn, promise):
        keys = [reminder_key(promise, member.id), *([overdue_key(promise)] if member.id == promise.owner_id else [])]
        for key in keys:
            correct(turn, member, key, messages.settled(promise.what, said))


def settle_question(turn: Turn, promise: Promise, member: Member, said: str) -> None:
    """Put the question whether somebody will do it to rest."""
    correct(turn, member, question_key(promise, member.id), messages.settled(promise.what, said))


def settle_help(turn: Turn, promise: Promise, said: str) -> None:
    """Change the post that asks the channel for a hand, if there is one."""
    turn.withdraw(help_key(promise.id))
    turn.show(help_key(promise.id), messages.help_found(promise.what, said))


def owner_name(turn: Turn, promise: Promise) -> str:
    """Give the owner's name."""
    return name_of(turn, promise.owner_id)
