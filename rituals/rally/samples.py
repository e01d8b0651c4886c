"""One sample of everything that is said about rallies, for the gallery."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.chat import Action, Moment
from bot.ritual import Sample
from rituals.rally import forms, messages
from rituals.rally.declaration import ritual
from rituals.rally.messages import Ask, Came

UNTIL = Moment(datetime(2026, 5, 8, 16, 0, tzinfo=UTC), "Fri 8 May, 18:00")
ASK = Ask(
    number=4,
    what="Write two sentences to the harbour office: the bins on the quay should stay.",
    minutes=5,
    until=UNTIL,
    link="https://harbour.example/contact",
    host="harbour.example",
    nudge="What does the river mean to you?",
)
PLAIN = Ask(number=4, what="Ask one neighbour to sign.", minutes=10, until=UNTIL)
WORDS = "I learned to swim at this quay, and so should my daughter."


def _action(verb: str, about: str | int = "") -> Action:
    return Action(ritual.name, verb, str(about), 1)


@ritual.gallery
def samples() -> Iterable[Sample]:
    """Give every view with plausible values."""
    yield "A rally, in the channel", messages.rally(ASK, Came(), _action)
    yield "A rally, some have done it", messages.rally(PLAIN, Came(done=7, told=2), _action)
    yield "A rally that is over", messages.rally_over(ASK, Came(done=12, told=3))
    yield "A rally that is over, nobody did it", messages.rally_over(PLAIN, Came())
    yield "A rally that was called off", messages.rally_off(ASK)
    yield "Told in their own words, in the thread", messages.told_words([("Chi", WORDS)], 0)
    yield "Told in many people's words", messages.told_words([("Chi", WORDS), ("Dee", "Bins stay!")], 12)
    yield "Told, taken back", messages.told_words([], 0)
    yield "Starting a rally", forms.rally_form("", "", _action("start", "a1"), posts=True)
    yield "Proposing a rally", forms.rally_form("Sign it", ASK.link, _action("start", "a1"), posts=False)
    yield "Proposed, to organizers", messages.proposed("Clean River", "Chi", ASK, _action)
    yield "Decided, to organizers", messages.settled(ASK.what, "It is in the channel.")
    yield "One ask, shown to one person", messages.one(ASK, _action)
    yield "Done", messages.done(4, _action, nudge=ASK.nudge, told=False)
    yield "Done, and told", messages.done(4, _action, nudge="", told=True)
    yield "In my own words", forms.tell_form("", _action("tell", 4))
    yield "Told", messages.told(4, _action, shown=True)
    yield "Told, and only counted", messages.told(4, _action, shown=False)
    yield "/rally list", messages.open_ones([(ASK, Came(done=3)), (Ask(5, "Ask two", 2, UNTIL), Came())], _action)
    yield "/rally list, none", messages.open_ones([], _action)
