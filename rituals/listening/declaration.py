"""What a listening round is called, and the few numbers that it lives by."""

from __future__ import annotations

from datetime import timedelta

from bot.ritual import Ritual

ritual = Ritual("listening", "Two people take half an hour to listen to each other.")

MINUTES = 30
# By then most have talked; whoever has not said so is asked once.
ASK_AFTER = timedelta(days=5)
LASTS = timedelta(days=10)
# So long after its end a round still takes what somebody has to say about it.
CORRECTED_WITHIN = timedelta(days=7)
KEPT_FOR = timedelta(days=400)
COVERED = timedelta(days=90)
FEWEST = 2
HEARD_MOST = 1000
