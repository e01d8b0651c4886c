"""How members answer a check-in: by form, by a reply in the thread, by one tap, or by passing."""

from __future__ import annotations

from sqlalchemy import select

from bot.chat import Answer, Buttons, Problems, Text, Whisper, weight
from bot.plain import tidy
from bot.tables import Act, Occurrence
from bot.turn import Answers, Turn
from rituals.checkin import forms, messages, pages
from rituals.checkin.declaration import ritual
from rituals.checkin.questions import is_scale, wording
from rituals.checkin.reminding import settle_reminder
from rituals.checkin.rounds import find_asked, find_mine, show_board
from rituals.checkin.tables import CheckInAnswer

# So many characters an answer, by how many questions share the room of one quote.
MOST = {1: 1500, 2: 750, 3: 500, 4: 370, 5: 300}
DEED_MOST = 200
GONE = Whisper("This check-in takes no more answers. Type /checkin to see whether a newer one is open.")


def open_answer_form(turn: Turn, occurrence: Occurrence) -> Answer:
    """Give the form, with what the member answered before in it."""
    found = find_asked(turn, str(occurrence.id))
    if found is None or found[1].final:
        return GONE
    mine = find_mine(turn, occurrence)
    given = forms.Given(words=dict(mine.words), did=mine.did) if mine else forms.Given()
    questions = found[1].questions
    return forms.answer_form(questions, given, turn.action("answer", occurrence.id), most=MOST[len(questions)])


@ritual.press("answer")
def press_answer(turn: Turn) -> Answer:
    """Open the form from a button."""
    found = find_asked(turn, turn.about)
    return open_answer_form(turn, found[0]) if found else GONE


@ritual.submit("answer")
def keep_answer(turn: Turn) -> Answer:
    """Keep an answer; answering again corrects it."""
    found = find_asked(turn, turn.about)
    if found is None or found[1].final:
        return Problems(
            {
                "": "This check-in takes no more answers, because a newer one has begun. Your words are still here: "
                "copy them into the new one if they fit."
            }
        )
    occurrence, asked = found
    answers = turn.answers
    words = _read_words(answers, asked.questions)
    did = answers.line("did", most=DEED_MOST, required=False)
    if answers.problems:
        return Problems(answers.problems)
    if not words and not did:
        return Problems({"q1": "Please answer at least one question, or press Pass this time."})
    mine = _keep(turn, occurrence)
    mine.words = words
    mine.did = did if forms.has_deed_field(asked.questions) else mine.did
    worded = any(not is_scale(asked.questions[int(number) - 1]) for number in words)
    pages.show_answer(turn, occurrence, mine, worded=worded)
    show_board(turn, occurrence)
    if did:
        record_deed(turn, occurrence, did)
    return _confirm(turn, occurrence, mine, shown=worded)


def _read_words(answers: Answers, questions: list[str]) -> dict[str, str]:
    words = {}
    for number, question in enumerate(questions, start=1):
        name = f"q{number}"
        written = (
            answers.one(name) if is_scale(question) else answers.words(name, most=MOST[len(questions)], required=False)
        )
        if is_scale(question) and written not in ("", *messages.SCALE):
            answers.problems[name] = "Please choose a figure from 1 to 5."
        if written:
            words[str(number)] = written
    if not answers.problems and weight(pages.in_words(questions, words)) > messages.ANSWER_ROOM:
        longest = max((number for number in words), key=lambda number: weight(words[number]))
        answers.problems[f"q{longest}"] = "Together that is more than one answer can hold. Please shorten it."
    return words


@ritual.reply
def keep_reply(turn: Turn) -> None:
    """Count the first words that somebody writes in the thread as their answer; they stand there already."""
    found = find_asked(turn, turn.about)
    if found is None or found[1].final or turn.who.bot or not (turn.unread or tidy(turn.words)):
        return
    mine = find_mine(turn, found[0])
    if mine is None or mine.passed:
        turn.db.add(_keep(turn, found[0]))
        turn.db.flush()
        show_board(turn, found[0])


