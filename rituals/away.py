"""Away: somebody takes a break, and nobody asks them for anything until they are back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Select, or_, select

from bot.chat import Answer, Buttons, Form, Message, Problems, Text, When, Whisper, bold
from bot.moments import MomentError, find_instant, read_day
from bot.ritual import Ritual
from bot.tables import Away
from bot.turn import Turn

ritual = Ritual("away", "A break from everything, announced in a few seconds.")

LONGEST = timedelta(days=400)


@ritual.command("away", "Take a break: nobody asks you for anything", usage="[until friday | back]")
def away(turn: Turn) -> Answer:
    """Open the form, or understand '/away until friday' and '/away back'."""
    words = turn.words.strip().lower()
    if words == "back":
        return come_back(turn)
    if words:
        try:
            back = read_day(words.removeprefix("until").strip(), zone=turn.zone, now=turn.now)
        except MomentError as error:
            return Whisper(f"{error} You can also type /away alone and pick the days.")
        return _go(turn, _start_of(turn, turn.today()), _start_of(turn, back))
    current = _current(turn)
    if current is not None:
        return Whisper(Text(_said(turn, current)), Buttons(turn.button("I'm back", "back", primary=True)))
    return away_form(turn)


def away_form(turn: Turn) -> Form:
    """Ask for the days."""
    return Form(
        "Take a break",
        turn.action("go"),
        When(name="from", label="First day away", value=turn.today().isoformat()),
        When(name="back", label="Back on", hint="The first day you are back. Empty: until you say so.", required=False),
        submit="Take the break",
    )


@ritual.submit("go")
def go(turn: Turn) -> Answer:
    """Note a break."""
    answers = turn.answers
    first = answers.day("from")
    back = answers.day("back", required=False)
    if answers.problems:
        return Problems(answers.problems)
    if first is None:
        return Problems({"from": "Please choose a day."})
    if first < turn.today():
        return Problems({"from": "That day is over. Choose today or a later day."})
    if back is not None and back <= first:
        return Problems({"back": "That is not after your first day away. Choose a later day, or leave it empty."})
    return _go(turn, _start_of(turn, first), _start_of(turn, back) if back else None)


@ritual.press("back")
def come_back(turn: Turn) -> Answer:
    """End the break that runs, and forget those that are planned."""
    breaks = list(turn.db.scalars(_breaks(turn)))
    if not breaks:
        return Whisper("You are not away.")
    for one in breaks:
        if one.start > turn.now:
            turn.db.delete(one)
        else:
            one.end = turn.now
        turn.cancel("return", one.id)
    return Whisper("Welcome back. Nothing was counted against you, and there is nothing to catch up on.")


@ritual.timer("return")
def greet(turn: Turn) -> None:
    """Say a quiet welcome at the end of a break; it asks nothing."""
    one = turn.db.get(Away, int(turn.about))
    if one is None:
        return
    member = turn.member(one.member_id)
    if member.left_at is None:
        turn.dm(member, f"return:{one.id}", _greeting(turn.movement.name))


def _greeting(movement: str) -> Message:
    return Message(
        Text(
            "Welcome back to ",
            bold(movement),
            ". Nothing was counted against you, and there is nothing to catch up on.",
        )
    )


def _go(turn: Turn, start: datetime, end: datetime | None) -> Answer:
    start = max(start, turn.now)
    if end is not None and end <= turn.now:
        return Whisper(
            "That day is over or has begun. Name the first day you are back, for example /away until friday."
        )
    if end is not None and end - start > LONGEST:
        return Whisper("That is more than a year. Leave the day open instead; you can come back whenever you like.")
    for one in turn.db.scalars(_breaks(turn)):
        turn.cancel("return", one.id)
        turn.db.delete(one)
    taken = Away(member_id=turn.who.id, start=start, end=end)
    turn.db.add(taken)
    turn.db.flush()
    if end is not None:
        turn.later(end, "return", taken.id)
    return Whisper(Text(_said(turn, taken)), Buttons(turn.button("I'm back", "back")))


def _said(turn: Turn, one: Away) -> str:
    back = f"until {turn.spoken_date(one.end)}" if one.end else "until you say you are back"
    begun = "You are away" if one.start <= turn.now else f"From {turn.spoken_date(one.start)} you are away"
    return f"{begun} {back}. Nobody asks you for anything, and nothing counts as missed. Rest well."


def _current(turn: Turn) -> Away | None:
    return turn.db.scalar(_breaks(turn).limit(1))


def _breaks(turn: Turn) -> Select[Away]:
    """Select one's own breaks that run or are planned."""
    return (
        select(Away)
        .where(Away.member_id == turn.who.id, or_(Away.end.is_(None), Away.end > turn.now))
        .order_by(Away.start)
    )


def _start_of(turn: Turn, day: date) -> datetime:
    return find_instant(datetime(day.year, day.month, day.day), zone=turn.zone)  # noqa: DTZ001 - a wall-clock time
