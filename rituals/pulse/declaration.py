"""What the pulse is called, and the few numbers that it lives by."""

from __future__ import annotations

from datetime import time

from bot.ritual import Ritual

ritual = Ritual("pulse", "How the movement is doing: who turns up, and what comes of what is said.")

# With fewer, a figure of promises or of days would speak of single people.
FEWEST = 5
# When organizers hear once a month of people who are slipping away, if there is anything to say.
NOTE_AT = time(10)
NOTE = "note"
