"""One sample of everything that is said about how a movement is doing, for the gallery."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.charts import Turnout, Turnouts, draw_png, draw_turnouts
from bot.chat import Action, Picture
from bot.insights.newcomers import Activation
from bot.insights.numbers import Portion
from bot.insights.promises import FollowThrough
from bot.insights.pulse import Pulse, Rungs, Talk, Trend
from bot.insights.purposes import Purposes
from bot.insights.turnout import Response, ShowUp
from bot.ritual import Sample
from rituals.pulse import messages
from rituals.pulse.declaration import ritual
from rituals.pulse.definitions import DEFINITIONS
from rituals.pulse.figures import tell
from rituals.pulse.messages import Line, Seen, Slipping

PULSE = Pulse(
    at=datetime(2026, 5, 10, 12, tzinfo=UTC),
    activation=Trend(Portion(14, 31), Portion(6, 30)),
    turned_up=Trend(Portion(11, 31), Portion(9, 30)),
    fair=Portion(11, 25),
    no_slot=6,
    show_up=ShowUp(Portion(40, 57), 4, 1),
    show_up_before=ShowUp(Portion(22, 40)),
    missing="",
    gatherings=(),
    verdict="real",
    talk=Talk(Portion(22, 31), Portion(8, 31), Portion(14, 22), Portion(9, 31)),
    rungs=Rungs(8, 4, 3, 7, 9),
    first_step=Portion(5, 9),
    activation_time=Activation(timedelta(days=8), 14, 9),
    follow_through=FollowThrough(on_time=8, late=2, missed=1, renegotiated=3),
    response=Response(0.45, (Portion(14, 31),)),
    leaders=((date(2026, 3, 1), 2), (date(2026, 4, 1), 3), (date(2026, 5, 1), 3)),
    not_counted="2 people chose not to be counted",
)
NOTHING = replace(
    PULSE,
    activation=Trend(Portion(0, 0), Portion(0, 0)),
    turned_up=Trend(Portion(0, 0), Portion(0, 0)),
    fair=Portion(0, 0),
    no_slot=None,
    show_up=ShowUp(Portion(0, 0)),
    verdict="too few to tell",
    talk=None,
    rungs=Rungs(0, 0, 0),
    first_step=Portion(0, 0),
    activation_time=Activation(None, 0, 0),
    follow_through=FollowThrough(),
    response=Response(None),
    leaders=((date(2026, 5, 1), 0),),
    not_counted="",
)
LOOKED_BACK = (
    "After gatherings that people looked back on, 2 more came to the next one; after the others, 1 fewer came "
    "(medians; 6 times against 5). That is no proof of a cause."
)
CAME = (
    ("Town hall", "Thu 23 April", "23 Apr", 12, 9),
    ("River walk", "Sat 2 May", "2 May", 5, 8),
    ("Co-working", "Thu 7 May", "7 May", 4, None),
)


def _action(verb: str, about: str | int = "") -> Action:
    return Action(ritual.name, verb, str(about), 1)


def _see(pulse: Pulse, *, organizer: bool, energy: tuple[int, ...] = (), looking_back: str = "") -> Seen:
    told = tell(pulse, purposes=Purposes(19, 7), energy=energy, looking_back=looking_back)
    figures = [one for one in told if one.active or organizer]
    return Seen(movement="Clean River", figures=figures, not_counted=pulse.not_counted, organizer=organizer)


def _picture() -> Picture:
    rows = [Turnout(title, short, yes, came, "not known") for title, _, short, yes, came in CAME]
    lines = [
        Line(title, day, yes, "nobody told who came" if came is None else f"{came} came")
        for title, day, _, yes, came in CAME
    ]
    drawn = draw_png(draw_turnouts(Turnouts("The last 3 gatherings of Clean River", rows)))
    return Picture(drawn, messages.describe(lines))


@ritual.gallery
def samples() -> Iterable[Sample]:
    """Give every view with plausible values."""
    everything = _see(PULSE, organizer=True, energy=(2, 3, 4, 4, 5), looking_back=LOOKED_BACK)
    yield "To an organizer", messages.pulse(everything, _action)
    yield "To a member", messages.pulse(_see(PULSE, organizer=False), _action)
    yield "To an organizer, in the first week", messages.pulse(_see(NOTHING, organizer=True), _action)
    for figure in everything.figures:
        yield f"What it means: {figure.name}", messages.meaning(figure, DEFINITIONS[figure.key])
    yield "To the channel", messages.in_channel(_see(PULSE, organizer=False), _picture())
    yield "The picture, in private", messages.picture_sent("Clean River", _picture())
    yield "The monthly note, in private", messages.note("Clean River", Slipping(4, 3, 5), _action)
    yield "The monthly note, one thing only", messages.note("Clean River", Slipping(no_step=3), _action)
    yield "No monthly note any more", messages.note_off(_action)
