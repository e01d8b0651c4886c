"""What changing and moving a ritual asks for."""

from __future__ import annotations

from bot.chat import Action, Form, People, When, Words

CADENCE_MOST = 80


def move_form(planned: str, action: Action) -> Form:
    """Ask when the next one shall be."""
    return Form(
        "Move the next one",
        action,
        When(
            name="when",
            label="Move it to",
            hint=f"Planned for {planned}. Later ones stay where they are.",
            clock=True,
        ),
        submit="Move it",
    )


def change_form(cadence: str, owner: tuple[str, ...], understudy: tuple[str, ...], action: Action) -> Form:
    """Ask for cadence, owner, understudy."""
    return Form(
        "Change the ritual",
        action,
        Words(
            name="cadence",
            label="When?",
            hint="Such as: every monday 09:00 · every other friday 16:00 · quarterly · on demand",
            value=cadence,
            most=CADENCE_MOST,
        ),
        People(name="owner", label="Owner", hint="Sees to it that it happens.", value=owner, required=False),
        People(
            name="understudy",
            label="Understudy",
            hint="Takes over when the owner can't.",
            value=understudy,
            required=False,
        ),
        submit="Save",
    )
