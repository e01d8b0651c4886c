"""Check-in: once a week everybody says in two minutes where they are and what comes next."""

from rituals.checkin import (
    answering,
    closing,
    commands,
    energy,
    forgetting,
    offering,
    opening,
    owed,
    questions_page,
    reminding,
    samples,
    settings,
)
from rituals.checkin.declaration import ritual

__all__ = [
    "answering",
    "closing",
    "commands",
    "energy",
    "forgetting",
    "offering",
    "opening",
    "owed",
    "questions_page",
    "reminding",
    "ritual",
    "samples",
    "settings",
]
