"""What a rally asks people to fill in."""

from __future__ import annotations

from bot.chat import Action, Choice, Form, Option, When, Words
from rituals.rally.declaration import LINK_MOST, MINUTES, NUDGE_MOST, TOLD_MOST, WHAT_MOST

SHOWN = (Option("Show them in the thread, with my name", "shown"), Option("Only count that I told it", "counted"))


def rally_form(what: str, link: str, action: Action, *, posts: bool) -> Form:
    """Ask for one thing to do, with its minutes and its deadline."""
    return Form(
        "A rally",
        action,
        Words(
            name="what",
            label="What is the one thing to do?",
            hint="Such as: Write two sentences to the harbour office",
            value=what,
            long=True,
            most=WHAT_MOST,
        ),
        Choice(
            name="minutes",
            label="How many minutes does it take?",
            options=tuple(Option(f"{minutes} minutes", str(minutes)) for minutes in MINUTES),
        ),
        When(name="deadline", label="Until when does it help?", hint="Within two weeks.", clock=True),
        Words(name="link", label="A link, if it needs one", value=link, required=False, most=LINK_MOST),
        Words(
            name="nudge",
            label="A question to tell it by",
            hint="Not a text to copy. Such as: What does the river mean to you?",
            required=False,
            most=NUDGE_MOST,
        ),
        submit="Post it" if posts else "Propose it",
    )


def tell_form(words: str, action: Action) -> Form:
    """Ask how somebody told it, if they want it seen."""
    return Form(
        "In my own words",
        action,
        Choice(
            name="shown", label="What happens with your words?", options=SHOWN, value=("shown" if words else "counted",)
        ),
        Words(
            name="words",
            label="How did you tell it?",
            hint="Only needed if they shall be shown. Otherwise they are not kept.",
            value=words,
            long=True,
            required=False,
            most=TOLD_MOST,
        ),
        submit="Send",
    )
