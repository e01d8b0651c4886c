"""One sample of everything that the movement's set-up shows, for the gallery."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat import Action, Button
from bot.ritual import Sample
from rituals.movement import forms, messages
from rituals.movement.declaration import ritual
from rituals.movement.readiness import DOUBTS


def _action(verb: str, about: str | int = "") -> Action:
    return Action(ritual.name, verb, str(about), 1)


def _earlier() -> Button:
    return Button("Earlier versions", _action("earlier-missions", 4))


@ritual.gallery
def samples() -> Iterable[Sample]:
    """Give every view with plausible values."""
    mission = "We clean our river together until it can be swum in again."
    yield "Starting a movement", forms.start_form(_action("start"))
    yield (
        "Starting a movement where the platform knows no time zones",
        forms.start_form(_action("start"), zone_known=False),
    )
    yield "It is live", messages.begun("Clean River", "Europe/Berlin")
    yield (
        "The channel is told",
        messages.announcement(
            "Clean River",
            "Ana",
            "Bring one friend to the walk on Saturday",
            ["Check-in, every monday 09:00: Everybody says in two minutes where they are and what comes next."],
        ),
    )
    yield "May it move here?", messages.move_offer("Clean River", _action("move"))
    yield "It moved here", messages.moved_here("Clean River", "Ana")
    yield "It moved away", messages.moved_away("Clean River")
    facts = [
        ("Next step", "Bring one friend to the walk on Saturday"),
        ("Next gathering", "Walk along the river, Sat 9 May, 10:00"),
        ("Members", "12"),
        ("Time zone", "Europe/Berlin"),
        ("Quiet hours", "22:00 to 07:00"),
    ]
    typed = ["/checkin: Answer the open check-in", "/away [until friday | back]: Take a break"]
    yield "To a member", messages.movement_shown(messages.Shown("Clean River", facts, None, typed, ()))
    row = [Button(label, _action(label.lower())) for label in ("Settings", "Story", "Mission", "Organizers")]
    yield "To the founder", messages.movement_shown(messages.Shown("Clean River", facts, (mission, 2), typed, row))
    yield (
        "The story",
        messages.story(
            "Clean River",
            [
                ("What is wrong", "Our river is full of rubbish, and everybody thinks somebody else is in charge."),
                ("What could be", "In three summers children swim at the old beach again."),
                ("What each of us does", "One walk a month, one bag, one friend."),
            ],
        ),
    )
    values = {
        "name": "Clean River",
        "next-step": "Bring one friend to the walk on Saturday",
        "zone": "Europe/Berlin",
        "quiet": "22:00 to 07:00",
        "scope": "",
    }
    yield "Settings", forms.settings_form(values, _action("settings"))
    yield "Writing the story", forms.story_form({"problem": "", "future": "", "part": ""}, _action("story"))
    yield "Writing the mission", forms.mission_form(mission, _action("mission"))
    yield "The mission, in the channel", messages.mission_post(mission, 2, "Ana")
    yield "All its versions", messages.missions("Clean River", [(mission, "Version 4, Mon 4 May, Ana")], _earlier())
    yield "Naming organizers", forms.organizers_form(("ben",), _action("organizers"))
    yield "To a new organizer", messages.organizer_note("Clean River", "Ana")
    yield "Is it the right tool?", forms.readiness_form([(n, label) for n, label, _ in DOUBTS], _action("readiness"))
    yield "The right tool", messages.verdict([])
    yield "The wrong tool", messages.verdict([better for _, _, better in DOUBTS[:2]])
