"""Rituals: what a movement practises, when it comes next, and how an organizer changes that."""

from rituals.schedule import changing, coming, moving, pausing, samples, shown
from rituals.schedule.practised import ritual

__all__ = ["changing", "coming", "moving", "pausing", "ritual", "samples", "shown"]
