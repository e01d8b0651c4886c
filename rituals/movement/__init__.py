"""Movement: how one begins in a channel, what it says of itself, and who may decide."""

from rituals.movement import mission, organizers, readiness, samples, settings, shown, start
from rituals.movement.declaration import ritual

__all__ = ["mission", "organizers", "readiness", "ritual", "samples", "settings", "shown", "start"]
