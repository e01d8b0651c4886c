"""Notes: put in, changed and taken back by whoever holds the note's own key, and by nobody else.

Each note form carries a random key in its action. The note keeps only the key's hash, the author's chat keeps the key
(on the buttons of a whisper and nowhere else), and the reveal drops the hash. So a note can be changed without the
database knowing whose it is, and a form that is delivered twice finds its own note instead of making a second one.
"""

from __future__ import annotations

import hashlib
import re
import secrets

from sqlalchemy import delete, select

from bot.chat import Answer, Form, Problems, Whisper
from bot.insights import anonymity
from bot.marks import leave_mark, random_number, take_mark
from bot.people import count_members
from bot.turn import Turn
from rituals.retro import forms, views
from rituals.retro.declaration import NOTE_MOST, NOTES_MOST, ritual
from rituals.retro.formats import IN_BETWEEN, IN_BETWEEN_NAME
from rituals.retro.presence import note_here
from rituals.retro.revealing import add_late, forget_empty_topics, spend, topic_name
from rituals.retro.rounds import Found, count_notes, count_waiting, find_retro, finished_scope, show_board
from rituals.retro.tables import TAKEN_BACK, Retro, RetroNote, RetroTopic

GONE = Whisper("This retro is closed. Drop your note for the next one with /retro note.")
TAKES = ("gather", "group")
NOT_GOOD = Problems({"": "This form is not good any more. Your words are still here: copy them into a new one."})
KEY = re.compile(r"[\w-]{16,32}", re.ASCII)


def new_key() -> str:
    """Make a key that opens one note."""
    return secrets.token_urlsafe(12)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def is_spent(retro: Retro, key: str) -> bool:
    """Tell whether a key opened a note that has been shown to all or taken back."""
    return _hash(key) in retro.spent


def few_authors(turn: Turn) -> int:
    """Tell how many could write, where that is too few to stay unknown; 0 otherwise."""
    there = count_members(turn.db, turn.movement.id)
    return 0 if anonymity.may_offer(there) else there


# ------------------------------------------------------------------------------------------------ writing


def note_form(turn: Turn, found: Found | None, *, words: str = "") -> Form:
    """Give an empty note form, or one that begins with these words, with a fresh key."""
    return _form(turn, found, new_key(), words=words)


def _form(turn: Turn, found: Found | None, key: str, *, words: str = "", column: int = IN_BETWEEN) -> Form:
    if found is None:
        few = few_authors(turn)
        return forms.note_form(turn.action("note", f"0/{key}"), columns=(), words=words, few=few)
    occurrence, retro = found
    verb = "signed-note" if retro.signed else "note"
    return forms.note_form(
        turn.action(verb, f"{occurrence.id}/{key}"),
        columns=retro.columns,
        words=words,
        column=column,
        few=retro.few or few_authors(turn),
        signed=retro.signed,
        late=retro.phase == "group",
    )


@ritual.press("add", anonymous=True)
def open_note_form(turn: Turn) -> Answer:
    """Open the form; without a retro that takes notes it is one for the next."""
    found = find_retro(turn, turn.about)
    if found is None or found[1].phase not in TAKES:
        return note_form(turn, None)
    note_here(turn, found[0])
    return note_form(turn, found)


@ritual.submit("note", anonymous=True)
def keep_note(turn: Turn) -> Answer:
    """Keep a note that belongs to nobody."""
    return _keep(turn, signed=False)


@ritual.submit("signed-note")
def keep_signed_note(turn: Turn) -> Answer:
    """Keep a note with its author's name; it is feedback that counts."""
    answer = _keep(turn, signed=True)
    found = find_retro(turn, turn.about.partition("/")[0])
    if isinstance(answer, Whisper) and found is not None and found[1].signed and found[1].phase in TAKES:
        note_here(turn, found[0])
        turn.record("feedback_given", once=f"retro-note:{found[0].id}:{turn.who.id}", occurrence=found[0])
    return answer


def _keep(turn: Turn, *, signed: bool) -> Answer:
    occurrence_id, _, key = turn.about.partition("/")
    found = find_retro(turn, occurrence_id)
    # A note that waits has no name, so no turn that knows who it is may keep one.
    if not KEY.fullmatch(key) or (found is None and (signed or occurrence_id != "0")):
        return NOT_GOOD
    answers = turn.answers
    words = answers.words("note", most=NOTE_MOST)
    if answers.problems:
        return Problems(answers.problems)
    if found is None:
        return keep_waiting(turn, key, words)
    occurrence, retro = found
    if retro.signed != signed:
        return NOT_GOOD
    column = answers.one("column")
    if retro.phase in TAKES and column not in {str(at) for at in range(len(retro.columns))}:
        return Problems({"column": "Please choose where your note belongs."})
    if is_spent(retro, key):
        return Problems({"": "The notes were shown meanwhile, so this one can't be changed any more."})
    if retro.phase == "closed" or (signed and retro.phase not in TAKES):
        over = "This retro is closed." if retro.phase == "closed" else "This retro takes no more notes."
        nameless = ", without your name" if signed else ""
        return Problems(
            {"": f"{over} Your words are still here: /retro note takes them for the next one{nameless}."},
        )
    mine = find_note(turn, key)
    elsewhere = mine is not None and (mine.occurrence_id is None or (signed and mine.member_id is None))
    if retro.phase not in TAKES or elsewhere:
        return NOT_GOOD if signed else keep_waiting(turn, key, words)
    if mine is None and count_notes(turn, occurrence) >= NOTES_MOST:
        return Problems({"": f"There are {NOTES_MOST} notes already, and no more fit. Your words are still here."})
    member_id = turn.who.id if signed else None
    _write(turn, found, mine, key=key, words=words, column=int(column), member_id=member_id)
    show_board(turn, occurrence, retro)
    return views.note_kept(
        retro.columns[int(column)],
        f"{occurrence.id}/{key}",
        turn.action,
        where=retro.phase,
        again=occurrence.id,
        signed=signed,
    )


