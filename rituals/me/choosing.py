"""What somebody chooses for themselves: how much time they have, what is all right, and whether they count at all."""

from __future__ import annotations

from sqlalchemy import delete, select

from bot.chat import Answer, Problems, Whisper
from bot.people import NAME_LIMIT
from bot.plain import tidy_line
from bot.tables import Act, Evidence, Gathering, Member, Rsvp, TakenOut, Visit
from bot.turn import Turn
from bot.watching import forget_visits
from rituals.me import forms, messages
from rituals.me.declaration import HOURS_MOST, ritual
from rituals.me.forgetting import NOBODY
from rituals.me.shown import show_without


@ritual.press("settings")
def open_settings(turn: Turn) -> Answer:
    """Show what is set."""
    who = turn.who
    wants = ((forms.ASKS, who.asks), (forms.CALLS, who.seen_in_calls), (forms.RISING, who.told_when_rising))
    on = tuple(name for name, is_on in wants if is_on)
    return forms.settings_form("" if who.hours is None else f"{who.hours:g}", on, turn.action("settings"))


@ritual.submit("settings")
def keep_settings(turn: Turn) -> Answer:
    """Keep what somebody wants; it holds at once."""
    answers = turn.answers
    written = answers.line("hours", most=10, required=False)
    hours = _read_hours(written)
    if written and hours is None:
        answers.problems["hours"] = f"Write a number of hours from 0 to {HOURS_MOST}, such as 2 or 1.5."
    if answers.problems:
        return Problems(answers.problems)
    wants = answers.many("wants")
    who = turn.who
    who.hours = hours
    who.asks, who.seen_in_calls = forms.ASKS in wants, forms.CALLS in wants
    who.told_when_rising = forms.RISING in wants
    if not who.seen_in_calls:
        _forget_calls(turn)
    return Whisper(
        "Saved. /remind switches your reminders on or off, /away takes a break, and your time zone is the one that "
        "your account here has."
    )


def _forget_calls(turn: Turn) -> None:
    """Forget in which calls somebody was seen, and what was noted of it while a gathering is still on."""
    forget_visits(turn.db, turn.who)
    on = select(Gathering.id).where(Gathering.movement_id == turn.movement.id, Gathering.state != "over")
    seen = Evidence.member_id == turn.who.id, Evidence.source == "call", Evidence.gathering_id.in_(on)
    turn.db.execute(delete(Evidence).where(*seen))


def _read_hours(written: str) -> float | None:
    try:
        hours = float(written.replace(",", "."))
    except ValueError:
        return None
    return hours if 0 <= hours <= HOURS_MOST else None


# ------------------------------------------------------------------------------------------------ counting


@ritual.press("out")
def ask_to_leave_out(turn: Turn) -> Answer:
    """Say what it means not to be counted."""
    return messages.sure_to_leave_out(turn.action)


@ritual.press("out-now")
def leave_out(turn: Turn) -> Answer:
    """Delete somebody's record, and write nothing down from now on."""
    who = turn.who
    show_without(turn, who)
    who.opted_out, who.level = True, ""
    turn.db.execute(delete(TakenOut).where(TakenOut.member_id == who.id))
    over = select(Gathering.id).where(Gathering.movement_id == turn.movement.id, Gathering.starts_at <= turn.now)
    turn.db.execute(delete(Act).where(Act.member_id == who.id))
    turn.db.execute(delete(Evidence).where(Evidence.member_id == who.id))
    turn.db.execute(delete(Visit).where(Visit.member_id == who.id))
    turn.db.execute(delete(Rsvp).where(Rsvp.member_id == who.id, Rsvp.gathering_id.in_(over)))
    turn.db.flush()
    return Whisper("Done. Your record is deleted, and you are in no figure. /me brings you back whenever you like.")


@ritual.press("in")
def count_in(turn: Turn) -> Answer:
    """Count somebody again; whoever was deleted begins as a newcomer."""
    who = turn.who
    if who.opted_out:
        who.opted_out, who.counted_since = False, turn.now
        if who.name == NOBODY:
            who.joined_at = turn.now
        _name_again(turn, who)
    return Whisper("Welcome back. You are counted again, and your record begins now.")


def _name_again(turn: Turn, who: Member) -> None:
    if turn.person is not None:
        who.name = tidy_line(turn.person.name)[:NAME_LIMIT] or who.name
        who.zone = turn.person.zone or who.zone
