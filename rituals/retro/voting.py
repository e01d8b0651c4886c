"""Dot votes: a few each, taken back as long as voting lasts, and seen by nobody before it closes."""

from __future__ import annotations

from sqlalchemy import delete, select

from bot.chat import MENU_LIMIT, Answer, Whisper
from bot.marks import ClosedError, mark_of
from bot.store import insert_or
from bot.tables import Occurrence
from bot.turn import Turn, read_number
from rituals.retro import views
from rituals.retro.declaration import ritual
from rituals.retro.phases import may_vote
from rituals.retro.presence import note_here
from rituals.retro.rounds import (
    Found,
    find_retro,
    rank_topics,
    read_page,
    read_topics,
    show_board,
    votes_scope,
)
from rituals.retro.tables import Retro, RetroVote

NOT_NOW = Whisper("Nobody can vote right now: voting has closed or has not begun.")


@ritual.press("ballot", anonymous=True)
def show_ballot(turn: Turn) -> Answer:
    """Show somebody their own votes."""
    found = _voting(turn)
    if found is None:
        return NOT_NOW
    return _ballot(turn, *found)


@ritual.press("vote", anonymous=True)
def give_vote(turn: Turn) -> Answer:
    """Give a topic one vote more."""
    return _set_votes(turn)


@ritual.press("unvote", anonymous=True)
def take_vote_back(turn: Turn) -> Answer:
    """Take a vote back."""
    return _set_votes(turn)


def _set_votes(turn: Turn) -> Answer:
    """Give a topic as many votes as were asked for: asking twice changes nothing."""
    found = _voting(turn)
    if found is None:
        return NOT_NOW
    occurrence, retro = found
    topic_id, _, asked = turn.choice.partition("/")
    topic, votes = read_number(topic_id), read_number(asked)
    if topic is None or votes is None or topic not in read_topics(turn, occurrence):
        return _ballot(turn, occurrence, retro, said="This topic is not there any more.")
    mark = mark_of(turn, votes_scope(occurrence.id))
    given = _given(turn, occurrence, mark)
    if not may_vote(given, topic, votes, each=retro.votes_each, on_one=retro.votes_on_one):
        said = "No more votes fit there. Take one back first, then give it to another topic."
        return _ballot(turn, occurrence, retro, said=said)
    _keep(turn, occurrence, mark, topic, votes)
    note_here(turn, occurrence)
    show_board(turn, occurrence, retro)
    return _ballot(turn, occurrence, retro)


def _keep(turn: Turn, occurrence: Occurrence, mark: str, topic: int, votes: int) -> None:
    if votes == 0:
        turn.db.execute(delete(RetroVote).where(RetroVote.topic_id == topic, RetroVote.mark == mark))
        return
    row = {"topic_id": topic, "mark": mark, "occurrence_id": occurrence.id, "votes": votes}
    cast = insert_or(turn.db)(RetroVote).values(row)
    turn.db.execute(cast.on_conflict_do_update(index_elements=["topic_id", "mark"], set_={"votes": votes}))


def _voting(turn: Turn) -> Found | None:
    found = find_retro(turn, turn.about.partition("/")[0])
    return found if found is not None and found[1].phase == "vote" else None


def _given(turn: Turn, occurrence: Occurrence, mark: str) -> dict[int, int]:
    mine = select(RetroVote.topic_id, RetroVote.votes).where(
        RetroVote.occurrence_id == occurrence.id, RetroVote.mark == mark
    )
    return dict(turn.db.execute(mine).all())


def _ballot(turn: Turn, occurrence: Occurrence, retro: Retro, *, said: str = "") -> Answer:
    try:
        given = _given(turn, occurrence, mark_of(turn, votes_scope(occurrence.id)))
    except ClosedError:
        return NOT_NOW
    topics = [views.Voteable(one.topic, one.name, given.get(one.topic, 0)) for one in rank_topics(turn, occurrence)]
    page = min(read_page(turn.about.partition("/")[2]), max(0, (len(topics) - 1) // MENU_LIMIT))
    return views.ballot(
        topics, page, occurrence.id, turn.action, each=retro.votes_each, on_one=retro.votes_on_one, said=said
    )
