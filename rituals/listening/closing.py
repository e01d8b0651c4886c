"""How a round ends: the channel sees how many pairs talked, and after 400 days nothing of it is kept."""

from __future__ import annotations

from sqlalchemy import delete, select

from bot.chat import Answer, Whisper
from bot.tables import Act, Occurrence, Practice
from bot.turn import Turn, read_number
from rituals.listening.declaration import ritual
from rituals.listening.shown import show_round
from rituals.listening.tables import ListeningPair, ListeningRound


def find_round(turn: Turn, about: str) -> Occurrence | None:
    """Find a round of this very movement."""
    number = read_number(about)
    if number is None:
        return None
    return turn.db.scalar(
        select(Occurrence)
        .join(ListeningRound, ListeningRound.occurrence_id == Occurrence.id)
        .where(Occurrence.id == number, Occurrence.movement_id == turn.movement.id)
    )


@ritual.timer("close")
def close(turn: Turn) -> None:
    """End a round at its time."""
    occurrence = find_round(turn, turn.about)
    if occurrence is not None and occurrence.state == "open":
        close_round(turn, occurrence)


@ritual.press("end", only="organizer")
def end_now(turn: Turn) -> Answer:
    """End the round that is on before its time."""
    running = turn.db.scalar(
        select(Occurrence)
        .join(ListeningRound, ListeningRound.occurrence_id == Occurrence.id)
        .join(Practice, Practice.id == Occurrence.practice_id)
        .where(Practice.movement_id == turn.movement.id, Occurrence.state == "open")
        .order_by(Occurrence.id.desc())
        .limit(1)
    )
    if running is None:
        return Whisper("No listening round is on, so there is nothing to end.")
    close_round(turn, running)
    return Whisper("The round is over. Whoever talked can still say so for a week.")


def close_round(turn: Turn, occurrence: Occurrence) -> None:
    """End a round. Nobody is asked any more; what they say within a week still counts."""
    occurrence.closed_at = turn.now
    turn.cancel("close", occurrence.id)
    turn.cancel("ask", occurrence.id)
    judge_round(turn, occurrence)


def judge_round(turn: Turn, occurrence: Occurrence) -> None:
    """Say of a round that is over whether it was held: when at least one pair talked."""
    turn.db.flush()
    # By the ledger, not by the pairs: those go with who is deleted, and a round that was held stays held.
    talked = select(Act.id).where(Act.occurrence_id == occurrence.id, Act.kind == "attended").limit(1)
    occurrence.state = "held" if turn.db.scalar(talked) is not None else "missed"
    show_round(turn, occurrence)


@ritual.timer("forget")
def forget(turn: Turn) -> None:
    """Delete who was with whom and what they heard; that they took part stays in their own record."""
    occurrence = find_round(turn, turn.about)
    if occurrence is not None:
        turn.db.execute(delete(ListeningPair).where(ListeningPair.occurrence_id == occurrence.id))
