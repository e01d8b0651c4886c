"""What a check-in says, in the channel, in its thread and in private; made from plain values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.chat import (
    MESSAGE_LIMIT,
    TEXT_LIMIT,
    Action,
    Button,
    Buttons,
    Menu,
    Message,
    Moment,
    Option,
    Part,
    Quote,
    Text,
    Whisper,
    bold,
    fit,
    italic,
    shorten,
    weight,
)
from bot.insights.anonymity import SMALLEST_GROUP
from bot.insights.numbers import mean
from rituals.checkin.questions import is_scale, wording

SCALE = ("1", "2", "3", "4", "5")
ANSWERS_ON_PAGE = 6
# What a name and the marks around an answer take at most; the rest of a quote, and of a page, is for the words.
NAME_ROOM = 240
ANSWER_ROOM = TEXT_LIMIT - NAME_ROOM
PAGE_ROOM = MESSAGE_LIMIT - 200
MOST_DEEDS = 5

Act = Callable[..., Action]


@dataclass(frozen=True, slots=True)
class Board:
    """A check-in as the channel sees it."""

    day: str
    questions: Sequence[str]
    answered: int
    closes: Moment | None
    energy: bool = False
    final: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One member's answer, ready to be shown."""

    name: str
    words: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a closed check-in came to."""

    day: str
    answered: int
    scales: Sequence[tuple[str, tuple[int, ...]]] = ()
    deeds: Sequence[tuple[str, str]] = ()
    energy: tuple[int, ...] = ()
    energy_given: int = 0


# ------------------------------------------------------------------------------------------------ in the channel


def board(view: Board, occurrence_id: int, action: Act) -> Message:
    """Show the prompt: questions, count, and the ways to answer."""
    parts: list[Part] = [Text(bold(f"Check-in, {view.day}")), Text(_numbered(view.questions))]
    if view.closes is None:
        closing = "" if view.final else " Late answers are welcome until the next one."
        parts.append(Text(italic(f"{_count_answered(view.answered)}. This check-in is closed.{closing}")))
        if not view.final:
            parts.append(Buttons(Button("Add a late answer", action("answer", occurrence_id))))
        return Message(*parts)
    scales = [(number, question) for number, question in enumerate(view.questions, start=1) if is_scale(question)]
    if scales:
        number, question = scales[0]
        parts.append(Text(f"{wording(question)} One tap is enough: 1 is low, 5 is high."))
        parts.append(
            Buttons(*(Button(figure, action("tap", f"{occurrence_id}/{number}/{figure}")) for figure in SCALE))
        )
    parts.append(
        Text(
            italic(f"{_count_answers_so_far(view.answered)}. "),
            # True also where a post has no thread yet, and where Drumbeat is not shown what a reply says.
            "Use the button or reply here; two minutes are enough. Open until ",
            view.closes,
            ".",
        )
    )
    row = [
        Button("Check in", action("answer", occurrence_id), "primary"),
        Button("Pass this time", action("pass", occurrence_id)),
    ]
    if view.energy:
        row.append(Button("My energy (private)", action("energy", occurrence_id)))
    parts.append(Buttons(*row))
    return Message(*parts)


def owed(closes: Moment, occurrence_id: int, action: Act) -> tuple[Part, ...]:
    """Offer the check-in on somebody's own page."""
    return (
        Text("The check-in waits for you, until ", closes, "."),
        Buttons(
            Button("Check in", action("answer", occurrence_id), "primary"),
            Button("Pass this time", action("pass", occurrence_id)),
        ),
    )


def _numbered(questions: Sequence[str]) -> str:
    if len(questions) == 1:
        return wording(questions[0])
    return "\n".join(f"{number}. {wording(question)}" for number, question in enumerate(questions, start=1))


def _count_answers_so_far(count: int) -> str:
    return {0: "Nobody has answered yet", 1: "One person has answered"}.get(count, f"{count} people have answered")


def _count_answered(count: int) -> str:
    return {0: "Nobody answered", 1: "One person answered"}.get(count, f"{count} people answered")


# ------------------------------------------------------------------------------------------------ in the thread


def has_room(there: Sequence[str], words: str) -> bool:
    """Tell whether an answer can stand on a page beside those that are there, all of them whole."""
    used = sum(weight(one) + NAME_ROOM for one in (*there, words))
    return len(there) < ANSWERS_ON_PAGE and used <= PAGE_ROOM


def page(day: str, entries: Sequence[Entry]) -> Message:
    """Show a few members' answers in the thread."""
    if not entries:
        return Message(
            Text(italic("An answer that stood here was taken back, or changed: then it stands further down."))
        )
    return Message(
        Text(italic(f"Answers, {day}")),
        *(
            Quote(
                shorten(entry.words, limit=ANSWER_ROOM), by=f"{entry.name} (added later)" if entry.late else entry.name
            )
            for entry in entries
        ),
    )


