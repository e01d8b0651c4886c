"""How a check-in closes, at its time or earlier, with a summary in its thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import select

from bot.chat import Answer, Message, Whisper
from bot.insights import anonymity
from bot.tables import Member, Occurrence
from bot.turn import Turn
from rituals.checkin import messages
from rituals.checkin.declaration import QUORUM, ritual
from rituals.checkin.energy import release_energy
from rituals.checkin.questions import is_scale, wording
from rituals.checkin.reminding import stop_reminding_of
from rituals.checkin.rounds import count_answers, day_of, find_asked, find_open, show_board
from rituals.checkin.tables import Asked, CheckInAnswer, Energy


@ritual.timer("close")
def close(turn: Turn) -> None:
    """Close a check-in at its time."""
    found = find_asked(turn, turn.about)
    if found is not None and found[0].state == "open":
        close_one(turn, found[0])
        show_board(turn, found[0])


@ritual.press("close-now", only="organizer")
def close_now(turn: Turn) -> Answer:
    """Close a check-in before its time; with no number it is the one that is open."""
    found = find_asked(turn, turn.about)
    running = found[0] if found is not None else find_open(turn)
    if running is None or running.state != "open":
        return Whisper("No check-in is open, so there is nothing to close.")
    close_one(turn, running)
    show_board(turn, running)
    return Whisper("Closed. The summary is in the thread. Late answers are welcome until the next check-in.")


def close_one(turn: Turn, occurrence: Occurrence) -> None:
    """Close, take back reminders that nobody has seen, and post what it came to in the thread."""
    answered = count_answers(turn, occurrence)
    occurrence.closed_at = turn.now
    occurrence.state = "held" if answered >= QUORUM else "missed"
    turn.cancel("close", occurrence.id)
    stop_reminding_of(turn, occurrence)
    _show_summary(turn, occurrence, messages.summary(_outcome(turn, occurrence, release_energy(turn, occurrence))))


def _show_summary(turn: Turn, occurrence: Occurrence, view: Message | Callable[[], Message]) -> None:
    turn.show(f"summary:{occurrence.id}", view, under=f"board:{occurrence.id}", about=str(occurrence.id))


def show_summary_anew(turn: Turn, occurrence: Occurrence) -> None:
    """Show what a closed check-in came to once more, after somebody was taken out of it, at the end of this turn."""

    def anew() -> Message:
        figures = select(Energy.figure).where(Energy.occurrence_id == occurrence.id).order_by(Energy.figure)
        kept = turn.db.scalars(figures).all()
        return messages.summary(_outcome(turn, occurrence, (anonymity.release(kept), len(kept))))

    _show_summary(turn, occurrence, anew)


def _outcome(turn: Turn, occurrence: Occurrence, energy: tuple[tuple[int, ...], int]) -> messages.Outcome:
    asked = turn.db.get_one(Asked, occurrence.id)
    rows: Sequence[tuple[CheckInAnswer, Member]] = [
        (row[0], row[1])
        for row in turn.db.execute(
            select(CheckInAnswer, Member)
            .join(Member, Member.id == CheckInAnswer.member_id)
            .where(CheckInAnswer.occurrence_id == occurrence.id, CheckInAnswer.passed.is_(False))
            .order_by(CheckInAnswer.id)
        )
    ]
    scales = [
        (
            wording(question),
            tuple(
                int(answer.words[str(number)])
                for answer, member in rows
                if answer.words.get(str(number)) and not member.opted_out
            ),
        )
        for number, question in enumerate(asked.questions, start=1)
        if is_scale(question)
    ]
    shown, given = energy
    return messages.Outcome(
        day=day_of(turn, occurrence),
        answered=count_answers(turn, occurrence),
        scales=scales,
        deeds=[(member.name, answer.did) for answer, member in rows if answer.did],
        energy=shown,
        energy_given=given,
    )
