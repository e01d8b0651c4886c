"""How a round begins: people are put together, and each of them is told with whom, in private."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from itertools import groupby

from sqlalchemy import func, select

from bot.chat import Answer, Buttons, Text, Whisper
from bot.insights.pairing import pair_up, since_they_met
from bot.insights.waking import can_meet, suggest_times
from bot.people import away_ids, members
from bot.practices import find_practice, open_slot
from bot.quiet import read_quiet_hours
from bot.tables import Member, Occurrence, Practice
from bot.turn import Turn
from rituals.listening import messages
from rituals.listening.closing import close_round
from rituals.listening.declaration import ASK_AFTER, FEWEST, KEPT_FOR, LASTS, ritual
from rituals.listening.questions import questions_of
from rituals.listening.shown import send_card, show_round
from rituals.listening.tables import Listener, ListeningPair, ListeningRound, ListeningSeat
from rituals.listening.talks import seated

SEED_BITS = 31
TOO_FEW = "A round needs at least two people who want to listen and are not away. Whoever types /listen in is one."


@ritual.opens
def open_planned(turn: Turn) -> None:
    """Put people together at the planned time; where there are too few, nothing is said and nothing is missed."""
    running = find_running(turn)
    if running is not None and running.id != turn.occurrence.id:
        close_round(turn, running)
    there = free_listeners(turn)
    if len(there) >= FEWEST:
        begin_round(turn, turn.occurrence, there)
        return
    turn.occurrence.state, turn.occurrence.why = "excused", "too few to listen to each other"
    turn.occurrence.closed_at = turn.now
    for _, row in there:
        row.waits += 1


@ritual.press("now", only="organizer")
def start_now(turn: Turn) -> Answer:
    """Start a round on demand."""
    running = find_running(turn)
    if running is not None and running.closes_at is not None:
        return Whisper(
            Text("A round is on already, until ", turn.moment(running.closes_at), "."),
            Buttons(turn.button("End the round", "end")),
        )
    there = free_listeners(turn)
    if len(there) < FEWEST:
        return Whisper(TOO_FEW)
    occurrence = open_slot(turn.db, turn.practice(), turn.now, now=turn.now)
    if occurrence is None:
        return Whisper("A round was started this very moment.")
    begun = begin_round(turn, occurrence, there)
    if not begun.pairs:
        return Whisper("Nobody shares two waking hours with anybody else, so there is no pair. Each of them is told.")
    pairs = "1 pair" if begun.pairs == 1 else f"{begun.pairs} pairs"
    rest = f" Left out this time, and first in the next: {begun.left_out}." if begun.left_out else ""
    return Whisper(f"Done: {pairs}. Each person is told in private with whom they are.{rest}")


def find_running(turn: Turn) -> Occurrence | None:
    """Find the round that is on."""
    practice = find_practice(turn.db, turn.movement, ritual.name)
    if practice is None:
        return None
    running = (
        select(Occurrence)
        .join(ListeningRound, ListeningRound.occurrence_id == Occurrence.id)
        .where(Occurrence.practice_id == practice.id, Occurrence.state == "open")
    )
    return turn.db.scalar(running.order_by(Occurrence.id.desc()).limit(1))


def free_listeners(turn: Turn) -> list[tuple[Member, Listener]]:
    """List who can be put together now: not who is away, and not who asked to be asked for nothing."""
    there = {member.id: member for member in members(turn.db, turn.movement.id) if member.asks}
    away = away_ids(turn.db, there, at=turn.now)
    rows = turn.db.scalars(select(Listener).where(Listener.member_id.in_(there)).order_by(Listener.member_id))
    return [(there[row.member_id], row) for row in rows if row.member_id not in away]


def begin_round(turn: Turn, occurrence: Occurrence, there: Sequence[tuple[Member, Listener]]) -> ListeningRound:
    """Put people together, tell each of them, and set when to ask how it went."""
    by_id = {member.id: member for member, _ in there}
    zones = {member.id: member.zone or turn.zone for member, _ in there}
    reachable: dict[frozenset[str], bool] = {}

    def may_meet(people: Collection[int]) -> bool:
        theirs = frozenset(zones[one] for one in people)
        if theirs not in reachable:
            reachable[theirs] = can_meet(theirs, now=turn.now)
        return reachable[theirs]

    seed = secrets.randbits(SEED_BITS)
    met = since_they_met(_earlier(turn))
    pairing = pair_up({row.member_id: row.waits for _, row in there}, met=met, can_meet=may_meet, seed=seed)
    begun = ListeningRound(
        occurrence_id=occurrence.id,
        seed=seed,
        pairs=len(pairing.groups),
        left_out=len(pairing.left_out),
        questions=questions_of(_count_rounds(turn, occurrence)),
    )
    turn.db.add(begun)
    for member, row in there:
        row.waits = row.waits + 1 if member.id in pairing.left_out else 0
    for group in pairing.groups:
        _seat(turn, occurrence, [by_id[one] for one in group])
    for one in pairing.left_out:
        view = messages.left_out(turn.movement.name, no_hours=one in pairing.unreachable)
        turn.dm(by_id[one], f"left-out:{occurrence.id}:{one}", view, about=str(occurrence.id))
    if not pairing.groups:
        occurrence.state, occurrence.why, occurrence.closed_at = "excused", "nobody could be put together", turn.now
        return begun
    occurrence.closes_at = turn.now + LASTS
    turn.later(turn.now + ASK_AFTER, "ask", occurrence.id)
    turn.later(occurrence.closes_at, "close", occurrence.id)
    turn.later(turn.now + KEPT_FOR, "forget", occurrence.id)
    show_round(turn, occurrence)
    return begun


def _seat(turn: Turn, occurrence: Occurrence, group: Sequence[Member]) -> None:
    quiet = read_quiet_hours(turn.movement.quiet_hours)
    times = suggest_times(
        [member.zone or turn.zone for member in group],
        now=turn.now,
        is_quiet=lambda at, zone: quiet is not None and quiet.covers(at, zone),
    )
    pair = ListeningPair(
        movement_id=turn.movement.id,
        occurrence_id=occurrence.id,
        first_id=group[0].id,
        second_id=group[1].id,
        third_id=group[2].id if len(group) > FEWEST else None,
        times=[at.isoformat() for at in times],
    )
    turn.db.add(pair)
    turn.db.flush()
    for member in group:
        turn.db.add(ListeningSeat(pair_id=pair.id, member_id=member.id))
    turn.db.flush()
    talk = seated(turn, pair, occurrence)
    for member in group:
        send_card(turn, talk, member)


def _earlier(turn: Turn) -> list[list[set[int]]]:
    """List who was with whom in the rounds before, the earliest first."""
    rows = turn.db.execute(
        select(ListeningPair.occurrence_id, ListeningPair.first_id, ListeningPair.second_id, ListeningPair.third_id)
        .where(ListeningPair.movement_id == turn.movement.id)
        .order_by(ListeningPair.occurrence_id, ListeningPair.id)
    ).all()
    return [
        [{one for one in row[1:] if one is not None} for row in round_]
        for _, round_ in groupby(rows, key=lambda row: row[0])
    ]


def _count_rounds(turn: Turn, occurrence: Occurrence) -> int:
    """Count the rounds before this one."""
    counted = turn.db.scalar(
        select(func.count())
        .select_from(ListeningRound)
        .join(Occurrence, Occurrence.id == ListeningRound.occurrence_id)
        .join(Practice, Practice.id == Occurrence.practice_id)
        .where(Practice.movement_id == turn.movement.id, Occurrence.id != occurrence.id)
    )
    return counted or 0
