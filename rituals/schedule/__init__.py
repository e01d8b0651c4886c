"""Rituals: what a movement practises, when it comes next, and how an organizer changes that."""

from rituals.schedule import changing, moving, pausing, samples, shown
from rituals.schedule.practised import ritual

__all__ = ["changing", "moving", "pausing", "ritual", "samples", "shown"]
