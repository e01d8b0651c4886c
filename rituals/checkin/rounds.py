"""The check-ins of a movement: which one runs, what it asks, who has answered, and the prompt that shows it."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from bot.chat import Message
from bot.marks import are_open
from bot.tables import Member, Occurrence, Post
from bot.turn import Turn, read_number
from rituals.checkin import messages
from rituals.checkin.tables import Asked, CheckInAnswer

_MINE = select(CheckInAnswer).where(
    CheckInAnswer.occurrence_id == bindparam("occurrence"), CheckInAnswer.member_id == bindparam("member")
)


def find_asked(turn: Turn, occurrence_id: str) -> tuple[Occurrence, Asked] | None:
    """Find a check-in of this very movement; an action may name any number."""
    number = read_number(occurrence_id)
    if number is None:
        return None
    occurrence, asked = turn.db.get(Occurrence, number), turn.db.get(Asked, number)
    if occurrence is None or asked is None or occurrence.movement_id != turn.movement.id:
        return None
    return occurrence, asked


def find_open(turn: Turn) -> Occurrence | None:
    """Find the check-in that is open."""
    return turn.db.scalar(
        select(Occurrence)
        .where(Occurrence.practice_id == turn.practice().id, Occurrence.state == "open")
        .order_by(Occurrence.id.desc())
        .limit(1)
    )


def find_closed_lately(turn: Turn) -> Occurrence | None:
    """Find the check-in that is closed and still takes late answers."""
    return turn.db.scalar(
        select(Occurrence)
        .join(Asked, Asked.occurrence_id == Occurrence.id)
        .where(Occurrence.practice_id == turn.practice().id, Occurrence.state != "open", Asked.final.is_(False))
        .order_by(Occurrence.id.desc())
        .limit(1)
    )


def find_mine(turn: Turn, occurrence: Occurrence) -> CheckInAnswer | None:
    """Find what the one who acts has answered."""
    return turn.db.scalar(_MINE, {"occurrence": occurrence.id, "member": turn.who.id})


def count_answers(turn: Turn, occurrence: Occurrence) -> int:
    """Count the people who answered: a pass is no answer, and nobody is counted who asked not to be."""
    counted = turn.db.scalar(
        select(func.count())
        .select_from(CheckInAnswer)
        .join(Member, Member.id == CheckInAnswer.member_id)
        .where(
            CheckInAnswer.occurrence_id == occurrence.id,
            CheckInAnswer.passed.is_(False),
            Member.opted_out.is_(False),
        )
    )
    return counted or 0


def day_of(turn: Turn, occurrence: Occurrence) -> str:
    """Name a check-in by the day it was planned for, in the movement's time zone."""
    return turn.spoken_date(occurrence.planned_at)


def show_board(turn: Turn, occurrence: Occurrence) -> None:
    """Make the channel's prompt show how things stand."""
    asked = turn.db.get_one(Asked, occurrence.id)
    turn.show(
        _key(occurrence),
        lambda: _board(turn, occurrence, asked, count_answers(turn, occurrence)),
        about=str(occurrence.id),
    )


def show_new_board(turn: Turn, occurrence: Occurrence, asked: Asked) -> None:
    """Show a check-in that has just opened: nobody can have answered, so nobody is counted."""
    turn.show(_key(occurrence), _board(turn, occurrence, asked, 0), about=str(occurrence.id))


def find_board(turn: Turn, occurrence: Occurrence) -> Post | None:
    """Find the channel's prompt as it stands in the chat."""
    key = f"{turn.ritual.name}:{_key(occurrence)}"
    return turn.db.scalar(select(Post).where(Post.movement_id == turn.movement.id, Post.key == key))


def energy_scope(occurrence: Occurrence) -> str:
    """Name what people are marked for who gave an energy figure; the marks are there from the opening to the close."""
    return f"energy:{occurrence.id}"


def _key(occurrence: Occurrence) -> str:
    return f"board:{occurrence.id}"


def _board(turn: Turn, occurrence: Occurrence, asked: Asked, answered: int) -> Message:
    closes = turn.moment(occurrence.closes_at) if occurrence.state == "open" and occurrence.closes_at else None
    view = messages.Board(
        day=day_of(turn, occurrence),
        questions=asked.questions,
        answered=answered,
        closes=closes,
        energy=closes is not None and are_open(turn, energy_scope(occurrence)),
        final=asked.final,
    )
    return messages.board(view, occurrence.id, turn.action)
