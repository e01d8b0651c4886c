"""The retros of a movement: which one is open, what was written, and the board that shows how it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import func, select

from bot.chat import Message
from bot.marks import count_marks
from bot.promises import NEVER_MADE, promises_of, spoken_due, spoken_standings, was_never_made
from bot.tables import Member, Occurrence, Practice, Promise
from bot.turn import Turn, read_number
from rituals.retro import boards, messages
from rituals.retro.declaration import ritual
from rituals.retro.formats import FORMATS, IN_BETWEEN
from rituals.retro.phases import Standing, chosen, rank, tied
from rituals.retro.tables import TAKEN_BACK, Retro, RetroNote, RetroTopic, RetroVote

Found = tuple[Occurrence, Retro]


def read_page(written: str) -> int:
    """Read a page's number in an action; anything else is the first one."""
    return int(written) if re.fullmatch(r"[0-9]{1,3}", written) else 0


def find_retro(turn: Turn, occurrence_id: str) -> Found | None:
    """Find a retro of this very movement; an action may name any number."""
    number = read_number(occurrence_id)
    if number is None:
        return None
    occurrence, retro = turn.db.get(Occurrence, number), turn.db.get(Retro, number)
    if occurrence is None or retro is None or occurrence.movement_id != turn.movement.id:
        return None
    return occurrence, retro


