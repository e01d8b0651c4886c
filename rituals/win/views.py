"""What is said of wins to one person: thanks, questions, choices, hints, and the story; made from plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat import Attachment, Button, Buttons, Message, Part, Quote, Text, Whisper, bold, code, shorten
from bot.insights.celebrations import Hint
from rituals.win.messages import NAME_ROOM, WHAT_ROOM, Act, count


def reported(*, named: int, asks: Sequence[Button] = ()) -> Whisper:
    """Thank whoever reported a win."""
    told = {
        0: "",
        1: " Whoever you named is told in private and may take their name out.",
    }.get(named, " Those you named are told in private and may take their names out.")
    parts: list[Part] = [Text(f"Thank you. It goes into the channel.{told}")]
    if asks:
        parts += [Text(_ASKS), Buttons(*asks)]
    return Whisper(*parts)


_ASKS = (
    "If the movement's story is told outside this channel one day, may it have your name? Without a yes it says "
    "'a member'."
)


def asks(action: Act) -> tuple[Button, ...]:
    """Offer the yes and the no to a name in what is told outside."""
    return (
        Button("Yes, with my name", action("in-stories", "yes")),
        Button("No, without", action("in-stories", "no")),
    )


@dataclass(frozen=True, slots=True)
class Named:
    """What somebody is told who made a win happen."""

    movement: str
    by: str
    what: str
    shown: bool
    undecided: bool


def named(view: Named, win_id: int, action: Act) -> Message:
    """Tell somebody that they were named, and what they can do about it."""
    parts: list[Part] = [
        Text("You are named in a win of ", bold(view.movement), f", told by {shorten(view.by, limit=NAME_ROOM)}."),
        Quote(shorten(view.what, limit=WHAT_ROOM)),
    ]
    if view.shown:
        parts.append(Text("Your name stands with it in the channel. You can take it out at any time."))
        parts.append(Buttons(Button("Take my name out", action("take-out", win_id))))
    else:
        parts.append(Text("You asked not to be counted, so your name is not shown. You can have it shown."))
        parts.append(Buttons(Button("Show my name", action("put-in", win_id))))
    if view.undecided:
        parts += [Text(_ASKS), Buttons(*asks(action))]
    return Message(*parts)


def taken_out() -> Message:
    """What is left of the message to somebody who took their name out, or was taken out."""
    return Message("Your name does not stand with this win. Nothing keeps it there.")


def named_in_nothing() -> Message:
    """What is left of the message when the win was taken back."""
    return Message("The win that you were named in was taken back.")


def change(win_id: int, action: Act, *, may_edit: bool, may_take_out: bool) -> Whisper:
    """Ask what to do with a win."""
    row = []
    if may_edit:
        row += [Button("Edit", action("edit", win_id)), Button("Take it back", action("take-back", win_id), "danger")]
    if may_take_out:
        row.append(Button("Take my name out", action("take-out", win_id)))
    if not row:
        return Whisper("Whoever reported this win, or an organizer, can change it.")
    return Whisper(Text("What should become of this win?"), Buttons(*row))


def offer(movement: str, what: str, offer_id: int, action: Act) -> Message:
    """Ask somebody in private whether their effort may be told."""
    return Message(
        Text("Something from the records of ", bold(movement), ", which only you see here:"),
        Quote(what, by="You"),
        Text("May I say so in the channel, with your name? Nothing is said without your yes."),
        Buttons(
            Button("Yes, say it", action("offer", f"{offer_id}/yes"), "primary"),
            Button("No, thank you", action("offer", f"{offer_id}/no")),
            Button("Don't ask me again", action("offer", f"{offer_id}/never")),
        ),
    )


def offer_answered(answer: str, what: str, offer_id: int, action: Act) -> Message:
    """What the question says once it is answered."""
    match answer:
        case "yes":
            return Message(
                Text("It stands in the channel. Thank you."),
                Quote(what, by="You"),
                Buttons(Button("Take it back", action("offer", f"{offer_id}/back"))),
            )
        case "back":
            return Message("Taken back. It stays between us.")
        case "never":
            return Message(
                Text("All right, it stays between us, and I won't ask again. ", code("/win me"), " changes that.")
            )
        case _:
            return Message("All right, it stays between us.")


def choices(*, in_stories: bool | None, offers: bool, action: Act) -> Whisper:
    """Show somebody what they chose about their name."""
    name = {
        None: "You have not said whether stories told outside this channel may have your name, so they say 'a member'.",
        True: "Stories told outside this channel may have your name.",
        False: "Stories told outside this channel say 'a member' for you.",
    }[in_stories]
    asked = (
        "When the records show an effort of yours, I ask you in private whether to tell it."
        if offers
        else "When the records show an effort of yours, I keep it to myself."
    )
    row = [button for button in asks(action) if in_stories is None or button.action.about != _word(in_stories)]
    switch = Button("Don't ask me", action("offers", "off")) if offers else Button("Ask me", action("offers", "on"))
    return Whisper(Text(name), Buttons(*row), Text(asked), Buttons(switch))


def _word(yes: bool) -> str:  # noqa: FBT001 - says a yes or a no
    return "yes" if yes else "no"


_HINTS: dict[Hint, str] = {
    "Thank effort too": "Thank effort too: fewer than one in five wins of the last 90 days was an effort.",
    "Any results to show?": "Any results to show? More than nine in ten wins of the last 90 days were efforts.",
    "one person gets most thanks": "One person gets most thanks, though others are active. Who else carried it?",
    "more applause than action": "There is more applause than action: more than one win for every two acts.",
    "add what changed": "Add what changed: most outcomes came without a link or a number.",
}


def hints(movement: str, given: Sequence[Hint]) -> Message:
    """Tell organizers what their celebrations leave out."""
    lines = "\n".join(f"• {_HINTS[hint]}" for hint in given)
    return Message(
        Text("About the wins of ", bold(movement), ", for organizers only and at most once a month:"), Text(lines)
    )


@dataclass(frozen=True, slots=True)
class Story:
    """A case study on its way to an organizer."""

    movement: str
    wins: int
    left_out: int
    replaced: int
    day: str
    day_in_name: str


def story(view: Story, markdown: str, page: str) -> Message:
    """Give an organizer the story so far, as two files."""
    said = [f"It holds {count(view.wins, 'win')}." if view.wins else "It holds no wins yet."]
    if view.left_out:
        said.append(
            "One earlier win did not fit." if view.left_out == 1 else f"{view.left_out} earlier wins did not fit."
        )
    if view.replaced:
        times = "once" if view.replaced == 1 else f"{view.replaced} times"
        said.append(f"I wrote 'a member' for names in people's words {times}.")
    return Message(
        Text(bold(f"The story of {shorten(view.movement, limit=NAME_ROOM)} so far, {view.day}. "), " ".join(said)),
        Text(
            "I name only members who said yes, and took out the others' names that I recognised. Please read it before "
            "you send it: nicknames and the addresses of links are as people wrote them."
        ),
        Attachment(f"story-{view.day_in_name}.md", markdown),
        Attachment(f"story-{view.day_in_name}.html", page),
    )
