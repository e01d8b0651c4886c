"""What the retro is called, and how it runs until an organizer changes that."""

from __future__ import annotations

from datetime import timedelta

from bot.ritual import Ritual

ritual = Ritual("retro", "Everybody looks back together, and a few promises come of it.")

NOTE_MOST = 400
NOTES_MOST = 1000
# The note begins with the name of what it looks back on, which has up to 80 characters.
REFLECTION_MOST = 300
VOTES_EACH = 3
VOTES_ON_ONE = 2
TOPICS = 3
# A channel hears of a retro six times at most. The board, four topics and the summary are six posts; where a retro is
# spread out, the line that the vote is open is one more, so it has a topic less.
TOPICS_MOST = 4
TOPICS_MOST_SPREAD = 3
# With fewer people than this it was a prompt into silence, and nothing was held.
QUORUM = 2
# How long a live retro may stand still before it closes itself.
PATIENCE = timedelta(hours=6)
# How long a facilitator may be silent before anybody can take over.
SILENT_LIVE = timedelta(minutes=10)
SILENT_SPREAD = timedelta(hours=24)
TOPIC_MINUTES = 10