def find_open(turn: Turn) -> Found | None:
    """Find the retro that is open; there is never a second one."""
    row = turn.db.execute(
        select(Occurrence, Retro)
        .join(Retro, Retro.occurrence_id == Occurrence.id)
        .join(Practice, Practice.id == Occurrence.practice_id)
        .where(Practice.movement_id == turn.movement.id, Practice.ritual == ritual.name, Retro.phase != "closed")
        .order_by(Occurrence.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row is not None else None


def find_facilitator(turn: Turn, retro: Retro) -> Member | None:
    """Find who facilitates, unless they have left."""
    return _there(turn, retro.facilitator_id)


def find_asked(turn: Turn, retro: Retro) -> Member | None:
    """Find who is asked to facilitate, unless they have left."""
    return _there(turn, retro.asked_id)


def _there(turn: Turn, member_id: int | None) -> Member | None:
    member = turn.db.get(Member, member_id) if member_id is not None else None
    return member if member is not None and member.left_at is None else None


def finished_scope(occurrence_id: int, phase: str) -> str:
    """Name the marks of those who have finished a phase."""
    return f"retro-finished:{occurrence_id}:{phase}"


def votes_scope(occurrence_id: int) -> str:
    """Name the marks under which votes are kept."""
    return f"retro-votes:{occurrence_id}"


def here_scope(occurrence_id: int) -> str:
    """Name the marks of those who took part."""
    return f"retro-here:{occurrence_id}"


# ------------------------------------------------------------------------------------------------ what was written


def count_notes(turn: Turn, occurrence: Occurrence) -> int:
    """Count the notes of a retro."""
    return turn.db.scalar(select(func.count()).where(RetroNote.occurrence_id == occurrence.id)) or 0


def count_waiting(turn: Turn) -> int:
    """Count the notes that wait for the next retro."""
    waiting = (RetroNote.movement_id == turn.movement.id) & RetroNote.occurrence_id.is_(None)
    return turn.db.scalar(select(func.count()).where(waiting, RetroNote.words != TAKEN_BACK)) or 0


def read_notes(turn: Turn, occurrence: Occurrence) -> list[RetroNote]:
    """Read the notes of a retro, in an order that tells nothing."""
    notes = turn.db.scalars(select(RetroNote).where(RetroNote.occurrence_id == occurrence.id))
    return sorted(notes, key=lambda one: (one.column, one.words.casefold(), one.words, one.id))


def read_topics(turn: Turn, occurrence: Occurrence) -> dict[int, RetroTopic]:
    """Read the topics of a retro by number."""
    found = turn.db.scalars(select(RetroTopic).where(RetroTopic.occurrence_id == occurrence.id))
    return {one.id: one for one in found}


def rank_topics(turn: Turn, occurrence: Occurrence) -> list[Standing]:
    """Read the topics in the order in which they are shown: by votes, notes, name."""
    counted: dict[int | None, int] = dict(
        turn.db.execute(
            select(RetroNote.topic_id, func.count())
            .where(RetroNote.occurrence_id == occurrence.id)
            .group_by(RetroNote.topic_id)
        ).all()
    )
    return rank(
        [
            Standing(one.id, one.name, one.votes, counted.get(one.id, 0))
            for one in read_topics(turn, occurrence).values()
        ]
    )


def count_voters(turn: Turn, occurrence: Occurrence) -> int:
    """Count those who have given a vote."""
    voters = select(func.count(RetroVote.mark.distinct())).where(RetroVote.occurrence_id == occurrence.id)
    return turn.db.scalar(voters) or 0


def entry(turn: Turn, note: RetroNote) -> messages.Entry:
    """Show a note, with its author where notes are signed."""
    author = turn.db.get(Member, note.member_id) if note.member_id is not None else None
    return messages.Entry(note.words, author.name if author is not None else "")


# ------------------------------------------------------------------------------------------------ promises


def public_promises(turn: Turn, occurrence: Occurrence) -> list[Promise]:
    """List the public promises that a retro led to, in the order in which they were made.

    Who was put down for one and said no has said so in private: it is left out, as if nobody had been asked.
    """
    promised = [one for one in promises_of(turn, occurrence) if one.ritual == ritual.name]
    return [one for one in promised if one.public and not was_never_made(one)]


def last_promised(turn: Turn, occurrence: Occurrence) -> list[str]:
    """Say what was promised last time and how it went; that something is late or missed is only its owner's affair."""
    before = turn.db.scalar(
        select(Occurrence)
        .join(Promise, Promise.occurrence_id == Occurrence.id)
        .where(
            Promise.movement_id == turn.movement.id,
            Promise.ritual == ritual.name,
            Promise.public.is_(True),
            ~NEVER_MADE,
            Occurrence.id < occurrence.id,
        )
        .order_by(Occurrence.id.desc())
        .limit(1)
    )
    if before is None:
        return []
    promises = public_promises(turn, before)
    how = spoken_standings(turn, promises)
    lines = []
    for promise in promises:
        owner = _there(turn, promise.owner_id)
        who = owner.name if owner is not None else "Somebody who has left"
        lines.append(f"• {messages.told(who, promise.what, how[promise.id])}")
    return lines


def say_promise(turn: Turn, promise: Promise) -> str:
    """Say a promise in a line."""
    owner = turn.db.get(Member, promise.owner_id)
    who = owner.name if owner is not None else "somebody"
    asked = promise.accepted_at is None
    return messages.spoken_promise(promise.what, who, spoken_due(turn, promise), asked=asked)


def outcomes(turn: Turn, topic: RetroTopic, promises: Iterable[Promise]) -> list[str]:
    """Say what came of a topic, a line each."""
    lines = [f"Promise. {say_promise(turn, one)}" for one in promises if one.about == about_topic(topic)]
    if topic.decision:
        lines.append(f"To decide: {topic.decision}")
    if topic.no_action:
        lines.append("No action.")
    return lines


def about_topic(topic: RetroTopic) -> str:
    """Name a topic in an action and on a promise."""
    return f"{topic.occurrence_id}/{topic.id}"


# ------------------------------------------------------------------------------------------------ the board


def day_of(turn: Turn, occurrence: Occurrence) -> str:
    """Name a retro by the day it opened, in the movement's time zone."""
    return turn.spoken_date(occurrence.opened_at or occurrence.planned_at)


def show_board(turn: Turn, occurrence: Occurrence, retro: Retro) -> None:
    """Make the channel's board show how things stand."""
    turn.show(board_key(occurrence), lambda: make_board(turn, occurrence, retro), about=str(occurrence.id))


def board_key(occurrence: Occurrence) -> str:
    """Name the board; everything else of a retro stands under it."""
    return f"board:{occurrence.id}"


def make_board(turn: Turn, occurrence: Occurrence, retro: Retro) -> Message:
    """Make the board from what is kept."""
    facilitator, asked = find_facilitator(turn, retro), find_asked(turn, retro)
    ranked = rank_topics(turn, occurrence)
    notes = read_notes(turn, occurrence)
    finished = count_marks(turn, finished_scope(occurrence.id, retro.phase))
    ends, topic_timer = retro.phase_ends_at, retro.topic_timer_at
    view = boards.Board(
        day=day_of(turn, occurrence),
        form=FORMATS[retro.format].name if retro.format in FORMATS else "Our own columns",
        phase=retro.phase,
        columns=retro.columns,
        facilitator=facilitator.name if facilitator else "",
        asked=asked.name if asked and not facilitator else "",
        promised=last_promised(turn, occurrence) if retro.phase == "gather" else (),
        few=0 if retro.signed else retro.few,
        signed=retro.signed,
        notes=len(notes),
        in_between=sum(one.column == IN_BETWEEN for one in notes),
        finished=finished,
        voters=count_voters(turn, occurrence) if retro.phase == "vote" else retro.voters,
        each=retro.votes_each,
        on_one=retro.votes_on_one,
        topics=topic_lines(turn, occurrence, retro, ranked),
        tie=retro.phase == "discuss" and tied(ranked, most=retro.topics_most),
        ends=turn.moment(ends) if ends else None,
        time_up=bool(ends and ends <= turn.now),
        topic_timer=turn.moment(topic_timer) if topic_timer else None,
        topic_time_up=bool(topic_timer and topic_timer <= turn.now),
        ending=ENDINGS.get(retro.ended, ""),
    )
    return boards.board(view, occurrence.id, turn.action)


ENDINGS = {
    "done": "Closed. The summary is in the thread.",
    "quiet": "Nobody wrote a note this time, so it closed by itself.",
    "still": "Nobody moved it on for a long time, so it closed by itself. The summary is in the thread.",
    "early": "Closed before the notes were shown. The notes wait for the next retro.",
    "left": "Nobody moved it on for a long time, so it closed by itself. The notes wait for the next retro.",
}


def topic_lines(
    turn: Turn, occurrence: Occurrence, retro: Retro, ranked: list[Standing]
) -> tuple[messages.TopicLine, ...]:
    """Give the topics as a row of lines: all of them, or once it is talked, those that are talked about."""
    if retro.phase in ("discuss", "closed"):
        topics = read_topics(turn, occurrence)
        talked = sorted((one for one in topics.values() if one.place), key=lambda one: one.place)
        promises = public_promises(turn, occurrence)
        return tuple(
            messages.TopicLine(one.name, 0, one.votes, _brief(outcomes(turn, one, promises))) for one in talked
        )
    return tuple(messages.TopicLine(one.name, one.notes, one.votes) for one in ranked)


def _brief(lines: list[str]) -> str:
    return lines[0] + (f" (and {len(lines) - 1} more)" if len(lines) > 1 else "") if lines else ""


def choose_topics(turn: Turn, occurrence: Occurrence, retro: Retro) -> list[Standing]:
    """Choose what is talked about."""
    return chosen(rank_topics(turn, occurrence), most=retro.topics_most)
