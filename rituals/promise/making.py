"""Making a promise: typed in a line or filled in, for oneself or for somebody who is asked first."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat import Answer, Blank, Problems, Whisper
from bot.moments import MomentError
from bot.people import find_present
from bot.plain import tidy_line
from bot.promises import WHAT_MOST, make_promise
from bot.tables import Member
from bot.turn import Answers, Turn
from rituals.promise import forms, listing, messages
from rituals.promise.declaration import LONGEST, ritual
from rituals.promise.shown import show, spoken_reminder
from rituals.promise.typed import read_due, read_typed

WHAT = Blank("what", "What you will do, such as: call the harbour office by friday", ("list", "all"))
DAY_OVER = "That day is over. Choose today or a later day."
TOO_FAR = "That is more than a year ahead. Choose a nearer day."
NO_MEMBER = "Please choose a member of this movement."


@ritual.command(
    "promise", "Promise something small, or see what you promised", usage="[… by friday | list | all]", blank=WHAT
)
def promise(turn: Turn) -> Answer:
    """Understand '/promise call the harbour office by friday', or ask for what is missing."""
    words = tidy_line(turn.words)
    if words.lower() == "list":
        return listing.show_mine(turn)
    if words.lower() == "all":
        return listing.show_everybodys(turn)
    typed = read_typed(words, zone=turn.zone, now=turn.now)
    fits = 0 < len(typed.what.encode("utf-16-le")) // 2 <= WHAT_MOST
    why = check_due(turn, typed.due_at) if typed.due_at is not None else ""
    if fits and typed.due_at is not None and not why:
        return _keep(turn, typed.what, owner=turn.who, co_owner=None, due_at=typed.due_at, public=True)
    day = last_day(turn, typed.due_at) if typed.due_at is not None and not why else ""
    return _form(turn, typed.what, day=day, hint=why)


@ritual.press("new")
def open_form(turn: Turn) -> Answer:
    """Open an empty form."""
    return _form(turn, "")


def _form(turn: Turn, what: str, *, day: str = "", hint: str = "") -> Answer:
    return forms.promise_form(what, turn.who.person, day, hint, turn.action("make"))


@ritual.submit("make")
def make(turn: Turn) -> Answer:
    """Keep what was filled in."""
    answers = turn.answers
    what = answers.line("what", most=WHAT_MOST)
    due_at = read_answer(turn, answers)
    owner = _member(turn, answers, "owner") or turn.who
    co_owner = _member(turn, answers, "co-owner")
    if co_owner is not None and co_owner.id == owner.id and "co-owner" not in answers.problems:
        answers.problems["co-owner"] = "This must be somebody else than the one who does it."
    if due_at is None or answers.problems:
        return Problems(answers.problems)
    public = answers.one("shown") != "named"
    return _keep(turn, what, owner=owner, co_owner=co_owner, due_at=due_at, public=public)


def _member(turn: Turn, answers: Answers, field: str) -> Member | None:
    person = answers.one(field)
    if not person:
        return None
    member = find_present(turn.db, turn.movement, person)
    if member is None:
        answers.problems[field] = NO_MEMBER
        return None
    return member


def _keep(turn: Turn, what: str, *, owner: Member, co_owner: Member | None, due_at: datetime, public: bool) -> Whisper:
    promise = make_promise(turn, what=what, owner=owner, co_owner=co_owner, due_at=due_at, public=public)
    if owner.id != turn.who.id:
        return messages.asked_for(show(turn, promise, who=owner.name))
    asked = co_owner.name if co_owner is not None else ""
    return messages.promised(show(turn, promise), spoken_reminder(turn, promise, owner), asked, turn.action)


# ------------------------------------------------------------------------------------------------ days


def read_answer(turn: Turn, answers: Answers) -> datetime | None:
    """Read the day of a form, which may be used up to its end."""
    written = tidy_line(answers.one("by"))
    if not written:
        answers.problems["by"] = "Please fill this in."
        return None
    try:
        due_at = read_due(written, zone=turn.zone, now=turn.now)
    except MomentError as error:
        answers.problems["by"] = str(error)
        return None
    why = check_due(turn, due_at)
    if why:
        answers.problems["by"] = why
    return due_at


def check_due(turn: Turn, due_at: datetime) -> str:
    """Say what is wrong with a due date, or ''."""
    if due_at <= turn.now:
        return DAY_OVER
    return TOO_FAR if due_at - turn.now > LONGEST else ""


def last_day(turn: Turn, due_at: datetime) -> str:
    """Write the last day on which something may be done as a picker has it."""
    return (due_at - timedelta(microseconds=1)).astimezone(ZoneInfo(turn.zone)).date().isoformat()
