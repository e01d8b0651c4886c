"""One private reminder before a promise is due, and one gentle line when its day has passed; never in public."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.chat import Answer, Whisper
from bot.insights.promises import GRACE
from bot.moments import find_instant
from bot.promises import is_open
from bot.tables import Member, Promise
from bot.turn import Turn, read_number
from rituals.promise import messages
from rituals.promise.declaration import FORGOTTEN, LEAVERS_AT, ritual
from rituals.promise.found import asker_of, carrier_ids, carriers, find
from rituals.promise.shown import correct, overdue_key, reminder_key, settle_question, show, show_to
from rituals.promise.times import next_chance, reminder_at, zone_of


def plan(turn: Turn, promise: Promise, *, agreed_at: datetime | None = None) -> None:
    """Set when those who promised it are reminded, and when its owner is asked what became of it."""
    for member in carriers(turn, promise):
        plan_reminder(turn, promise, member, agreed_at=agreed_at)
    turn.later(max(promise.due_at + GRACE, turn.now), "overdue", promise.id)
    watch_leavers(turn)


def plan_reminder(turn: Turn, promise: Promise, member: Member, *, agreed_at: datetime | None = None) -> None:
    """Set when one of them is reminded. ``agreed_at``: when they agreed to the due date, if that is not now."""
    at = reminder_at(due=promise.due_at, since=agreed_at or turn.now, zone=zone_of(turn, member))
    if at is not None and at > turn.now:
        turn.later(at, "remind", f"{promise.id}/{member.id}")
    else:
        turn.cancel("remind", f"{promise.id}/{member.id}")


def unplan(turn: Turn, promise: Promise) -> None:
    """Remind nobody of a promise any more."""
    for member_id in carrier_ids(promise):
        turn.cancel("remind", f"{promise.id}/{member_id}")
    turn.cancel("overdue", promise.id)


def watch_leavers(turn: Turn) -> None:
    """Look once a day whether somebody has left who carries a promise."""
    today = find_instant(datetime.combine(turn.today(), LEAVERS_AT), zone=turn.zone)
    tomorrow = find_instant(datetime.combine(turn.today() + timedelta(days=1), LEAVERS_AT), zone=turn.zone)
    turn.later(today if today > turn.now else tomorrow, "leavers")


def _may_be_reminded(member: Member) -> bool:
    return member.reminders and not member.opted_out and member.left_at is None


@ritual.timer("remind")
def remind(turn: Turn) -> None:
    """Remind one person, if they still owe it; whoever is away or sleeps is looked at again afterwards."""
    written, _, member_id = turn.about.partition("/")
    promise = find(turn, written)
    if promise is None or not is_open(promise) or turn.now >= promise.due_at:
        return
    for member in carriers(turn, promise):
        if member.id != read_number(member_id) or not _may_be_reminded(member):
            continue
        chance = next_chance(turn, member)
        if chance > turn.now:
            turn.later(chance, "remind", turn.about)
            return
        shown = show_to(turn, promise, member)
        view = messages.reminder(turn.movement.name, shown, turn.action)
        turn.dm(member, reminder_key(promise, member.id), view, about=str(promise.id))


@ritual.timer("overdue")
def ask_what_became_of_it(turn: Turn) -> None:
    """Write to the owner of a promise whose day has passed, once; what nobody ever promised is dropped."""
    promise = find(turn)
    if promise is None or promise.done_at is not None or promise.released_at is not None:
        return
    if promise.accepted_at is None:
        _drop(turn, promise)
        return
    owner = turn.member(promise.owner_id)
    if not _may_be_reminded(owner) or turn.now > promise.due_at + FORGOTTEN:
        return
    chance = next_chance(turn, owner)
    if chance > turn.now:
        turn.later(chance, "overdue", promise.id)
        return
    settle_reminder(turn, promise, owner)
    view = messages.overdue(turn.movement.name, show(turn, promise), turn.action)
    turn.dm(owner, overdue_key(promise), view, about=str(promise.id))


def settle_reminder(turn: Turn, promise: Promise, member: Member) -> None:
    """Take a reminder back that could not be delivered, and its buttons off one that was."""
    said = "The day of this promise has passed. I have asked you again below."
    correct(turn, member, reminder_key(promise, member.id), messages.settled(promise.what, said))


def _drop(turn: Turn, promise: Promise) -> None:
    promise.released_at = turn.now
    owner = turn.member(promise.owner_id)
    said = "The day for this has passed, so nobody asks you for it any more."
    settle_question(turn, promise, owner, said)
    asker = asker_of(turn, promise)
    if asker is not None:
        turn.dm(asker, f"lapsed:{promise.id}", messages.lapsed(show(turn, promise)), about=str(promise.id))


@ritual.press("quiet")
def switch_off(turn: Turn) -> Answer:
    """Switch somebody's reminders off, from the reminder itself."""
    turn.who.reminders = False
    return Whisper(
        "I won't remind you any more, neither of promises nor of check-ins. /remind switches reminders on again; "
        "/promise list shows what you promised."
    )
