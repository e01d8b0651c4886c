"""What the alignment check is called, and how it runs until an organizer changes that."""

from __future__ import annotations

from datetime import timedelta

from bot.ritual import Ritual

# A quarter in weeks, so that it always falls on the same day of the week, three months after the last one.
QUARTERLY = "every 13 weeks on monday 09:00"

ritual = Ritual(
    "alignment-check",
    "Everybody says in private how far what we do still serves our mission.",
    beat_when_used=QUARTERLY,
)

FIRST_AFTER_MONTHS = 3
# How far back the ledger is read for what really took place.
LOOKED_BACK = timedelta(days=90)
# Organizers look at what is asked before it is asked.
PREPARE = timedelta(days=3)
OPEN_DAYS = 7
LAST_DAY = timedelta(days=1)
# Every time zone sees a proposal before it stands.
CONSENT = timedelta(hours=72)
CHOOSING = timedelta(days=21)
KEEP_CLOSED = timedelta(days=30)
QUORUM = 2
MOST_ACTIVITIES = 9
ACTIVITY_MOST = 60
REASON_MOST = 280
WHY_MOST = 280
