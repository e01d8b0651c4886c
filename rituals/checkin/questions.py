"""What a check-in asks: sets of one to five questions that take turns."""

from __future__ import annotations

import re

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.tables import Occurrence, Practice
from rituals.checkin.declaration import CHANGE_EVERY
from rituals.checkin.tables import Asked, QuestionSet

MOST_QUESTIONS = 5
MOST_SETS = 10
QUESTION_LIMIT = 100

SCALE = re.compile(r"\s*\(1\s*(?:-|–|to)\s*5\)\s*$", re.IGNORECASE)

FIRST_SETS = (
    ("Moving forward", ("What did you move forward?", "What will you do next?", "Where do you need a hand?")),
    ("How it feels", ("How was your week with us? (1-5)", "What made it so?", "What should we do less of?")),
    ("People", ("Who did you talk to about our cause?", "What did you hear?", "What will you do next?")),
)


def is_scale(question: str) -> bool:
    """Tell whether a question is answered with a figure: it ends with '(1-5)'."""
    return SCALE.search(question) is not None


def wording(question: str) -> str:
    """Give a question without the mark that makes it a scale."""
    return SCALE.sub("", question)


def sets_of(db: Session, practice: Practice) -> list[QuestionSet]:
    """List a movement's question sets in their order."""
    return list(
        db.scalars(
            select(QuestionSet)
            .where(QuestionSet.practice_id == practice.id)
            .order_by(QuestionSet.position, QuestionSet.id)
        )
    )


def add_first_sets(db: Session, practice: Practice) -> None:
    """Give a new movement questions to begin with."""
    if sets_of(db, practice):
        return
    for position, (name, questions) in enumerate(FIRST_SETS):
        db.add(QuestionSet(practice_id=practice.id, position=position, name=name, questions=list(questions)))
    db.flush()


def next_questions(db: Session, practice: Practice) -> list[str]:
    """Choose what to ask now: each set is asked a few times in a row, then the next one takes its turn."""
    sets = sets_of(db, practice)
    if not sets:
        return list(FIRST_SETS[0][1])
    asked = (
        db.scalar(
            select(func.count())
            .select_from(Asked)
            .join(Occurrence, Occurrence.id == Asked.occurrence_id)
            .where(Occurrence.practice_id == practice.id)
        )
        or 0
    )
    every = int(practice.settings.get("change_every", CHANGE_EVERY))
    return list(sets[asked // every % len(sets)].questions)
