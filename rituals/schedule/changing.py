"""Changing a ritual: how often it comes round, who owns it, and who stands in."""

from __future__ import annotations

from sqlalchemy import select

from bot import practices
from bot.cadence import Cadence, CadenceError, read_cadence
from bot.chat import Answer, Problems, Whisper, weight
from bot.people import find_present
from bot.tables import Member
from bot.turn import Answers, Turn
from rituals.schedule import forms
from rituals.schedule.practised import NOT_THERE, find_practice, is_quiet, quiet_sentence, ritual

# What a sentence beside a field may weigh; a cadence of sixty marks, quoted twice, does not fit.
SENTENCE_ROOM = 300
NOT_UNDERSTOOD = (
    "I do not understand this; write it like 'every monday 09:00', 'every other friday 16:00' or 'last day of the "
    "month 17:00'."
)


@ritual.press("change", only="organizer")
def open_change_form(turn: Turn) -> Answer:
    """Open a ritual's cadence, owner and understudy."""
    practice = find_practice(turn)
    if practice is None:
        return NOT_THERE
    owner = _person(turn, practice.owner_id)
    understudy = _person(turn, practice.understudy_id)
    return forms.change_form(practice.cadence, owner, understudy, turn.action("change", practice.id))


@ritual.submit("change", only="organizer")
def change(turn: Turn) -> Answer:
    """Keep a ritual's cadence, owner and understudy."""
    practice = find_practice(turn)
    if practice is None:
        return Problems({"": "This ritual is not practised here any more."})
    answers = turn.answers
    cadence = _read_cadence(turn, answers)
    carriers = {field: _carrier(turn, answers.one(field), field, answers.problems) for field in ("owner", "understudy")}
    if carriers["owner"] is not None and carriers["owner"] == carriers["understudy"]:
        answers.problems["understudy"] = "The understudy must be somebody else than the owner."
    if cadence is None or answers.problems:
        return Problems(answers.problems)
    practice.owner_id, practice.understudy_id = carriers["owner"], carriers["understudy"]
    if str(cadence) != practice.cadence:
        practices.follow(turn.db, turn.movement, practice, str(cadence), now=turn.now)
    return Whisper(
        f"Saved. {practice.ritual.capitalize()}: {practices.spoken_plan(turn.movement, practice, now=turn.now)}."
    )


def _read_cadence(turn: Turn, answers: Answers) -> Cadence | None:
    written = answers.line("cadence", most=forms.CADENCE_MOST)
    if "cadence" in answers.problems:
        return None
    try:
        cadence = read_cadence(written)
    except CadenceError as error:
        answers.problems["cadence"] = str(error) if weight(str(error)) <= SENTENCE_ROOM else NOT_UNDERSTOOD
        return None
    first = cadence.next_after(turn.now, zone=turn.movement.zone, anchor=turn.now)
    if first is not None and is_quiet(turn, first):
        answers.problems["cadence"] = quiet_sentence(turn)
    return cadence


def _person(turn: Turn, member_id: int | None) -> tuple[str, ...]:
    if member_id is None:
        return ()
    person = turn.db.scalar(select(Member.person).where(Member.id == member_id, Member.left_at.is_(None)))
    return (person,) if person else ()


def _carrier(turn: Turn, person: str, field: str, problems: dict[str, str]) -> int | None:
    if not person:
        return None
    member = find_present(turn.db, turn.movement, person)
    if member is None:
        problems[field] = "Please choose a member of this movement."
        return None
    return member.id
