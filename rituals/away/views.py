"""What a break looks like: its form, and the few words about it, all of them for one person alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.chat import Action, Button, Buttons, Form, Message, Part, Text, When, Whisper, bold, fit

Act = Callable[..., Action]


def away_form(today: str, action: Action) -> Form:
    """Ask for the days."""
    return Form(
        "Take a break",
        action,
        When(name="from", label="First day away", value=today),
        When(name="back", label="First day back", hint="Empty: until you say so.", required=False),
        submit="Take the break",
    )


def breaks_shown(said: Sequence[str], action: Act, *, running: bool) -> Whisper:
    """Tell somebody about their breaks, with the ways to change them."""
    row = [Button("I'm back", action("back"), "primary")] if running else []
    if len(said) > running:
        row.append(Button("Call off what is planned", action("off")))
    row.append(Button("Choose other days", action("change")))
    return Whisper(
        Text(fit(said)),
        "Nobody asks you for anything then, and nothing counts as missed. Rest well.",
        Buttons(*row),
    )


def welcome_back(planned: Sequence[str], action: Act) -> Whisper:
    """Greet somebody who says they are back, and name what they still have planned."""
    parts: list[Part] = [Text("Welcome back. Nothing was counted against you, and there is nothing to catch up on.")]
    if planned:
        parts += [Text(fit(planned)), Buttons(Button("Call off what is planned", action("off")))]
    return Whisper(*parts)


def greeting(movement: str) -> Message:
    """Greet somebody whose break is over."""
    return Message(
        Text(
            "Welcome back to ",
            bold(movement),
            ". Nothing was counted against you, and there is nothing to catch up on.",
        )
    )
