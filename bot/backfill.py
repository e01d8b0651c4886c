"""Backfill: brings what a platform remembers of the time before Drumbeat into the ledger, and says what is missing.

A message becomes at most one sign of life of its author's day, exactly as it would have been when it was written; its
words are never read. Only people who are known as members get any: nobody is entered who never met Drumbeat.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.chat import Joined, Said
from bot.ledger import once_a_day, record_all
from bot.moments import MONTHS
from bot.people import hold
from bot.store import Database
from bot.tables import Import, Member, Movement

# Older acts are folded into totals, in which single ones have no place any more.
OLDEST = timedelta(days=400)
BATCH = 2_000
# So many happenings lie between two lines that say how far it is.
TOLD_EVERY = 20_000
_READ_BYTES = 1 << 20
CANNOT_SHOW = (
    "No words were kept. What such a file cannot show: who read or listened, who came to a call or an action, "
    "when somebody reacted, and what was deleted. Whoever wrote counts as seen, never as having turned up."
)
# So many channels are named where one of them is meant.
NAMED = 20


class Export(Protocol):
    """What was exported, whatever platform it comes from. ``channels``: the name of each channel by its id."""

    platform: str
    channels: Mapping[str, str]

    def read(self, channels: Collection[str]) -> Iterator[Said | Joined]: ...

    def close(self) -> None: ...


class BackfillError(Exception):
    """Nothing can be brought in. The sentence says what to do."""


@dataclass
class Findings:
    """What was in a file, and what became of it."""

    messages: int = 0
    acts: int = 0
    too_old: int = 0
    members: set[int] = field(default_factory=set)
    # Only how many: who they are is none of our business.
    strangers: set[str] = field(default_factory=set)
    resumed: int = 0


def choose_movement(database: Database, export: Export, *, named: str = "") -> Movement:
    """Find the movement that a file belongs to: the one whose home it holds, or the one that was named."""
    with database.reading() as db:
        there = db.scalars(select(Movement).where(Movement.platform == export.platform).order_by(Movement.id)).all()
    homes = [one for one in there if one.channel in export.channels]
    if named:
        meant = [one for one in there if named.casefold() in (one.name.casefold(), str(one.id))]
        # Of several with one name, it is the one whose home is in the file.
        chosen = [one for one in meant if one in homes] or meant
        if len(chosen) != 1:
            known = ", ".join(f"'{one.name}' ({one.id})" for one in there) or "none"
            raise BackfillError(f"There is no one movement '{named}' to bring this into. There are: {known}.")
        return chosen[0]
    if len(homes) != 1:
        which = "more than one" if homes else "no"
        raise BackfillError(
            f"This file holds the home channel of {which} movement. Name the movement with --movement, and the "
            "channels of the file that belong to it with --channel."
        )
    return homes[0]


def choose_channels(export: Export, movement: Movement, *, named: Collection[str] = ()) -> list[str]:
    """Find the channels to read by their names; the movement's home without any."""
    ids = {name.casefold(): channel for channel, name in export.channels.items()}
    wanted = [name.casefold().lstrip("#") for name in named]
    unknown = [name for name in wanted if name not in ids and name not in export.channels]
    if unknown:
        raise BackfillError(f"There is no channel #{unknown[0]} in this file. There are: {_listed(export)}.")
    chosen = {ids.get(name, name) for name in wanted} or {movement.channel} & set(export.channels)
    if not chosen:
        raise BackfillError(
            f"The home channel of {movement.name} is not in this file. Name the channels that belong to it with "
            f"--channel. There are: {_listed(export)}."
        )
    return sorted(chosen)


