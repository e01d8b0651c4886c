"""What a promise is called, and the few numbers that it lives by."""

from __future__ import annotations

from datetime import time, timedelta

from bot.ritual import Ritual

ritual = Ritual("promise", "What somebody said they would do, and by when.")

LONGEST = timedelta(days=400)
# An hour at which nobody minds being reminded.
HUMANE = time(9)
# Nobody needs to be reminded of what they promised a moment ago.
DAY_BEFORE_FROM = timedelta(hours=24)
SAME_DAY_FROM = timedelta(hours=12)
# A tap by mistake can be taken back for a while.
TAKE_BACK = timedelta(days=7)
LATELY = timedelta(days=30)
# Whoever is back after so long is not asked about it any more.
FORGOTTEN = timedelta(days=60)
LEAVERS_AT = time(10)
# With fewer promises than this the figure would speak of single people.
LEAST_COUNTED = 5
