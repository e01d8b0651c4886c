"""Pulse: how the movement is doing, told to everybody as far as it points at nobody."""

from rituals.pulse import dropping, samples, showing
from rituals.pulse.declaration import ritual

__all__ = ["dropping", "ritual", "samples", "showing"]
