"""What a rally is called, and how small and how short it has to be."""

from __future__ import annotations

from datetime import timedelta

from bot.ritual import Ritual

ritual = Ritual("rally", "One small ask to many, with its minutes and a deadline.")

WHAT_MOST = 200
LINK_MOST = 300
NUDGE_MOST = 160
TOLD_MOST = 280
# An ask that takes longer is a gathering.
MINUTES = (2, 5, 10, 15, 20, 30)
SOONEST = timedelta(minutes=30)
LONGEST = timedelta(days=14)
# With fewer people than this nothing was held together.
QUORUM = 2
# A rally that is called off so long before its deadline is nobody's miss.
IN_TIME = timedelta(hours=1)
