"""Alignment check: every quarter everybody says in private how far what we do still serves our mission."""

from rituals.alignment import (
    closing,
    coming,
    commands,
    consenting,
    deciding,
    ending,
    first,
    forgetting,
    outcome,
    preparing,
    proposing,
    rating,
    samples,
    signing,
)
from rituals.alignment.declaration import ritual

__all__ = [
    "closing",
    "coming",
    "commands",
    "consenting",
    "deciding",
    "ending",
    "first",
    "forgetting",
    "outcome",
    "preparing",
    "proposing",
    "rating",
    "ritual",
    "samples",
    "signing",
]
