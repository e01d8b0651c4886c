"""A gathering as it is shown to one person in private: what it is, when, how long and where."""

from __future__ import annotations

from bot.tables import Gathering
from bot.turn import Turn
from rituals.gathering.rsvp_messages import Shown
from rituals.gathering.venues import Where


def show(turn: Turn, gathering: Gathering) -> Shown:
    """Make a gathering ready to be shown to somebody alone."""
    return Shown(
        number=gathering.id,
        title=gathering.title,
        starts=turn.moment(gathering.starts_at),
        minutes=gathering.minutes,
        where=Where(gathering.place_kind, gathering.place),
    )
