"""Announcing a gathering: typed in a line, or filled in."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.cadence import read_cadence
from bot.chat import Answer, Blank, Problems, Whisper
from bot.moments import MomentError
from bot.phrases import read_phrase
from bot.plain import tidy_line
from bot.tables import Gathering, Series
from bot.turn import Answers, Turn, read_number
from rituals.gathering import forms, gatherings, views
from rituals.gathering.declaration import (
    FURTHEST,
    MOST_MINUTES,
    MOST_PLACES,
    PLACE_MOST,
    TITLE_MOST,
    TYPED,
    USUAL_MINUTES,
    guess_kind,
    ritual,
)
from rituals.gathering.forms import Filled
from rituals.gathering.planning import Plan, clock_note, is_taken, make_gathering, practice_of
from rituals.gathering.reading import Line, join_rhythm, read_line, read_minutes
from rituals.gathering.series import begin_series
from rituals.gathering.venues import Where, read_place, write_place

WHAT = Blank("what", "What and when, such as: town hall tomorrow 18:00 90m", ("list", "calendar"))
USAGE = "[town hall tomorrow 18:00 90m | list]"
PASSED = "That time has passed. Choose one that is still ahead."
TOO_FAR = "That is more than a year ahead. Choose a nearer day."
TAKEN = "There is a gathering of this name at that time already. Choose another name or time."
LENGTH = "Write how long it takes, such as '90m' or '2h'; a day at most."
PLACES = "Write a number of people, such as 20, or leave it empty."


@ritual.command("gather", "Announce a gathering, or see what comes next", usage=USAGE, blank=WHAT)
def gather(turn: Turn) -> Answer:
    """Understand '/gather town hall tomorrow 18:00 90m', or ask for what is missing."""
    first, _, rest = tidy_line(turn.words).partition(" ")
    if first.lower() in TYPED:
        turn.words = rest
        return TYPED[first.lower()](turn)
    line = read_line(turn.words, zone=turn.zone, now=turn.now)
    plan = _plan(turn, line)
    why = line.problem or (_check(turn, plan) if plan is not None else "")
    if plan is None or why:
        return _form(turn, line, why)
    return _announce(turn, plan)


@ritual.press("new")
def open_form(turn: Turn) -> Answer:
    """Open an empty form."""
    return _form(turn, Line(), "")


def _plan(turn: Turn, line: Line) -> Plan | None:
    """Make a plan of a line that says all that is needed; none where something has to be asked."""
    fits = 0 < _units(line.title) <= TITLE_MOST and _units(line.where.place) <= PLACE_MOST
    sized = line.minutes is None or 1 <= line.minutes <= MOST_MINUTES
    seats = line.capacity is None or 1 <= line.capacity <= MOST_PLACES
    if not (fits and sized and seats) or line.starts_at is None:
        return None
    return Plan(
        title=line.title,
        starts_at=line.starts_at,
        minutes=line.minutes or USUAL_MINUTES,
        cadence=line.cadence,
        kind=guess_kind(line.title, place_kind=line.where.kind),
        place_kind=line.where.kind,
        place=line.where.place,
        capacity=line.capacity,
        host_id=None if line.open_slot else turn.who.id,
        announced_by_id=turn.who.id,
    )


def _check(turn: Turn, plan: Plan) -> str:
    """Say what is wrong with a plan, or ''."""
    why = check_time(turn, plan.starts_at)
    return why or (TAKEN if is_taken(turn, plan.title, plan.starts_at) else "")


def check_time(turn: Turn, starts_at: datetime) -> str:
    """Say why nothing can begin at this time, or ''."""
    if starts_at <= turn.now:
        return PASSED
    return TOO_FAR if starts_at - turn.now > FURTHEST else ""


def _form(turn: Turn, line: Line, why: str) -> Answer:
    """Ask with all that is known filled in; what the form has no field for is carried along."""
    ahead = line.starts_at is not None and not check_time(turn, line.starts_at)
    filled = Filled(
        title=line.title,
        when=picked(turn, line.starts_at) if line.starts_at is not None and ahead else "",
        minutes=f"{line.minutes or USUAL_MINUTES}m",
        where=write_place(line.where),
        again=line.cadence,
    )
    seats = line.capacity if line.capacity is not None and 1 <= line.capacity <= MOST_PLACES else 0
    return forms.announce_form(filled, why, turn.action("announce", f"{seats}{'-open' * line.open_slot}"))


def picked(turn: Turn, at: datetime) -> str:
    """Write a moment as a picker has it, by the movement's clocks."""
    return at.astimezone(ZoneInfo(turn.zone)).isoformat(timespec="minutes")


