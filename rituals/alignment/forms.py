"""What an alignment check asks people to fill in: ratings, reasons, what is asked, proposals, objections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat import FIELD_LABEL_LIMIT, HINT_LIMIT, Action, Choice, Field, Form, Option, People, When, Words, shorten
from bot.missions import MISSION_MOST
from bot.promises import WHAT_MOST
from rituals.alignment.declaration import ACTIVITY_MOST, MOST_ACTIVITIES, REASON_MOST, WHY_MOST

NOT_SURE = "0"
FIGURES = ("1", "2", "3", "4", "5", NOT_SURE)
_LABELS = ("1 (no, not any more)", "2", "3", "4", "5 (yes, fully)", "Not sure")
LIST_MOST = MOST_ACTIVITIES * (ACTIVITY_MOST + 2)
MISSION_LABEL = "All in all: do we serve our mission?"


def rating_form(
    activities: Sequence[tuple[int, str]], given: Mapping[int, str], action: Action, *, first: bool
) -> Form:
    """Ask how far each activity still serves the mission; up to five on one form, by their positions."""
    options = tuple(Option(label, figure) for label, figure in zip(_LABELS, FIGURES, strict=True))
    fields: list[Field] = []
    for position, label in activities:
        short = shorten(label, limit=FIELD_LABEL_LIMIT)
        hint = shorten(label, limit=HINT_LIMIT) if short != label else ""
        if first and not fields and not hint:
            hint = "Does this still serve our mission? 1: not any more, 5: fully."
        value = given.get(position, "")
        fields.append(
            Choice(
                name=f"a{position}",
                label=short,
                hint=hint,
                options=options,
                value=(value,) if value in FIGURES else (),
            )
        )
    return Form("Does it still serve us?", action, *fields, submit="Keep my ratings")


def reasons_form(activities: Sequence[tuple[int, str]], given: Mapping[int, str], action: Action) -> Form:
    """Ask why, as far as somebody likes to say it."""
    return Form(
        "Why?",
        action,
        *(
            Words(
                name=f"a{position}",
                label=shorten(label, limit=FIELD_LABEL_LIMIT),
                value=given.get(position, ""),
                long=True,
                required=False,
                most=REASON_MOST,
            )
            for position, label in activities
        ),
        submit="Keep",
    )


def list_form(labels: Sequence[str], action: Action) -> Form:
    """Ask what is looked at, a line each."""
    return Form(
        "What do we look at?",
        action,
        Words(
            name="activities",
            label="One activity a line",
            hint=f"Up to {MOST_ACTIVITIES}. Take out, add and reword as you like; 'all in all' is asked anyway.",
            value="\n".join(labels),
            long=True,
            required=False,
            most=LIST_MOST,
        ),
        submit="Save",
    )


def mission_form(words: str, action: Action, *, why: str | None = None) -> Form:
    """Ask for the mission's words; as a proposal also why."""
    fields: list[Field] = [
        Words(
            name="mission",
            label="What are you here for?" if why is None else "The mission, as you propose it",
            hint="In a sentence or two. Earlier versions are kept.",
            value=words,
            long=True,
            most=MISSION_MOST,
        )
    ]
    if why is not None:
        fields.append(Words(name="why", label="Why?", value=why, long=True, required=False, most=WHY_MOST))
    return Form("Our mission", action, *fields, submit="Save" if why is None else "Propose")


def keep_form(action: Action) -> Form:
    """Ask why something stays as it is."""
    return Form(
        "Keep it as it is",
        action,
        Words(
            name="why",
            label="Why keep it?",
            hint="A line, if you like.",
            long=True,
            required=False,
            most=WHY_MOST,
        ),
        submit="Propose",
    )


def change_form(title: str, what: str, action: Action) -> Form:
    """Ask what changes, or how something ends, and who sees to it by when."""
    return Form(
        title,
        action,
        Words(name="what", label="What is to be done?", value=what, most=WHAT_MOST),
        People(name="owner", label="Who sees to it?", hint="They are asked before it counts as their promise."),
        When(name="due", label="By when?"),
        Words(name="why", label="Why?", hint="A line, if you like.", long=True, required=False, most=WHY_MOST),
        submit="Propose",
    )


def objection_form(action: Action) -> Form:
    """Ask what speaks against a proposal."""
    return Form(
        "I object",
        action,
        Words(
            name="reason",
            label="What harm would it do?",
            hint="Shown with your name, so that the proposal can be mended.",
            long=True,
            most=REASON_MOST,
        ),
        submit="Object",
    )
