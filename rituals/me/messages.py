"""What somebody is shown about themselves, nearly always in a whisper; made from plain values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.chat import (
    LABEL_LIMIT,
    Action,
    Attachment,
    Button,
    Buttons,
    Menu,
    Message,
    Option,
    Part,
    Quote,
    Text,
    Whisper,
    bold,
    code,
    fit,
    shorten,
)

Act = Callable[..., Action]
NAME_ROOM = 240
TITLE_ROOM = 200
DID_ROOM = 900
ONLY_YOU = "Only you see this."


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Somebody's own page. ``step`` is the next small one in a sentence with its minutes, or why there is none."""

    movement: str
    done: Sequence[str]
    came: Sequence[str]
    promises: str
    standing: str
    step: str
    button: Button | None = None


def page(shown: Page, action: Act) -> Whisper:
    """Show somebody their own record, where they stand, and the next small step."""
    done = [f"• {line}" for line in shown.done]
    parts: list[Part] = [Text(bold(shorten(f"You in {shown.movement}", limit=NAME_ROOM)), f"\n{ONLY_YOU}")]
    if done:
        parts.append(Text(bold("In the last 90 days you"), "\n", fit(done, limit=900)))
    else:
        parts.append(Text("Nothing of the last 90 days is in your record yet."))
    if shown.came:
        titles = [shorten(one, limit=TITLE_ROOM) for one in shown.came]
        parts.append(Text(bold("Gatherings you came to"), "\n", fit(titles, limit=700)))
    if shown.promises:
        parts.append(Text(shown.promises))
    parts.append(Text(bold("Where you stand"), f"\n{shown.standing}"))
    parts.append(Text(bold("A next small step"), f"\n{shown.step}"))
    if shown.button is not None:
        parts.append(Buttons(shown.button))
    return Whisper(*parts, _ways(action))


def _ways(action: Act) -> Buttons:
    return Buttons(
        Button("I did something", action("did")),
        Button("Correct", action("correct")),
        Button("My data", action("data")),
        Button("Settings", action("settings")),
    )


def left_out(movement: str, action: Act) -> Whisper:
    """Show their page to somebody who chose not to be counted."""
    return Whisper(
        Text(bold(shorten(f"You in {movement}", limit=NAME_ROOM)), f"\n{ONLY_YOU}"),
        "You chose not to be counted. I write down nothing that you do, you are in no figure, and I ask you for "
        "nothing. You can take part in everything.",
        Buttons(Button("Count me in", action("in")), Button("My data", action("data"))),
    )


# ------------------------------------------------------------------------------------------------ correcting


def correct(gatherings: Sequence[tuple[str, Action]], acts: Sequence[Option], action: Act) -> Whisper:
    """Show what can be set right: the gatherings of a week, and what is in the record."""
    parts: list[Part] = []
    if gatherings:
        row = [Button(_label(title), one) for title, one in gatherings]
        parts += [Text("Were you there or not? You can set that right for a week."), Buttons(*row)]
    if acts:
        parts += [
            Text("Something in your record that is not so can be taken out."),
            Menu("Take out …", action("take-out"), tuple(acts)),
        ]
    if not parts:
        parts.append(Text("There is nothing to correct: no gathering in the last week, and nothing in your record."))
    return Whisper(*parts)


def _label(title: str) -> str:
    return shorten(title, limit=LABEL_LIMIT)


def sure_to_take_out(what: str, number: int, action: Act) -> Whisper:
    """Ask once before something leaves the record."""
    return Whisper(
        Text(
            "Take this out of your record? It is deleted for good; only how many came to a gathering stays as it was "
            "told there. I keep just a note not to write it down again."
        ),
        Quote(shorten(what, limit=DID_ROOM)),
        Buttons(Button("Take it out", action("taken-out", number), "danger")),
    )


def did(what: str) -> Whisper:
    """Thank somebody for what they did."""
    return Whisper(
        Text("Thank you. It is in your record; only you read these words."), Quote(shorten(what, limit=DID_ROOM))
    )


# ------------------------------------------------------------------------------------------------ data


def data(action: Act, *, counted: bool) -> Whisper:
    """Show what somebody can do about what is kept of them."""
    row = [Button("Send me a copy", action("copy"), "primary")]
    if counted:
        row.append(Button("Don't count me", action("out")))
    row.append(Button("Delete me", action("delete"), "danger"))
    return Whisper(
        Text(bold("What is kept about you")),
        "A copy comes as two files in a private message: everything that stands under your name here, as JSON and as "
        "CSV. What is anonymous, such as retro notes, ratings and energy figures, has no link to you, so nobody can "
        "find it, and it is not in the copy.",
        "'Don't count me': I delete your record, write nothing down from then on, and leave you out of every figure. "
        "'Delete me' removes your name and everything else as well.",
        Buttons(*row),
    )


def copied(movement: str, number: int, of: int, json: str, csv: str) -> Message:
    """Send somebody what is kept of them."""
    which = f", part {number} of {of}" if of > 1 else ""
    ending = f"-{number}" if of > 1 else ""
    return Message(
        Text(bold(shorten(movement, limit=NAME_ROOM)), f": everything that is kept about you here{which}."),
        "Anonymous notes, ratings and figures are not in it, because nothing links them to you. What others wrote, and "
        "their names, are not in it either.",
        Attachment(f"my-data{ending}.json", json),
        Attachment(f"my-data{ending}.csv", csv),
    )


def sure_to_leave_out(action: Act) -> Whisper:
    """Ask once before somebody's record is deleted."""
    return Whisper(
        "Your record so far is deleted: what you did, and which gatherings you came to. From now on nothing is written "
        "down, and you are in no figure. What you promised, wrote or will answer stays, and you can take part in "
        "everything. You can come back whenever you like, with an empty record.",
        Buttons(Button("Don't count me", action("out-now"), "danger")),
    )


def sure_to_delete(action: Act, *, founder: bool) -> Whisper:
    """Explain what deleting means, and ask."""
    parts: list[Part] = [
        Text(bold("Delete everything about you here?")),
        Text(
            "Your name, your record, your answers, promises, settings and whatever else stands under your name is "
            "deleted, now and for good. Nobody else's record changes. I keep only that the person behind this account "
            "is not to be counted, without a name, because you are still in the channel."
        ),
        Text(
            "What stands in the chat belongs to the chat: I take you out of what I can still edit, and can't unsend "
            "the rest. If you come back, you start as a newcomer."
        ),
    ]
    if founder:
        parts.append(Text("You are a founder. Name somebody with ", code("/drumbeat"), " first who can decide."))
    return Whisper(*parts, Buttons(Button("Delete me now", action("delete-now"), "danger")))


def deleted() -> Whisper:
    """Say that it is done."""
    return Whisper(
        "Done. Everything about you is deleted. While you are in the channel I don't count you and ask you for "
        "nothing. /me brings you back, as a newcomer."
    )


# ------------------------------------------------------------------------------------------------ rising


def rose(movement: str, said: str, action: Act) -> Message:
    """Tell somebody in private that they have risen."""
    return Message(
        Text(bold(shorten(movement, limit=NAME_ROOM)), f": {said}"),
        Text("Only you are told. ", code("/me"), " shows your record and a next small step."),
        Buttons(Button("Settings", action("settings"))),
    )


def rose_in_public(said: str, name: str) -> Message:
    """Tell the channel of somebody who wants it told; where others stand is nobody's business."""
    return Message(Text(said.format(shorten(name, limit=NAME_ROOM))))