@ritual.submit("announce")
def announce(turn: Turn) -> Answer:
    """Announce what was filled in."""
    answers = turn.answers
    title = answers.line("title", most=TITLE_MOST)
    starts_at = read_when(turn, answers)
    minutes = read_length(answers)
    where = read_where(answers)
    cadence = _read_again(turn, answers, starts_at) if starts_at is not None else ""
    if starts_at is not None and "title" not in answers.problems and is_taken(turn, title, starts_at):
        answers.problems.setdefault("when", TAKEN)
    if answers.problems or starts_at is None:
        return Problems(answers.problems)
    seats, _, slot = turn.about.partition("-")
    plan = Plan(
        title=title,
        starts_at=starts_at,
        minutes=minutes,
        cadence=cadence,
        kind=guess_kind(title, place_kind=where.kind),
        place_kind=where.kind,
        place=where.place,
        capacity=min(read_number(seats) or 0, MOST_PLACES) or None,
        host_id=None if slot else turn.who.id,
        announced_by_id=turn.who.id,
    )
    return _announce(turn, plan)


def _announce(turn: Turn, plan: Plan) -> Whisper:
    practice = practice_of(turn, plan.title, owner_id=turn.who.id)
    if plan.cadence:
        series, gathering = begin_series(turn, plan, practice)
    else:
        series, gathering = None, make_gathering(turn, plan, practice)
        gatherings.publish(turn, gathering)
    return _announced(turn, gathering, series)


def _announced(turn: Turn, gathering: Gathering, series: Series | None) -> Whisper:
    notes = [clock_note(gathering.starts_at, turn.zone)]
    if gathering.host_id is None:
        notes.append("Nobody hosts it yet; anybody may take it.")
    elif series is None:
        notes.append("You host it.")
    else:
        notes.append("You host the first one; after that the hosts take turns.")
    if series is not None:
        notes.append("Only the next one is shown in the channel, six days ahead.")
    if not gathering.place_kind:
        notes.append("Where it is can be added with Time and place.")
    told = " ".join(note for note in notes if note)
    shown = gatherings.read_shown(turn, gathering)
    again = series.cadence if series is not None else ""
    hosts = gathering.host_id == turn.who.id
    return views.announced(shown, again, told, turn.action, hosts=hosts, rota=series is not None)


# ------------------------------------------------------------------------------------------------ reading a form


def read_when(turn: Turn, answers: Answers, field: str = "when") -> datetime | None:
    """Read when it begins, as people say it or as a picker sends it."""
    written = tidy_line(answers.one(field))
    if not written:
        answers.problems[field] = "Please fill this in."
        return None
    try:
        at = read_phrase(written, zone=turn.zone, now=turn.now)
    except MomentError as error:
        answers.problems[field] = str(error)
        return None
    why = check_time(turn, at)
    if why:
        answers.problems[field] = why
    return at


def read_length(answers: Answers) -> int:
    """Read how many minutes it takes."""
    minutes = read_minutes(answers.line("length", most=forms.LENGTH_MOST))
    if minutes is None or not 1 <= minutes <= MOST_MINUTES:
        answers.problems.setdefault("length", LENGTH)
        return USUAL_MINUTES
    return minutes


def read_where(answers: Answers) -> Where:
    """Read where it is."""
    return read_place(answers.line("where", most=PLACE_MOST, required=False))


def read_capacity(answers: Answers) -> int | None:
    """Read for how many people it is."""
    written = answers.line("places", most=forms.PLACES_MOST, required=False)
    if not written:
        return None
    number = read_number(written) or 0
    if not 1 <= number <= MOST_PLACES:
        answers.problems.setdefault("places", PLACES)
        return None
    return number


def _read_again(turn: Turn, answers: Answers, starts_at: datetime) -> str:
    """Read the rhythm of a series that begins at a moment."""
    written = answers.line("again", most=forms.CADENCE_MOST, required=False)
    if not written:
        return ""
    cadence = join_rhythm(written, starts_at, zone=turn.zone)
    if cadence:
        return cadence
    try:
        read = read_cadence(written)
    except ValueError as error:
        answers.problems["again"] = str(error)
        return ""
    first = turn.spoken(starts_at)
    answers.problems["again"] = f"The first one, {first}, is not on '{read}'. Change one of the two."
    return ""


def _units(words: str) -> int:
    return len(words.encode("utf-16-le")) // 2
