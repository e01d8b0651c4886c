"""Listening rounds: two people who hear each other out, so that a movement knows what its people carry."""

from rituals.listening import asking, closing, forgetting, hearing, joining, offering, opening, owed, samples, talking
from rituals.listening.declaration import ritual

__all__ = [
    "asking",
    "closing",
    "forgetting",
    "hearing",
    "joining",
    "offering",
    "opening",
    "owed",
    "ritual",
    "samples",
    "talking",
]
