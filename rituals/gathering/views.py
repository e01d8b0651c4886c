"""What is said about gatherings to one person alone, and the call for a host; made from plain values."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat import (
    LABEL_LIMIT,
    Button,
    Buttons,
    Menu,
    Message,
    Moment,
    Option,
    Part,
    Piece,
    Quote,
    Text,
    Whisper,
    bold,
    code,
    shorten,
)
from rituals.gathering.forms import cut_units
from rituals.gathering.messages import Act, Card, Shown, card, named, spoken_minutes, where_words
from rituals.gathering.venues import Where

NAME_ROOM = 100
EXAMPLE = code("/gather town hall tomorrow 18:00")
ROTA_ROOM = 800
LISTED_ROOM = 70
# What can be done about a gathering: rows of labels with their verbs.
Rows = list[list[tuple[str, str]]]


# ------------------------------------------------------------------------------------------------ announcing


def announced(shown: Shown, again: str, told: str, action: Act, *, hosts: bool, rota: bool) -> Whisper:
    """Tell who announced it what stands now, and how to say more about it."""
    rhythm = f", {again}" if again else ""
    ways = [
        Button("Time and place", action("change", shown.number)),
        Button("Details", action("details", shown.number)),
    ]
    ways += [Button("Leave the host slot open", action("host-off", shown.number))] if hosts else []
    ways += [Button("Who hosts", action("rota", shown.number))] if rota else []
    return Whisper(
        Text("Announced: ", *named(shown), f" ({spoken_minutes(shown.minutes)}){rhythm}."), Text(told), Buttons(*ways)
    )


# ------------------------------------------------------------------------------------------------ hosting


def still_hosting(movement: str, shown: Shown, action: Act) -> Message:
    """Ask a host in private whether they still host it."""
    return Message(
        Text(bold(movement), ": you host this: ", *named(shown), ". Can you still?"),
        "A no is fine; then somebody else can be asked in time.",
        Buttons(
            Button("Yes, I host it", action("host-sure", shown.number), "primary"),
            Button("I can't this time", action("host-off", shown.number)),
            Button("Ask somebody else", action("host-ask", shown.number)),
        ),
    )


def asked_to_host(movement: str, shown: Shown, by: str, action: Act) -> Message:
    """Ask somebody in private whether they host it."""
    return Message(
        Text(bold(movement), f": {by} asks whether you host this: ", *named(shown), "."),
        f"It takes {spoken_minutes(shown.minutes)}: you open it, keep an eye on the time, and say afterwards who came. "
        "Either answer is fine.",
        Buttons(
            Button("I'll host it", action("swap-yes", shown.number), "primary"),
            Button("I can't", action("swap-no", shown.number)),
        ),
    )


def question_settled(shown: Shown, said: str) -> Message:
    """Show in place of a question what became of it."""
    return Message(Text(*named(shown), f". {said}"))


def not_confirmed(movement: str, shown: Shown, action: Act) -> Message:
    """Tell organizers and the co-host in private that a gathering may need another host."""
    return Message(
        Text(bold(movement), ": its host has not confirmed yet: ", *named(shown), "."),
        "They may just be busy. A word to them helps; you can also take it.",
        Buttons(Button("I'll host it", action("host", shown.number))),
    )


def open_slot(shown: Shown, action: Act) -> Message:
    """Call an open host slot out in the channel."""
    return Message(
        Text(*named(shown), " has no host yet."),
        f"Hosting takes {spoken_minutes(shown.minutes)}: open it, keep an eye on the time, say afterwards who came.",
        Buttons(Button("I'll host it", action("host", shown.number), "primary")),
    )


def slot_taken(shown: Shown, host: str) -> Message:
    """Show the channel that the slot is taken."""
    return Message(Text(*named(shown), f": {host} hosts it. Thank you."))


def slot_gone(shown: Shown) -> Message:
    """Show the channel that no host is needed any more."""
    return Message(Text(*named(shown), ": called off, so no host is needed."))


def you_host(shown: Shown, action: Act) -> Whisper:
    """Thank somebody who hosts it now."""
    return Whisper(
        Text("You host it: ", *named(shown), ". Thank you."),
        "More on its card has all you need on the day.",
        Buttons(Button("I can't after all", action("host-off", shown.number))),
    )


def handed_on(shown: Shown, name: str, *, asked: bool) -> Message:
    """Tell a host that somebody took it over from them (``asked``), or can't."""
    said = "hosts it instead of you" if asked else "can't host this one"
    return Message(Text(f"{name} {said}: ", *named(shown), "."))


@dataclass(frozen=True, slots=True)
class Rota:
    """Who hosts a series: the next ones with their hosts, and who takes turns if anybody does."""

    number: int
    title: str
    planned: list[tuple[Moment, str]]
    order: list[str]
    turns: bool


def rota(shown: Rota, action: Act, *, on_it: bool) -> Whisper:
    """Show who hosts the next ones of a series, and who takes turns."""
    planned: list[Piece | str] = []
    for at, host in shown.planned:
        planned += ["\n", at, f": {shorten(host, limit=NAME_ROOM) or 'open'}"]
    said = "They take turns: " + ", ".join(shown.order) + "." if shown.order else "Nobody takes turns yet."
    turns = Button("Leave each slot open", action("rota-stop", shown.number))
    if not shown.turns:
        said = "Each one begins with an open slot; nobody is put down by rota."
        turns = Button("Take turns", action("rota-go", shown.number))
    mine = Button("Not me", action("rota-off", shown.number))
    if not on_it:
        mine = Button("I take turns", action("rota-on", shown.number))
    return Whisper(Text("Hosts of ", bold(shown.title), *planned), shorten(said, limit=ROTA_ROOM), Buttons(mine, turns))


