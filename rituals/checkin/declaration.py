"""What the check-in is called, and how it runs until an organizer changes that."""

from __future__ import annotations

from datetime import timedelta

from bot.ritual import Ritual

ritual = Ritual(
    "check-in", "Everybody says in two minutes where they are and what comes next.", beat="every monday 09:00"
)

OPEN_HOURS = 48
REMIND_HOURS = 24
CHANGE_EVERY = 4
# With fewer answers than this it was a prompt into silence, and nothing was held.
QUORUM = 2
KEEP_CLOSED_FIGURES = timedelta(days=30)
