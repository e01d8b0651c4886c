"""What is asked of somebody who reports a win, or says thanks for one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat import Action, Choice, Form, Option, People, Words
from rituals.win.declaration import EVIDENCE_MOST, MOST_MAKERS, THANKS_MOST, WHAT_MOST

KINDS = (
    Option("An outcome: something changed", "outcome"),
    Option("An effort: somebody put a lot in", "effort"),
)


@dataclass(frozen=True, slots=True)
class Given:
    """What stands in the form of a win already."""

    what: str = ""
    kind: str = ""
    makers: tuple[str, ...] = ()
    evidence: str = ""


def win_form(given: Given, action: Action, *, new: bool = True) -> Form:
    """Ask for a win; two minutes."""
    return Form(
        "A win" if new else "Change the win",
        action,
        Words(
            name="what",
            label="What happened?",
            hint="One or two sentences, as you would tell a friend.",
            value=given.what,
            long=True,
            most=WHAT_MOST,
        ),
        Choice(
            name="kind",
            label="What is it?",
            options=KINDS,
            value=(given.kind,) if given.kind else (),
        ),
        People(
            name="makers",
            label="Who made it happen?",
            hint="They are told in private, and may take their name out.",
            value=given.makers,
            most=MOST_MAKERS,
            required=False,
        ),
        Words(
            name="evidence",
            label="A link or a number?",
            hint="Such as 40 bags. Without one it is shown as a claim.",
            value=given.evidence,
            required=False,
            most=EVIDENCE_MOST,
        ),
        submit="Tell the channel" if new else "Save",
    )


def thanks_form(words: str, action: Action) -> Form:
    """Ask for a line of thanks."""
    return Form(
        "Say thanks",
        action,
        Words(
            name="words",
            label="Your thanks",
            hint="It stands under the win with your name. Empty takes it back."
            if words
            else "It stands under the win with your name.",
            value=words,
            required=not words,
            most=THANKS_MOST,
        ),
    )
