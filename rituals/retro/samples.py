"""One sample of every retro view, for the gallery."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from bot.chat import Action, Moment
from bot.ritual import Sample
from rituals.retro import boards, export, forms, messages, views
from rituals.retro.declaration import ritual
from rituals.retro.formats import FORMATS

DAY = "Mon 4 May"
ENDS = Moment(datetime(2026, 5, 6, 16, 0, tzinfo=UTC), "Wed 6 May, 18:00")
BOARD = boards.Board(
    day=DAY,
    form=FORMATS["worked"].name,
    phase="gather",
    columns=FORMATS["worked"].columns,
    facilitator="Ben",
    notes=7,
    finished=2,
    ends=ENDS,
)
TOPICS = (
    messages.TopicLine("Nobody knew who had the key to the shed", 3),
    messages.TopicLine("The flyer came too late", 2),
    messages.TopicLine("Soup afterwards", 2),
)
VOTED = (
    messages.TopicLine(TOPICS[0].name, 3, 6, "Promise. Chi: Three spare keys, by Fri 15 May"),
    messages.TopicLine(TOPICS[1].name, 2, 4, "To decide: who writes flyers from now on"),
    messages.TopicLine(TOPICS[2].name, 2, 3),
)
NOTES = (
    messages.Entry("Nobody knew who had the key to the shed"),
    messages.Entry("We waited twenty minutes for the key"),
)


def _action(verb: str, about: str | int = "") -> Action:
    return Action(ritual.name, verb, str(about), 1)


@ritual.gallery
def samples() -> Iterable[Sample]:
    """Give every view with plausible values."""
    yield from _boards()
    yield from _in_the_thread()
    yield from _notes()
    yield from _facilitating()
    yield from _forms()


def _boards() -> Iterable[Sample]:
    promised = ["• Ben: Ask the harbour office for bins (done early)", "• Chi: Print the flyer (still open)"]
    yield "Writing notes", boards.board(replace(BOARD, promised=promised, in_between=2), 1, _action)
    few = replace(BOARD, facilitator="", asked="Ana", few=4, notes=0, finished=0)
    yield "Writing notes, among few", boards.board(few, 1, _action)
    boat = replace(BOARD, form="Sailboat", columns=FORMATS["sailboat"].columns, signed=True, facilitator="")
    yield "Writing signed notes, the time is up", boards.board(replace(boat, time_up=True), 1, _action)
    grouped = replace(BOARD, phase="group", topics=TOPICS)
    yield "Topics", boards.board(grouped, 1, _action)
    yield "Votes", boards.board(replace(grouped, phase="vote", voters=5), 1, _action)
    talked = replace(grouped, phase="discuss", topics=VOTED, voters=6, tie=True, topic_timer=ENDS)
    yield "Talk", boards.board(talked, 1, _action)
    yield "Talk, nobody voted", boards.board(replace(talked, voters=0, topic_time_up=True), 1, _action)
    closed = replace(talked, phase="closed", ending="Closed. The summary is in the thread.")
    yield "Closed", boards.board(closed, 1, _action)
    quiet = "Nobody wrote a note this time, so it closed by itself."
    yield "Closed, nobody came", boards.board(replace(closed, topics=(), ending=quiet), 1, _action)


def _in_the_thread() -> Iterable[Sample]:
    view = messages.Topic(place=1, name=TOPICS[0].name, votes=6, notes=NOTES)
    yield "A topic", messages.topic(view, "1/2", _action)
    outcome = messages.spoken_promise("Three spare keys", "Chi", "Fri 15 May", asked=True)
    yield "A topic with an outcome", messages.topic(replace(view, outcomes=[f"Promise. {outcome}"]), "1/2", _action)
    yield "The vote is open", messages.vote_opens(3)
    yield "A place without a topic", messages.empty_place(2)
    many = replace(view, notes=[*NOTES] * 6, open=False)
    yield "A topic that was left open", messages.topic(many, "1/2", _action)
    exported = export.markdown(
        export.Exported(
            title="Retro, 2026-05-04",
            movement="Clean River",
            form=FORMATS["worked"].name,
            people=6,
            topics=(export.Section(TOPICS[0].name, 6, talked=True, outcomes=(outcome,)),),
            promises=(outcome,),
            columns=(("What didn’t work", tuple((one.words, "", TOPICS[0].name) for one in NOTES)),),
        )
    )
    summary = messages.Summary(
        day=DAY,
        ending="Thank you.",
        people=6,
        notes=7,
        topics=VOTED,
        promises=[outcome],
        file=("retro-2026-05-04.md", exported),
    )
    yield "Summary", messages.summary(summary)
    yield "Summary, nobody came", messages.summary(messages.Summary(day=DAY, ending="…", people=0, notes=0))


def _notes() -> Iterable[Sample]:
    yield "A note is in", views.note_kept("What worked", "1/key", _action, where="gather", again=1)
    yield "A late note is in", views.note_kept("What worked", "1/key", _action, where="group", again=1, signed=True)
    yield "A note waits", views.note_kept("Noted in between", "0/key", _action, where="wait", again=0)
    yield "Finished", views.finished("1/gather", _action)
    headings = [views.Heading("What didn’t work", NOTES), views.Heading("What to try next", [*NOTES] * 10)]
    yield "Reading the notes", views.notes_page(headings, 0, 1, _action)
    yield "Reading the notes, further down", views.notes_page(headings, 1, 1, _action)
    ballot = [views.Voteable(2, TOPICS[0].name, 2), views.Voteable(3, TOPICS[1].name), views.Voteable(4, "Soup")]
    yield "The ballot", views.ballot(ballot, 0, 1, _action, each=3, on_one=2)
    many = [views.Voteable(number, f"Topic {number}") for number in range(60)]
    said = "No more votes fit there. Take one back first, then give it to another topic."
    yield "The ballot with many topics", views.ballot(many, 1, 1, _action, each=3, on_one=2, said=said)


def _facilitating() -> Iterable[Sample]:
    ways = (("gather", "group", ""), ("group", "vote", "gather"), ("vote", "discuss", "group"))
    for phase, next_one, back in (*ways, ("discuss", "closed", "vote")):
        view = views.Controls(
            phase=phase, next_one=next_one, back=back, live=phase == "vote", votes_lost=phase == "vote"
        )
        yield f"Facilitating: {phase}", views.controls(view, 1, _action)
    alone = views.Controls(phase="gather", next_one="discuss", back="", live=True)
    yield "Facilitating: a single note", views.controls(alone, 1, _action)
    yield "Taking over", views.not_yours("Ben", 1, _action, may_take=True)
    yield "Taking over, nobody facilitates", views.not_yours("", 1, _action, may_take=True)
    yield "Not taking over", views.not_yours("Ben", 1, _action, may_take=False)
    arranged = [views.Arranged(number, one.name, one.notes) for number, one in enumerate(TOPICS)]
    yield "Arranging the topics", views.arrange(arranged, 0, 1, _action)
    yield "Arranging many topics", views.arrange(arranged + _more(), 1, 1, _action)
    notes = list(enumerate(NOTES))
    yield "Arranging one topic", views.one_topic(arranged[0], notes, arranged[1:], "1/2", _action)
    many = [(number, NOTES[0]) for number in range(20)]
    yield "Arranging a big topic", views.one_topic(arranged[0], many, [], "1/2", _action)
    yield "Arranging one of many topics", views.one_topic(arranged[0], many, _more(), "1/2", _action, page=1)
    yield "The rota", views.rota(["1. Chi", "2. Ana", "3. Ben"], _action, on_it=True)
    yield "The rota, nobody can be asked", views.rota([], _action, on_it=False)
    yield "Asked to facilitate", messages.asked_to_facilitate("Clean River", DAY, 1, _action)
    yield "Asked by somebody", messages.asked_to_facilitate("Clean River", DAY, 1, _action, by="Ben")
    yield "Not asked any more", messages.not_asked_any_more("Clean River", DAY)
    yield "Ready to be closed", messages.offer_to_close("Clean River", 1, _action)


def _more() -> list[views.Arranged]:
    return [views.Arranged(number, f"Topic {number}", 1) for number in range(10, 60)]


def _forms() -> Iterable[Sample]:
    columns = FORMATS["worked"].columns
    yield "A note", forms.note_form(_action("note", "1/key"), columns=columns)
    yield "A late note", forms.note_form(_action("note", "1/key"), columns=columns, late=True)
    yield "A note among few", forms.note_form(_action("note", "1/key"), columns=columns, few=4)
    signed = forms.note_form(_action("signed-note", "1/key"), columns=columns, words="Soup", column=0, signed=True)
    yield "A signed note, changed", signed
    for column in columns:
        yield f"Looking back: {column}", forms.reflection_form(_action("reflection", "1/0/key"), "Town hall", column)
    yield "Looking back among few", forms.reflection_form(_action("reflection", "1/0/key"), "Town", columns[0], few=3)
    yield "A note for the next retro", forms.note_form(_action("note", "0/key"), columns=(), words="Soup")
    for title, verb, submit in (("Start a retro", "start", "Start it now"), ("Retro settings", "settings", "Save")):
        yield (
            title,
            forms.setup_form(
                title, _action(verb), chosen="worked", own="", live=False, pace="", signed=False, submit=submit
            ),
        )
    yield "Votes and topics", forms.votes_form(_action("votes"), each=3, on_one=2, topics=3)
    yield "Changing the time", forms.time_form(_action("time", 1), live=False, until="")
    yield "Handing it over", forms.swap_form(_action("swap", 1))
    yield "Renaming a topic", forms.rename_form(_action("rename", "1/2"), "Soup")
    yield "A promise", forms.promise_form(_action("promise", "1/2"), "ana", "2026-05-11")
    yield "A decision to make", forms.decision_form(_action("decide", "1/2"), "")
