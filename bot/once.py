"""Each event is heard once, however often a platform delivers it; of what is anonymous nothing is noted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.chat import Event, Pressed, Said, Submitted
from bot.people import movement_at
from bot.ritual import Rituals
from bot.routing import RefusedError, find_handler
from bot.store import insert_or
from bot.tables import Seen

SEEN_FOR = timedelta(days=2)


def is_first(db: Session, event: Event, *, now: datetime) -> bool:
    """Tell whether this event is heard for the first time; a platform may deliver it again."""
    seen = db.info.get("seen", {})
    if event.id in seen:
        return bool(seen.pop(event.id))
    row = {"event": event.id, "at": now}
    return db.connection().execute(_see(insert_or(db)), row).first() is not None


def see_all(db: Session, events: Sequence[Event], rituals: Rituals, *, now: datetime) -> None:
    """Write down at once that these were heard, where it is plain beforehand that it will be asked for."""
    plain = [
        event.id
        for event in events
        if movement_at(db, event.place) is not None and isinstance(event, Pressed | Submitted | Said)
        if not _is_anonymous(rituals, event)
    ]
    if plain:
        rows = [{"event": event_id, "at": now} for event_id in dict.fromkeys(plain)]
        fresh = db.connection().execute(_see(insert_or(db)), rows).scalars().all()
        db.info["seen"] = {event_id: event_id in set(fresh) for event_id in plain}


def _is_anonymous(rituals: Rituals, event: Event) -> bool:
    """Tell whether nobody may be noted with this; what cannot be found is treated as if."""
    try:
        asked = find_handler(rituals, event)
    except RefusedError:
        return True
    return asked is not None and asked.handler.anonymous


def forget_old(db: Session, *, now: datetime) -> None:
    """Let go of events that no platform delivers again."""
    db.execute(delete(Seen).where(Seen.at < now - SEEN_FOR))


@cache
def _see(insert: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - either dialect's own insert
    return insert(Seen.__table__).on_conflict_do_nothing().returning(Seen.__table__.c.event)
