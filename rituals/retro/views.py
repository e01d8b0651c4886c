"""What a retro shows to the one person who asks: ballots, notes page by page, the facilitator's controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat import MENU_LIMIT, Button, Buttons, Menu, Option, Part, Text, Whisper, bold, fit, shorten
from rituals.retro.messages import Act, Entry, count, entries

PAGE_ROOM = 3200
NOTES_ON_PAGE = 12
OPTION = 70
LINE = 160


def _name(words: str, *, limit: int = OPTION) -> str:
    return shorten(" ".join(words.split()), limit=limit)


# ------------------------------------------------------------------------------------------------ notes


def note_kept(column: str, key: str, action: Act, *, where: str, again: int, signed: bool = False) -> Whisper:
    """Confirm a note; these buttons alone can change it, because nothing else links it to its author."""
    said = {
        "gather": f"Your note is in, under “{column}”. Nobody sees it before all are shown together.",
        "group": f"Your note is in, under “{column}”. The others see it already.",
        "wait": "Your note waits for the next retro. Nobody sees it until then.",
    }[where]
    return Whisper(
        Text(f"{said} {'' if signed else 'I don’t keep who wrote it, so only these buttons can change it.'}".strip()),
        Buttons(
            Button("Change it", action("edit", key)),
            Button("Take it back", action("drop", key)),
            Button("Add another", action("add", again)),
        ),
    )


def finished(about: str, action: Act) -> Whisper:
    """Confirm the tick."""
    return Whisper(
        Text("Noted. The channel sees how many are finished, never who."),
        Buttons(Button("I’m not finished after all", action("unfinished", about))),
    )


@dataclass(frozen=True, slots=True)
class Heading:
    """A column with its notes."""

    name: str
    notes: Sequence[Entry]


def pages(headings: Sequence[Heading]) -> list[list[Part]]:
    """Lay notes out on pages, under their columns."""
    laid: list[list[Part]] = [[]]
    room = PAGE_ROOM
    for heading in headings:
        title: Part = Text(bold(heading.name))
        fresh = True
        for note in heading.notes:
            quote = entries([note], most=1, room=PAGE_ROOM)[0]
            if quote.weight + title.weight > room or len(laid[-1]) > NOTES_ON_PAGE:
                laid.append([])
                room, fresh = PAGE_ROOM, True
            if fresh:
                laid[-1].append(title)
                room -= title.weight
                fresh = False
            laid[-1].append(quote)
            room -= quote.weight
    return laid


def notes_page(headings: Sequence[Heading], page: int, occurrence_id: int, action: Act) -> Whisper:
    """Show one page of the notes, in an order that tells nothing."""
    laid = pages(headings)
    page = min(page, len(laid) - 1)
    parts = laid[page] or [Text("There is no note to read.")]
    return Whisper(*parts, *_turning("read", page, len(laid), str(occurrence_id), action))


def _turning(verb: str, page: int, of: int, about: str, action: Act) -> list[Part]:
    row = []
    if page > 0:
        row.append(Button(f"Page {page}", action(verb, f"{about}/{page - 1}")))
    if page < of - 1:
        row.append(Button(f"Page {page + 2}", action(verb, f"{about}/{page + 1}")))
    return [Text(f"Page {page + 1} of {of}"), Buttons(*row)] if row else []


# ------------------------------------------------------------------------------------------------ votes


@dataclass(frozen=True, slots=True)
class Voteable:
    """A topic on somebody's ballot, with the votes they gave it."""

    topic_id: int
    name: str
    mine: int = 0


