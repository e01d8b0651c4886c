"""The answers in the thread of a check-in: a few on each post, so that sixty people make ten posts and not sixty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, func, or_, select

from bot.chat import Message
from bot.tables import Member, Occurrence
from bot.turn import Turn
from rituals.checkin import messages
from rituals.checkin.questions import is_scale
from rituals.checkin.rounds import day_of
from rituals.checkin.tables import Asked, CheckInAnswer

_LAST = select(func.max(CheckInAnswer.page)).where(CheckInAnswer.occurrence_id == bindparam("occurrence"))
_TWO_PAGES = select(CheckInAnswer.id, CheckInAnswer.page, CheckInAnswer.words).where(
    CheckInAnswer.occurrence_id == bindparam("occurrence"),
    or_(CheckInAnswer.page == bindparam("mine"), CheckInAnswer.page == _LAST.scalar_subquery()),
    CheckInAnswer.page > 0,
)


def in_words(questions: Sequence[str], words: Mapping[str, str]) -> str:
    """Give an answer as the thread shows it: numbered like the questions. Figures are shown only as a group's."""
    lines = [
        (number, words[str(number)])
        for number, question in enumerate(questions, start=1)
        if words.get(str(number)) and not is_scale(question)
    ]
    if len(questions) == 1:
        return lines[0][1] if lines else "(answered)"
    return "\n".join(f"{number}. {written}" for number, written in lines) or "(answered)"


def show_answer(turn: Turn, occurrence: Occurrence, mine: CheckInAnswer, *, worded: bool) -> None:
    """Put an answer on a page: where it stands already while it fits there, else on the last one with room."""
    asked = turn.db.get_one(Asked, occurrence.id)
    before = mine.page
    if worded or before:
        mine.page = _choose(turn, occurrence, asked, mine)
    turn.db.add(mine)
    turn.db.flush()
    for number in sorted({before, mine.page} - {0}):
        show_page(turn, occurrence, asked, number)


def _choose(turn: Turn, occurrence: Occurrence, asked: Asked, mine: CheckInAnswer) -> int:
    # Only two pages are looked at, however many there are: where it stands, and the last one.
    given = turn.db.execute(_TWO_PAGES, {"occurrence": occurrence.id, "mine": mine.page}).all()
    last = max((page for _, page, _ in given), default=0) or 1
    for number in (mine.page, last):
        there = [
            in_words(asked.questions, words) for answer, page, words in given if page == number and answer != mine.id
        ]
        if number and messages.has_room(there, in_words(asked.questions, mine.words)):
            return number
    return last + 1


def show_page(turn: Turn, occurrence: Occurrence, asked: Asked, number: int) -> None:
    """Show one page as it stands when all have had their turn."""
    turn.show(
        f"answers:{occurrence.id}:{number}",
        lambda: _page(turn, occurrence, asked, number),
        under=f"board:{occurrence.id}",
        about=str(occurrence.id),
    )


def _page(turn: Turn, occurrence: Occurrence, asked: Asked, number: int) -> Message:
    rows = turn.db.execute(
        select(CheckInAnswer, Member.name)
        .join(Member, Member.id == CheckInAnswer.member_id)
        .where(CheckInAnswer.occurrence_id == occurrence.id, CheckInAnswer.page == number)
        .order_by(CheckInAnswer.at, CheckInAnswer.id)
    ).all()
    entries = [messages.Entry(name, in_words(asked.questions, answer.words), late=answer.late) for answer, name in rows]
    return messages.page(day_of(turn, occurrence), entries)
