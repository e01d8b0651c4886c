"""One sample of everything that is shown of gatherings, for the gallery."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.chat import Action, Moment, Whisper
from bot.ritual import Sample
from rituals.gathering import after_messages, calendar_messages, forms, messages, rsvp_messages, turnout_samples, views
from rituals.gathering.answered import Counts
from rituals.gathering.declaration import ritual
from rituals.gathering.forms import Filled
from rituals.gathering.messages import Card, Shown
from rituals.gathering.venues import Where
from rituals.gathering.views import Coming, Rota

STARTS = Moment(datetime(2026, 5, 7, 16, 0, tzinfo=UTC), "Thu 7 May, 18:00")
LATER = Moment(datetime(2026, 5, 14, 16, 0, tzinfo=UTC), "Thu 14 May, 18:00")
TOWN_HALL = Shown(1, "Town hall", STARTS, 90)
LIBRARY = Where("address", "City Library, Hall 5")
CLOCKS = "Thu 7 May, 18:00 to 19:30 (Europe/Berlin)"


def _action(verb: str, about: str | int = "") -> Action:
    return Action(ritual.name, verb, str(about), 1)


def _card(**parts: object) -> Card:
    shown: dict[str, object] = {"number": 1, "title": "Town hall", "kind": "town hall", "starts": STARTS}
    shown |= {"clocks": CLOCKS, "minutes": 90, "where": LIBRARY, "host": "Ana", "counts": Counts(going=12, maybe=3)}
    return Card(**(shown | parts))  # type: ignore[arg-type]


@ritual.gallery
def samples() -> Iterable[Sample]:
    """Give every view with plausible values."""
    yield from _cards()
    yield from _forms()
    yield from _said()
    yield from rsvp_messages.samples()
    yield from calendar_messages.samples()
    yield from turnout_samples.samples()
    yield from after_messages.samples()


def _cards() -> Iterable[Sample]:
    yield "The card", messages.card(_card(co_host="Ben", notes="Chi", words="Bring one question."), _action)
    yield (
        "The card, with a wait-list and an open slot",
        messages.card(
            _card(
                host="",
                capacity=12,
                counts=Counts(going=12, maybe=3, waiting=2),
                forecast="12 said yes; expect 6 to 9.",
                again="every other thursday 18:00",
                where=Where("link", "https://meet.example.org/town-hall"),
            ),
            _action,
        ),
    )
    yield "The card, mobilizing", messages.card(_card(kind="action day", where=Where(), mobilizing=True), _action)
    yield "The card, under way", messages.card(_card(state="under way", where=Where("huddle")), _action)
    yield "The card, over", messages.card(_card(state="over", turnout="Nine came; twelve had said yes."), _action)
    yield "The card, cancelled", messages.card(_card(state="cancelled", why="The hall is closed."), _action)


def _forms() -> Iterable[Sample]:
    yield "Announcing", forms.announce_form(Filled(minutes="60m"), "", _action("announce", "0"))
    yield (
        "Announcing, asked back",
        forms.announce_form(
            Filled("Town hall", minutes="90m", where="City Library"),
            "'3/4' may be 3 April or 4 March; write it with the month's name.",
            _action("announce", "20"),
        ),
    )
    yield "Announcing, too long a title", forms.announce_form(Filled("Town hall " * 30), "", _action("announce", "0"))
    filled = Filled(
        "Town hall", "2026-05-07T18:00+02:00", "90m", "huddle", "every thursday 18:00", "20", "Bring ideas."
    )
    yield "Time and place", forms.change_form(filled, _action("change", "1/one"))
    yield "Time and place of a series", forms.change_series_form(filled, _action("change", "1/all"))
    yield "Details", forms.details_form(Filled("Town hall", co_host="ben"), _action("details", "1/one"))
    yield "Cancelling", forms.cancel_form(_action("cancel", "1/one"))
    yield "Asking somebody to host, the form", forms.ask_host_form(_action("host-ask", 1))


def _said() -> Iterable[Sample]:
    yield "Announced", views.announced(TOWN_HALL, "", "You host it.", _action, hosts=True, rota=False)
    yield (
        "Announced, a series",
        views.announced(TOWN_HALL, "every thursday 18:00", "You host the first one.", _action, hosts=True, rota=True),
    )
    yield "Do you still host it? In private", views.still_hosting("Clean River", TOWN_HALL, _action)
    yield "Would you host it? In private", views.asked_to_host("Clean River", TOWN_HALL, "Ana", _action)
    yield "A question to a host, settled", views.question_settled(TOWN_HALL, "You host it. Thank you.")
    yield "Not confirmed, to organizers", views.not_confirmed("Clean River", TOWN_HALL, _action)
    yield "An open host slot, in the channel", views.open_slot(TOWN_HALL, _action)
    yield "An open host slot, taken", views.slot_taken(TOWN_HALL, "Ben")
    yield "An open host slot, gone", views.slot_gone(TOWN_HALL)
    yield "You host it", views.you_host(TOWN_HALL, _action)
    yield "Handed on, in private", views.handed_on(TOWN_HALL, "Ben", asked=True)
    yield "Can't host it, to who asked", views.handed_on(TOWN_HALL, "Ben", asked=False)
    planned = [(STARTS, "Ana"), (LATER, "")]
    yield "The hosts", views.rota(Rota(1, "Town hall", planned, ["Ana", "Ben"], turns=True), _action, on_it=True)
    yield "The hosts, open slots", views.rota(Rota(1, "Town hall", planned, [], turns=False), _action, on_it=False)
    rows = [[("For my calendar", "calendar")], [], [("Time and place", "change"), ("Cancel it", "cancel")]]
    yield "More", views.more(TOWN_HALL, "Host: Ana", rows, _action)
    yield "Which ones?", views.which(TOWN_HALL, "change", _action)
    yield (
        "Changed, in private",
        views.changed("Clean River", TOWN_HALL, LATER, LIBRARY, _action, several=True),
    )
    yield "Changed, to its host", views.changed("Clean River", TOWN_HALL, LATER, None, _action, several=False, hosts=1)
    yield "Cancelled, in private", views.called_off("Clean River", TOWN_HALL, "The hall is closed.", several=True)
    yield "Co-host, in private", views.co_hosting("Clean River", TOWN_HALL, "Ana", _action)
    yield "Cancelled", views.cancelled(TOWN_HALL, 3, several=True)
    yield "Saved", views.saved(TOWN_HALL, "3 people were told in private.", "")
    coming = [Coming(TOWN_HALL, 3, "Ana", "You are going."), Coming(Shown(2, "Town hall", LATER, 90), 0, "")]
    yield "What comes next", views.listed("Clean River", coming, 2, _action)
    yield "What comes next, nothing", views.listed("Clean River", [], 0, _action)
    yield "One gathering, alone", views.opened(_card(), rows, _action)
    yield "On its host's own page", Whisper(*views.owed(TOWN_HALL, _action))
