"""One sample of everything that is said about listening rounds, for the gallery."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.chat import Action, Mention, Message, Moment
from bot.ritual import Sample
from rituals.listening import forms, messages, views
from rituals.listening.declaration import ritual
from rituals.listening.messages import Asked, Shown
from rituals.listening.questions import questions_of
from rituals.listening.views import Heard, Status

HEARD = "Chi would host a walk along the river if somebody did the leaflet."


def _action(verb: str, about: str | int = "") -> Action:
    return Action(ritual.name, verb, str(about), 1)


def _shown(how: messages.How = "open", *, times: bool = True) -> Shown:
    return Shown(
        round=7,
        people=[Mention("ben", "Ben")],
        how=how,
        times=[
            Moment(datetime(2026, 5, day, 16, 0, tzinfo=UTC), f"{day} May, 18:00") for day in (5, 7, 9)[: 3 * times]
        ],
        questions=questions_of(0),
        until=Moment(datetime(2026, 5, 14, 7, 0, tzinfo=UTC), "Thu 14 May, 09:00"),
    )


@ritual.gallery
def samples() -> Iterable[Sample]:
    """Give every view with plausible values."""
    yield "A round has begun, in the channel", messages.round_begun(3, 7, _action)
    yield "A round is over, in the channel", messages.round_over(2, 3, 7, _action)
    yield (
        "What both share, in the thread",
        messages.shared_words([("Ben", HEARD), ("Chi", "Ben is tired of Mondays.")], ["Ben", "Chi"]),
    )
    yield "Shared no more, in the thread", messages.unshared()
    yield "With whom you are, in private", messages.card("Clean River", _shown(), _action)
    yield "With whom you are, no time found", messages.card("Clean River", _shown(times=False), _action)
    yield "You talked, in private", messages.card("Clean River", _shown("talked"), _action)
    yield "No talk this round, in private", messages.card("Clean River", _shown("off"), _action)
    yield from _questions()
    yield "The partner can't, in private", messages.partner_cannot("Clean River", ["Ben"], 7, _action)
    yield "The partner has left, in private", messages.partner_left("Clean River")
    yield "The partner is forgotten, in private", messages.talk_gone("Clean River", waited=True)
    yield "The partner is forgotten, long after", messages.talk_gone("Clean River", waited=False)
    yield "Left out, in private", messages.left_out("Clean River", no_hours=False)
    yield "Left out for the time zone, in private", messages.left_out("Clean River", no_hours=True)
    yield "/listen", views.status(Status(["What it is."], listens=False), _action)
    mine = Status(["You are in."], listens=True, organizes=True, running=True, talk=_shown())
    yield "/listen, in a round", views.status(mine, _action)
    yield "Said yes, first", views.said_yes(["Ben"], 7, _action, how="open")
    yield "Said yes, both", views.said_yes(["Ben"], 7, _action, how="talked")
    yield "Said yes, the other says no", views.said_yes(["Ben"], 7, _action, how="off")
    yield "Said not yet", views.said_not_yet(_shown().until)
    yield "Said not yet, after the end", views.said_not_yet(None)
    yield "Said no", views.said_no(["Ben"], told=True, number=7, action=_action)
    yield "What I heard", forms.heard_form("", _action("hear", 7))
    yield "What was heard, nothing yet", views.heard_words(Heard(7, "", [("Ben", "")]), _action)
    yield "What was heard", views.heard_words(Heard(7, HEARD, [("Ben", "Chi is busy.")]), _action)
    yield (
        "What was heard, one would share",
        views.heard_words(Heard(7, HEARD, [("Ben", "")], sharing=True, waiting_for=["Ben"]), _action),
    )
    yield (
        "What was heard, shared",
        views.heard_words(Heard(7, HEARD, [("Ben", "Chi is busy.")], sharing=True, shared=True), _action),
    )
    yield "On one's own page", Message(*views.owed(_shown(), _action))


def _questions() -> Iterable[Sample]:
    yield "Did you talk?", messages.question("Clean River", Asked(_shown()), _action)
    yield "Not yet", messages.question("Clean River", Asked(_shown(), mine="not-yet"), _action)
    yield "The other says so", messages.question("Clean River", Asked(_shown(), said_yes=["Ben"]), _action)
    wrote = Asked(_shown(), said_yes=["Ben"], wrote=["Ben"])
    yield "The other wrote what they heard", messages.question("Clean River", wrote, _action)
    yield "You said so", messages.question("Clean River", Asked(_shown(), mine="yes"), _action)
    yield "Both said so", messages.question("Clean River", Asked(_shown("talked"), mine="yes"), _action)
    yield "It is called off", messages.question("Clean River", Asked(_shown("off"), mine="wont"), _action)
    denied = Asked(_shown("off"), said_no=["Ben"], mine="yes")
    yield "The other says it did not take place", messages.question("Clean River", denied, _action)
