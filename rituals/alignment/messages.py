"""What an alignment check says until its results are there, in the channel, in its thread and in private."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.chat import (
    ALT_LIMIT,
    Action,
    Button,
    Buttons,
    Message,
    Moment,
    Part,
    Picture,
    Quote,
    Text,
    Whisper,
    bold,
    fit,
    italic,
    shorten,
)
from bot.insights.alignment import DRIFT_FROM, Drift
from bot.insights.anonymity import SMALLEST_GROUP

LIST_ROOM = 1300
CHOSEN_ROOM = 450
RESULTS_ROOM = 1500
REASONS_ON_PAGE = 5
REASON_ROOM = 560

Act = Callable[..., Action]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check asks about: the mission word for word, what took place and how often, what was chosen last time."""

    mission: str
    version: int
    activities: Sequence[tuple[str, str]]
    chosen: Sequence[str] = ()
    movement: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """A check as the channel sees it. Without ``closes`` nobody rates any more."""

    day: str
    asked: Asked
    way: str
    rated: int
    closes: Moment | None
    last_day: bool = False
    over: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What came out for one activity, in words; ``names`` are given only where people signed."""

    label: str
    said: str


@dataclass(frozen=True, slots=True)
class Results:
    """What a whole check came to."""

    rated: int
    shown: bool
    results: Sequence[Result]
    drift: Drift
    png: bytes = b""
    reasons: bool = False
    signed: bool = False


# ------------------------------------------------------------------------------------------------ before it opens


def draft(asked: Asked, people: int, opens: Moment, occurrence_id: int, action: Act, *, anonymous: bool) -> Message:
    """Show organizers what will be asked, and let them change it."""
    parts = [
        Text(bold("The next alignment check"), f" of {asked.movement}" if asked.movement else "", " asks about this."),
        *_asked(asked),
    ]
    change = Button("Change the list", action("list", occurrence_id))
    off = Button("Call it off", action("call-off", occurrence_id))
    if anonymous:
        parts.append(
            Text("It opens ", opens, ", unless you open it sooner. Rating takes three minutes and stays anonymous.")
        )
        parts.append(Buttons(Button("Open it now", action("open", occurrence_id), "primary"), change, off))
    else:
        parts.append(
            Text(
                f"{few(people)} Signed means that names stand beside the ratings. If nobody chooses, it is a "
                "conversation, from ",
                opens,
                ".",
            )
        )
        parts.append(
            Buttons(
                Button("In conversation", action("open-talk", occurrence_id), "primary"),
                Button("Signed", action("open-signed", occurrence_id)),
                change,
                off,
            )
        )
    return Message(*parts)


def few(people: int) -> str:
    """Say that among so few nothing would be anonymous."""
    who = "one person" if people == 1 else f"{people} people"
    return f"With {who} this would not be anonymous. Signed, or in conversation?"


def draft_done(said: str) -> Message:
    """What the draft says once there is nothing to do with it any more."""
    return Message(Text(bold("The alignment check"), f": {said}"))


def no_mission(action: Act) -> Message:
    """Say that a check needs a mission, and offer to write it."""
    return Message(
        Text("An alignment check looks at what you do in the light of your mission, and that is not written down yet."),
        Buttons(Button("Write the mission", action("write"), "primary")),
    )


def mission_written(words: str, version: int, by: str) -> Message:
    """Show the channel its mission, as somebody wrote it down or as it was agreed."""
    said = "Our mission" if version == 1 else f"Our mission, now in version {version}"
    return Message(Text(bold(said), f", {by}:"), Quote(words))


def _asked(asked: Asked) -> list[Part]:
    parts: list[Part] = [Quote(asked.mission, by=f"Our mission, version {asked.version}")]
    if asked.chosen:
        parts.append(Text(bold("What we chose last time"), "\n", fit(asked.chosen, limit=CHOSEN_ROOM)))
    lines = [
        f"{number}. {label}{f' ({told})' if told else ''}" for number, (label, told) in enumerate(asked.activities, 1)
    ]
    if lines:
        parts.append(Text(bold("What we did lately"), "\n", fit(lines, limit=LIST_ROOM)))
    else:
        parts.append(Text("Nothing in the ledger of the last 90 days: only the mission as a whole is asked about."))
    return parts


# ------------------------------------------------------------------------------------------------ in the channel


def board(view: Board, occurrence_id: int, action: Act) -> Message:
    """Show what is asked, how many have rated, and until when."""
    parts: list[Part] = [Text(bold(f"Alignment check, {view.day}")), *_asked(view.asked)]
    if view.closes is not None:
        signed = view.way == "signed"
        parts.append(
            Text(
                "How far does each of these still serve our mission? ",
                italic(f"{_so_far(view.rated, signed=signed)}. "),
                "Three minutes, "
                + ("with your name, because we are few. " if signed else "in private and without your name. "),
                "This is the last day, until " if view.last_day else "Open until ",
                view.closes,
                ".",
            )
        )
        parts.append(Buttons(Button("Rate", action("sign" if signed else "rate", occurrence_id), "primary")))
    else:
        parts.append(Text(italic(view.over)))
    return Message(*parts)


def _so_far(count: int, *, signed: bool) -> str:
    if count < SMALLEST_GROUP and not signed:
        # The first few could be recognized by the moment at which the count moves.
        return f"Fewer than {SMALLEST_GROUP} people have rated so far"
    return {0: "Nobody has rated yet", 1: "One person has rated"}.get(count, f"{count} people have rated")


def rated(count: int) -> str:
    """Say how many rated."""
    return {0: "Nobody rated", 1: "One person rated"}.get(count, f"{count} people rated")


# ------------------------------------------------------------------------------------------------ to a rater


def kept(given: int, whole: int, buttons: Sequence[Button], *, signed: bool) -> Whisper:
    """Confirm ratings, and offer what is left."""
    how_many = f"all {whole}" if given == whole else f"{given} of {whole}"
    said = f"Kept{'' if signed else ', without your name'}: {how_many}."
    change = (
        "You can change them until the close."
        if signed
        else "You can change them until the close, with the buttons of this message alone: nothing else knows which "
        "ratings are yours."
    )
    return Whisper(Text(said, " ", change), Buttons(*buttons))


# ------------------------------------------------------------------------------------------------ in the thread


def results(view: Results, occurrence_id: int, action: Act) -> Message:
    """Tell what came out: a picture, the same in words, and what is worth a talk."""
    parts: list[Part] = [Text(bold("Does what we do serve our mission?"), f" {rated(view.rated)}.")]
    lines = [f"{one.label}: {one.said}" for one in view.results]
    if view.png:
        parts.append(Picture(view.png, describe(view)))
    if not view.rated:
        parts.append(Text("Nothing to show this time. Whatever somebody would have said can be said here."))
    elif not view.shown:
        answers = "1 answer" if view.rated == 1 else f"{view.rated} answers"
        parts.append(Text(f"Only {answers}, so I keep {'it' if view.rated == 1 else 'them'} closed."))
    else:
        parts += [Text(fit(lines[start : start + 5], limit=RESULTS_ROOM)) for start in range(0, len(lines), 5)]
    parts += [Text(sentence) for sentence in _worth_a_talk(view)]
    if view.reasons:
        parts.append(Buttons(Button("Read the reasons", action("reasons", occurrence_id))))
    return Message(*parts)


def describe(view: Results) -> str:
    """Say what the picture shows, for those who cannot see it."""
    lines = [f"{shorten(one.label, limit=45)}: {one.said}" for one in view.results]
    words = f"Ratings from 1 (not any more) to 5 (fully). {rated(view.rated)}. " + " ".join(lines)
    whole = words.encode("utf-16-le")
    if len(whole) <= 2 * ALT_LIMIT:
        return words
    return whole[: 2 * (ALT_LIMIT - 1)].decode("utf-16-le", errors="ignore").rstrip() + "…"


def _worth_a_talk(view: Results) -> list[str]:
    drift, why = view.drift, []
    if not view.shown or not drift.warns:
        return []
    if drift.mission_split:
        why.append("we stand half against half on whether what we do serves the mission")
    if drift.mission_down:
        why.append("all in all it serves the mission less than last time")
    if drift.exposed is not None and drift.exposed >= DRIFT_FROM:
        why.append("a third or more of what we did went into activities that were rated below 3")
    return [f"Worth a talk: {'; '.join(why)}. Keep, change or drop? Answers here count as much as figures."]


def reasons(entries: Sequence[tuple[str, str]], page: int, occurrence_id: int, action: Act) -> Whisper:
    """Show why people rated as they did: without names, in the order of the alphabet, a few at a time."""
    start = page * REASONS_ON_PAGE
    shown = entries[start : start + REASONS_ON_PAGE]
    if not shown:
        return Whisper("The reasons are not kept any more. I delete them after 30 days.")
    parts: list[Part] = [
        Quote(shorten(words, limit=REASON_ROOM), by=shorten(label, limit=120)) for label, words in shown
    ]
    if start + REASONS_ON_PAGE < len(entries):
        parts.append(Buttons(Button("More reasons", action("reasons", f"{occurrence_id}/{page + 1}"))))
    return Whisper(*parts)
