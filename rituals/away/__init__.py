"""Away: somebody takes a break, and nobody asks them for anything until they are back."""

from rituals.away import samples, taking
from rituals.away.breaks import ritual

__all__ = ["ritual", "samples", "taking"]
