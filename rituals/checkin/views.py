"""What a check-in looks like: every message and form, made from plain values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.chat import (
    FIELD_LABEL_LIMIT,
    HINT_LIMIT,
    MESSAGE_LIMIT,
    Action,
    Button,
    Buttons,
    Choice,
    Field,
    Form,
    Menu,
    Message,
    Moment,
    Option,
    Part,
    Quote,
    Text,
    Whisper,
    Words,
    bold,
    fit,
    italic,
    shorten,
    weight,
)
from bot.insights.anonymity import SMALLEST_GROUP
from bot.insights.numbers import mean
from rituals.checkin.questions import MOST_QUESTIONS, QUESTION_LIMIT, is_scale, wording

SCALE = ("1", "2", "3", "4", "5")
ANSWERS_ON_PAGE = 6
# Room for names, marks and the heading beside the answers of a page.
PAGE_ROOM = MESSAGE_LIMIT - 400
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


@dataclass(frozen=True, slots=True)
class Given:
    """What a member answered so far, to be put into the form again."""

    words: dict[str, str] = field(default_factory=dict)
    did: str = ""


def people(count: int) -> str:
    """Count people who answered."""
    return {0: "Nobody has answered yet", 1: "One person has answered"}.get(count, f"{count} people have answered")


def board(view: Board, occurrence_id: int, action: Act) -> Message:
    """Show the prompt: questions, count, and the ways to answer."""
    parts: list[Part] = [Text(bold(f"Check-in, {view.day}"))]
    numbered = len(view.questions) > 1
    parts.append(
        Text(
            "\n".join(
                f"{number}. {wording(question)}" if numbered else wording(question)
                for number, question in enumerate(view.questions, start=1)
            )
        )
    )
    count = people(view.answered)
    if view.closes is None:
        closing = "" if view.final else " Late answers are welcome until the next one."
        parts.append(Text(italic(f"{count}. This check-in is closed.{closing}")))
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
            italic(f"{count}. "),
            "Use the button or reply in this thread; two minutes are enough. Open until ",
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


def page(day: str, entries: Sequence[Entry]) -> Message:
    """Show a few members' answers in the thread."""
    room = PAGE_ROOM // max(len(entries), 1)
    return Message(
        Text(italic(f"Answers, {day}")),
        *(
            Quote(
                shorten(entry.words, limit=min(room, 1800) - weight(entry.name)),
                by=f"{entry.name} (late)" if entry.late else entry.name,
            )
            for entry in entries
        ),
    )


def answer_form(questions: Sequence[str], given: Given, action: Action, *, most: int) -> Form:
    """Ask the questions; with room for it, also whether something was done."""
    fields: list[Field] = [
        _question_field(number, question, given.words.get(str(number), ""), most=most)
        for number, question in enumerate(questions, start=1)
    ]
    if len(fields) < 5:  # noqa: PLR2004 - a form has five fields
        fields.append(
            Words(
                name="did",
                label="Did you do something for us?",
                hint="A line, if you like. It counts as an action.",
                value=given.did,
                required=False,
                most=200,
            )
        )
    return Form("Check-in", action, *fields, submit="Send")


def _question_field(number: int, question: str, value: str, *, most: int) -> Field:
    words = wording(question)
    short = words if len(words) <= FIELD_LABEL_LIMIT else words[: FIELD_LABEL_LIMIT - 1].rstrip() + "…"
    hint = "" if short == words else words[:HINT_LIMIT]
    if is_scale(question):
        labels = ("1 (low)", "2", "3", "4", "5 (high)")
        return Choice(
            name=f"q{number}",
            label=short,
            hint=hint,
            options=tuple(Option(label, figure) for label, figure in zip(labels, SCALE, strict=True)),
            value=(value,) if value in SCALE else (),
            required=False,
        )
    return Words(name=f"q{number}", label=short, hint=hint, value=value, long=True, required=False, most=most)


def deed_form(value: str, action: Action) -> Form:
    """Ask what somebody did for the movement."""
    return Form(
        "I did something",
        action,
        Words(name="did", label="What did you do for us?", hint="One line is enough.", value=value, most=200),
    )


