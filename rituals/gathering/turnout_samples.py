"""One sample of everything that is said about who came, for the gallery."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.chat import Action, Moment
from bot.ritual import Sample
from rituals.gathering import roll_forms, turnout_messages
from rituals.gathering.declaration import ritual
from rituals.gathering.roll_forms import Others, Ticked
from rituals.gathering.turnout_messages import Own, Turnout

STARTS = Moment(datetime(2026, 5, 7, 16, 0, tzinfo=UTC), "Thu 7 May, 18:00")
NAMES = ("Ana", "Ben", "Chi", "Dee", "Fay", "Gus", "Hal", "Ida", "Jo", "Kim", "Lou")
CAME = Turnout(came=7, yes=9, walk_ins=2, guests=1, recorded=True)


def _action(verb: str, about: str | int = "") -> Action:
    return Action(ritual.name, verb, str(about), 1)


def samples() -> Iterable[Sample]:
    """Give every view with plausible values."""
    yield "You run it", turnout_messages.runs_it("Town hall", 1, _action)
    yield "You stand in", turnout_messages.stands_in("Town hall", 1, _action, named=True)
    yield "Somebody stands in, to its host", turnout_messages.stood_in("Clean River", "Town hall", "Dee", 1, _action)
    yield "Do you run it?", turnout_messages.offer_to_run("Town hall", "Ben", 1, _action)
    yield "The word", turnout_messages.the_word("piano tiger", "18:20", 1, _action)
    yield "I'm here", turnout_messages.here_form(_action("here", 1))
    yield from _roll_calls()
    yield "How many came", turnout_messages.closed("Town hall", CAME)
    yield "Who came? In private", turnout_messages.nudge("Clean River", "Town hall", STARTS, 2, 1, _action)
    yield "Who came? Settled", turnout_messages.nudge_settled("Town hall", "thank you, it is recorded who came.")
    yield from _corrections()


def _roll_calls() -> Iterable[Sample]:
    eleven = [Ticked(number, name, came=name < "H") for number, name in enumerate(NAMES, start=1)]
    others = Others(came=("eli",), guests=2, ran=("ana",))
    yield "The roll call", roll_forms.roll_form(eleven[:4], others, _action("roll", 1))
    yield "The roll call, one had said yes", roll_forms.roll_form(eleven[:1], others, _action("roll", 1))
    yield "The roll call, nobody had said yes", roll_forms.roll_form((), Others(), _action("roll", 1))
    pages = [("Page 1 of 2", "1/1-50"), ("Page 2 of 2", "1/51-80")]
    yield "The roll call, in pages", turnout_messages.roll_pages("Town hall", pages, 1, _action)
    yield "The roll call, one page", roll_forms.page_form(eleven, _action("roll-page", "1/1-11"))
    yield "The roll call, the last page", roll_forms.others_form(others, _action("roll-others", 1))
    for name, turnout, held, hosted in (
        ("", CAME, True, True),
        (", nobody ran it", CAME, False, False),
        (", one alone", Turnout(came=1, recorded=True), False, True),
        (", it did not happen", Turnout(recorded=True, happened=False), False, False),
    ):
        yield (
            f"Noted who came{name}",
            turnout_messages.rolled(turnout, held=held, hosted=hosted, number=1, action=_action),
        )


def _corrections() -> Iterable[Sample]:
    seen = Own("Town hall", STARTS, "came", "seen in the call for 42 minutes")
    away = Own("Town hall", STARTS, "away", "not ticked by Ben")
    yield "My record", turnout_messages.own_record(seen, 1, _action)
    yield "My record, nothing", turnout_messages.own_record(Own("Town hall", STARTS, "unknown", ""), 1, _action)
    yield (
        "My record, answered",
        turnout_messages.own_record(Own("Town hall", STARTS, "away", "", ended=True), 1, _action),
    )
    yield (
        "My record, too late",
        turnout_messages.own_record(Own("Town hall", STARTS, "away", "", late=True), 1, _action),
    )
    yield "Corrected, I was there", turnout_messages.corrected(seen, 1, _action)
    yield "Corrected, I wasn't", turnout_messages.corrected(away, 1, _action)
    yield (
        "A correction, to the host in private",
        turnout_messages.correction("Clean River", "Chi", "Town hall", STARTS, came=True, about="1/3", action=_action),
    )
    yield "A correction, answered", turnout_messages.correction_settled("Chi", "Town hall", "Ben has answered.")
    yield "Answered, in private", turnout_messages.disagreed("Clean River", "Town hall", STARTS, "Ben", came=False)
