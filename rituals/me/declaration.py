"""What somebody's own page is called, and the few numbers that it lives by."""

from __future__ import annotations

from datetime import time, timedelta

from bot.ritual import Ritual

ritual = Ritual("me", "Your own record, your next small step, and what is kept about you.")

LATELY = timedelta(days=90)
# So long after it somebody can say that they were at a gathering, or were not.
CORRECTABLE = timedelta(days=7)
# What a menu holds.
ACTS_SHOWN = 25
GATHERINGS_SHOWN = 5
DID_MOST = 300
HOURS_MOST = 80
# When the ladder is looked at: what it has to say waits for nobody's morning.
NIGHTLY_AT = time(4)
# A copy of what is kept lies in the person's own chat; ours of it goes soon.
COPY_KEPT = timedelta(days=7)
# A ritual with a timer of this name hears who is being forgotten or left out, just before: it shows anew what it shows.
FORGETTING = "member-deleted"
