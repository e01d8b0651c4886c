"""Taking a break, changing it, and coming back."""

from __future__ import annotations

from datetime import date, timedelta

from bot.chat import Answer, Blank, Problems, Whisper
from bot.moments import MomentError
from bot.plain import tidy_line
from bot.tables import Away
from bot.turn import Turn
from rituals.away import views
from rituals.away.breaks import finish, forget, own_breaks, ritual, start_of, take
from rituals.away.typed import read_days

LONGEST = timedelta(days=400)
WHEN = Blank("when", "How long, or that you are back", ("until friday", "for a week", "for two weeks", "back"))


@ritual.command("away", "Take a break: nobody asks you for anything", usage="[until friday | back]", blank=WHEN)
def away(turn: Turn) -> Answer:
    """Open the form, or understand '/away until friday' and '/away back'."""
    words = tidy_line(turn.words).lower()
    if words == "back":
        return come_back(turn)
    if words in ("", "until", "from", "for"):
        return _show(turn, own_breaks(turn)) if own_breaks(turn) else open_form(turn)
    try:
        days = read_days(words, zone=turn.zone, now=turn.now)
    except MomentError as error:
        return Whisper(f"{error} You can also type /away alone and pick the days.")
    problems = _check(turn, days.first, days.back)
    return Whisper(next(iter(problems.values()))) if problems else _go(turn, days.first, days.back)


@ritual.press("change")
def open_form(turn: Turn) -> Answer:
    """Ask for the days."""
    return views.away_form(turn.today().isoformat(), turn.action("go"))


@ritual.submit("go")
def go(turn: Turn) -> Answer:
    """Note a break."""
    answers = turn.answers
    first = answers.day("from")
    back = answers.day("back", required=False)
    if first is None or answers.problems:
        return Problems(answers.problems)
    problems = _check(turn, first, back)
    return Problems(problems) if problems else _go(turn, first, back)


def _check(turn: Turn, first: date, back: date | None) -> dict[str, str]:
    if first < turn.today():
        return {"from": "That first day is over. Choose today or a later day."}
    if back is not None and back <= first:
        return {"back": "Name the first day you are back; it comes after your first day away."}
    if (first if back is None else back) - turn.today() > LONGEST:
        return {"back": "That is more than a year ahead. Leave the day open; you can come back whenever you like."}
    return {}


def _go(turn: Turn, first: date, back: date | None) -> Answer:
    take(turn, start_of(turn, first), start_of(turn, back) if back else None)
    return _show(turn, own_breaks(turn))


def _show(turn: Turn, breaks: list[Away]) -> Answer:
    running = bool(breaks) and breaks[0].start <= turn.now
    return views.breaks_shown([_said(turn, one) for one in breaks], turn.action, running=running)


def _said(turn: Turn, one: Away) -> str:
    begun = "You are away" if one.start <= turn.now else f"From {turn.spoken_date(one.start)} on you are away"
    return (
        f"{begun}. Your first day back is {turn.spoken_date(one.end)}."
        if one.end
        else f"{begun}, until you say you are back."
    )


@ritual.press("back")
def come_back(turn: Turn) -> Answer:
    """End the break that runs; what is planned stays. With none running, call off what is planned."""
    breaks = own_breaks(turn)
    if not breaks:
        return Whisper("You are not away.")
    if breaks[0].start > turn.now:
        return call_off(turn)
    finish(turn, breaks[0])
    return views.welcome_back([_said(turn, one) for one in breaks[1:]], turn.action)


@ritual.press("off")
def call_off(turn: Turn) -> Answer:
    """Forget the breaks that are planned."""
    planned = [one for one in own_breaks(turn) if one.start > turn.now]
    for one in planned:
        forget(turn, one)
    return Whisper("Called off. No break is planned any more." if planned else "No break is planned.")


@ritual.timer("return")
def greet(turn: Turn) -> None:
    """Say a quiet welcome at the end of a break; it asks nothing."""
    one = turn.db.get(Away, int(turn.about))
    if one is None:
        return
    member = turn.member(one.member_id)
    if member.left_at is None:
        turn.dm(member, f"return:{one.id}", views.greeting(turn.movement.name))
