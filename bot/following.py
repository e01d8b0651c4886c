"""Calendars that people follow behind a secret link: a member's own gatherings, and those of a whole movement.

A link is a capability: whoever has it sees what is behind it. So only a hash of it is kept, a new one ends the old one
at once, and nothing is behind it but what its owner may see: no answers of others, no names but the hosts'. What a
movement shows to everybody says neither who nor exactly where.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from bot.cadence import Cadence, read_cadence
from bot.calendars import Entry, Repeated, write_calendar
from bot.tables import Feed, Gathering, Member, Movement, Rsvp, Series

FOLLOWED = ("going", "maybe", "waiting", "offered")
# What was longer ago than this is history, and stands in the movement's figures.
LOOKS_BACK = timedelta(days=90)
ENTRIES_MOST = 500
SLOTS_MOST = 2000
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_SOMEWHERE = {"voice": "Online", "huddle": "Online", "link": "Online"}


# ------------------------------------------------------------------------------------------------ links


def find_link(db: Session, movement: Movement, member: Member | None) -> Feed | None:
    """Find what somebody follows, or with nobody the calendar that a movement shows to everybody."""
    whose = Feed.member_id.is_(None) if member is None else Feed.member_id == member.id
    return db.scalar(select(Feed).where(Feed.movement_id == movement.id, whose))


def make_link(db: Session, movement: Movement, member: Member | None, *, now: datetime) -> str:
    """Make a link anew, and give its secret part, which can never be told again; the old one is dead."""
    token = secrets.token_urlsafe(32)
    link = find_link(db, movement, member)
    if link is None:
        link = Feed(movement_id=movement.id, member_id=member.id if member is not None else None)
        db.add(link)
    link.fingerprint, link.made_at = _hash(token), now
    db.flush()
    return token


def end_link(db: Session, movement: Movement, member: Member | None) -> bool:
    """Switch a link off; tells whether there was one."""
    link = find_link(db, movement, member)
    if link is None:
        return False
    db.delete(link)
    db.flush()
    return True


def address_of(address: str, token: str) -> str:
    """Tell where the calendar behind a link is."""
    return f"{address}/calendar/{token}.ics"


def find_calendar(db: Session, token: str, *, now: datetime) -> str | None:
    """Give the calendar behind a link; none where there is no such link, or whoever had it is gone or opted out."""
    if not _TOKEN.fullmatch(token):
        return None
    link = db.scalar(select(Feed).where(Feed.fingerprint == _hash(token)))
    if link is None:
        return None
    movement = db.get_one(Movement, link.movement_id)
    if link.member_id is None:
        return write_public(db, movement, now=now)
    member = db.get_one(Member, link.member_id)
    if member.left_at is not None or member.opted_out or member.movement_id != movement.id:
        return None
    return write_own(db, movement, member, now=now)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# ------------------------------------------------------------------------------------------------ what is behind them


def write_own(db: Session, movement: Movement, member: Member, *, now: datetime) -> str:
    """Write somebody's own calendar: what they mean to come to, and what they host."""
    answers = {row.gathering_id: row.answer for row in db.scalars(_answers(movement, member))}
    hosts = or_(Gathering.host_id == member.id, Gathering.co_host_id == member.id)
    mine = _lately(movement, now).where(or_(hosts, Gathering.id.in_(list(answers))))
    entries = []
    for gathering in db.scalars(mine):
        hosting = member.id in (gathering.host_id, gathering.co_host_id)
        sure = hosting or answers.get(gathering.id) == "going"
        entries.append(own_entry(db, gathering, tentative=not sure))
    return write_calendar(entries, zone=movement.zone, name=f"{movement.name}: my gatherings")


def write_one(db: Session, movement: Movement, gathering: Gathering) -> str:
    """Write one gathering, to be kept as a file."""
    return write_calendar([own_entry(db, gathering)], zone=movement.zone)


def write_public(db: Session, movement: Movement, *, now: datetime) -> str:
    """Write what a movement shows to everybody: title, time and kind, of series as one rule each."""
    series = list(db.scalars(select(Series).where(Series.movement_id == movement.id).order_by(Series.id)))
    known: dict[int, list[Gathering]] = {one.id: [] for one in series}
    for made in db.scalars(select(Gathering).where(Gathering.series_id.in_(list(known))).order_by(Gathering.slot)):
        known[made.series_id or 0].append(made)
    rules, strays = [], []
    for one in series:
        rule, left = _as_rule(one, known[one.id], movement.zone)
        rules.append(rule)
        # What is off has no place in a rule any more, and is simply gone, as those that the rule leaves out are.
        strays += [one for one in left if one.starts_at > now - LOOKS_BACK and one.state != "cancelled"]
    single = _lately(movement, now).where(Gathering.series_id.is_(None), Gathering.shown_at.is_not(None))
    entries = [_public_entry(gathering) for gathering in (*db.scalars(single), *strays)]
    return write_calendar(entries, rules, zone=movement.zone, name=f"{movement.name}: gatherings")


