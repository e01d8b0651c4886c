"""The ledger: one line for each thing that somebody did, written once and never changed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, exists, select
from sqlalchemy.orm import Session

from bot.store import insert_or
from bot.tables import Act, Member, TakenOut


def record(
    db: Session,
    member: Member,
    kind: str,
    *,
    at: datetime,
    once: str,
    occurrence_id: int | None = None,
    evidence: str = "",
) -> None:
    """Write an act down, once; nothing at all for a bot or for somebody who asked to be left out.

    What they took out of their record stays out of it, and so does what they did before they were counted again.
    """
    if not _counts(member, at):
        return
    values = {
        "movement_id": member.movement_id,
        "member_id": member.id,
        "kind": kind,
        "at": at,
        "occurrence_id": occurrence_id,
        "evidence": evidence,
        "once": once,
    }
    db.connection().execute(_write_wanted(insert_or(db)), values)


def _counts(member: Member, at: datetime) -> bool:
    if member.bot or member.opted_out:
        return False
    return member.counted_since is None or at >= member.counted_since


@cache
def _write(insert: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - either dialect's own insert
    return insert(Act.__table__).on_conflict_do_nothing(index_elements=["movement_id", "once"])


@cache
def _write_wanted(insert: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - either dialect's own insert
    """Look whether it was taken out in the same statement: this is done for every message."""
    names = ("movement_id", "member_id", "kind", "at", "occurrence_id", "evidence", "once")
    given = {name: bindparam(name, type_=Act.__table__.c[name].type) for name in names}
    out = exists().where(TakenOut.member_id == given["member_id"], TakenOut.once == given["once"])
    wanted = insert(Act.__table__).from_select(names, select(*given.values()).where(~out))
    return wanted.on_conflict_do_nothing(index_elements=["movement_id", "once"])


def take_out(db: Session, act: Act) -> None:
    """Delete an act as its member wishes, and never write it down again, whoever tells of it."""
    out = insert_or(db)(TakenOut).values(member_id=act.member_id, once=act.once)
    db.execute(out.on_conflict_do_nothing())
    db.delete(act)
    db.flush()


def let_back_in(db: Session, member: Member, once: str) -> None:
    """Let an act be written down again that its member took out: they tell of it anew themselves."""
    db.execute(delete(TakenOut).where(TakenOut.member_id == member.id, TakenOut.once == once))


def once_a_day(kind: str, member: Member, at: datetime) -> str:
    """Name an act that counts once a day however often it happens."""
    return f"{kind}:{member.id}:{at.date().isoformat()}"


def record_all(db: Session, kind: str, acts: Mapping[str, tuple[Member, datetime]]) -> int:
    """Write many acts of one kind down, each once by its name; gives how many were new."""
    out = _taken_out(db, {member.id for member, _ in acts.values()})
    rows = [
        {
            "movement_id": member.movement_id,
            "member_id": member.id,
            "kind": kind,
            "at": at,
            "occurrence_id": None,
            "evidence": "",
            "once": once,
        }
        for once, (member, at) in acts.items()
        if _counts(member, at) and (member.id, once) not in out
    ]
    return len(db.execute(_write(insert_or(db)).returning(Act.id), rows).all()) if rows else 0


def _taken_out(db: Session, members: Iterable[int]) -> set[tuple[int, str]]:
    theirs = select(TakenOut.member_id, TakenOut.once).where(TakenOut.member_id.in_(sorted(members)))
    return {(member_id, once) for member_id, once in db.execute(theirs)}


def mark_member(key: bytes, member_id: int) -> str:
    """Hash a member with a key, so that a second answer is noticed without knowing whose it is."""
    return hmac.new(key, str(member_id).encode(), hashlib.sha256).hexdigest()
