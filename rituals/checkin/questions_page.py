"""Where organizers edit what a check-in asks."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.chat import Answer, Problems, Whisper
from bot.plain import tidy_line
from bot.turn import Turn, read_number
from rituals.checkin import forms, messages
from rituals.checkin.declaration import ritual
from rituals.checkin.questions import MOST_QUESTIONS, MOST_SETS, QUESTION_LIMIT, is_scale, sets_of, wording
from rituals.checkin.tables import QuestionSet

NEW = "new"
NOT_THERE = Whisper("This question set is not there any more. Type /checkin questions to see what there is.")


def show_sets(turn: Turn) -> Answer:
    """List the question sets; picking one edits it."""
    sets = [(one.id, one.name, one.questions) for one in sets_of(turn.db, turn.practice())]
    if not sets:
        return Whisper("I am still laying out the first questions. Please try again in a moment.")
    return messages.question_sets(sets, turn.action, full=len(sets) >= MOST_SETS)


@ritual.press("set", only="organizer")
def open_set(turn: Turn) -> Answer:
    """Open one set, or an empty one, for editing."""
    picked = turn.choice or turn.about
    if picked == NEW:
        return forms.question_form(None, turn.action("set", NEW))
    found = _find_set(turn, picked)
    if found is None:
        return NOT_THERE
    return forms.question_form(found.questions, turn.action("set", found.id))


@ritual.submit("set", only="organizer")
def keep_set(turn: Turn) -> Answer:
    """Keep a set's questions; with none left, the set is taken out."""
    answers = turn.answers
    written = {
        f"question{number}": answers.line(f"question{number}", most=QUESTION_LIMIT, required=False)
        for number in range(1, MOST_QUESTIONS + 1)
    }
    for field, question in written.items():
        if is_scale(question) and not tidy_line(wording(question)):
            answers.problems[field] = "Please write the question before (1-5)."
    if answers.problems:
        return Problems(answers.problems)
    questions = [question for question in written.values() if question]
    practice = turn.practice()
    sets = sets_of(turn.db, practice)
    if turn.about == NEW:
        if not questions:
            return Problems({"question1": "Please write at least one question."})
        if len(sets) >= MOST_SETS:
            return Problems({"": f"There are {MOST_SETS} sets already. Please change one of them instead."})
        position = turn.db.scalar(
            select(func.coalesce(func.max(QuestionSet.position), -1) + 1).where(QuestionSet.practice_id == practice.id)
        )
        turn.db.add(
            QuestionSet(practice_id=practice.id, position=position or 0, name=questions[0][:80], questions=questions)
        )
        return Whisper(
            "Saved. The new questions are asked when their turn comes; a check-in that is open stays as it is."
        )
    found = _find_set(turn, turn.about)
    if found is None:
        return Problems(
            {"": "This question set is not there any more. Your questions are still here; copy them first."}
        )
    if questions:
        found.questions = questions
        found.name = questions[0][:80]
        return Whisper("Saved, from the next check-in on. A check-in that is open stays as it is.")
    if len(sets) == 1:
        return Problems({"question1": "This is the only set, so please write at least one question."})
    turn.db.delete(found)
    return Whisper("The set is removed. A check-in that is open stays as it is.")


def _find_set(turn: Turn, number: str) -> QuestionSet | None:
    return turn.db.scalar(
        select(QuestionSet).where(QuestionSet.id == read_number(number), QuestionSet.practice_id == turn.practice().id)
    )
