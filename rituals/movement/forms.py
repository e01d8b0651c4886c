"""What the movement's set-up asks people to fill in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat import Action, Choice, Form, Option, People, When, Words
from bot.missions import MISSION_MOST
from rituals.movement.declaration import MOST_ORGANIZERS, NAME_MOST, STEP_MOST, STORY_MOST


def start_form(action: Action, *, zone_known: bool = True) -> Form:
    """Ask the three things that a movement needs to begin, and the time zone where nobody knows it."""
    zone = Words(name="zone", label="Your time zone", hint="Such as Europe/Berlin. Times are read in it.", most=60)
    return Form(
        "Start a movement",
        action,
        Words(name="name", label="What is it called?", hint="Such as: Clean River", most=NAME_MOST),
        Words(
            name="next-step",
            label="What is the next step?",
            hint="One small thing that somebody could do this week.",
            most=STEP_MOST,
        ),
        When(
            name="gathering",
            label="When do you first come together?",
            hint="A call or a meeting. Not known yet? Leave it empty; /gather announces it later.",
            clock=True,
            required=False,
        ),
        *(() if zone_known else (zone,)),
        submit="Start",
    )


def settings_form(values: Mapping[str, str], action: Action) -> Form:
    """Ask for what a movement is called and when it is awake."""
    return Form(
        "Settings",
        action,
        Words(name="name", label="Name", value=values["name"], most=NAME_MOST),
        Words(name="next-step", label="Next step", value=values["next-step"], most=STEP_MOST),
        Words(name="zone", label="Time zone", hint="Such as Europe/Berlin.", value=values["zone"], most=60),
        Words(
            name="quiet",
            label="Quiet hours",
            hint="I write nothing unasked then. Such as 22:00 to 07:00, or none.",
            value=values["quiet"],
            most=30,
        ),
        Words(
            name="scope",
            label="Scope",
            hint="What belongs to it, and what does not.",
            value=values["scope"],
            required=False,
            long=True,
            most=STORY_MOST,
        ),
        submit="Save",
    )


def story_form(values: Mapping[str, str], action: Action) -> Form:
    """Ask for the story: problem, better future, each person's part."""
    labels = (("problem", "What is wrong?"), ("future", "What could be?"), ("part", "What does each of us do?"))
    return Form(
        "Our story",
        action,
        *(
            Words(name=name, label=label, value=values[name], long=True, required=False, most=STORY_MOST)
            for name, label in labels
        ),
        submit="Save",
    )


def mission_form(words: str, action: Action) -> Form:
    """Ask for the mission."""
    return Form(
        "Our mission",
        action,
        Words(
            name="mission",
            label="What are you here for?",
            hint="In a sentence or two. Earlier versions are kept, and the channel is shown the new one.",
            value=words,
            long=True,
            most=MISSION_MOST,
        ),
        submit="Save",
    )


def organizers_form(people: tuple[str, ...], action: Action) -> Form:
    """Ask who organizes."""
    return Form(
        "Organizers",
        action,
        People(
            name="people",
            label="Who organizes with you?",
            hint="They may start and change rituals. Choose at least one: a movement needs more than you.",
            value=people,
            most=MOST_ORGANIZERS,
            required=False,
        ),
        submit="Save",
    )


def readiness_form(questions: Sequence[tuple[str, str]], action: Action) -> Form:
    """Ask what speaks against a movement."""
    options = (Option("Yes", "yes"), Option("No", "no"))
    return Form(
        "The right tool?",
        action,
        *(Choice(name=name, label=label, options=options) for name, label in questions),
        submit="Tell me",
    )
