"""How members answer a check-in: by form, by a reply in the thread, by one tap, or by passing."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.chat import Answer, Problems, Whisper
from bot.plain import tidy
from bot.tables import Member, Occurrence
from bot.turn import Turn
from rituals.checkin import views
from rituals.checkin.opening import day_of, find_asked, ritual, show_board
from rituals.checkin.questions import is_scale, wording
from rituals.checkin.tables import Asked, CheckInAnswer

# So many characters an answer, by how many questions share the room of one quote.
MOST = {1: 1500, 2: 800, 3: 550, 4: 400, 5: 330}
GONE = Whisper("This check-in takes no more answers; a newer one has begun or it is not there any more.")


def open_answer_form(turn: Turn, occurrence: Occurrence) -> Answer:
    """Give the form, with what the member answered before in it."""
    found = find_asked(turn, str(occurrence.id))
    if found is None or found[1].final:
        return GONE
    mine = _mine(turn, occurrence)
    given = views.Given(words=dict(mine.words), did=mine.did) if mine else views.Given()
    questions = found[1].questions
    return views.answer_form(questions, given, turn.action("answer", occurrence.id), most=MOST[len(questions)])


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
        return Problems({"": "This check-in takes no more answers; a newer one has begun. Your words are still here."})
    occurrence, asked = found
    answers = turn.answers
    words = {}
    for number, question in enumerate(asked.questions, start=1):
        name = f"q{number}"
        written = (
            answers.one(name)
            if is_scale(question)
            else answers.words(name, most=MOST[len(asked.questions)], required=False)
        )
        if is_scale(question) and written not in ("", *views.SCALE):
            answers.problems[name] = "Please choose a figure from 1 to 5."
        if written:
            words[str(number)] = written
    did = answers.line("did", most=200, required=False)
    if answers.problems:
        return Problems(answers.problems)
    if not words and not did:
        return Problems({"q1": "Please answer at least one question, or press Pass this time."})
    mine = _keep(turn, occurrence)
    mine.words = words
    mine.did = did or (mine.did if len(asked.questions) == len(MOST) else "")
    in_words = any(not is_scale(asked.questions[int(number) - 1]) for number in words)
    _show_answer(turn, occurrence, mine, in_words=in_words)
    if did:
        record_deed(turn, occurrence, did)
    return _confirm(turn, occurrence, mine, shown=in_words)


@ritual.reply
def keep_reply(turn: Turn) -> None:
    """Count the first words that somebody writes in the thread as their answer; they stand there already."""
    found = find_asked(turn, turn.about)
    if found is None or found[1].final or not tidy(turn.words):
        return
    mine = _mine(turn, found[0])
    if mine is None or mine.passed:
        _keep(turn, found[0])
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
    known = number.isdigit() and 1 <= int(number) <= len(asked.questions)
    if not known or not is_scale(asked.questions[int(number) - 1]) or figure not in views.SCALE:
        return GONE
    mine = _keep(turn, occurrence)
    mine.words = {**mine.words, number: figure}
    turn.db.flush()
    show_board(turn, occurrence)
    return views.tapped(
        wording(asked.questions[int(number) - 1]),
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
    if _mine(turn, occurrence) is None:
        turn.db.add(CheckInAnswer(occurrence_id=occurrence.id, member_id=turn.who.id, passed=True, at=turn.now))
        turn.db.flush()
        turn.record("reaction", once=f"passed:{occurrence.id}:{turn.who.id}", occurrence=occurrence)
        _settle_reminder(turn, occurrence)
    return Whisper("All right, nothing from you this time. If you change your mind, the button still works.")


@ritual.press("quiet")
def stop_reminding(turn: Turn) -> Answer:
    """Switch somebody's reminders off."""
    turn.who.reminders = False
    return Whisper(
        "I won't remind you of check-ins any more. Type /away to be left alone altogether, or /remind to switch "
        "reminders on again."
    )


@ritual.command("remind", "Switch your check-in reminders on or off")
def switch_reminders(turn: Turn) -> Answer:
    """Switch one's own reminders on or off."""
    turn.who.reminders = not turn.who.reminders
    return Whisper(
        "I will remind you in private, once, when a check-in waits for you."
        if turn.who.reminders
        else "I won't remind you of check-ins any more."
    )


@ritual.press("deed")
def open_deed_form(turn: Turn) -> Answer:
    """Ask for the line 'I did something for us' where the form had no room for it."""
    found = find_asked(turn, turn.about)
    if found is None:
        return GONE
    mine = _mine(turn, found[0])
    return views.deed_form(mine.did if mine else "", turn.action("deed", found[0].id))


