"""One sample of everything that somebody is shown about themselves, for the gallery."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat import Action, Button, Option
from bot.ritual import Sample
from rituals.me import forms, messages
from rituals.me.declaration import ritual
from rituals.me.words import spoken_record, spoken_rise, spoken_standing

MOVEMENT = "Clean River"


def _action(verb: str, about: str | int = "") -> Action:
    return Action(ritual.name, verb, str(about), 1)


@ritual.gallery
def samples() -> Iterable[Sample]:
    """Give every view with plausible values."""
    yield (
        "My page",
        messages.page(
            messages.Page(
                movement=MOVEMENT,
                done=spoken_record({"attended": 3, "promise_kept": 2, "action_done": 1, "checkin_answer": 9}),
                came=["River walk, Sat 9 May", "Town hall, Thu 23 April"],
                promises="Promises kept in time: 2 of 3.",
                standing=spoken_standing("activated"),
                step="Host 'Town hall', Thu 21 May, 18:00. It takes 60 minutes.",
                # The button leads to the gathering itself; here it leads nowhere else.
                button=Button("I'll host it", _action("data"), "primary"),
            ),
            lambda verb, about="": _action(verb, about or "1"),
        ),
    )
    yield (
        "My page, on the first day",
        messages.page(
            messages.Page(
                movement=MOVEMENT,
                done=(),
                came=(),
                promises="",
                standing=spoken_standing("newcomer"),
                step="There is nothing right now that fits you and the time you have. That is all right.",
            ),
            _action,
        ),
    )
    yield "My page, not counted", messages.left_out(MOVEMENT, _action)
    act = Option("Sat 9 May: came to one gathering", "7")
    yield "Correcting", messages.correct([("River walk, Sat 9 May", _action("correct", 3))], [act], _action)
    yield "Correcting, nothing there", messages.correct([], [], _action)
    yield "Taking something out", messages.sure_to_take_out("Sat 9 May: came to one gathering", 7, _action)
    yield "I did something", forms.did_form(_action("did"))
    yield "I did something, noted", messages.did("Put up ten posters at the school")
    yield "Settings", forms.settings_form("1.5", (forms.ASKS, forms.CALLS), _action("settings"))
    yield "My data", messages.data(_action, counted=True)
    yield "My data, not counted", messages.data(_action, counted=False)
    yield "A copy, in private", messages.copied(MOVEMENT, 1, 2, "{}\n", "table,row,field,value\n")
    yield "Not being counted", messages.sure_to_leave_out(_action)
    yield "Deleting", messages.sure_to_delete(_action, founder=False)
    yield "Deleting, to a founder", messages.sure_to_delete(_action, founder=True)
    yield "Deleted", messages.deleted()
    private, public = spoken_rise("core") or ("", "")
    yield "Risen, in private", messages.rose(MOVEMENT, private, _action)
    yield "Risen, to the channel, if one wants it", messages.rose_in_public(public, "Chi")