def bring_in(
    database: Database,
    export: Export,
    file: Path,
    *,
    movement_id: int,
    channels: Collection[str],
    now: datetime,
    report: Callable[[str], None] = lambda _: None,
) -> Findings:
    """Write what is in a file into the ledger, a few thousand happenings a transaction.

    Whatever was written stays written if it is stopped, and a second start goes on from there. What the ledger has
    already, from an earlier time or because Drumbeat was there, is not written again.
    """
    print_of = _fingerprint(file, channels)
    found = Findings()
    found.resumed = position = _position(database, movement_id, print_of)
    happenings = islice(export.read(channels), position, None)
    while batch := list(islice(happenings, BATCH)):
        position += len(batch)
        _write(database, movement_id, batch, found, now=now, mark=(print_of, position))
        if position // TOLD_EVERY != (position - len(batch)) // TOLD_EVERY:
            report(f"{position:,} messages read, up to {_spoken(batch[-1].at)}")
    with database.transaction() as db:
        # Whole: the next time it is read from the beginning, because people may have become members since.
        if (done := db.get(Import, (movement_id, print_of))) is not None:
            db.delete(done)
    return found


def spoken(findings: Findings) -> list[str]:
    """Say what was brought in, and what such a file cannot show."""
    people = _plural(len(findings.members), "member", "members")
    lines = []
    if findings.resumed:
        lines.append(f"Went on where it was stopped, after {findings.resumed:,} messages.")
    lines.append(
        f"Read {findings.messages:,} messages of {people}. New in the ledger: "
        + _plural(findings.acts, "day on which somebody wrote.", "days on which somebody wrote.")
    )
    if findings.strangers:
        left = _plural(len(findings.strangers), "person who is", "people who are")
        lines.append(f"Left out: {left} not a member here, or chose not to be counted.")
    if findings.too_old:
        old = _plural(findings.too_old, "message", "messages")
        lines.append(f"Left out: {old} older than {OLDEST.days} days.")
    lines.append(CANNOT_SHOW)
    return lines


def _plural(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


# ------------------------------------------------------------------------------------------------ writing


def _write(
    database: Database,
    movement_id: int,
    batch: Iterable[Said | Joined],
    found: Findings,
    *,
    now: datetime,
    mark: tuple[str, int],
) -> None:
    with database.transaction() as db:
        movement = db.get(Movement, movement_id)
        if movement is None:
            raise BackfillError("The movement is not there any more.")
        hold(db, movement)
        people = {one.who.id for one in batch}
        members = db.scalars(select(Member).where(Member.movement_id == movement_id, Member.person.in_(people)))
        known = {one.person: one for one in members if not one.bot and not one.opted_out}
        written: dict[str, tuple[Member, datetime]] = {}
        for one in batch:
            found.messages += isinstance(one, Said)
            member = known.get(one.who.id)
            if member is None:
                found.strangers.add(one.who.id)
            elif member.counted_since is not None and one.at < member.counted_since:
                # Then they had chosen not to be counted, or to be forgotten.
                found.strangers.add(one.who.id)
            elif now - one.at > OLDEST:
                found.too_old += isinstance(one, Said)
            elif one.at < now:
                # Whoever wrote here was here; a figure of newcomers must not take them for one.
                member.joined_at = min(member.joined_at, one.at)
                if isinstance(one, Said):
                    found.members.add(member.id)
                    written.setdefault(once_a_day("message", member, one.at), (member, one.at))
        found.acts += record_all(db, "message", written)
        _note_position(db, movement_id, *mark, now=now)


def _note_position(db: Session, movement_id: int, fingerprint: str, position: int, *, now: datetime) -> None:
    row = db.get(Import, (movement_id, fingerprint))
    if row is None:
        row = Import(movement_id=movement_id, fingerprint=fingerprint)
        db.add(row)
    row.position, row.at = position, now


def _position(database: Database, movement_id: int, fingerprint: str) -> int:
    with database.reading() as db:
        row = db.get(Import, (movement_id, fingerprint))
        return row.position if row is not None else 0


def _fingerprint(file: Path, channels: Collection[str]) -> str:
    """Tell a file, and what was chosen of it, from every other."""
    digest = hashlib.sha256(" ".join(sorted(channels)).encode())
    with file.open("rb") as opened:
        while piece := opened.read(_READ_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def _listed(export: Export) -> str:
    names = sorted(name for name in export.channels.values() if name)
    rest = len(names) - NAMED
    return ", ".join(f"#{name}" for name in names[:NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _spoken(at: datetime) -> str:
    return f"{at.day} {MONTHS[at.month - 1].title()} {at.year}"
