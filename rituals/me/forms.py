"""What somebody can fill in about themselves."""

from __future__ import annotations

from bot.chat import Action, Choice, Form, Option, Words
from rituals.me.declaration import DID_MOST

ASKS, CALLS, RISING = "asks", "calls", "rising"


def settings_form(hours: str, on: tuple[str, ...], action: Action) -> Form:
    """Ask how much time somebody has, and what they want."""
    return Form(
        "Your settings",
        action,
        Words(
            name="hours",
            label="Hours a week that you have for this",
            hint="Nothing I suggest goes beyond it. Leave it empty if you would rather not say.",
            value=hours,
            required=False,
            most=10,
        ),
        Choice(
            name="wants",
            label="What is all right for you?",
            options=(
                Option("Suggest me a next small step", ASKS),
                Option("Note that I was in a call that I came to", CALLS),
                Option("Tell the channel when I do more than before", RISING),
            ),
            value=on,
            many=True,
            required=False,
        ),
        submit="Save",
    )


def did_form(action: Action) -> Form:
    """Ask what somebody did."""
    return Form(
        "I did something",
        action,
        Words(
            name="what",
            label="What did you do for us?",
            hint="One line. Only you read it; that you did something counts, once a day.",
            most=DID_MOST,
        ),
        submit="Note it",
    )