# ------------------------------------------------------------------------------------------------ more


def more(shown: Shown, host: str, rows: Rows, action: Act) -> Whisper:
    """Show what can be done about a gathering, each row as labels with their verbs."""
    buttons = [Buttons(*(Button(label, action(verb, shown.number)) for label, verb in row)) for row in rows if row]
    return Whisper(Text(*named(shown), "\n", host), *buttons)


def which(shown: Shown, verb: str, action: Act) -> Whisper:
    """Ask which ones of a series are meant."""
    return Whisper(
        Text(*named(shown), " is one of a series. Which ones do you mean?"),
        Buttons(
            Button("This one", action(verb, f"{shown.number}/one")),
            Button("This and following", action(verb, f"{shown.number}/following")),
            Button("All that are to come", action(verb, f"{shown.number}/all")),
        ),
    )


# ------------------------------------------------------------------------------------------------ changes


def changed(
    movement: str,
    shown: Shown,
    was: Moment | None,
    where: Where | None,
    action: Act,
    *,
    several: bool,
    hosts: int | None = None,
) -> Message:
    """Tell somebody in private what has changed about a gathering that they may come to, or host (``hosts``: which)."""
    moved: list[Piece | str] = [" It was to be ", was, "."] if was is not None else []
    place: list[Piece | str] = [" ", *where_words(where), "."] if where is not None else []
    more_of_it = " So have those after it." if several else ""
    return Message(
        Text(
            bold(movement),
            ": this has changed: ",
            *named(shown),
            f" ({spoken_minutes(shown.minutes)}).",
            *moved,
            *place,
            more_of_it,
        ),
        Buttons(
            Button("Can't make it after all", action("cant", shown.number))
            if hosts is None
            else Button("I can't host it", action("host-off", hosts))
        ),
    )


def called_off(movement: str, shown: Shown, why: str, *, several: bool) -> Message:
    """Tell somebody in private that a gathering which they may have come to is cancelled."""
    said = " Those after it are cancelled, too." if several else ""
    reason: list[Part] = [Quote(why)] if why else []
    return Message(Text(bold(movement), ": cancelled: ", *named(shown), f".{said}"), *reason)


def co_hosting(movement: str, shown: Shown, by: str, action: Act) -> Message:
    """Tell somebody in private that they were put down as co-host."""
    return Message(
        Text(
            bold(movement), f": {by} put you down as co-host: ", *named(shown), f" ({spoken_minutes(shown.minutes)})."
        ),
        Buttons(Button("I can't", action("host-off", shown.number))),
    )


def cancelled(shown: Shown, told: int, *, several: bool) -> Whisper:
    """Tell who cancelled it that it is done."""
    after = ", and those after it" if several else ""
    said = {0: "Nobody had to be told.", 1: "1 person was told in private."}
    return Whisper(
        Text("Cancelled: ", *named(shown), f"{after}. {said.get(told, f'{told} people were told in private.')}")
    )


def saved(shown: Shown, told: str, note: str) -> Whisper:
    """Tell who changed it that it stands."""
    return Whisper(
        Text("Saved: ", *named(shown), f" ({spoken_minutes(shown.minutes)}). {told}{' ' if note else ''}{note}")
    )


# ------------------------------------------------------------------------------------------------ what comes next


@dataclass(frozen=True, slots=True)
class Coming:
    """One line of what comes next: ``mine`` says how the reader stands to it."""

    shown: Shown
    going: int
    host: str
    mine: str = ""


def listed(movement: str, coming: list[Coming], rest: int, action: Act) -> Whisper:
    """Show what comes next, and let somebody pick one."""
    if not coming:
        return Whisper(
            Text(
                bold(movement),
                ": no gathering is announced. ",
                code("/gather town hall tomorrow 18:00"),
                " announces one.",
            ),
            Buttons(Button("Announce one", action("new"), "primary")),
        )
    lines: list[Piece | str] = [bold(movement), ", what comes next:"]
    for one in coming:
        host = "" if one.host else "; no host yet"
        mine = f" {one.mine}" if one.mine else ""
        title = shorten(one.shown.title, limit=LISTED_ROOM)
        lines += ["\n", one.shown.starts, f": {title} (going: {one.going}{host}).{mine}"]
    lines += [f"\n… and {rest} more"] if rest else []
    options = tuple(
        Option(cut_units(f"{one.shown.title}, {one.shown.starts.words}", LABEL_LIMIT), str(one.shown.number))
        for one in coming
    )
    return Whisper(
        Text(*lines), Menu("Open one", action("open"), options), Buttons(Button("Announce one", action("new")))
    )


def opened(shown: Card, rows: Rows, action: Act) -> Whisper:
    """Show somebody alone one gathering, with all that they can do about it."""
    parts = card(shown, action).parts
    own = [one for part in parts if isinstance(part, Buttons) for one in part.row if isinstance(one, Button)]
    first = [one for one in own if one.action.verb != "more"]
    verbs = {one.action.verb for one in first}
    others = [[Button(label, action(verb, shown.number)) for label, verb in row if verb not in verbs] for row in rows]
    return Whisper(
        *(part for part in parts if not isinstance(part, Buttons)), *(Buttons(*row) for row in (first, *others) if row)
    )


def owed(shown: Shown, action: Act) -> tuple[Part, ...]:
    """Show on its host's own page that they are asked whether they still host it."""
    return (
        Text("You host this: ", *named(shown), ". Can you still?"),
        Buttons(
            Button("Yes, I host it", action("host-sure", shown.number), "primary"),
            Button("I can't this time", action("host-off", shown.number)),
        ),
    )