@ritual.submit("deed")
def keep_deed(turn: Turn) -> Answer:
    """Keep what somebody did."""
    found = find_asked(turn, turn.about)
    if found is None:
        return Problems({"": "This check-in is not there any more. Your words are still here."})
    occurrence, asked = found
    answers = turn.answers
    did = answers.line("did", most=200)
    if answers.problems:
        return Problems(answers.problems)
    if not asked.final:
        _keep(turn, occurrence).did = did
        turn.db.flush()
        show_board(turn, occurrence)
    record_deed(turn, occurrence, did)
    return Whisper("Thank you. That counts.")


def record_deed(turn: Turn, occurrence: Occurrence, did: str) -> None:
    """Write 'I did something' into the ledger, at most once a day and member."""
    turn.record(
        "action_done", once=f"did:{turn.who.id}:{turn.today().isoformat()}", occurrence=occurrence, evidence=did
    )


def _mine(turn: Turn, occurrence: Occurrence) -> CheckInAnswer | None:
    return turn.db.scalar(
        select(CheckInAnswer).where(
            CheckInAnswer.occurrence_id == occurrence.id, CheckInAnswer.member_id == turn.who.id
        )
    )


def _keep(turn: Turn, occurrence: Occurrence) -> CheckInAnswer:
    """Find or make this member's answer, note it in the ledger, and let a reminder rest."""
    mine = _mine(turn, occurrence)
    if mine is None:
        mine = CheckInAnswer(occurrence_id=occurrence.id, member_id=turn.who.id, at=turn.now, words={}, did="", page=0)
        turn.db.add(mine)
        mine.late = occurrence.state != "open"
    elif mine.passed:
        mine.late = occurrence.state != "open"
    mine.passed = False
    turn.db.flush()
    turn.record("checkin_answer", once=f"answered:{occurrence.id}:{turn.who.id}", occurrence=occurrence)
    _settle_reminder(turn, occurrence)
    return mine


def _settle_reminder(turn: Turn, occurrence: Occurrence) -> None:
    key = f"remind:{occurrence.id}:{turn.who.id}"
    turn.withdraw(key)
    if turn.is_shown(key):
        turn.dm(turn.who, key, views.reminder_done(turn.movement.name), about=str(occurrence.id))


def _confirm(turn: Turn, occurrence: Occurrence, mine: CheckInAnswer, *, shown: bool) -> Answer:
    is_open = occurrence.state == "open" and occurrence.closes_at is not None
    return views.kept(
        open_until=turn.moment(occurrence.closes_at) if is_open and occurrence.closes_at else None,
        late=mine.late,
        shown=shown,
        occurrence_id=occurrence.id,
        action=turn.action,
        deed=not mine.did,
    )


def _show_answer(turn: Turn, occurrence: Occurrence, mine: CheckInAnswer, *, in_words: bool) -> None:
    """Put an answer on a page of the thread: its own page when it has one, else the last with room."""
    before = mine.page
    if in_words and not before:
        last = (
            turn.db.scalar(select(func.max(CheckInAnswer.page)).where(CheckInAnswer.occurrence_id == occurrence.id))
            or 1
        )
        there = (
            turn.db.scalar(
                select(func.count()).where(CheckInAnswer.occurrence_id == occurrence.id, CheckInAnswer.page == last)
            )
            or 0
        )
        mine.page = last if there < views.ANSWERS_ON_PAGE else last + 1
    turn.db.flush()
    if mine.page:
        show_page(turn, occurrence, mine.page)
    show_board(turn, occurrence)


def show_page(turn: Turn, occurrence: Occurrence, page: int) -> None:
    """Make a page of the thread show the answers on it."""
    asked = turn.db.get_one(Asked, occurrence.id)
    rows = turn.db.execute(
        select(CheckInAnswer, Member.name)
        .join(Member, Member.id == CheckInAnswer.member_id)
        .where(CheckInAnswer.occurrence_id == occurrence.id, CheckInAnswer.page == page)
        .order_by(CheckInAnswer.at, CheckInAnswer.id)
    ).all()
    entries = [views.Entry(name, in_words(asked, answer), late=answer.late) for answer, name in rows]
    turn.show(
        f"answers:{occurrence.id}:{page}",
        views.page(day_of(turn, occurrence), entries),
        under=f"board:{occurrence.id}",
        about=str(occurrence.id),
    )


def in_words(asked: Asked, answer: CheckInAnswer) -> str:
    """Give an answer as the thread shows it: numbered like the questions. Figures are shown only as a group's."""
    lines = [
        (number, answer.words[str(number)])
        for number, question in enumerate(asked.questions, start=1)
        if answer.words.get(str(number)) and not is_scale(question)
    ]
    if len(asked.questions) == 1:
        return lines[0][1] if lines else "(answered)"
    return "\n".join(f"{number}. {words}" for number, words in lines) or "(answered with a figure)"
