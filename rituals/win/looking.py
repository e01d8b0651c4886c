"""What effort the ledger shows: six times in a row, every promise of a quarter kept, hosting for the first time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from bot.insights.celebrations import (
    TAKING_PART,
    Break,
    Run,
    came_every_time,
    hosted_first,
    kept_every_promise,
    last_quarter,
)
from bot.insights.promises import Standing, standing
from bot.practices import all_practices, called
from bot.tables import Act, Away, Occurrence, Practice, Promise
from bot.turn import Turn
from rituals.win.pledges import read_pledges

RUNS_REACH = timedelta(days=400)
Found = tuple[str, str]


def find_effort(turn: Turn, member_ids: list[int]) -> Iterator[tuple[int, Found]]:
    """Find whose effort the ledger shows: by member, a name that is found once in a life, and how it would be told."""
    yield from _find_first_hosts(turn)
    yield from _find_kept_promises(turn)
    for practice in all_practices(turn.db, turn.movement):
        yield from _find_regulars(turn, practice, member_ids)


def _find_first_hosts(turn: Turn) -> Iterator[tuple[int, Found]]:
    rows = turn.db.execute(
        select(Act.member_id, Act.at, Practice.ritual, Practice.name)
        .outerjoin(Occurrence, Occurrence.id == Act.occurrence_id)
        .outerjoin(Practice, Practice.id == Occurrence.practice_id)
        .where(Act.movement_id == turn.movement.id, Act.kind == "hosted")
        .order_by(Act.at)
    ).all()
    times = defaultdict(list)
    for member_id, at, practised, name in rows:
        times[member_id].append((at, name or practised))
    for member_id, hosted in times.items():
        if hosted_first([at for at, _ in hosted], now=turn.now):
            what = hosted[0][1]
            yield member_id, ("first-hosted", f"Hosted for the first time{f': the {what}' if what else ''}.")


def _find_kept_promises(turn: Turn) -> Iterator[tuple[int, Found]]:
    quarter = last_quarter(turn.now.astimezone(ZoneInfo(turn.movement.zone)))
    if quarter is None:
        return
    name, start, end = quarter
    rows = turn.db.scalars(
        select(Promise)
        # A promise for a day is due when that day ends, so the last one of a quarter is due at its very end.
        .where(Promise.movement_id == turn.movement.id, Promise.due_at > start, Promise.due_at <= end)
        .order_by(Promise.id)
    ).all()
    pledges = read_pledges(turn, rows)
    words: dict[int, list[Standing]] = defaultdict(list)
    for row in rows:
        said = standing(pledges[row.id], now=turn.now)
        words[row.owner_id].append(said)
        if row.co_owner_id is not None and row.co_accepted_at is not None:
            words[row.co_owner_id].append(said)
    for member_id, standings in words.items():
        if kept_every_promise(standings):
            count = sum(word not in ("asked", "let go") for word in standings)
            yield member_id, (f"kept-{name}", f"Kept every promise of the quarter, all {count}.")


def _find_regulars(turn: Turn, practice: Practice, member_ids: list[int]) -> Iterator[tuple[int, Found]]:
    over = turn.db.scalars(
        select(Occurrence)
        .where(Occurrence.practice_id == practice.id, Occurrence.state.in_(("held", "missed")))
        .where(Occurrence.planned_at > turn.now - RUNS_REACH, Occurrence.opened_at.is_not(None))
        .order_by(Occurrence.planned_at.desc())
    ).all()
    there = defaultdict(set)
    for occurrence_id, member_id in turn.db.execute(
        select(Act.occurrence_id, Act.member_id).where(
            Act.occurrence_id.in_([one.id for one in over]), Act.kind.in_(sorted(TAKING_PART))
        )
    ):
        there[occurrence_id].add(member_id)
    runs = [Run(one.planned_at, one.state == "held", frozenset(there[one.id])) for one in over]
    regulars = set(member_ids) & {member_id for run in runs[:1] for member_id in run.people}
    breaks: dict[int, list[Break]] = defaultdict(list)
    for away in turn.db.scalars(
        select(Away).where(Away.member_id.in_(regulars), or_(Away.end.is_(None), Away.end > turn.now - RUNS_REACH))
    ):
        breaks[away.member_id].append((away.start, away.end))
    for member_id in sorted(regulars):
        if came_every_time(runs, member_id, breaks=breaks[member_id], now=turn.now):
            found_once = f"six-{practice.ritual}" + (f"-{practice.id}" if practice.name else "")
            yield member_id, (found_once, f"Took part in six {called(practice)}s in a row.")