def kept(*, open_until: Moment | None, late: bool, shown: bool, occurrence_id: int, action: Act, deed: bool) -> Whisper:
    """Confirm an answer."""
    where = "It is in the thread now." if shown else "It is counted."
    parts: list[Part] = [Text("Thank you, ", "late is fine. " if late else "noted. ", where)]
    if open_until is not None:
        parts.append(Text("You can change it until ", open_until, "."))
    row = [Button("Change my answer", action("answer", occurrence_id))]
    if deed:
        row.append(Button("I did something for us", action("deed", occurrence_id)))
    parts.append(Buttons(*row))
    return Whisper(*parts)


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
    return Message(Text("The check-in of ", bold(movement), ": you have answered. Thank you."))


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


def summary(outcome: Outcome) -> Message:
    """Close a check-in: what it came to, and nobody who is missing."""
    if outcome.answered == 0:
        return Message(
            Text(f"The check-in of {outcome.day} is closed. Nobody answered this time; the next one comes as planned.")
        )
    count = "One person answered" if outcome.answered == 1 else f"{outcome.answered} people answered"
    parts: list[Part] = [Text(bold(f"The check-in of {outcome.day} is closed."), f" {count}. Thank you.")]
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


def tapped(question: str, figure: str, form: Action, *, more: bool) -> Whisper:
    """Confirm a tap."""
    said = Text(
        f"Noted: {figure} of 5 for “{question}” Figures are shown only as an average of at least {SMALLEST_GROUP}."
    )
    return Whisper(said, Buttons(Button("Add a few words", form))) if more else Whisper(said)


def question_sets(sets: Sequence[tuple[int, str, Sequence[str]]], action: Act, *, full: bool) -> Whisper:
    """List the sets in the order of their turns."""
    lines = [f"{number}. {'; '.join(questions)}" for number, (_, _, questions) in enumerate(sets, start=1)]
    parts: list[Part] = [
        Text(bold("What the check-in asks."), " The sets take turns, so that no question goes stale."),
        Text(fit(lines)),
    ]
    if sets:
        options = tuple(
            Option(f"{number}. {name[:60]}", str(set_id)) for number, (set_id, name, _) in enumerate(sets, start=1)
        )
        parts.append(Menu("Change a set", action("set"), options))
    if not full:
        parts.append(Buttons(Button("Add a set", action("set", "new"))))
    return Whisper(*parts)


def question_form(questions: Sequence[str] | None, action: Action) -> Form:
    """Edit one set."""
    written = list(questions or ())
    fields = [
        Words(
            name=f"question{number}",
            label=f"Question {number}",
            hint=_QUESTION_HINTS.get(number, ""),
            value=written[number - 1] if number <= len(written) else "",
            required=False,
            most=QUESTION_LIMIT,
        )
        for number in range(1, MOST_QUESTIONS + 1)
    ]
    return Form("Questions", action, *fields, submit="Keep")


_QUESTION_HINTS = {
    1: "End a question with (1-5) and it is answered with a tap.",
    2: "Leave the rest empty: the fewer questions, the more answers.",
    5: "With all five, 'Did you do something for us?' moves to a button.",
}


def settings_form(values: dict[str, str], action: Action) -> Form:
    """Set how a check-in runs."""
    hours = "A number of hours."
    return Form(
        "Check-in settings",
        action,
        Words(name="open-hours", label="Open for how many hours?", hint=hours, value=values["open_hours"], most=4),
        Words(
            name="remind-hours",
            label="Remind after how many hours?",
            hint="Once, in private, only those who owe an answer. 0: never.",
            value=values["remind_hours"],
            most=4,
        ),
        Words(
            name="change-every",
            label="Change the questions after how many?",
            hint="After so many check-ins the next set takes its turn.",
            value=values["change_every"],
            most=3,
        ),
        Choice(
            name="energy",
            label="Ask for energy, in private?",
            hint="Shown only as an average of at least 5 people.",
            options=(Option("Yes", "yes"), Option("No", "no")),
            value=(values["energy"],),
        ),
        submit="Keep",
    )