@ritual.press("tap")
def keep_tap(turn: Turn) -> Answer:
    """Keep one figure; tapping again corrects it."""
    occurrence_id, _, rest = turn.about.partition("/")
    number, _, figure = rest.partition("/")
    found = find_asked(turn, occurrence_id)
    if found is None or found[1].final:
        return GONE
    occurrence, asked = found
    scales = {str(place): one for place, one in enumerate(asked.questions, start=1) if is_scale(one)}
    if number not in scales or figure not in messages.SCALE:
        return GONE
    mine = _keep(turn, occurrence)
    mine.words = {**mine.words, number: figure}
    turn.db.add(mine)
    turn.db.flush()
    show_board(turn, occurrence)
    return messages.tapped(
        wording(scales[number]),
        figure,
        turn.action("answer", occurrence.id),
        more=len(asked.questions) > 1,
    )


@ritual.press("pass")
def pass_this_time(turn: Turn) -> Answer:
    """Let somebody pass: they owe nothing, and are not counted as an answer."""
    found = find_asked(turn, turn.about)
    if found is None or found[1].final:
        return GONE
    occurrence = found[0]
    if occurrence.state != "open":
        return Whisper("This check-in is closed already. You owe nothing.")
    mine = find_mine(turn, occurrence)
    if mine is not None and not mine.passed:
        return Whisper(
            Text("You have answered already, and your answer stays. You can still change it."),
            Buttons(turn.button("Change my answer", "answer", occurrence.id)),
        )
    if mine is None:
        turn.db.add(CheckInAnswer(occurrence_id=occurrence.id, member_id=turn.who.id, passed=True, at=turn.now))
        turn.db.flush()
        turn.record("reaction", once=f"passed:{occurrence.id}:{turn.who.id}", occurrence=occurrence)
        settle_reminder(turn, occurrence)
    return Whisper("All right, nothing from you this time. If you change your mind, the button still works.")


@ritual.press("deed")
def open_deed_form(turn: Turn) -> Answer:
    """Ask for the line 'I did something for us' where the form had no room for it."""
    found = find_asked(turn, turn.about)
    if found is None:
        return GONE
    mine = find_mine(turn, found[0])
    return forms.deed_form(mine.did if mine else "", turn.action("deed", found[0].id))


@ritual.submit("deed")
def keep_deed(turn: Turn) -> Answer:
    """Keep what somebody did."""
    found = find_asked(turn, turn.about)
    if found is None:
        return Problems({"": "This check-in is not there any more. Your words are still here."})
    occurrence, asked = found
    answers = turn.answers
    did = answers.line("did", most=DEED_MOST)
    if answers.problems:
        return Problems(answers.problems)
    if not asked.final:
        mine = _keep(turn, occurrence)
        mine.did = did
        turn.db.add(mine)
        turn.db.flush()
        show_board(turn, occurrence)
    record_deed(turn, occurrence, did)
    return Whisper("Thank you, that is noted.")


def record_deed(turn: Turn, occurrence: Occurrence, did: str) -> None:
    """Write 'I did something' into the ledger: once a check-in, however often the line is corrected, and once a day."""
    told = select(Act.id).where(
        Act.member_id == turn.who.id, Act.kind == "action_done", Act.occurrence_id == occurrence.id
    )
    if turn.db.scalar(told.limit(1)) is None:
        once = f"did:{turn.who.id}:{turn.today().isoformat()}"
        turn.record("action_done", once=once, occurrence=occurrence, evidence=did)


def _keep(turn: Turn, occurrence: Occurrence) -> CheckInAnswer:
    """Find or make this member's answer, note it in the ledger, and let a reminder rest.

    A new one is not in the database yet: whoever asks for it fills it in first, so that it is written once.
    """
    mine = find_mine(turn, occurrence)
    if mine is None:
        mine = CheckInAnswer(
            occurrence_id=occurrence.id, member_id=turn.who.id, at=turn.now, words={}, did="", page=0, passed=True
        )
    if mine.passed:
        mine.late = occurrence.state != "open"
    mine.passed = False
    turn.record("checkin_answer", once=f"answered:{occurrence.id}:{turn.who.id}", occurrence=occurrence)
    settle_reminder(turn, occurrence)
    return mine


def _confirm(turn: Turn, occurrence: Occurrence, mine: CheckInAnswer, *, shown: bool) -> Answer:
    is_open = occurrence.state == "open" and occurrence.closes_at is not None
    return messages.kept(
        open_until=turn.moment(occurrence.closes_at) if is_open and occurrence.closes_at else None,
        late=mine.late,
        shown=shown,
        change=turn.action("answer", occurrence.id),
        deed=None if mine.did else turn.action("deed", occurrence.id),
    )
