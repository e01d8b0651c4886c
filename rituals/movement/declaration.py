"""What every part of the movement's set-up shares: its name, and how much may be written."""

from __future__ import annotations

from bot.ritual import Ritual

ritual = Ritual("movement", "What your movement is, and who carries it.")

NAME_MOST = 80
STEP_MOST = 200
STORY_MOST = 600
MOST_ORGANIZERS = 10
