"""How a check-in opens, reminds once, and closes with a summary."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from bot.chat import Answer, Buttons, Text, Whisper
from bot.insights import anonymity
from bot.people import away_ids, members
from bot.practices import open_slot
from bot.ritual import Ritual
from bot.tables import Member, Occurrence, Practice
from bot.turn import Turn
from rituals.checkin import views
from rituals.checkin.questions import add_first_sets, is_scale, next_questions, wording
from rituals.checkin.tables import Asked, CheckInAnswer, Energy, EnergyMark

ritual = Ritual(
    "check-in", "Everybody says in two minutes where they are and what comes next.", beat="every monday 09:00"
)

OPEN_HOURS = 48
REMIND_HOURS = 24
QUORUM = 2
KEEP_CLOSED_FIGURES = timedelta(days=30)


@ritual.begins
def begin(turn: Turn) -> None:
    """Give a new movement its first questions."""
    add_first_sets(turn.db, turn.practice())


@ritual.command("checkin", "Answer the open check-in", organizers_usage="[now | questions | settings]")
def checkin(turn: Turn) -> Answer:
    """Open the form of the check-in that runs; organizers can also start one, or see its questions and settings."""
    from rituals.checkin import questions_page, settings
    from rituals.checkin.answering import open_answer_form

    pages = {"questions": questions_page.show_sets, "settings": settings.open_form, "now": start_now}
    word = turn.words.lower().strip()
    if word in pages:
        if turn.who.role == "member":
            return Whisper("Only an organizer can do this.")
        return pages[word](turn)
    if word:
        return Whisper(
            "I know /checkin alone, and for organizers /checkin now, /checkin questions and /checkin settings."
        )
    running = open_one(turn)
    if running is not None:
        return open_answer_form(turn, running)
    practice = turn.practice()
    coming = f"The next one opens {turn.spoken(practice.next_at)}." if practice.next_at else "None is planned."
    said = Text(f"No check-in is open right now. {coming}")
    if turn.who.role == "member":
        return Whisper(said)
    return Whisper(said, Buttons(turn.button("Start one now", "now", primary=True)))


@ritual.press("now", only="organizer")
def start_now(turn: Turn) -> Answer:
    """Start a check-in on demand; there is never a second one beside one that is open."""
    running = open_one(turn)
    if running is not None and running.closes_at is not None:
        return Whisper(Text("A check-in is open already, until ", turn.moment(running.closes_at), "."))
    occurrence = open_slot(turn.db, turn.practice(), turn.now, now=turn.now)
    if occurrence is None:
        return Whisper("A check-in was started this very moment.")
    ask(turn, occurrence)
    return Whisper("Done. The check-in is in the channel.")


@ritual.opens
def open_planned(turn: Turn) -> None:
    """Ask at the planned time."""
    ask(turn, turn.occurrence)


def ask(turn: Turn, occurrence: Occurrence) -> None:
    """Post the prompt, and set when to remind and when to close."""
    practice = turn.db.get_one(Practice, occurrence.practice_id)
    settle_earlier(turn, practice, occurrence)
    occurrence.closes_at = _closing(practice, occurrence.opened_at or turn.now)
    with_energy = practice.settings.get("energy", True) and anonymity.may_offer(len(members(turn.db, turn.movement.id)))
    turn.db.add(
        Asked(
            occurrence_id=occurrence.id,
            questions=next_questions(turn.db, practice),
            energy_key=secrets.token_hex(32) if with_energy else "",
        )
    )
    turn.db.flush()
    turn.later(occurrence.closes_at, "close", occurrence.id)
    remind_hours = int(practice.settings.get("remind_hours", REMIND_HOURS))
    remind_at = turn.now + timedelta(hours=remind_hours)
    if remind_hours and remind_at < occurrence.closes_at:
        turn.later(remind_at, "remind", occurrence.id)
    show_board(turn, occurrence)


def _closing(practice: Practice, opened_at: datetime) -> datetime:
    """Close after the set hours, and never later than the next one opens."""
    closes = opened_at + timedelta(hours=int(practice.settings.get("open_hours", OPEN_HOURS)))
    return min(closes, practice.next_at) if practice.next_at and practice.next_at > opened_at else closes


def settle_earlier(turn: Turn, practice: Practice, occurrence: Occurrence) -> None:
    """Close what is still open from before, and take no more late answers to it."""
    earlier = turn.db.execute(
        select(Occurrence, Asked)
        .join(Asked, Asked.occurrence_id == Occurrence.id)
        .where(Occurrence.practice_id == practice.id, Occurrence.id != occurrence.id, Asked.final.is_(False))
    ).all()
    for before, asked in earlier:
        if before.state == "open":
            close_one(turn, before)
        asked.final = True
        turn.db.flush()
        show_board(turn, before)


def open_one(turn: Turn) -> Occurrence | None:
    """Find the check-in that is open."""
    return turn.db.scalar(
        select(Occurrence)
        .where(Occurrence.practice_id == turn.practice().id, Occurrence.state == "open")
        .order_by(Occurrence.id.desc())
        .limit(1)
    )


def find_asked(turn: Turn, occurrence_id: str) -> tuple[Occurrence, Asked] | None:
    """Find a check-in of this very movement; an action may name any number."""
    if not occurrence_id.isdigit():
        return None
    row = turn.db.execute(
        select(Occurrence, Asked)
        .join(Asked, Asked.occurrence_id == Occurrence.id)
        .where(Occurrence.id == int(occurrence_id), Occurrence.movement_id == turn.movement.id)
    ).first()
    return (row[0], row[1]) if row is not None else None


def count_answers(turn: Turn, occurrence: Occurrence) -> int:
    """Count the people who answered; a pass is no answer."""
    counted = turn.db.scalar(
        select(func.count()).where(CheckInAnswer.occurrence_id == occurrence.id, CheckInAnswer.passed.is_(False))
    )
    return counted or 0


def day_of(turn: Turn, occurrence: Occurrence) -> str:
    """Name a check-in by the day it was planned for, in the movement's time zone."""
    return turn.spoken_date(occurrence.planned_at)


