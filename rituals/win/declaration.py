"""What the wins are called, when their digest comes, and how much may be written."""

from __future__ import annotations

from datetime import timedelta

from bot.ritual import Ritual

# What is scheduled is the digest: a win itself is told when it happens.
ritual = Ritual("win-digest", "The wins of the week, once, if there were any.", beat_when_used="every friday 16:00")

WHAT_MOST = 600
EVIDENCE_MOST = 300
THANKS_MOST = 200
MOST_MAKERS = 10
# What is older is no news, such as after a long pause.
DIGEST_REACHES = timedelta(days=35)
