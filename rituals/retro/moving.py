"""How a retro moves through its phases: on, back by one, at its time or because the facilitator says so."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from bot.marks import destroy_marks, open_marks
from bot.quiet import read_quiet_hours
from bot.tables import Occurrence, Post
from bot.turn import Turn
from rituals.retro import messages
from rituals.retro.closing import finish
from rituals.retro.declaration import PATIENCE, TOPICS_MOST_SPREAD, ritual
from rituals.retro.discussing import interrupt_talk, open_talk
from rituals.retro.paces import phase_end
from rituals.retro.phases import OPEN_PHASES, before, following, may_move
from rituals.retro.revealing import forget_empty_topics, reveal, settle_late
from rituals.retro.rounds import (
    board_key,
    count_notes,
    count_voters,
    find_retro,
    finished_scope,
    read_topics,
    show_board,
    votes_scope,
)
from rituals.retro.tables import Retro, RetroTopic, RetroVote


def next_phase(turn: Turn, occurrence: Occurrence, retro: Retro) -> str:
    """Tell which phase comes next."""
    topics = len(read_topics(turn, occurrence))
    return following(retro.phase, notes=count_notes(turn, occurrence), topics=topics)


def phase_before(turn: Turn, occurrence: Occurrence, retro: Retro) -> str:
    """Tell which phase one can go back to; voting on a single topic is none."""
    back = before(retro.phase)
    return "group" if back == "vote" and len(read_topics(turn, occurrence)) <= 1 else back


def move_on(turn: Turn, occurrence: Occurrence, retro: Retro) -> None:
    """Go to the next phase; where nothing was written, the retro is over."""
    to = next_phase(turn, occurrence, retro)
    if to == "closed":
        finish(turn, occurrence, retro, "done" if retro.phase == "discuss" else "quiet")
    else:
        enter(turn, occurrence, retro, to)


def enter(turn: Turn, occurrence: Occurrence, retro: Retro, phase: str) -> None:
    """Leave one phase in good order, and begin another."""
    if not may_move(retro.phase, phase):
        msg = f"a retro does not go from {retro.phase} to {phase}"
        raise ValueError(msg)
    _leave(turn, occurrence, retro, phase)
    talked = retro.phase == "discuss"
    retro.phase = phase
    retro.topic_timer_at = None
    turn.cancel("topic-time", occurrence.id)
    if phase in ("gather", "vote"):
        open_marks(turn, finished_scope(occurrence.id, phase))
    if phase == "vote":
        open_marks(turn, votes_scope(occurrence.id))
        retro.voters = 0
        here = RetroTopic.occurrence_id == occurrence.id
        turn.db.execute(update(RetroTopic).where(here).values(votes=0))
        if not retro.live:
            retro.topics_most = min(retro.topics_most, TOPICS_MOST_SPREAD)
            _tell_of_vote(turn, occurrence, retro)
    if talked:
        interrupt_talk(turn, occurrence, retro)
    set_end(turn, occurrence, retro, usual_end(turn, retro))
    if phase == "discuss":
        open_talk(turn, occurrence, retro)
    show_board(turn, occurrence, retro)


def _tell_of_vote(turn: Turn, occurrence: Occurrence, retro: Retro) -> None:
    """Say once in the thread that the vote is open; after a talk that was live until now, nobody needs to be called."""
    line, topic = f"vote:{occurrence.id}", f"topic:{occurrence.id}:1"
    keys = [f"{ritual.name}:{key}" for key in (line, topic)]
    there = set(turn.db.scalars(select(Post.key).where(Post.movement_id == turn.movement.id, Post.key.in_(keys))))
    if there != {keys[1]}:
        turn.show(line, messages.vote_opens(retro.votes_each), under=board_key(occurrence), about=str(occurrence.id))


def _leave(turn: Turn, occurrence: Occurrence, retro: Retro, to: str) -> None:
    destroy_marks(turn, finished_scope(occurrence.id, retro.phase))
    if retro.phase == "gather":
        reveal(turn, occurrence, retro)
        forget_empty_topics(turn, occurrence)
    elif retro.phase == "group":
        settle_late(turn, occurrence, retro)
    elif retro.phase == "vote":
        if to == "discuss":
            total_votes(turn, occurrence, retro)
        destroy_votes(turn, occurrence)


def total_votes(turn: Turn, occurrence: Occurrence, retro: Retro) -> None:
    """Keep how many votes each topic has, and how many people voted."""
    retro.voters = count_voters(turn, occurrence)
    totals = turn.db.execute(
        select(RetroVote.topic_id, func.sum(RetroVote.votes))
        .where(RetroVote.occurrence_id == occurrence.id)
        .group_by(RetroVote.topic_id)
    )
    topics = read_topics(turn, occurrence)
    for topic_id, votes in totals:
        topics[topic_id].votes = int(votes)
    turn.db.flush()


def destroy_votes(turn: Turn, occurrence: Occurrence) -> None:
    """Destroy who gave what, with the key that could tell."""
    turn.db.execute(delete(RetroVote).where(RetroVote.occurrence_id == occurrence.id))
    destroy_marks(turn, votes_scope(occurrence.id))


# ------------------------------------------------------------------------------------------------ time


def usual_end(turn: Turn, retro: Retro) -> datetime:
    """Tell when the present phase ends if it begins now."""
    return phase_end(
        turn.now,
        retro.spans[OPEN_PHASES.index(retro.phase)],
        zone=turn.movement.zone,
        live=retro.live,
        quiet=read_quiet_hours(turn.movement.quiet_hours),
    )


def set_end(turn: Turn, occurrence: Occurrence, retro: Retro, end: datetime) -> None:
    """Set when the present phase ends, and when a live retro that nobody moves on closes itself."""
    retro.phase_ends_at = end
    turn.later(end, "phase", occurrence.id)
    if retro.live:
        turn.later(end + PATIENCE, "still", occurrence.id)
    else:
        turn.cancel("still", occurrence.id)


@ritual.timer("phase")
def end_phase(turn: Turn) -> None:
    """End a phase at its time: one that is spread out moves on, a live one only hears that the time is up."""
    found = find_retro(turn, turn.about)
    if found is None or found[1].phase == "closed":
        return
    occurrence, retro = found
    if retro.phase_ends_at is not None and retro.phase_ends_at > turn.now + timedelta(seconds=1):
        return
    if retro.live:
        show_board(turn, occurrence, retro)
    else:
        move_on(turn, occurrence, retro)


@ritual.timer("still")
def end_still(turn: Turn) -> None:
    """Close a live retro that nobody has moved on for hours."""
    found = find_retro(turn, turn.about)
    if found is None or found[1].phase == "closed" or not found[1].live:
        return
    occurrence, retro = found
    if count_notes(turn, occurrence) == 0:
        finish(turn, occurrence, retro, "quiet")
        return
    if retro.phase == "vote":
        total_votes(turn, occurrence, retro)
    finish(turn, occurrence, retro, "left" if never_shown(turn, occurrence, retro) else "still")


def never_shown(turn: Turn, occurrence: Occurrence, retro: Retro) -> bool:
    """Tell whether nobody has seen a note yet: one can also have come back to the writing."""
    return retro.phase == "gather" and not read_topics(turn, occurrence)
