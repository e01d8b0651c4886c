"""Who is and was in a movement and what they did, read for its figures with as little as will do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from bot.insights.ladder import (
    ACTS,
    COUNTED,
    FIRST_STEPS,
    MARKS,
    ONLINE,
    ONLINE_CLASS,
    Break,
    Trace,
    class_of,
    first_needed,
    is_away,
    merge,
)
from bot.insights.newcomers import LATELY, Newcomer
from bot.insights.participation import Somebody
from bot.tables import Act, Away, Member, Movement

# So far back an act has a say in the place of somebody who was never away.
TRACED = COUNTED + MARKS[-1]
# Whoever takes breaks is looked up by so many at a time.
BATCH = 100


def read_people(db: Session, movement: Movement) -> tuple[dict[int, Somebody], int]:
    """Read everybody who is or was in a movement, and how many of those who are there chose not to be counted."""
    breaks: dict[int, list[Break]] = defaultdict(list)
    away = select(Away.member_id, Away.start, Away.end).join(Member, Member.id == Away.member_id)
    for who, start, end in db.execute(away.where(Member.movement_id == movement.id)):
        breaks[who].append((start, end))
    rows = db.execute(
        select(Member.id, Member.joined_at, Member.left_at, Member.zone, Member.bot, Member.opted_out).where(
            Member.movement_id == movement.id
        )
    )
    people, opted_out = {}, 0
    for who, joined, left, zone, bot, out in rows:
        opted_out += out and not bot and left is None
        merged = merge(breaks[who]) if who in breaks else ()
        people[who] = Somebody(joined=joined, left=left, breaks=merged, zone=zone, counts=not (bot or out))
    return people, opted_out


# ------------------------------------------------------------------------------------------------ what people did


def read_traces(
    db: Session, movement: Movement, people: Mapping[int, Somebody], *, now: datetime
) -> dict[int, list[Trace]]:
    """Read what people did lately: all acts, and of mere signs of life as a rule the latest alone.

    For those who were away it reaches back as far as their place needs. Whoever is away, or was at one of the moments
    that count, stands where they stood when they left: of them every sign is read, because the latest may be too late.
    """
    traces: dict[int, list[Trace]] = defaultdict(list)
    since = now - TRACED
    for who, at, kind in db.execute(_acts(movement, since=since, until=now)):
        traces[who].append(Trace(at, class_of(kind)))
    for who, latest in db.execute(_latest_signs(movement, since=since, until=now)):
        if latest is not None:
            traces[who].append(Trace(latest, ONLINE_CLASS))
    needed = {who: first_needed(one.breaks, now) for who, one in people.items() if one.breaks and one.counts}
    longest = sorted((who for who in needed if needed[who] < since), key=needed.__getitem__)
    for some in _batches(longest):
        for who, at, kind in db.execute(_theirs(some, since=needed[some[0]], until=since, kinds=ACTS | ONLINE)):
            traces[who].append(Trace(at, class_of(kind)))
    frozen = [who for who in needed if any(is_away(people[who].breaks, now - mark) for mark in MARKS)]
    for some in _batches(frozen):
        for who, at, _ in db.execute(_theirs(some, since=since, until=now, kinds=ONLINE)):
            traces[who].append(Trace(at, ONLINE_CLASS))
    return traces


def _batches(people: Sequence[int]) -> Iterator[Sequence[int]]:
    return (people[start : start + BATCH] for start in range(0, len(people), BATCH))


def _theirs(
    people: Sequence[int], *, since: datetime, until: datetime, kinds: Collection[str]
) -> Select[int, datetime, str]:
    """Look for acts by whose they are, not by movement: so the database reads theirs alone."""
    return select(Act.member_id, Act.at, Act.kind).where(
        Act.member_id.in_(people), Act.at >= since, Act.at < until, Act.kind.in_(sorted(kinds))
    )


def _acts(movement: Movement, *, since: datetime, until: datetime) -> Select[int, datetime, str]:
    return select(Act.member_id, Act.at, Act.kind).where(
        Act.movement_id == movement.id, Act.at >= since, Act.at < until, Act.kind.in_(sorted(ACTS))
    )


def _latest_signs(movement: Movement, *, since: datetime, until: datetime) -> Select[int, datetime | None]:
    """Look for each member's latest from its end: this reads one line of most of them, a sum would read all."""
    latest = (
        select(Act.at)
        .where(Act.member_id == Member.id, Act.at >= since, Act.at < until, Act.kind.in_(sorted(ONLINE)))
        .order_by(Act.at.desc())
        .limit(1)
        .correlate(Member)
        .scalar_subquery()
    )
    return select(Member.id, latest).where(Member.movement_id == movement.id)


def read_newcomers(db: Session, movement: Movement, people: Mapping[int, Somebody], *, now: datetime) -> list[Newcomer]:
    """Read who joined in half a year, with their first step and their first act from then on."""
    joined = {who: one for who, one in people.items() if one.counts and now - LATELY <= one.joined < now}
    first = {who: (step, act) for who, step, act in db.execute(_first_steps(movement, now=now))}
    return [
        Newcomer(
            joined=one.joined,
            left=one.left,
            breaks=one.breaks,
            first_step=first.get(who, _NEVER)[0],
            first_act=first.get(who, _NEVER)[1],
        )
        for who, one in joined.items()
    ]


_NEVER: tuple[datetime | None, datetime | None] = (None, None)


def _first_steps(movement: Movement, *, now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(Act.member_id, func.min(Act.at), func.min(case((Act.kind.in_(sorted(ACTS)), Act.at))))
        .join(Member, Member.id == Act.member_id)
        .where(
            Member.movement_id == movement.id,
            Member.joined_at >= now - LATELY,
            Act.at >= Member.joined_at,
            Act.at < now,
            Act.kind.in_(sorted(FIRST_STEPS)),
        )
        .group_by(Act.member_id)
    )


def read_acts_of_newcomers(
    db: Session, movement: Movement, people: Mapping[int, Somebody], *, since: datetime, now: datetime
) -> list[Newcomer]:
    """Read who joined since then, with all their acts from joining on."""
    acts: dict[int, list[datetime]] = defaultdict(list)
    rows = db.execute(
        select(Act.member_id, Act.at)
        .join(Member, Member.id == Act.member_id)
        .where(
            Member.movement_id == movement.id,
            Member.joined_at >= since,
            Act.at >= Member.joined_at,
            Act.at < now,
            Act.kind.in_(sorted(ACTS)),
        )
    )
    for who, at in rows:
        acts[who].append(at)
    return [
        Newcomer(joined=one.joined, left=one.left, breaks=one.breaks, acts=tuple(acts[who]))
        for who, one in people.items()
        if one.counts and since <= one.joined < now
    ]
