"""Looking back on one gathering: a line of somebody who came waits for the next retro, and belongs to nobody."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.chat import Answer, Problems, Whisper
from bot.insights import anonymity
from bot.tables import Act, Gathering
from bot.turn import Turn, read_number
from rituals.retro import forms
from rituals.retro.declaration import REFLECTION_MOST, ritual
from rituals.retro.formats import FIRST, FORMATS, wait_for
from rituals.retro.notes import KEY, NOT_GOOD, find_note, is_spent, keep_waiting, new_key
from rituals.retro.rounds import find_open

COLUMNS = FORMATS[FIRST].columns
GONE = Whisper("This gathering is not there any more. /retro note takes your words for the next retro.")


@ritual.press("reflect", anonymous=True)
def open_reflection(turn: Turn) -> Answer:
    """Ask for one line on a gathering."""
    number, _, column = turn.about.partition("/")
    gathering, at = _find_gathering(turn, number), _read_column(column)
    if gathering is None or at is None:
        return GONE
    action = turn.action("reflection", f"{gathering.id}/{at}/{new_key()}")
    return forms.reflection_form(action, gathering.title, COLUMNS[at], few=_few_who_came(turn, gathering))


@ritual.submit("reflection", anonymous=True)
def keep_reflection(turn: Turn) -> Answer:
    """Keep the line for the next retro, where it has the right column if there is one."""
    number, _, rest = turn.about.partition("/")
    column, _, key = rest.partition("/")
    gathering, at = _find_gathering(turn, number), _read_column(column)
    open_one = find_open(turn)
    spent = open_one is not None and is_spent(open_one[1], key)
    if gathering is None or at is None or spent or not KEY.fullmatch(key):
        return NOT_GOOD
    answers = turn.answers
    words = answers.words("note", most=REFLECTION_MOST)
    if answers.problems:
        return Problems(answers.problems)
    first = find_note(turn, key) is None
    answer = keep_waiting(turn, key, f"{gathering.title}: {words}", column=wait_for(at))
    # A form that is delivered twice finds its own note, and is counted once.
    if first and isinstance(answer, Whisper):
        gathering.reflections += 1
    return answer


def _find_gathering(turn: Turn, written: str) -> Gathering | None:
    number = read_number(written)
    ours = select(Gathering).where(Gathering.id == number, Gathering.movement_id == turn.movement.id)
    return turn.db.scalar(ours.where(Gathering.state == "over")) if number is not None else None


def _read_column(written: str) -> int | None:
    return int(written) if written in {str(at) for at in range(len(COLUMNS))} else None


def _few_who_came(turn: Turn, gathering: Gathering) -> int:
    """Tell how many were there to look back, where that is too few to stay unknown; 0 otherwise."""
    there = select(func.count(Act.member_id.distinct()))
    came = turn.db.scalar(there.where(Act.occurrence_id == gathering.occurrence_id, Act.kind == "attended")) or 0
    return 0 if anonymity.may_offer(came) else came
