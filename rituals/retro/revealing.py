"""The reveal: all notes are shown at once, in an order that tells nothing, and nobody can change theirs any more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, insert, select, update

from bot.marks import random_number
from bot.similar import propose_groups
from bot.store import leave_nothing_behind
from bot.tables import Occurrence
from bot.turn import Turn
from rituals.retro.formats import FIRST, FORMATS, find_column, wait_for
from rituals.retro.forms import TOPIC_MOST
from rituals.retro.rounds import read_notes
from rituals.retro.tables import TAKEN_BACK, Retro, RetroNote, RetroTopic


def topic_name(words: str) -> str:
    """Make a note's words a topic's name."""
    line = " ".join(words.split())
    units = line.encode("utf-16-le")
    if len(units) // 2 <= TOPIC_MOST:
        return line
    return units[: 2 * (TOPIC_MOST - 1)].decode("utf-16-le", "ignore").rstrip() + "…"


def spend(retro: Retro, hashes: Iterable[str]) -> None:
    """Make keys worthless: what they opened is shown, or gone. Sorted, so that their order tells nothing."""
    retro.spent = sorted({*retro.spent, *(one for one in hashes if one)})


def reveal(turn: Turn, occurrence: Occurrence, retro: Retro) -> None:
    """Propose topics for the notes that have none, and let go of everything that could tell whose a note is."""
    notes = read_notes(turn, occurrence)
    loose = [note for note in notes if note.topic_id is None]
    groups = propose_groups([note.words for note in loose])
    for group in groups:
        topic = add_topic(turn, occurrence, topic_name(loose[group[0]].words))
        for place in group:
            loose[place].topic_id = topic.id
    spend(retro, (note.token for note in notes))
    rewrite(turn, occurrence, notes, keep_tokens=False)


def settle_late(turn: Turn, occurrence: Occurrence, retro: Retro) -> None:
    """Let go of the keys of late notes, too: the topics are settled."""
    notes = read_notes(turn, occurrence)
    if any(note.token for note in notes):
        spend(retro, (note.token for note in notes))
        rewrite(turn, occurrence, notes, keep_tokens=False)


def rewrite(turn: Turn, occurrence: Occurrence, notes: Sequence[RetroNote], *, keep_tokens: bool) -> None:
    """Write all notes anew, sorted and with new random numbers: a database may keep rows in the order they came in."""
    rows = [
        {
            "id": random_number(),
            "movement_id": note.movement_id,
            "occurrence_id": note.occurrence_id,
            "column": note.column,
            "words": note.words,
            "token": note.token if keep_tokens else "",
            "topic_id": note.topic_id,
            "member_id": note.member_id,
        }
        for note in notes
    ]
    leave_nothing_behind(turn.db)
    for note in notes:
        turn.db.expunge(note)
    turn.db.execute(delete(RetroNote).where(RetroNote.occurrence_id == occurrence.id))
    if rows:
        turn.db.execute(insert(RetroNote), rows)


def add_late(turn: Turn, occurrence: Occurrence, note: RetroNote) -> None:
    """Give a note that comes after the reveal a topic of its own, and mix it in with the others."""
    note.topic_id = add_topic(turn, occurrence, topic_name(note.words)).id
    turn.db.flush()
    rewrite(turn, occurrence, read_notes(turn, occurrence), keep_tokens=True)


def add_topic(turn: Turn, occurrence: Occurrence, name: str) -> RetroTopic:
    """Make a topic."""
    topic = RetroTopic(id=random_number(), occurrence_id=occurrence.id, name=name, votes=0, place=0)
    turn.db.add(topic)
    turn.db.flush()
    return topic


def forget_empty_topics(turn: Turn, occurrence: Occurrence) -> None:
    """Take out topics that no note is in any more."""
    used = select(RetroNote.topic_id).where(RetroNote.occurrence_id == occurrence.id, RetroNote.topic_id.is_not(None))
    turn.db.execute(delete(RetroTopic).where(RetroTopic.occurrence_id == occurrence.id, RetroTopic.id.not_in(used)))


def adopt_waiting(turn: Turn, occurrence: Occurrence) -> None:
    """Take in the notes that were dropped in between; whoever holds their keys can change them still.

    A retro without names takes the names off that a signed one, closed before its reveal, left on its notes.
    """
    waiting = (RetroNote.movement_id == turn.movement.id) & RetroNote.occurrence_id.is_(None)
    turn.db.execute(delete(RetroNote).where(waiting, RetroNote.words == TAKEN_BACK))
    retro = turn.db.get_one(Retro, occurrence.id)
    if not retro.signed:
        named = select(RetroNote.id).where(waiting, RetroNote.member_id.is_not(None)).limit(1)
        if turn.db.scalar(named) is not None:
            leave_nothing_behind(turn.db)
            turn.db.execute(update(RetroNote).where(waiting).values(member_id=None))
    for waited in (wait_for(column) for column in range(len(FORMATS[FIRST].columns))):
        found = find_column(retro.columns, waited)
        turn.db.execute(update(RetroNote).where(waiting, RetroNote.column == waited).values(column=found))
    turn.db.execute(update(RetroNote).where(waiting).values(occurrence_id=occurrence.id))


def let_wait(turn: Turn, occurrence: Occurrence) -> None:
    """Keep notes that were never shown for the next retro, signed ones without their column."""
    mine = RetroNote.occurrence_id == occurrence.id
    turn.db.execute(update(RetroNote).where(mine).values(occurrence_id=None, column=-1, topic_id=None))
