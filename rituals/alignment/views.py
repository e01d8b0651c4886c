"""What an alignment check says once its results are there: what is proposed for each activity, and what was chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.chat import (
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
    shorten,
)

LINES_ROOM = 1900
NAME_ROOM = 120
WORDS_ROOM = 500
CONSENT = (
    "We choose by consent: a choice stands when enough people say yes within 72 hours and nobody's objection is open. "
    "Silence is neither."
)

Act = Callable[..., Action]

CHOICES = {"keep": "keep", "change": "change", "stop": "stop"}
FOR_MISSION = {"keep": "reaffirm", "change": "amend"}


@dataclass(frozen=True, slots=True)
class Item:
    """One activity, or the mission, and how far the choice about it has come, in a few words."""

    activity_id: int
    label: str
    stands: str
    mission: bool = False


@dataclass(frozen=True, slots=True)
class Proposed:
    """An open proposal: what, by whom, why, what is promised with it, and what was said to it."""

    proposal_id: int
    choice: str
    by: str
    why: str
    words: str
    promise: str
    consents: int
    needed: int
    until: Moment
    objections: Sequence[tuple[str, str]] = ()


def stands(choice: str, *, mission: bool, state: str) -> str:
    """Say in a word how the choice about something stands."""
    word = (FOR_MISSION if mission else CHOICES).get(choice, "")
    if state == "adopted":
        return {"reaffirm": "reaffirmed", "amend": "amended"}.get(word, f"we {word} it")
    return {
        "open": f"proposed to {word} it",
        "objected": f"a proposal to {word} it met an objection and does not stand; the next one is welcome",
        "lapsed": f"too few answered on a proposal to {word} it; it can be made again",
        "overtaken": "the mission was changed meanwhile, so what was proposed does not stand",
    }.get(state, "nothing proposed yet")


def tally(consents: int, objections: int, needed: int) -> str:
    """Say what was said to a proposal so far."""
    said = f"{consents} consent, {needed} are needed" if needed > 1 else f"{consents} consent"
    if objections:
        said += ", one objection" if objections == 1 else f", {objections} objections"
    return said


def choices(
    items: Sequence[Item], ends: Moment | None, occurrence_id: int, action: Act, *, proposed: int, talk: bool
) -> Message:
    """Show in the thread what is proposed and chosen for each activity."""
    lines = [f"{one.label}: {one.stands}." for one in items]
    begun = "Does each of these still serve our mission? Say so here. " if talk else ""
    parts: list[Part] = [
        Text(
            bold("Keep, change or stop?"),
            f" {begun}{CONSENT}",
        ),
        Text(fit(lines, limit=LINES_ROOM)),
    ]
    if ends is None:
        parts.append(Text("Choosing is over. The next check begins with what we chose."))
        return Message(*parts)
    parts.append(Text("Everybody can propose, consent or object. Until ", ends, "."))
    options = tuple(Option(shorten(one.label, limit=60), str(one.activity_id)) for one in items)
    parts.append(Menu("Look at one of them", action("item", occurrence_id), options))
    if proposed:
        label = "I consent to it" if proposed == 1 else f"I consent to all {proposed}"
        parts.append(Buttons(Button(label, action("consent-all", occurrence_id), "primary")))
    return Message(*parts)


def item(one: Item, proposed: Proposed | None, action: Act, *, decided: bool, said: str) -> Whisper:
    """Show one activity to one person: what is proposed, and what they may do."""
    parts: list[Part] = [Text(bold(shorten(one.label, limit=NAME_ROOM)), f": {one.stands}.")]
    if proposed is not None:
        parts += _proposed(proposed, said)
        row = []
        if said != "consent":
            row.append(Button("I consent", action("consent", proposed.proposal_id), "primary"))
        row.append(
            Button("Change my objection" if said == "object" else "I object", action("object", proposed.proposal_id))
        )
        parts.append(Buttons(*row))
    if not decided:
        parts.append(Text("Propose something else:" if proposed else "What do you propose?"))
        words = FOR_MISSION if one.mission else CHOICES
        parts.append(
            Buttons(
                *(
                    Button(_label(word), action("propose", f"{one.activity_id}/{choice}"))
                    for choice, word in words.items()
                )
            )
        )
    return Whisper(*parts)


def _label(word: str) -> str:
    return {"reaffirm": "Reaffirm it", "amend": "Amend it"}.get(word, f"{word.capitalize()} it")


def _proposed(proposed: Proposed, said: str) -> list[Part]:
    by = f"Proposed by {shorten(proposed.by, limit=NAME_ROOM)}"
    parts: list[Part] = []
    if proposed.words:
        parts.append(Quote(proposed.words, by="The mission, as proposed"))
    if proposed.why:
        parts.append(Quote(shorten(proposed.why, limit=WORDS_ROOM), by=by))
    else:
        parts.append(Text(f"{by}."))
    if proposed.promise:
        parts.append(Text(f"With it: {shorten(proposed.promise, limit=WORDS_ROOM)}"))
    parts += [
        Quote(shorten(words, limit=250), by=f"{shorten(name, limit=60)} objects")
        for name, words in proposed.objections[:2]
    ]
    if len(proposed.objections) > 2:  # noqa: PLR2004 - as many as there is room for
        parts.append(Text(f"… and {len(proposed.objections) - 2} more objections."))
    yours = {"consent": " You consented.", "object": " You objected."}.get(said, "")
    parts.append(
        Text(
            tally(proposed.consents, len(proposed.objections), proposed.needed),
            ". Open until ",
            proposed.until,
            f".{yours}",
        )
    )
    return parts