def show_board(turn: Turn, occurrence: Occurrence) -> None:
    """Make the channel's prompt show how things stand."""
    asked = turn.db.get_one(Asked, occurrence.id)
    closes = turn.moment(occurrence.closes_at) if occurrence.state == "open" and occurrence.closes_at else None
    view = views.Board(
        day=day_of(turn, occurrence),
        questions=asked.questions,
        answered=count_answers(turn, occurrence),
        closes=closes,
        energy=bool(asked.energy_key),
        final=asked.final,
    )
    turn.show(f"board:{occurrence.id}", views.board(view, occurrence.id, turn.action), about=str(occurrence.id))


@ritual.timer("remind")
def remind(turn: Turn) -> None:
    """Remind those who owe an answer: once, in private, never who is away or wants no reminders."""
    found = find_asked(turn, turn.about)
    if found is None or found[0].state != "open" or found[0].closes_at is None:
        return
    occurrence, closes_at = found[0], found[0].closes_at
    for member in owing(turn, occurrence):
        if turn.quiet_until(member) < closes_at:
            turn.dm(
                member,
                f"remind:{occurrence.id}:{member.id}",
                views.reminder(turn.movement.name, occurrence.id, turn.moment(closes_at), turn.action),
                about=str(occurrence.id),
            )


def owing(turn: Turn, occurrence: Occurrence) -> list[Member]:
    """List who owes an answer and may be reminded."""
    answered = set(turn.db.scalars(select(CheckInAnswer.member_id).where(CheckInAnswer.occurrence_id == occurrence.id)))
    there = [
        member
        for member in members(turn.db, turn.movement.id)
        if member.reminders and member.id not in answered and member.joined_at <= (occurrence.opened_at or turn.now)
    ]
    away = away_ids(turn.db, [member.id for member in there], at=turn.now)
    return [member for member in there if member.id not in away]


@ritual.timer("close")
def close(turn: Turn) -> None:
    """Close a check-in at its time."""
    found = find_asked(turn, turn.about)
    if found is not None and found[0].state == "open":
        close_one(turn, found[0])
        show_board(turn, found[0])


def close_one(turn: Turn, occurrence: Occurrence) -> None:
    """Close, take back reminders that nobody has seen, and post what it came to in the thread."""
    answered = count_answers(turn, occurrence)
    occurrence.closed_at = turn.now
    occurrence.state = "held" if answered >= QUORUM else "missed"
    turn.cancel("remind", occurrence.id)
    turn.cancel("close", occurrence.id)
    for member in owing(turn, occurrence):
        turn.withdraw(f"remind:{occurrence.id}:{member.id}")
    turn.show(
        f"summary:{occurrence.id}",
        views.summary(_outcome(turn, occurrence, answered)),
        under=f"board:{occurrence.id}",
        about=str(occurrence.id),
    )


def _outcome(turn: Turn, occurrence: Occurrence, answered: int) -> views.Outcome:
    asked = turn.db.get_one(Asked, occurrence.id)
    rows = turn.db.execute(
        select(CheckInAnswer, Member.name)
        .join(Member, Member.id == CheckInAnswer.member_id)
        .where(CheckInAnswer.occurrence_id == occurrence.id, CheckInAnswer.passed.is_(False))
        .order_by(CheckInAnswer.id)
    ).all()
    scales = [
        (wording(question), tuple(int(row.words[str(number)]) for row, _ in rows if row.words.get(str(number))))
        for number, question in enumerate(asked.questions, start=1)
        if is_scale(question)
    ]
    figures = turn.db.scalars(select(Energy.figure).where(Energy.occurrence_id == occurrence.id)).all()
    # From here on nobody can tell any more who gave a figure.
    asked.energy_key = ""
    turn.db.execute(delete(EnergyMark).where(EnergyMark.occurrence_id == occurrence.id))
    released = anonymity.release(figures)
    if figures and not released:
        turn.later(KEEP_CLOSED_FIGURES, "forget-energy", occurrence.id)
    return views.Outcome(
        day=day_of(turn, occurrence),
        answered=answered,
        scales=scales,
        deeds=[(name, row.did) for row, name in rows if row.did],
        energy=released,
        energy_given=len(figures),
    )


@ritual.timer("forget-energy")
def forget_energy(turn: Turn) -> None:
    """Delete figures that were too few to be shown."""
    turn.db.execute(delete(Energy).where(Energy.occurrence_id == int(turn.about)))
