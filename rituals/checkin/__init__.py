"""Check-in: once a week everybody says in two minutes where they are and what comes next."""

from rituals.checkin import answering, energy, questions_page, samples, settings
from rituals.checkin.opening import ritual

__all__ = ["answering", "energy", "questions_page", "ritual", "samples", "settings"]
