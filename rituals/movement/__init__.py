"""Movement: how one begins in a channel, what it says of itself, and who may decide."""

from rituals.movement import coming, mission, organizers, readiness, samples, settings, shown, start
from rituals.movement.declaration import ritual

__all__ = ["coming", "mission", "organizers", "readiness", "ritual", "samples", "settings", "shown", "start"]
