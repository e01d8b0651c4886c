"""A gathering as a platform's own list of events should show it; what is wanted here, ``bot.twins`` makes true."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from bot.chat import EVENT_TITLE_LIMIT, EVENT_WORDS_LIMIT, Appointment
from bot.following import spoken_place
from bot.plain import tidy, tidy_line
from bot.tables import Gathering, Movement, Twin

SOMEWHERE = "In the chat"
# Somebody deleted the event. That was a decision, and is respected.
DELETED = "deleted"
_STATES: Mapping[str, Literal["under way", "over", "cancelled"]] = {
    "under way": "under way",
    "over": "over",
    "cancelled": "cancelled",
}


def want(db: Session, movement: Movement, gathering: Gathering, *, now: datetime) -> None:
    """Write down that the platform's list should show a gathering as it stands; nothing happens if it does already."""
    wanted = fingerprint(appointment_of(gathering))
    twin = db.get(Twin, gathering.id)
    if twin is None:
        if gathering.state != "announced":
            return  # what is over, or was called off before anybody saw it, needs no double
        db.add(Twin(gathering_id=gathering.id, platform=movement.platform, wanted=wanted, try_at=now))
        db.flush()
    elif twin.wanted != wanted and twin.event != DELETED:
        twin.wanted, twin.try_at, twin.failures = wanted, now, 0


def appointment_of(gathering: Gathering) -> Appointment:
    """Tell a gathering as an event. More people may see those than are in the movement: it says what they need."""
    title = _cut(tidy_line(gathering.title), EVENT_TITLE_LIMIT)
    calling = gathering.place_kind in ("voice", "huddle", "link")
    # A link or an address stands on the card, for those who are in the movement.
    place = spoken_place(gathering) if gathering.place_kind == "voice" else "Online" if calling else SOMEWHERE
    return Appointment(
        title=title,
        words=_cut(tidy(gathering.words) or title, EVENT_WORDS_LIMIT),
        starts_at=gathering.starts_at,
        ends_at=gathering.starts_at + timedelta(minutes=max(gathering.minutes, 1)),
        place=_cut(tidy_line(place), EVENT_TITLE_LIMIT),
        room=gathering.place if gathering.place_kind == "voice" else "",
        state=_STATES.get(gathering.state, "announced"),
    )


def fingerprint(appointment: Appointment) -> str:
    """Tell one version of an event from another."""
    return hashlib.sha256(repr(appointment).encode()).hexdigest()


def _cut(words: str, limit: int) -> str:
    """Cut words as forms count them, in UTF-16 units."""
    if len(words.encode("utf-16-le")) // 2 <= limit:
        return words
    return words.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", "ignore").rstrip() + "…"