def summary(outcome: Outcome) -> Message:
    """Close a check-in: what it came to, and nobody who is missing."""
    parts: list[Part] = [
        Text(
            bold(f"The check-in of {outcome.day} is closed."),
            f" {_count_answered(outcome.answered)}{'. Thank you.' if outcome.answered else ' this time.'}",
        )
    ]
    for question, figures in outcome.scales:
        if len(figures) >= SMALLEST_GROUP:
            parts.append(Text(f"{question} {mean(figures)} of 5 on average, from {len(figures)} people."))
    if outcome.energy:
        parts.append(
            Text(f"Energy: {mean(outcome.energy)} of 5 on average, from {len(outcome.energy)} people, without names.")
        )
    elif outcome.energy_given:
        answers = "1 answer" if outcome.energy_given == 1 else f"{outcome.energy_given} answers"
        them = "it" if outcome.energy_given == 1 else "them"
        parts.append(Text(f"Energy: only {answers}, so I keep {them} closed."))
    if outcome.deeds:
        parts.append(Text(bold("Done for us since the last one:")))
        parts.extend(
            Quote(shorten(deed, limit=300), by=shorten(name, limit=120)) for name, deed in outcome.deeds[:MOST_DEEDS]
        )
        if len(outcome.deeds) > MOST_DEEDS:
            parts.append(Text(f"… and {len(outcome.deeds) - MOST_DEEDS} more."))
    return Message(*parts)


# ------------------------------------------------------------------------------------------------ to one person


def kept(*, open_until: Moment | None, late: bool, shown: bool, change: Action, deed: Action | None) -> Whisper:
    """Confirm an answer."""
    where = "Your answer goes into the thread." if shown else "Your answer is noted."
    parts: list[Part] = [Text("Thank you, late is fine. " if late else "Thank you. ", where)]
    if open_until is not None:
        parts.append(Text("You can change it until ", open_until, "."))
    row = [Button("Change my answer", change)]
    if deed is not None:
        row.append(Button("I did something for us", deed))
    parts.append(Buttons(*row))
    return Whisper(*parts)


def tapped(question: str, figure: str, form: Action, *, more: bool) -> Whisper:
    """Confirm a tap."""
    said = Text(
        f"Noted: {figure} of 5 for “{question}” Tap again to change it. Only the average is shown, and only from "
        f"{SMALLEST_GROUP} people on."
    )
    return Whisper(said, Buttons(Button("Add a few words", form))) if more else Whisper(said)


def reminder(movement: str, occurrence_id: int, closes: Moment, action: Act) -> Message:
    """Remind one person, in private, once."""
    return Message(
        Text("The check-in of ", bold(movement), " is open until ", closes, ". It takes two minutes."),
        Buttons(
            Button("Check in", action("answer", occurrence_id), "primary"),
            Button("Pass this time", action("pass", occurrence_id)),
            Button("Don't remind me again", action("quiet", occurrence_id)),
        ),
    )


def reminder_done(movement: str) -> Message:
    """What the reminder says once there is nothing to do any more."""
    return Message(Text("The check-in of ", bold(movement), ": nothing left to do. Thank you."))


def energy_question(occurrence_id: int, action: Act) -> Whisper:
    """Ask for the energy figure, and say what becomes of it."""
    return Whisper(
        Text(bold("How much energy do you have for this right now?"), " 1 is empty, 5 is full."),
        Text(
            f"Your figure is kept without your name. At the close only the average is shown, and only if at least "
            f"{SMALLEST_GROUP} people gave one. It can't be changed afterwards, because nothing links it to you."
        ),
        Buttons(*(Button(figure, action("energy-given", f"{occurrence_id}/{figure}")) for figure in SCALE)),
    )


def question_sets(sets: Sequence[tuple[int, str, Sequence[str]]], action: Act, *, full: bool) -> Whisper:
    """List the sets in the order of their turns."""
    lines = [f"{number}. {' · '.join(questions)}" for number, (_, _, questions) in enumerate(sets, start=1)]
    parts: list[Part] = [
        Text(bold("What the check-in asks."), " The sets take turns, so that no question goes stale."),
        Text(fit(lines)),
    ]
    if sets:
        options = tuple(
            Option(f"{number}. {shorten(name, limit=60)}", str(set_id))
            for number, (set_id, name, _) in enumerate(sets, start=1)
        )
        parts.append(Menu("Change a set", action("set"), options))
    if not full:
        parts.append(Buttons(Button("Add a set", action("set", "new"))))
    return Whisper(*parts)
