"""What a listening round asks people to fill in."""

from __future__ import annotations

from bot.chat import Action, Form, Words
from rituals.listening.declaration import HEARD_MOST


def heard_form(heard: str, action: Action) -> Form:
    """Ask what somebody heard."""
    return Form(
        "What I heard",
        action,
        Words(
            name="heard",
            label="What did you hear?",
            hint="In their words, not yours. Those of you who talked can read it, and nobody else.",
            value=heard,
            long=True,
            most=HEARD_MOST,
        ),
        submit="Keep",
    )
