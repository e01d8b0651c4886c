"""One sample of everything that somebody who takes a break sees, for the gallery."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat import Action
from bot.ritual import Sample
from rituals.away import views
from rituals.away.breaks import ritual


def _action(verb: str, about: str | int = "") -> Action:
    return Action(ritual.name, verb, str(about), 1)


@ritual.gallery
def samples() -> Iterable[Sample]:
    """Give every view with plausible values."""
    running = "You are away. Your first day back is Fri 8 May."
    planned = "From Mon 3 August on you are away. Your first day back is Mon 24 August."
    yield "Choosing the days", views.away_form("2026-05-04", _action("go"))
    yield "Away", views.breaks_shown([running], _action, running=True)
    yield "Planned", views.breaks_shown([planned], _action, running=False)
    yield "Away, and another break planned", views.breaks_shown([running, planned], _action, running=True)
    yield "Back", views.welcome_back([], _action)
    yield "Back, and another break planned", views.welcome_back([planned], _action)
    yield "The break is over", views.greeting("Clean River")
