"""What /checkin does: it opens the form; organizers can also start one, close it, and change what it asks."""

from __future__ import annotations

from bot.chat import Answer, Blank, Buttons, Text, Whisper
from bot.turn import Turn
from rituals.checkin import closing, opening, questions_page, settings
from rituals.checkin.answering import open_answer_form
from rituals.checkin.declaration import ritual
from rituals.checkin.rounds import find_closed_lately, find_open

_FOR_ORGANIZERS = {
    "now": opening.start_now,
    "close": closing.close_now,
    "questions": questions_page.show_sets,
    "settings": settings.open_form,
}


@ritual.command(
    "checkin",
    "Answer the open check-in",
    organizers_usage="[now | close | questions | settings]",
    blank=Blank("do", "For organizers: what to do with it", tuple(_FOR_ORGANIZERS)),
)
def checkin(turn: Turn) -> Answer:
    """Open the form of the check-in that runs, or say when the next one does."""
    word = turn.words.lower().strip()
    if word in _FOR_ORGANIZERS:
        return _FOR_ORGANIZERS[word](turn) if turn.who.role != "member" else Whisper("Only an organizer can do this.")
    if word:
        return Whisper(
            "I know /checkin alone, and for organizers /checkin now, /checkin close, /checkin questions and "
            "/checkin settings."
        )
    running = find_open(turn)
    if running is not None:
        return open_answer_form(turn, running)
    practice = turn.practice()
    coming = f"The next one opens {turn.spoken(practice.next_at)}." if practice.next_at else "None is planned."
    row = []
    lately = find_closed_lately(turn)
    if lately is not None:
        row.append(turn.button("Add a late answer", "answer", lately.id))
    if turn.who.role != "member":
        row.append(turn.button("Start one now", "now", primary=True))
    said = Text(f"No check-in is open right now. {coming}")
    return Whisper(said, Buttons(*row)) if row else Whisper(said)
