"""One sample of everything that is said of wins, for the gallery."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat import Action
from bot.ritual import Sample
from rituals.win import forms, messages, views
from rituals.win.declaration import ritual
from rituals.win.messages import Shown

HARBOUR = "The harbour office said yes: we may put up bins along the quay."
FLYERS = "Printed and folded 200 flyers in one evening."


def _action(verb: str, about: str | int = "") -> Action:
    return Action(ritual.name, verb, str(about), 1)


@ritual.gallery
def samples() -> Iterable[Sample]:
    """Give every view with plausible values."""
    proven = Shown("outcome", HARBOUR, "https://harbour.example/letters/12 and 6 bins", "Ana", ["Ben", "Chi"], 4)
    claimed = Shown("outcome", "Two families from the quay joined the clean-up.", "", "Chi", (), 1)
    effort = Shown("effort", FLYERS, "200 flyers", "Ben", ["Dee"])
    found = Shown("effort", "Took part in six check-ins in a row.", "", "", ["Chi"], found=True)
    yield "A win, with evidence", messages.win(proven, 1, _action)
    yield "A win, a claim", messages.win(claimed, 2, _action)
    yield "An effort", messages.win(effort, 3, _action)
    yield "An effort from the records", messages.win(found, 4, _action)
    yield "Taken back", messages.taken_back()
    yield "Thanks in the thread", messages.thanks([("Ana", "You stayed until midnight!"), ("Ben", "Thank you, Dee.")])
    yield "Thanks, taken back", messages.thanks([])
    month = messages.RoundUp("October 2026", [proven, claimed, effort, found], 3)
    yield "Digest", messages.digest([proven, claimed, effort, found], None)
    yield "Digest with the month", messages.digest([proven], month)
    yield "Digest, all taken back", messages.digest([], None)
    yield "Reporting", forms.win_form(forms.Given(), _action("report", "a1"))
    yield (
        "Reporting, typed",
        forms.win_form(forms.Given("Harbour office said yes", evidence="https://h.example/1"), _action("report", "a2")),
    )
    yield (
        "Changing a win",
        forms.win_form(forms.Given(HARBOUR, "outcome", ("ben",), "6 bins"), _action("edit", 1), new=False),
    )
    yield "Reported", views.reported(named=2)
    yield "Reported, named oneself", views.reported(named=0, asks=views.asks(_action))
    named = views.Named("Clean River", "Ana", HARBOUR, shown=True, undecided=True)
    yield "Named, in private", views.named(named, 1, _action)
    hidden = views.Named("Clean River", "Ana", HARBOUR, shown=False, undecided=False)
    yield "Named, and not counted", views.named(hidden, 1, _action)
    yield "Name taken out", views.taken_out()
    yield "The win was taken back", views.named_in_nothing()
    yield "What to change", views.change(1, _action, may_edit=True, may_take_out=True)
    yield "Nothing to change", views.change(1, _action, may_edit=False, may_take_out=False)
    yield "Saying thanks", forms.thanks_form("", _action("thank", 1))
    yield "Changing one's thanks", forms.thanks_form("Thank you, Dee.", _action("thank", 1))
    yield "Effort, in private", views.offer("Clean River", found.what, 1, _action)
    for answer in ("yes", "back", "never", "no"):
        yield f"Effort, answered {answer}", views.offer_answered(answer, found.what, 1, _action)
    yield "One's own choices", views.choices(in_stories=None, offers=True, action=_action)
    yield "One's own choices, made", views.choices(in_stories=True, offers=False, action=_action)
    yield (
        "Hints to organizers",
        views.hints("Clean River", ("Thank effort too", "one person gets most thanks", "add what changed")),
    )
    yield (
        "The story",
        views.story(
            views.Story("Clean River", 3, 1, 2, "Mon 4 May", "2026-05-04"), "# Clean River\n", "<!doctype html>\n"
        ),
    )