def _write(
    turn: Turn, found: Found, mine: RetroNote | None, *, key: str, words: str, column: int, member_id: int | None
) -> None:
    occurrence, retro = found
    if mine is not None:
        topic = turn.db.get(RetroTopic, mine.topic_id) if mine.topic_id is not None else None
        if topic is not None and topic.name == topic_name(mine.words):
            topic.name = topic_name(words)
        mine.words, mine.column = words, column
        turn.db.flush()
        return
    note = RetroNote(
        id=random_number(),
        movement_id=turn.movement.id,
        occurrence_id=occurrence.id,
        column=column,
        words=words,
        token=_hash(key),
        member_id=member_id,
    )
    turn.db.add(note)
    turn.db.flush()
    if retro.phase == "group":
        add_late(turn, occurrence, note)


def keep_waiting(turn: Turn, key: str, words: str, *, column: int = IN_BETWEEN) -> Answer:
    """Keep a note for the next retro."""
    mine = find_note(turn, key)
    if mine is not None and mine.occurrence_id is not None:
        return Problems({"": "The next retro has begun and holds this note already. Your words are still here."})
    if mine is not None and not mine.words:
        return Problems({"": "This note was taken back. Your words are still here: copy them into a new one."})
    if mine is not None:
        mine.words = words
    else:
        if count_waiting(turn) >= NOTES_MOST:
            return Problems({"": f"{NOTES_MOST} notes wait already, and no more fit. Your words are still here."})
        turn.db.add(
            RetroNote(
                id=random_number(),
                movement_id=turn.movement.id,
                column=column,
                words=words,
                token=_hash(key),
            )
        )
    turn.db.flush()
    return views.note_kept(IN_BETWEEN_NAME, f"0/{key}", turn.action, where="wait", again=0)


def find_note(turn: Turn, key: str) -> RetroNote | None:
    """Find the note that a key opens; after the reveal none."""
    mine = (RetroNote.movement_id == turn.movement.id) & (RetroNote.token == _hash(key))
    return turn.db.scalar(select(RetroNote).where(mine))


# ------------------------------------------------------------------------------------------------ changing


NOT_YOURS_TO_CHANGE = Whisper("This note has been shown to all or taken back, so it can’t be changed any more.")


NAMELESS = Whisper(
    "This note came in without your name, and notes are signed now. It can stay as it is, or you take it back and "
    "write a new one."
)


@ritual.press("edit", anonymous=True)
def open_own_note(turn: Turn) -> Answer:
    """Open a note again for whoever holds its key, wherever the note is by now."""
    key = turn.about.partition("/")[2]
    note = find_note(turn, key) if KEY.fullmatch(key) else None
    if note is None or not note.words:
        return NOT_YOURS_TO_CHANGE
    found = find_retro(turn, str(note.occurrence_id)) if note.occurrence_id is not None else None
    if found is not None and found[1].signed and note.member_id is None:
        # It waited without a name: a form that is signed would say whose it is.
        return NAMELESS
    return _form(turn, found, key, words=note.words, column=note.column)


@ritual.press("drop", anonymous=True)
def take_back(turn: Turn) -> Answer:
    """Take a note back for whoever holds its key."""
    key = turn.about.partition("/")[2]
    note = find_note(turn, key) if KEY.fullmatch(key) else None
    if note is None or not note.words:
        return NOT_YOURS_TO_CHANGE
    found = find_retro(turn, str(note.occurrence_id)) if note.occurrence_id is not None else None
    # A late delivery of the form must not bring it back.
    if found is None:
        note.words = TAKEN_BACK
        turn.db.flush()
    else:
        occurrence, retro = found
        turn.db.execute(delete(RetroNote).where(RetroNote.id == note.id))
        spend(retro, [_hash(key)])
        forget_empty_topics(turn, occurrence)
        show_board(turn, occurrence, retro)
    return Whisper("Taken back. Nothing of it is left.")


# ------------------------------------------------------------------------------------------------ finished


@ritual.press("finished", anonymous=True)
def tick(turn: Turn) -> Answer:
    """Count somebody as finished with a phase."""
    found = _in_phase(turn)
    if found is None:
        return Whisper("This phase is over already.")
    leave_mark(turn, finished_scope(found[0].id, found[1].phase))
    note_here(turn, found[0])
    show_board(turn, *found)
    return views.finished(turn.about, turn.action)


@ritual.press("unfinished", anonymous=True)
def untick(turn: Turn) -> Answer:
    """Count somebody as not finished."""
    found = _in_phase(turn)
    if found is None:
        return Whisper("This phase is over already.")
    take_mark(turn, finished_scope(found[0].id, found[1].phase))
    show_board(turn, *found)
    return Whisper("All right, take your time.")


def _in_phase(turn: Turn) -> Found | None:
    """Find the retro whose phase an action means, if it is in that phase still and counts who is finished."""
    occurrence_id, _, phase = turn.about.partition("/")
    found = find_retro(turn, occurrence_id)
    return found if found is not None and found[1].phase == phase and phase in ("gather", "vote") else None
