"""One sample of everything that is said about promises, for the gallery."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat import Action, Message
from bot.ritual import Sample
from rituals.promise import forms, messages, views
from rituals.promise.declaration import ritual
from rituals.promise.messages import Shown
from rituals.promise.views import Mine

WHAT = "Call the harbour office"


def _action(verb: str, about: str | int = "") -> Action:
    return Action(ritual.name, verb, str(about), 1)


@ritual.gallery
def samples() -> Iterable[Sample]:
    """Give every view with plausible values."""
    mine = Shown(1, WHAT, "Fri 8 May")
    with_ben = Shown(1, WHAT, "Fri 8 May", "Ben")
    from_ana = Shown(1, WHAT, "Fri 8 May", "Ana")
    chis = Shown(1, WHAT, "Fri 8 May", "Chi")
    yield "Making a promise", forms.promise_form("", "chi", "", "", _action("make"))
    yield "Making a promise, too long a line", forms.promise_form("Call " * 80, "chi", "", "", _action("make"))
    yield "Promised", messages.promised(mine, "Thu 7 May", "Ben", _action)
    yield "Promised for today", messages.promised(mine, "", "", _action)
    yield "Asking somebody else", messages.asked_for(with_ben)
    yield "The question, in private", messages.question("Clean River", from_ana, _action, together=False)
    yield "The question, together", messages.question("Clean River", chis, _action, together=True)
    yield "The question, answered", messages.settled(WHAT, "You said yes to this.")
    yield "They said yes", messages.answered(with_ben, yes=True, together=False)
    yield "They can't", messages.answered(with_ben, yes=False, together=False)
    yield "They can't do it with you", messages.answered(with_ben, yes=False, together=True)
    yield "Nobody had promised it", messages.lapsed(mine)
    yield "Reminder, in private", messages.reminder("Clean River", with_ben, _action)
    yield "The day has passed, in private", messages.overdue("Clean River", mine, _action)
    yield "Done", messages.done(WHAT, "You were early.", 1, _action)
    yield "Open again", messages.open_again(mine, _action)
    yield "More time", forms.more_time_form("2026-05-15", "Fri 8 May", _action("more", 1))
    yield "Moved", messages.moved(mine, "Thu 14 May", _action)
    yield "Moved, told to who is in it", messages.moved_note(chis)
    yield "Let go", messages.let_go(WHAT, 1, _action)
    yield "Let go, told to who asked", messages.let_go_note(chis)
    yield "Let go, told to who carries it alone now", messages.let_go_note(chis, _action)
    yield "Help wanted, in the channel", messages.help_wanted(chis, _action)
    yield "Help wanted, of a promise that few may see", messages.ask_aloud(WHAT, 1, _action)
    yield "Help found, in the channel", messages.help_found(WHAT, "Chi has a hand with this. Thank you.")
    yield "Help wanted, taken back", messages.taken_back()
    yield "Help found, in private", messages.helper_note(with_ben)
    yield "Helping", messages.helping(chis)
    yield "Free to take, in private", messages.free_to_take("Clean River", chis, _action)
    yield "One of mine", views.card(with_ben, _action)
    yield "My promises, none", views.mine(Mine(), _action)
    yield (
        "My promises",
        views.mine(
            Mine(
                cards=[with_ben, Shown(2, "Bring gloves", "Sat 9 May")],
                awaited=[Shown(3, "Take the notes", "Mon 11 May", "Ana")],
                more=[Shown(4, "Thank the rowing club", "Sat 16 May")],
                asked=[Shown(5, "Print the flyer", "Sun 10 May", "Dee")],
                kept=[Shown(6, "Count the bottles", "Sun 3 May")],
                figure="In the last 90 days you kept 2 of 3 in time. Only you see this.",
            ),
            _action,
        ),
    )
    yield (
        "Everybody's promises",
        views.everybodys(
            "Clean River",
            [Shown(1, WHAT, "Fri 8 May", "(Chi and Ben)"), Shown(2, "Bring gloves", "Sat 9 May", "(Dee)")],
            "In the last 90 days, kept in time: 5 of 7 (more than half), 1 of them moved in good time.",
        ),
    )
    yield "Everybody's promises, none", views.everybodys("Clean River", [], "No figure yet.")
    yield (
        "On one's own page",
        Message(*views.owed([mine], [Shown(3, "Take the notes", "Mon 11 May", "Ana")], _action)),
    )
