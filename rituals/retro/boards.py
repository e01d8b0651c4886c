"""The board of a retro: the one message in the channel that shows every phase, what to do in it, and counts only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.chat import Button, Buttons, Message, Moment, Part, Piece, Text, bold, fit, italic, shorten
from rituals.retro.messages import LINE, NAME, Act, TopicLine, count

NO_TOPIC = "There is no topic."


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A retro as the channel sees it. ``few``: how many could write, where that is too few to stay unknown."""

    day: str
    form: str
    phase: str
    columns: Sequence[str] = ()
    facilitator: str = ""
    asked: str = ""
    promised: Sequence[str] = ()
    few: int = 0
    signed: bool = False
    notes: int = 0
    in_between: int = 0
    finished: int = 0
    voters: int = 0
    each: int = 3
    on_one: int = 2
    topics: Sequence[TopicLine] = ()
    tie: bool = False
    ends: Moment | None = None
    time_up: bool = False
    topic_timer: Moment | None = None
    topic_time_up: bool = False
    ending: str = ""


def board(view: Board, occurrence_id: int, action: Act) -> Message:
    """Show a retro as it stands: what to do now, counts and no names, and the buttons of the phase."""
    head: list[str | Piece] = [bold(f"Retro, {view.day}"), f"\n{view.form}."]
    if view.phase != "closed":
        head.append(f" {_facilitated(view)}")
    parts: list[Part] = [Text(*head)]
    parts += _PHASES[view.phase](view)
    parts.append(_row(view, occurrence_id, action))
    return Message(*parts)


def _facilitated(view: Board) -> str:
    if view.facilitator:
        return f"{shorten(view.facilitator, limit=NAME)} facilitates."
    if view.asked:
        return f"{shorten(view.asked, limit=NAME)} is asked to facilitate; anybody may."
    return "Nobody facilitates yet: whoever presses Facilitate can."


def _gathering(view: Board) -> list[Part]:
    parts: list[Part] = []
    if view.promised:
        parts.append(Text(bold("Promised last time"), "\n", fit(view.promised, limit=900)))
    kept = "Nobody sees who wrote a note: it is kept without a name."
    if view.signed:
        kept = "Notes are signed: your name will stand beside them."
    elif view.few:
        kept = few_sentence(view.few)
    parts.append(
        Text(
            bold("1. Notes"),
            "\n" + "\n".join(f"• {one}" for one in view.columns),
            f"\nFive minutes are enough. Nobody sees a note before all are shown together. {kept}",
        )
    )
    if view.in_between:
        are = "is" if view.in_between == 1 else "are"
        parts.append(Text(f"{count(view.in_between, 'note')} from in between {are} in already."))
    parts.append(Text(italic(f"{_so_many(view.notes)} {_finished(view.finished)}"), *_until(view)))
    return parts


def few_sentence(people: int) -> str:
    """Say before the first note that so few can't stay unknown."""
    who = "Only one person is" if people == 1 else f"Only {people} people are"
    return (
        f"{who} here, so notes would not be anonymous: I keep no names, but others may guess. Write only what you "
        "would also say in conversation."
    )


def _so_many(notes: int) -> str:
    return f"{count(notes, 'note')}." if notes else "No note yet."


def _finished(people: int) -> str:
    return {0: "Nobody has finished yet.", 1: "One person has finished."}.get(people, f"{people} people have finished.")


def _until(view: Board) -> list[str | Piece]:
    if view.ends is None:
        return []
    return [" The time is up: finish your sentence."] if view.time_up else [" Until ", view.ends, "."]


def _grouping(view: Board) -> list[Part]:
    return [
        Text(
            bold("2. Topics"),
            f"\n{count(view.notes, 'note')} in {count(len(view.topics), 'topic')}. I put together what reads alike; "
            "the facilitator can join, split and rename. If nobody changes anything, it stays so.",
        ),
        Text(_listed(view)),
        *_closing_line(view),
    ]


def _listed(view: Board) -> str:
    lines = [f"• {shorten(one.name, limit=LINE)} ({count(one.notes, 'note')})" for one in view.topics]
    return fit(lines) or NO_TOPIC


def _closing_line(view: Board) -> list[Part]:
    return [Text(*(one.lstrip() if isinstance(one, str) else one for one in _until(view)))] if view.ends else []


def _voting(view: Board) -> list[Part]:
    voted = {0: "Nobody has voted yet.", 1: "One person has voted."}.get(
        view.voters, f"{view.voters} people have voted."
    )
    return [
        Text(
            bold("3. Votes"),
            f"\nWhat should we talk about? {count(view.each, 'vote')} each, at most {view.on_one} on one topic. One "
            "minute. How it stands is shown when the vote closes, and never who voted for what.",
        ),
        Text(_listed(view)),
        Text(italic(f"{voted} {_finished(view.finished)}"), *_until(view)),
    ]


def _discussing(view: Board) -> list[Part]:
    how = "in the order of the votes" if view.voters else "those with the most notes first, because nobody voted"
    parts: list[Part] = [
        Text(
            bold("4. Talk"),
            f"\nIn this thread, {how}. Each topic ends in a promise, a decision to make, or no action.",
        ),
        Text(fit(_discussed(view)) or NO_TOPIC),
    ]
    if view.tie:
        parts.append(Text("Equal votes: the topic with more notes goes first, then the alphabet."))
    if view.topic_timer is not None:
        up = view.topic_time_up
        parts.append(
            Text("The time for this topic is up.") if up else Text("Time for this topic until ", view.topic_timer, ".")
        )
    return [*parts, *_closing_line(view)]


def _discussed(view: Board) -> list[str]:
    return [
        f"{place}. {shorten(one.name, limit=LINE)} ({count(one.votes, 'vote')})"
        + (f": {shorten(one.outcome, limit=LINE)}" if one.outcome else "")
        for place, one in enumerate(view.topics, start=1)
    ]


def _closed(view: Board) -> list[Part]:
    parts: list[Part] = [Text(italic(view.ending))]
    if view.topics:
        parts.append(Text(fit(_discussed(view))))
    return parts


_PHASES: dict[str, Callable[[Board], list[Part]]] = {
    "gather": _gathering,
    "group": _grouping,
    "vote": _voting,
    "discuss": _discussing,
    "closed": _closed,
}


def _row(view: Board, occurrence_id: int, action: Act) -> Buttons:
    add = Button("Add a note", action("add", occurrence_id), "primary")
    finished = Button("I’m finished", action("finished", f"{occurrence_id}/{view.phase}"))
    read = Button("Read the notes", action("read", occurrence_id))
    lead = Button("Facilitate", action("lead", occurrence_id))
    match view.phase:
        case "gather":
            return Buttons(add, finished, lead)
        case "group":
            return Buttons(read, Button("Add a late note", action("add", occurrence_id)), lead)
        case "vote":
            return Buttons(Button("Vote", action("ballot", occurrence_id), "primary"), finished, read, lead)
        case "discuss":
            return Buttons(read, lead)
    return Buttons(Button("Note for the next retro", action("add", 0)))
