"""Arranging the topics: the proposal is a machine's, a person joins, splits and renames."""

from __future__ import annotations

from sqlalchemy import ColumnElement, update

from bot.chat import MENU_LIMIT, Answer, Problems, Whisper
from bot.tables import Occurrence
from bot.turn import Turn, read_number
from rituals.retro import forms, views
from rituals.retro.declaration import ritual
from rituals.retro.leading import leads, refuse
from rituals.retro.revealing import add_topic, forget_empty_topics, topic_name
from rituals.retro.rounds import (
    Found,
    entry,
    find_retro,
    rank_topics,
    read_notes,
    read_page,
    read_topics,
    show_board,
)
from rituals.retro.tables import Retro, RetroNote, RetroTopic

SETTLED = Whisper("The topics are settled: they can be arranged only before the vote.")
NOT_THERE = Whisper("This topic is not there any more. Open the list again to see those that are.")


def _grouping(turn: Turn) -> Found | None:
    found = find_retro(turn, turn.about.partition("/")[0])
    return found if found is not None and found[1].phase == "group" else None


def _arranged(turn: Turn, occurrence: Occurrence) -> list[views.Arranged]:
    return [views.Arranged(one.topic, one.name, one.notes) for one in rank_topics(turn, occurrence)]


def _show_list(turn: Turn, occurrence: Occurrence, page: int) -> Answer:
    topics = _arranged(turn, occurrence)
    return views.arrange(topics, min(page, (len(topics) - 1) // MENU_LIMIT), occurrence.id, turn.action)


def _show_topic(turn: Turn, occurrence: Occurrence, topic: int, page: int = 0) -> Answer:
    topics = {one.topic_id: one for one in _arranged(turn, occurrence)}
    mine = topics.pop(topic, None)
    if mine is None:
        return NOT_THERE
    notes = [(one.id, entry(turn, one)) for one in read_notes(turn, occurrence) if one.topic_id == topic]
    return views.one_topic(mine, notes, list(topics.values()), f"{occurrence.id}/{topic}", turn.action, page=page)


@ritual.press("arrange")
def show_list(turn: Turn) -> Answer:
    """List the topics."""
    found = _grouping(turn)
    if found is None:
        return SETTLED
    if not leads(turn, *found):
        return refuse(turn, *found)
    return _show_list(turn, found[0], read_page(turn.about.partition("/")[2]))


@ritual.press("topic")
def show_topic(turn: Turn) -> Answer:
    """Open one topic."""
    found = _grouping(turn)
    if found is None:
        return SETTLED
    if not leads(turn, *found):
        return refuse(turn, *found)
    number = read_number(turn.choice)
    return _show_topic(turn, found[0], number) if number is not None else NOT_THERE


@ritual.press("topic-page")
def turn_page(turn: Turn) -> Answer:
    """Turn to more notes and neighbours of a topic."""
    found = _grouping(turn)
    if found is None:
        return SETTLED
    if not leads(turn, *found):
        return refuse(turn, *found)
    topic, _, page = turn.about.partition("/")[2].partition("/")
    number = read_number(topic)
    return _show_topic(turn, found[0], number, read_page(page)) if number is not None else NOT_THERE


Arranging = tuple[Occurrence, Retro, RetroTopic]


def _mine(turn: Turn) -> Arranging | Whisper:
    """Find the topic that is to be changed, for whoever facilitates."""
    found = _grouping(turn)
    if found is None:
        return SETTLED
    if not leads(turn, *found):
        return refuse(turn, *found)
    number = read_number(turn.about.partition("/")[2])
    topic = read_topics(turn, found[0]).get(number) if number is not None else None
    return (*found, topic) if topic is not None else NOT_THERE


@ritual.press("join")
def join_topics(turn: Turn) -> Answer:
    """Put another topic's notes to this one; this one keeps its name."""
    mine = _mine(turn)
    if isinstance(mine, Whisper):
        return mine
    occurrence, retro, topic = mine
    other = read_number(turn.choice)
    if other is None or other == topic.id or other not in read_topics(turn, occurrence):
        return NOT_THERE
    _move(turn, RetroNote.topic_id == other, to=topic)
    return _rearranged(turn, occurrence, retro, topic.id)


@ritual.press("take-out")
def take_out(turn: Turn) -> Answer:
    """Give one note a topic of its own."""
    mine = _mine(turn)
    if isinstance(mine, Whisper):
        return mine
    occurrence, retro, topic = mine
    number = read_number(turn.choice)
    note = turn.db.get(RetroNote, number) if number is not None else None
    if note is None or note.topic_id != topic.id:
        return Whisper("This note is not in this topic any more. Open the topic again to see those that are.")
    own = add_topic(turn, occurrence, topic_name(note.words))
    _move(turn, RetroNote.id == note.id, to=own)
    return _rearranged(turn, occurrence, retro, topic.id)


@ritual.press("split")
def split_topic(turn: Turn) -> Answer:
    """Give each note a topic of its own; the first one keeps this topic."""
    mine = _mine(turn)
    if isinstance(mine, Whisper):
        return mine
    occurrence, retro, topic = mine
    notes = [one for one in read_notes(turn, occurrence) if one.topic_id == topic.id]
    for note in notes[1:]:
        own = add_topic(turn, occurrence, topic_name(note.words))
        _move(turn, RetroNote.id == note.id, to=own)
    topic.name = topic_name(notes[0].words) if notes else topic.name
    turn.db.flush()
    show_board(turn, occurrence, retro)
    return _show_list(turn, occurrence, 0)


@ritual.press("rename")
def open_rename(turn: Turn) -> Answer:
    """Ask for a topic's name."""
    mine = _mine(turn)
    if isinstance(mine, Whisper):
        return mine
    return forms.rename_form(turn.action("rename", turn.about), mine[2].name)


@ritual.submit("rename")
def rename(turn: Turn) -> Answer:
    """Name a topic."""
    mine = _mine(turn)
    if isinstance(mine, Whisper):
        return Problems({"": "This topic can't be renamed any more, or somebody else facilitates now."})
    occurrence, retro, topic = mine
    answers = turn.answers
    name = answers.line("name", most=forms.TOPIC_MOST)
    if answers.problems:
        return Problems(answers.problems)
    topic.name = name
    return _rearranged(turn, occurrence, retro, topic.id)


def _move(turn: Turn, which: ColumnElement[bool], *, to: RetroTopic) -> None:
    turn.db.execute(update(RetroNote).where(which, RetroNote.occurrence_id == to.occurrence_id).values(topic_id=to.id))


def _rearranged(turn: Turn, occurrence: Occurrence, retro: Retro, topic: int) -> Answer:
    turn.db.flush()
    forget_empty_topics(turn, occurrence)
    show_board(turn, occurrence, retro)
    return _show_topic(turn, occurrence, topic)
