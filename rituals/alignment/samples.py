"""One sample of everything that an alignment check shows, for the gallery."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.charts import Scale, ScaleRow, draw_png, draw_scale
from bot.chat import Action, Button, Moment, Whisper
from bot.insights.alignment import Drift
from bot.ritual import Sample
from rituals.alignment import forms, messages, views
from rituals.alignment.declaration import ritual

MISSION = "We clean our river together until it can be swum in again."
DAY = "Mon 4 May"


def _action(verb: str, about: str | int = "") -> Action:
    return Action(ritual.name, verb, str(about), 1)


def _moment(day: int) -> Moment:
    return Moment(datetime(2026, 5, day, 7, 0, tzinfo=UTC), f"{day} May, 09:00")


@ritual.gallery
def samples() -> Iterable[Sample]:
    """Give every view with plausible values."""
    done = [
        ("Check-in", "12 times in 90 days"),
        ("What people do on their own", "9 times in 90 days"),
        ("Stall at the market", ""),
    ]
    chosen = ["1. Check-in: we keep it", "2. Town hall: we change it. Ask the school for a room (done)"]
    asked = messages.Asked(MISSION, 2, done, chosen, "Clean River")
    yield "No mission yet", messages.no_mission(_action)
    yield "Writing the mission", forms.mission_form("", _action("write"))
    yield "The mission, in the channel", messages.mission_written(MISSION, 2, "proposed by Ben and agreed")
    yield "Before it opens", messages.draft(asked, 12, _moment(7), 1, _action, anonymous=True)
    yield "Before it opens, among few", messages.draft(asked, 4, _moment(7), 1, _action, anonymous=False)
    yield "It is open, to organizers", messages.draft_done("it is open, in the channel.")
    yield "What is asked", forms.list_form([label for label, _ in done], _action("list", 1))
    yield "Open", messages.board(messages.Board(DAY, asked, "anonymous", 4, _moment(11)), 1, _action)
    yield (
        "Open, signed, on the last day",
        messages.board(messages.Board(DAY, asked, "signed", 1, _moment(11), last_day=True), 1, _action),
    )
    nothing = messages.Asked(MISSION, 1, ())
    over = messages.Board(DAY, nothing, "anonymous", 6, None, over="6 people rated. This check is over.")
    yield "Over", messages.board(over, 1, _action)
    rated = [(1, "Check-in"), (2, "What people do on their own"), (3, forms.MISSION_LABEL)]
    yield "Rating", forms.rating_form(rated, {1: "4"}, _action("rate", "1/1/abcdefghijklmnop"), first=True)
    yield (
        "Saying why",
        forms.reasons_form(rated, {1: "We see each other there"}, _action("why", "1/1/abcdefghijklmnop")),
    )
    change = [Button("Say why", _action("why", "1/1/a")), Button("Change my ratings", _action("rate", "1/1/a"))]
    yield "Kept", messages.kept(4, 4, change, signed=False)
    more = [Button("Rate the other 4", _action("sign", "1/2"), "primary")]
    yield "Kept, signed, with more to rate", messages.kept(4, 8, more, signed=True)
    yield "Results", messages.results(_results(), 1, _action)
    few = messages.Results(3, shown=False, results=(), drift=Drift())
    yield "Results, too few", messages.results(few, 1, _action)
    nobody = messages.Results(0, shown=False, results=(), drift=Drift())
    yield "Results, nobody rated", messages.results(nobody, 1, _action)
    reasons = [("1. Check-in", "I see who needs a hand"), ("2. Town hall", "Always the same three talk")] * 3
    yield "Reasons", messages.reasons(reasons, 0, 1, _action)
    yield from _choosing()


def _results() -> messages.Results:
    rows = (
        ScaleRow("1", "Check-in", (0, 0, 1, 3, 2), "4.2", "yes", "aligned", "agreed"),
        ScaleRow("2", "What people do on their own", (0, 1, 4, 1, 0), "3.0", "open", "unsure", "drifted, down"),
        ScaleRow("3", "Town hall", (3, 0, 0, 0, 3), "3.0", "split", "split", "contested"),
        ScaleRow("4", "Stall at the market", (2, 3, 1, 0, 0), "1.8", "no", "off mission", "agreed"),
        ScaleRow("5", "川のそうじ", None, "", "none", "too few", "answers"),
        ScaleRow("", "All in all", (0, 1, 1, 2, 2), "3.8", "yes", "aligned", "views differ"),
    )
    said = (
        "4.2 of 5, aligned, agreed, no clear change.",
        "3.0 of 5, unsure, drifted, down since last time.",
        "3.0 of 5, split, contested.",
        "1.8 of 5, off mission, agreed.",
        "too few answers.",
        "3.8 of 5, aligned, views differ.",
    )
    scale = Scale("Does what we do serve our mission?", f"6 people rated, {DAY}", ("not any more", "fully"), rows, True)
    return messages.Results(
        6,
        shown=True,
        results=[
            messages.Result(f"{row.number}. {row.label}" if row.number else row.label, words)
            for row, words in zip(rows, said, strict=True)
        ],
        drift=Drift(exposed=0.4),
        png=draw_png(draw_scale(scale)),
        reasons=True,
    )


def _choosing() -> Iterable[Sample]:
    def stands(choice: str, state: str, *, mission: bool = False) -> str:
        return views.stands(choice, mission=mission, state=state)

    told = views.tally(2, 1, 3)
    items = [
        views.Item(1, "1. Check-in", stands("keep", "adopted")),
        views.Item(2, "2. What people do on their own", f"{stands('change', 'open')} ({told})"),
        views.Item(3, "3. Town hall", stands("stop", "objected")),
        views.Item(4, "4. Stall at the market", stands("", "")),
        views.Item(5, "The mission", stands("change", "adopted", mission=True), mission=True),
    ]
    yield "Choosing", views.choices(items, _moment(25), 1, _action, proposed=2, talk=False)
    yield "Choosing is over", views.choices(items, None, 1, _action, proposed=0, talk=True)
    change = views.Proposed(
        1,
        "change",
        "Ben",
        "Few know of it",
        "",
        "Chi, by Fri 15 May: A wall of thanks",
        2,
        3,
        _moment(14),
        [("Dee", "A wall is a lot of work for one person")],
    )
    yield "A proposal", views.item(items[1], change, _action, decided=False, said="")
    amend = views.Proposed(2, "change", "Ana", "", MISSION, "", 1, 3, _moment(14))
    yield (
        "Other words for the mission",
        views.item(items[4], amend, _action, decided=False, said="consent"),
    )
    yield "Nothing proposed yet", views.item(items[3], None, _action, decided=False, said="")
    yield "Keeping something", forms.keep_form(_action("propose", "1/keep"))
    yield "Changing something", forms.change_form("Change it", "", _action("propose", "1/change"))
    yield "Proposing other words", forms.mission_form(MISSION, _action("propose", "5/change"), why="")
    yield "Objecting", forms.objection_form(_action("object", 1))
    yield "Consented", Whisper("Noted: you consent. You can change it for each one until its time is over.")
