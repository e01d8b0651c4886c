"""What somebody is told alone about their own answer to a gathering; made from plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.chat import Action, Button, Buttons, Message, Moment, Part, Piece, Text, Whisper, bold
from bot.ritual import Sample
from rituals.gathering.messages import spoken_minutes, where_words
from rituals.gathering.venues import Where

Act = Callable[..., Action]


@dataclass(frozen=True, slots=True)
class Shown:
    """A gathering as one person sees it: what, when in their own time zone, how long, and where."""

    number: int
    title: str
    starts: Moment
    minutes: int
    where: Where


def _when(shown: Shown) -> tuple[Piece | str, ...]:
    return bold(shown.title), ", ", shown.starts, f" ({spoken_minutes(shown.minutes)})"


def _cant(shown: Shown, action: Act) -> Button:
    return Button("Can't make it after all", action("cant", shown.number))


def _quiet(shown: Shown, action: Act) -> Button:
    return Button("Don't remind me", action("quiet", shown.number))


# ------------------------------------------------------------------------------------------------ answering


def going(shown: Shown, action: Act, *, host: bool, reminders: str, calendar: bool) -> Whisper:
    """Tell somebody that they are going; ``reminders`` says when they are reminded, '' for never."""
    takes = ["You host it, so you take nobody's place."] if host else []
    told = [f"I will remind you in private {reminders}."] if reminders else []
    ways = [_cant(shown, action)]
    ways += [Button("For my calendar", action("calendar", shown.number))] if calendar else []
    ways += [_quiet(shown, action)] if reminders else []
    return Whisper(
        Text("You are going: ", *_when(shown), "."),
        Text(*where_words(shown.where), *([". ", " ".join([*takes, *told])] if takes or told else [])),
        Buttons(*ways),
    )


def maybe(shown: Shown, action: Act, *, freed: bool) -> Whisper:
    """Tell somebody that their maybe is noted; ``freed``: they had a place, or waited for one."""
    lost = " Your place goes to whoever waits for one." if freed else ""
    return Whisper(
        Text("Noted as maybe: ", *_when(shown), "."),
        Text(f"A maybe keeps no place, and I will not remind you of it.{lost} Say so when you know."),
        Buttons(Button("Going", action("going", shown.number)), Button("Can't", action("cant", shown.number))),
    )


def cant(shown: Shown, action: Act, *, freed: bool, hosts: bool = False) -> Whisper:
    """Thank somebody for saying that they can't; ``freed``: they had a place, or waited for one.

    ``hosts``: they are down as host or co-host still, and can hand that on.
    """
    lost = " Your place is free for somebody else." if freed else ""
    down = " You are still down as hosting it; hand that on as well, so that somebody can be found." if hosts else ""
    ways = [Button("I can come after all", action("going", shown.number))]
    ways = [Button("I can't host it", action("host-off", shown.number), "primary"), *ways] if hosts else ways
    return Whisper(
        Text("Noted, thank you for saying so: you can't make ", *_when(shown), "."),
        Text(f"Nobody is told who can't.{lost}{down}"),
        Buttons(*ways),
    )


def waiting(shown: Shown, ahead: int, action: Act) -> Whisper:
    """Tell somebody that all places are taken, and how many wait before them."""
    line = {0: "You are the first to wait for one.", 1: "One person waits before you."}
    return Whisper(
        Text("All places are taken: ", *_when(shown), f". {line.get(ahead, f'{ahead} people wait before you.')}"),
        Text("When one is free I offer it to you in private, with a time until when it is kept for you."),
        Buttons(Button("Don't wait", action("leave-line", shown.number))),
    )


def hosts_no_more(movement: str, shown: Shown, action: Act) -> Message:
    """Tell somebody in private who hosts it no more that they wait for a place now."""
    return Message(
        Text(bold(movement), ": you do not host this any more: ", *_when(shown), "."),
        Text("All places are taken, so you are the first to wait for one. When one is free I offer it to you."),
        Buttons(Button("Don't wait", action("leave-line", shown.number))),
    )


def left_line(shown: Shown, action: Act) -> Whisper:
    """Tell somebody that they wait no more."""
    return Whisper(
        Text("You wait no more for a place: ", *_when(shown), "."),
        Buttons(Button("Wait again", action("going", shown.number))),
    )


def begun(shown: Shown) -> Whisper:
    """Tell somebody that answers stand still once it has begun."""
    return Whisper(
        Text(
            "This began at ",
            shown.starts,
            ", so what everybody had said by then stands. If you can come and there is room, just come.",
        )
    )


# ------------------------------------------------------------------------------------------------ a place that is free


def offer(movement: str, shown: Shown, until: Moment, action: Act) -> Message:
    """Offer somebody a place that was freed, in private."""
    return Message(
        Text(bold(movement), ": a place is free for you: ", *_when(shown), "."),
        Text("It is kept for you until ", until, ". Then the next one in line is asked."),
        Buttons(*_take(shown, action)),
    )


def offered(shown: Shown, until: Moment, action: Act) -> tuple[Part, ...]:
    """Show somebody on their own page that a place is kept for them."""
    return (
        Text("A place is kept for you until ", until, ": ", *_when(shown), "."),
        Buttons(*_take(shown, action)),
    )


def _take(shown: Shown, action: Act) -> Sequence[Button]:
    return (
        Button("I'll take it", action("take-place", shown.number), "primary"),
        Button("No, thank you", action("pass-place", shown.number)),
    )


def offer_taken(shown: Shown, action: Act) -> Message:
    """Show in place of the offer that they took it."""
    return Message(Text("You took a free place: ", *_when(shown), "."), Buttons(_cant(shown, action)))


def offer_settled(shown: Shown, said: str) -> Message:
    """Show in place of the offer, or of a reminder, what became of it."""
    return Message(Text(*_when(shown), f". {said}"))


def offer_lapsed(shown: Shown) -> Message:
    """Show in place of an offer that its time has passed."""
    return offer_settled(
        shown, "A free place was kept for you for a while and is not any more. To come all the same, tap Going there."
    )


# ------------------------------------------------------------------------------------------------ reminding


def reminder(movement: str, shown: Shown, action: Act, *, soon: bool) -> Message:
    """Remind somebody who is going, a day or (``soon``) an hour before."""
    said = ": this begins soon: " if soon else ": you are going to this: "
    return Message(
        Text(bold(movement), said, *_when(shown), "."),
        Text(*where_words(shown.where)),
        Buttons(_cant(shown, action), _quiet(shown, action)),
    )


# ------------------------------------------------------------------------------------------------ the gallery


def _action(verb: str, about: str | int = "") -> Action:
    return Action("gathering", verb, str(about), 1)


def samples() -> Iterable[Sample]:
    """Give every view with plausible values."""
    shown = Shown(
        3,
        "Town hall",
        Moment(datetime(2026, 5, 7, 16, 0, tzinfo=UTC), "Thu 7 May, 18:00"),
        90,
        Where("address", "Harbour Street 4, second floor"),
    )
    until = Moment(datetime(2026, 5, 6, 10, 0, tzinfo=UTC), "Wed 6 May, 12:00")
    yield "I'm going", going(shown, _action, host=False, reminders="a day and an hour before", calendar=True)
    yield "I'm going, as its host", going(shown, _action, host=True, reminders="", calendar=False)
    yield "Maybe", maybe(shown, _action, freed=False)
    yield "Maybe, after a yes", maybe(shown, _action, freed=True)
    yield "I can't", cant(shown, _action, freed=False)
    yield "I can't, after a yes", cant(shown, _action, freed=True)
    yield "I can't, as its host", cant(shown, _action, freed=False, hosts=True)
    yield "I host it no more and wait for a place", hosts_no_more("Clean River", shown, _action)
    yield "All places are taken", waiting(shown, 0, _action)
    yield "All places are taken, others wait", waiting(shown, 3, _action)
    yield "I wait no more", left_line(shown, _action)
    yield "It has begun", begun(shown)
    yield "A free place, in private", offer("Clean River", shown, until, _action)
    yield "A free place, on one's own page", Whisper(*offered(shown, until, _action))
    yield "A free place, taken", offer_taken(shown, _action)
    yield "A free place, passed on", offer_settled(shown, "You passed this place on.")
    yield "A free place, no answer", offer_lapsed(shown)
    yield "A day before, in private", reminder("Clean River", shown, _action, soon=False)
    yield "An hour before, in private", reminder("Clean River", shown, _action, soon=True)
