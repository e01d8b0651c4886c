"""How promises went: each one in a word, and the share that was kept in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Standing = Literal["asked", "open", "kept early", "kept", "renegotiated", "late", "let go", "missed"]

# What is done within a day after it was due counts as done in time.
GRACE = timedelta(hours=24)
EARLY = timedelta(hours=24)
WINDOW = timedelta(days=90)
ON_TIME: tuple[Standing, ...] = ("kept early", "kept", "renegotiated")
# Whether somebody missed or was late is nobody's business but theirs: others read these words.
_SPOKEN: dict[Standing, str] = {
    "asked": "asked for",
    "open": "still open",
    "kept early": "done early",
    "kept": "done",
    "renegotiated": "done by a new date",
    "late": "done",
    "let go": "let go",
    "missed": "still open",
}


@dataclass(frozen=True, slots=True)
class Move:
    """A new due date, and when it was agreed."""

    due: datetime
    agreed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """A promise as the figures see it. ``due`` is what was agreed first; ``moves`` are in the order of agreement.

    ``accepted``: whoever is to do it has said yes.
    """

    due: datetime
    moves: tuple[Move, ...] = ()
    accepted: bool = True
    done_at: datetime | None = None
    released_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FollowThrough:
    """How many promises were kept in time, late or not at all, and how many of them had been moved in time."""

    on_time: int = 0
    late: int = 0
    missed: int = 0
    renegotiated: int = 0

    @property
    def counted(self) -> int:
        """Tell how many promises the figure rests on."""
        return self.on_time + self.late + self.missed


def effective_due(pledge: Pledge) -> datetime:
    """Give the due date that counts: a new one only if it was agreed before the one before had passed."""
    due = pledge.due
    for move in pledge.moves:
        if move.agreed_at < due:
            due = move.due
    return due


def was_renegotiated(pledge: Pledge) -> bool:
    """Tell whether a promise was moved in time, at least once."""
    return bool(pledge.moves) and pledge.moves[0].agreed_at < pledge.due


def standing(pledge: Pledge, *, now: datetime) -> Standing:
    """Say in a word how a promise stands."""
    due = effective_due(pledge)
    if pledge.done_at is not None and pledge.accepted:
        if pledge.done_at > due + GRACE:
            return "late"
        if was_renegotiated(pledge):
            return "renegotiated"
        return "kept early" if pledge.done_at <= due - EARLY else "kept"
    if not pledge.accepted:
        return "asked" if pledge.released_at is None else "let go"
    if pledge.released_at is not None and pledge.released_at < due:
        return "let go"
    if now > due + GRACE:
        return "missed"
    return "open" if pledge.released_at is None else "let go"


def spoken_standing(pledge: Pledge, *, now: datetime) -> str:
    """Say how a promise stands to everybody, so that nobody is shamed: only its owner reads 'late' or 'missed'.

    What was let go is not open, also when its day had passed by then.
    """
    if pledge.released_at is not None and pledge.done_at is None:
        return _SPOKEN["let go"]
    return _SPOKEN[standing(pledge, now=now)]


def follow_through(pledges: Iterable[Pledge], *, now: datetime, window: timedelta = WINDOW) -> FollowThrough:
    """Count how the promises went that fell due lately. What was let go in time, or is open still, is left out."""
    fell_due = [pledge for pledge in pledges if now - window <= effective_due(pledge) < now]
    words = [(standing(pledge, now=now), pledge) for pledge in fell_due]
    counted = [(word, pledge) for word, pledge in words if word not in ("asked", "open", "let go")]
    return FollowThrough(
        on_time=sum(word in ON_TIME for word, _ in counted),
        late=sum(word == "late" for word, _ in counted),
        missed=sum(word == "missed" for word, _ in counted),
        renegotiated=sum(was_renegotiated(pledge) for _, pledge in counted),
    )
