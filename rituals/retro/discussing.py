"""The talk: each topic has its place in the thread, and ends in a promise, a decision to make, or no action."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.chat import Answer, Message, Problems, Whisper
from bot.people import find_present
from bot.promises import end_of, make_promise
from bot.tables import Member, Occurrence
from bot.turn import Answers, Turn, read_number
from rituals.retro import forms, messages, views
from rituals.retro.declaration import ritual
from rituals.retro.formats import IN_BETWEEN, column_name
from rituals.retro.presence import note_here
from rituals.retro.rounds import (
    about_topic,
    board_key,
    choose_topics,
    entry,
    find_facilitator,
    find_retro,
    outcomes,
    public_promises,
    rank_topics,
    read_notes,
    read_page,
    read_topics,
    show_board,
)
from rituals.retro.tables import Retro, RetroTopic

OVER = Whisper("This topic is not open any more. /promise takes a promise at any time.")
SOON = timedelta(days=7)


def open_talk(turn: Turn, occurrence: Occurrence, retro: Retro) -> None:
    """Choose the topics and give each its place in the thread; one that something came of keeps a place in any case."""
    kept = _with_outcomes(turn, occurrence)
    others = [one.topic for one in choose_topics(turn, occurrence, retro) if one.topic not in kept]
    talked = kept | set(others[: max(0, retro.topics_most - len(kept))])
    _give_places(turn, occurrence, retro, [one.topic for one in rank_topics(turn, occurrence) if one.topic in talked])


def interrupt_talk(turn: Turn, occurrence: Occurrence, retro: Retro) -> None:
    """Go back from the talk: topics that something came of keep a place, the others lose their buttons."""
    kept = _with_outcomes(turn, occurrence)
    _give_places(turn, occurrence, retro, [one.id for one in talked_about(turn, occurrence) if one.id in kept])


def _with_outcomes(turn: Turn, occurrence: Occurrence) -> set[int]:
    promises = public_promises(turn, occurrence)
    return {one.id for one in read_topics(turn, occurrence).values() if outcomes(turn, one, promises)}


def _give_places(turn: Turn, occurrence: Occurrence, retro: Retro, topics: Sequence[int]) -> None:
    """Give the places in the thread to these topics, in this order, and empty the places that are left over."""
    held = {one.place for one in talked_about(turn, occurrence)}
    places = {topic: place for place, topic in enumerate(topics, start=1)}
    for topic in read_topics(turn, occurrence).values():
        topic.place = places.get(topic.id, 0)
    turn.db.flush()
    show_talk(turn, occurrence, retro)
    for place in sorted(held.difference(places.values())):
        _show_place(turn, occurrence, place, messages.empty_place(place))


def talked_about(turn: Turn, occurrence: Occurrence) -> list[RetroTopic]:
    """List the topics that are talked about, in their order."""
    topics = read_topics(turn, occurrence).values()
    return sorted((one for one in topics if one.place), key=lambda one: one.place)


def show_talk(turn: Turn, occurrence: Occurrence, retro: Retro) -> None:
    """Show every topic in the thread as it stands. A place keeps its post, also when another topic comes to it."""
    notes = read_notes(turn, occurrence)
    promises = public_promises(turn, occurrence)
    for one in talked_about(turn, occurrence):
        view = messages.Topic(
            place=one.place,
            name=one.name,
            votes=one.votes,
            notes=[entry(turn, note) for note in notes if note.topic_id == one.id],
            outcomes=outcomes(turn, one, promises),
            open=retro.phase == "discuss",
        )
        _show_place(turn, occurrence, one.place, messages.topic(view, about_topic(one), turn.action))


def _show_place(turn: Turn, occurrence: Occurrence, place: int, message: Message) -> None:
    turn.show(f"topic:{occurrence.id}:{place}", message, under=board_key(occurrence), about=str(occurrence.id))


def all_have_outcomes(turn: Turn, occurrence: Occurrence) -> bool:
    """Tell whether nothing is left to talk about."""
    promises = public_promises(turn, occurrence)
    return all(outcomes(turn, one, promises) for one in talked_about(turn, occurrence))


Talked = tuple[Occurrence, Retro, RetroTopic]


def _find(turn: Turn) -> Talked | None:
    """Find the topic that an action is about, if it is talked about."""
    occurrence_id, _, topic_id = turn.about.partition("/")
    found, number = find_retro(turn, occurrence_id), read_number(topic_id)
    if found is None or number is None or found[1].phase != "discuss":
        return None
    topic = read_topics(turn, found[0]).get(number)
    return (*found, topic) if topic is not None and topic.place else None


@ritual.press("promise")
def open_promise(turn: Turn) -> Answer:
    """Ask who does what by when."""
    found = _find(turn)
    if found is None:
        return OVER
    due = (turn.today() + SOON).isoformat()
    return forms.promise_form(turn.action("promise", turn.about), turn.who.person, due)


@ritual.submit("promise")
def keep_promise(turn: Turn) -> Answer:
    """Write a promise down; it lives on after the retro."""
    found = _find(turn)
    if found is None:
        return Problems({"": "This topic is closed. Your words are still here; /promise takes them at any time."})
    occurrence, retro, topic = found
    answers = turn.answers
    what = answers.line("what", most=forms.WHAT_MOST)
    owner = _member(turn, answers, "owner")
    co_owner = _member(turn, answers, "co-owner")
    day = answers.day("due")
    if owner is None and "owner" not in answers.problems:
        answers.problems["owner"] = "Please choose who does it."
    if owner is not None and co_owner is not None and owner.id == co_owner.id:
        answers.problems["co-owner"] = "Please choose somebody else than who does it."
    if day is not None and day < turn.today():
        answers.problems["due"] = "This day is over. Please choose today or a later one."
    if answers.problems or owner is None or day is None:
        return Problems(answers.problems)
    promise = make_promise(
        turn,
        what=what,
        owner=owner,
        due_at=end_of(day, zone=turn.zone),
        co_owner=co_owner,
        about=about_topic(topic),
        occurrence=occurrence,
    )
    topic.no_action = False
    own = promise.accepted_at is not None
    said = "Promised. I remind you once before it is due." if own else f"I ask {owner.name} in private."
    return _settle(turn, occurrence, retro, said)


def _member(turn: Turn, answers: Answers, field: str) -> Member | None:
    person = answers.one(field)
    if not person:
        return None
    member = find_present(turn.db, turn.movement, person)
    if member is None:
        answers.problems[field] = "Please choose a member of this movement."
        return None
    return member


@ritual.press("decide")
def open_decision(turn: Turn) -> Answer:
    """Ask what has to be decided."""
    found = _find(turn)
    if found is None:
        return OVER
    return forms.decision_form(turn.action("decide", turn.about), found[2].decision)


@ritual.submit("decide")
def keep_decision(turn: Turn) -> Answer:
    """Note what has to be decided."""
    found = _find(turn)
    if found is None:
        return Problems({"": "This topic is closed already. Your words are still here."})
    occurrence, retro, topic = found
    answers = turn.answers
    decision = answers.line("decision", most=forms.DECISION_MOST)
    if answers.problems:
        return Problems(answers.problems)
    topic.decision = decision
    topic.no_action = False
    return _settle(turn, occurrence, retro, "Noted. It stands at the topic and in the summary.")


@ritual.press("no-action")
def note_no_action(turn: Turn) -> Answer:
    """Note that nothing is to be done: that is an outcome, too."""
    found = _find(turn)
    if found is None:
        return OVER
    occurrence, retro, topic = found
    if outcomes(turn, topic, public_promises(turn, occurrence)):
        return Whisper("Something came of this topic already, so it stays as it is.")
    topic.no_action = True
    return _settle(turn, occurrence, retro, "Noted: no action. That is a fair outcome.")


def _settle(turn: Turn, occurrence: Occurrence, retro: Retro, said: str) -> Answer:
    """Show what came of a topic, and when all have an outcome tell the facilitator that it can be closed."""
    turn.db.flush()
    note_here(turn, occurrence)
    show_talk(turn, occurrence, retro)
    show_board(turn, occurrence, retro)
    facilitator = find_facilitator(turn, retro)
    if all_have_outcomes(turn, occurrence) and facilitator is not None:
        if facilitator.id == turn.who.id:
            offer = messages.offer_to_close(turn.movement.name, occurrence.id, turn.action)
            return Whisper(said, *offer.parts)
        view = messages.offer_to_close(turn.movement.name, occurrence.id, turn.action)
        # In a live retro they sit in it, also late in the evening; in the morning it would be over.
        turn.dm(facilitator, f"offer:{occurrence.id}", view, about=str(occurrence.id), at_once=retro.live)
    return Whisper(said)


# ------------------------------------------------------------------------------------------------ reading


@ritual.press("read")
def read_all(turn: Turn) -> Answer:
    """Show the notes page by page, to whoever asks."""
    occurrence_id, _, page = turn.about.partition("/")
    found = find_retro(turn, occurrence_id)
    if found is None or found[1].phase == "gather":
        return Whisper("The notes are shown once everybody had time to write theirs.")
    occurrence, retro = found
    notes = read_notes(turn, occurrence)
    columns = [*range(len(retro.columns)), IN_BETWEEN]
    headings = [
        views.Heading(column_name(retro.columns, column), [entry(turn, one) for one in notes if one.column == column])
        for column in columns
    ]
    return views.notes_page([one for one in headings if one.notes], read_page(page), occurrence.id, turn.action)


@ritual.timer("topic-time")
def end_topic_time(turn: Turn) -> None:
    """Tell that a topic's time is up; nothing else happens."""
    found = find_retro(turn, turn.about)
    if found is not None and found[1].phase == "discuss":
        show_board(turn, *found)
