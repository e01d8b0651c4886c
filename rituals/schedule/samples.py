"""One sample of everything that /rituals shows, for the gallery."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat import Action
from bot.ritual import Sample
from rituals.schedule import forms, messages
from rituals.schedule.practised import ritual


def _action(verb: str, about: str | int = "") -> Action:
    return Action(ritual.name, verb, str(about), 1)


@ritual.gallery
def samples() -> Iterable[Sample]:
    """Give every view with plausible values."""
    check_in = messages.Shown(
        title="Check-in: Everybody says in two minutes where they are and what comes next.",
        plan="every monday 09:00 (Europe/Berlin): next Mon 11 May 09:00, Mon 18 May 09:00, Mon 25 May 09:00",
        owner="Ana",
        understudy="Ben",
        row=messages.Row(1, "1/1778482800"),
    )
    unowned = messages.Shown(check_in.title, "every monday 09:00, paused", "", "", messages.Row(1, paused=True))
    yield "To a member", messages.rituals_shown([check_in], _action, changing=False)
    yield "To an organizer", messages.rituals_shown([check_in], _action, changing=True)
    yield "Paused, and nobody owns it", messages.rituals_shown([unowned], _action, changing=True)
    yield "Just paused", messages.paused("check-in", messages.Row(1, paused=True), _action)
    yield "Moving the next one", forms.move_form("Mon 11 May, 09:00", _action("move", "1/1778482800"))
    yield "Changing", forms.change_form("every monday 09:00", ("ana",), ("ben",), _action("change", 1))
