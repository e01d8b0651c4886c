"""Wins: what went well is told when it happens, summed up on Fridays, and adds up to the movement's story."""

from rituals.win import (
    celebrating,
    changing,
    choices,
    commands,
    digest,
    effort,
    forgetting,
    naming,
    reporting,
    samples,
    story,
)
from rituals.win.declaration import ritual

__all__ = [
    "celebrating",
    "changing",
    "choices",
    "commands",
    "digest",
    "effort",
    "forgetting",
    "naming",
    "reporting",
    "ritual",
    "samples",
    "story",
]