def own_entry(db: Session, gathering: Gathering, *, tentative: bool = False) -> Entry:
    """Tell a gathering to somebody who is in the movement."""
    host = db.get(Member, gathering.host_id) if gathering.host_id is not None else None
    hosted = host is not None and host.left_at is None
    words = [gathering.words, f"Host: {host.name}" if host is not None and hosted else ""]
    return Entry(
        uid=gathering.uid,
        title=gathering.title,
        starts_at=gathering.starts_at,
        minutes=gathering.minutes,
        changed_at=gathering.changed_at,
        revision=gathering.revision,
        kind=gathering.kind,
        place=spoken_place(gathering),
        words="\n\n".join(part for part in words if part),
        cancelled=gathering.state == "cancelled",
        tentative=tentative,
    )


def spoken_place(gathering: Gathering) -> str:
    """Say where people turn up."""
    match gathering.place_kind:
        case "voice":
            return f"Voice channel {gathering.place}".strip()
        case "huddle":
            return "Huddle in the channel"
        case _:
            return gathering.place


def _public_entry(gathering: Gathering) -> Entry:
    return Entry(
        uid=gathering.uid,
        title=gathering.title,
        starts_at=gathering.starts_at,
        minutes=gathering.minutes,
        changed_at=gathering.changed_at,
        revision=gathering.revision,
        kind=gathering.kind,
        # An address may be somebody's home, and a link lets anybody in who has it.
        place=_SOMEWHERE.get(gathering.place_kind, ""),
        cancelled=gathering.state == "cancelled",
    )


def _as_rule(series: Series, made: Sequence[Gathering], zone: str) -> tuple[Repeated, list[Gathering]]:
    """Tell a series as a rule with exceptions; gives also those of it that stand at no time of the rule."""
    cadence = read_cadence(series.cadence)
    by_slot = {gathering.slot: gathering for gathering in made if gathering.slot is not None}
    slots = set(_slots(cadence, series, zone, by_slot))
    # A time that was passed over has no gathering: it does not take place.
    known = [(slot, _public_entry(by_slot[slot]) if slot in by_slot else None) for slot in sorted(slots)]
    entry = Entry(
        uid=series.uid,
        title=series.title,
        starts_at=series.anchor,
        minutes=series.minutes,
        changed_at=max([series.changed_at, *(gathering.changed_at for gathering in made)]),
        revision=series.revision + sum(gathering.revision for gathering in made),
        kind=series.kind,
        place=_SOMEWHERE.get(series.place_kind, ""),
    )
    rule = Repeated(entry=entry, cadence=cadence, anchor=series.anchor, until=series.until, known=tuple(known))
    return rule, [gathering for gathering in made if gathering.slot not in slots]


def _slots(cadence: Cadence, series: Series, zone: str, made: Iterable[datetime]) -> Iterator[datetime]:
    """List the times of a series for which it is known whether there is a gathering."""
    last = max([*made, *([series.planned_to] if series.planned_to else [])], default=None)
    if last is None:
        return
    for number, slot in enumerate(cadence.trigger(zone=zone, anchor=series.anchor).follow(_before(series.anchor))):
        if slot > last or number >= SLOTS_MOST or (series.until is not None and slot >= series.until):
            return
        yield slot


def _before(moment: datetime) -> datetime:
    return moment - datetime.resolution


def _lately(movement: Movement, now: datetime) -> Select[Gathering]:
    ours = select(Gathering).where(Gathering.movement_id == movement.id, Gathering.starts_at > now - LOOKS_BACK)
    return ours.order_by(Gathering.starts_at, Gathering.id).limit(ENTRIES_MOST)


def _answers(movement: Movement, member: Member) -> Select[Rsvp]:
    theirs = select(Rsvp).join(Gathering, Gathering.id == Rsvp.gathering_id)
    return theirs.where(Gathering.movement_id == movement.id, Rsvp.member_id == member.id, Rsvp.answer.in_(FOLLOWED))
