"""The ledger: one line for each thing that somebody did, written once and never changed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from bot.store import insert_or
from bot.tables import Act, Member


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
    """Write an act down, once; nothing at all for a bot or for somebody who asked to be left out."""
    if member.bot or member.opted_out:
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
    db.connection().execute(_write(insert_or(db)), values)


@cache
def _write(insert: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - either dialect's own insert
    return insert(Act.__table__).on_conflict_do_nothing(index_elements=["movement_id", "once"])


def once_a_day(kind: str, member: Member, at: datetime) -> str:
    """Name an act that counts once a day however often it happens."""
    return f"{kind}:{member.id}:{at.date().isoformat()}"


def record_all(db: Session, kind: str, acts: Mapping[str, tuple[Member, datetime]]) -> int:
    """Write many acts of one kind down, each once by its name; gives how many were new."""
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
        if not member.bot and not member.opted_out
    ]
    return len(db.execute(_write(insert_or(db)).returning(Act.id), rows).all()) if rows else 0


def mark_member(key: bytes, member_id: int) -> str:
    """Hash a member with a key, so that a second answer is noticed without knowing whose it is."""
    return hmac.new(key, str(member_id).encode(), hashlib.sha256).hexdigest()