def ballot(
    topics: Sequence[Voteable], page: int, occurrence_id: int, action: Act, *, each: int, on_one: int, said: str = ""
) -> Whisper:
    """Show somebody their own votes, and let them give and take back."""
    left = each - sum(one.mine for one in topics)
    parts: list[Part] = [Text(said)] if said else []
    parts.append(
        Text(
            bold(f"{left} of your {count(each, 'vote')} left"),
            f", at most {on_one} on one topic. Nobody sees who gave what.",
        )
    )
    given = [one for one in topics if one.mine]
    if given:
        lines = [f"• {_name(one.name, limit=LINE)}: {count(one.mine, 'vote')}" for one in given]
        parts.append(Text(bold("Your votes"), "\n", fit(lines, limit=1500)))
    shown = topics[page * MENU_LIMIT : (page + 1) * MENU_LIMIT]
    about = f"{occurrence_id}/{page}"
    # What a pick asks for is the votes a topic shall have then, so that picking twice asks for no more.
    free = [
        Option(_name(one.name), f"{one.topic_id}/{one.mine + 1}") for one in shown if left > 0 and one.mine < on_one
    ]
    if free:
        parts.append(Menu("Give a vote to …", action("vote", about), tuple(free)))
    if given:
        back = tuple(Option(_name(one.name), f"{one.topic_id}/{one.mine - 1}") for one in given[:MENU_LIMIT])
        parts.append(Menu("Take a vote back from …", action("unvote", about), back))
    of = -(-len(topics) // MENU_LIMIT)
    return Whisper(*parts, *_turning("ballot", page, of, str(occurrence_id), action))


# ------------------------------------------------------------------------------------------------ the facilitator


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """What the facilitator can do now; ``back`` is '' where there is no way back."""

    phase: str
    next_one: str
    back: str
    live: bool
    votes_lost: bool = False


_NEXT = {
    "group": "Show the notes",
    "vote": "On to the votes",
    "discuss": "On to the talk",
    "closed": "Close the retro",
}
_BACK = {"gather": "Back to the notes", "group": "Back to the topics", "vote": "Back to the votes"}
_SAID = {
    "gather": "Notes are being written.",
    "group": "The notes lie open, in topics that I propose.",
    "vote": "People are voting.",
    "discuss": "The topics are talked about in the thread.",
}


def controls(view: Controls, occurrence_id: int, action: Act) -> Whisper:
    """Give the facilitator what they need, away from the channel."""
    about = f"{occurrence_id}/{view.phase}"
    forward = "close" if view.next_one == "closed" else "next"
    label = "Show the note" if view.phase == "gather" and view.next_one == "discuss" else _NEXT[view.next_one]
    row = [Button(label, action(forward, about), "primary")]
    if view.back:
        row.append(Button(_BACK[view.back], action("back", about)))
    if view.phase == "group":
        row.append(Button("Arrange the topics", action("arrange", occurrence_id)))
    if view.phase == "discuss":
        row.append(Button("Time this topic", action("topic-timer", occurrence_id)))
    said = _SAID[view.phase]
    how = "the clock only informs; you move it on" if view.live else "it moves on by itself at its time, or now"
    parts: list[Part] = [Text(bold("You facilitate."), f" {said} It is {_way(live=view.live)}: {how}.")]
    if view.back == "vote":
        parts.append(Text("Going back to the votes begins the vote anew: the old votes are gone, only totals remain."))
    elif view.votes_lost:
        parts.append(Text("Going back to the topics throws the votes away: they belong to the topics as they are."))
    parts.append(Buttons(*row))
    more = [
        Button("Change the time", action("time", occurrence_id)),
        Button("Hand it over", action("swap", occurrence_id)),
    ]
    if forward == "next":
        more.append(Button("Close the retro", action("close", about), "danger"))
    parts.append(Buttons(*more))
    return Whisper(*parts)


def _way(*, live: bool) -> str:
    return "live" if live else "spread over days"


def not_yours(facilitator: str, about: int, action: Act, *, may_take: bool) -> Whisper:
    """Say who facilitates, and let somebody take over where that is due."""
    who = shorten(facilitator, limit=LINE)
    if not may_take:
        return Whisper(
            f"{who} facilitates and was here lately. Ask them first; if they stay silent, you can take over."
        )
    said = f"{who} facilitates. You can take over." if facilitator else "Nobody facilitates. You can."
    return Whisper(Text(said), Buttons(Button("Take over", action("take", about), "primary")))


@dataclass(frozen=True, slots=True)
class Arranged:
    """A topic as the facilitator arranges it."""

    topic_id: int
    name: str
    notes: int


def arrange(topics: Sequence[Arranged], page: int, occurrence_id: int, action: Act) -> Whisper:
    """List the topics; picking one opens it."""
    shown = topics[page * MENU_LIMIT : (page + 1) * MENU_LIMIT]
    options = tuple(
        Option(f"{_name(one.name, limit=60)} ({count(one.notes, 'note')})", str(one.topic_id)) for one in shown
    )
    parts: list[Part] = [
        Text(bold("Arrange the topics."), " Pick one to rename it, to join it with another, to split.")
    ]
    parts.append(Menu("Open a topic", action("topic", occurrence_id), options))
    parts.append(Buttons(Button("On to the votes", action("next", f"{occurrence_id}/group"), "primary")))
    of = -(-len(topics) // MENU_LIMIT)
    return Whisper(*parts, *_turning("arrange", page, of, str(occurrence_id), action))


def one_topic(
    topic: Arranged,
    notes: Sequence[tuple[int, Entry]],
    others: Sequence[Arranged],
    about: str,
    action: Act,
    *,
    page: int = 0,
) -> Whisper:
    """Show one topic to the facilitator, with all that can be done to it."""
    parts: list[Part] = [Text(bold(_name(topic.name, limit=300)))]
    quotes = entries([note for _, note in notes], most=NOTES_ON_PAGE, room=2400)
    parts += quotes
    if len(quotes) < len(notes):
        parts.append(Text(f"… and {count(len(notes) - len(quotes), 'more note', 'more notes')}."))
    # Both menus turn their pages together.
    of = max(1, -(-max(len(notes), len(others)) // MENU_LIMIT))
    page = min(page, of - 1)
    first, end = page * MENU_LIMIT, (page + 1) * MENU_LIMIT
    out = tuple(Option(_name(note.words), str(note_id)) for note_id, note in notes[first:end])
    join = tuple(Option(_name(one.name), str(one.topic_id)) for one in others[first:end])
    if out and len(notes) > 1:
        parts.append(Menu("Take a note out", action("take-out", about), out))
    if join:
        parts.append(Menu("Join with …", action("join", about), join))
    row = [Button("Rename", action("rename", about))]
    if len(notes) > 1:
        row.append(Button("Split into single notes", action("split", about)))
    row.append(Button("All topics", action("arrange", about.partition("/")[0])))
    parts.append(Buttons(*row))
    return Whisper(*parts, *_turning("topic-page", page, of, about, action))


def rota(names: Sequence[str], action: Act, *, on_it: bool) -> Whisper:
    """Say who takes turns in facilitating, and let somebody step on or off."""
    if names:
        said = Text(
            bold("Who facilitates by turns"), ", whoever has not had it longest first: ", fit(names, limit=1500)
        )
    else:
        said = Text("Nobody can be asked to facilitate at the moment.")
    button = (
        Button("Leave me out", action("rota-off"))
        if on_it
        else Button("I take turns, too", action("rota-on"), "primary")
    )
    return Whisper(said, Buttons(button))
