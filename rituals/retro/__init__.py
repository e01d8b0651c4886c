"""Retro: everybody looks back together, without names, and a few promises come of it."""

from rituals.retro import (
    answered,
    arranging,
    asking,
    closing,
    commands,
    discussing,
    leading,
    moving,
    notes,
    opening,
    owed,
    reflecting,
    samples,
    settings,
    voting,
)
from rituals.retro.declaration import ritual

__all__ = [
    "answered",
    "arranging",
    "asking",
    "closing",
    "commands",
    "discussing",
    "leading",
    "moving",
    "notes",
    "opening",
    "owed",
    "reflecting",
    "ritual",
    "samples",
    "settings",
    "voting",
]
