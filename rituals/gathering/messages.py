"""What a gathering looks like in the channel and what is said about it; made from plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.chat import Action, Button, Buttons, Link, Message, Moment, Part, Piece, Quote, Text, bold, shorten
from rituals.gathering.answered import Counts
from rituals.gathering.venues import Where

Act = Callable[..., Action]
WORDS_ROOM = 1500
PLACE_ROOM = 400
NAME_ROOM = 100


@dataclass(frozen=True, slots=True)
class Card:
    """A gathering as the channel sees it; names of those who host it, and of nobody else."""

    number: int
    title: str
    kind: str
    starts: Moment
    clocks: str
    minutes: int
    where: Where
    host: str = ""
    co_host: str = ""
    words: str = ""
    again: str = ""
    capacity: int | None = None
    counts: Counts = field(default_factory=Counts)
    forecast: str = ""
    state: str = "announced"
    turnout: str = ""
    # Whether the word is still taken that was said aloud there.
    takes_words: bool = False
    why: str = ""
    mobilizing: bool = False
    # Who takes notes.
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A gathering as a sentence names it: what, when, how long."""

    number: int
    title: str
    starts: Moment
    minutes: int


def named(shown: Shown) -> tuple[Piece | str, ...]:
    """Name a gathering with its time."""
    return bold(shown.title), ", ", shown.starts


# ------------------------------------------------------------------------------------------------ the card


def card(shown: Card, action: Act) -> Message:
    """Show a gathering in the channel: what, when, where, who hosts it, how many come, and the ways to answer."""
    if shown.state == "cancelled":
        return _cancelled(shown)
    parts: list[Part] = [_heading(shown), Text(*_lines(shown))]
    if shown.words:
        parts.append(Quote(shorten(shown.words, limit=WORDS_ROOM)))
    parts.append(Text(spoken_counts(shown)))
    return Message(*parts, *_ways(shown, action))


def _heading(shown: Card) -> Text:
    """Name it, with its kind where the name does not say it."""
    said = shown.kind.casefold() in shown.title.casefold()
    return Text(bold(shown.title), "" if said else f", {_article(shown.kind)}")


def _lines(shown: Card) -> list[str | Piece]:
    lines: list[str | Piece] = [f"{shown.clocks}\nOn your own clock: ", shown.starts, "\n"]
    if shown.again:
        lines.append(f"Comes again: {shown.again}.\n")
    lines += [*where_words(shown.where), "\n", host_words(shown.host, shown.co_host), "\n"]
    if shown.notes:
        lines.append(f"Notes: {shorten(shown.notes, limit=NAME_ROOM)}\n")
    kind = " It is mobilizing: getting many to act." if shown.mobilizing else ""
    lines.append(f"It asks for {spoken_minutes(shown.minutes)} of your time.{kind}")
    return lines


def _cancelled(shown: Card) -> Message:
    why = f" {shown.why}" if shown.why else ""
    return Message(
        _heading(shown),
        Text("Cancelled: it was to be ", shown.starts, ".", shorten(why, limit=PLACE_ROOM)),
    )


def _ways(shown: Card, action: Act) -> list[Buttons]:
    more = Button("More", action("more", shown.number))
    if shown.state == "announced":
        answers = [
            Button("Going", action("going", shown.number), "primary"),
            Button("Maybe", action("maybe", shown.number)),
            Button("Can't", action("cant", shown.number)),
        ]
        host = [] if shown.host else [Button("Host it", action("host", shown.number))]
        return [Buttons(*answers, *host, more)]
    if shown.state == "under way" or shown.takes_words:
        return [Buttons(Button("I'm here", action("here", shown.number), "primary"), more)]
    return [Buttons(more)]


def spoken_counts(shown: Card) -> str:
    """Say how many come: before it as answers, after it as two numbers; who, is nobody's business."""
    if shown.state == "over":
        return f"It is over. {shown.turnout}".strip()
    places = f" of {_plural(shown.capacity, 'place')}" if shown.capacity is not None else ""
    said = [f"Going: {shown.counts.seated}{places}"]
    if shown.counts.maybe:
        said.append(f"maybe: {shown.counts.maybe}")
    if shown.counts.waiting:
        said.append(f"waiting for a place: {shown.counts.waiting}")
    now = "It is on now. " if shown.state == "under way" else ""
    forecast = f" {shown.forecast}" if shown.forecast else ""
    return f"{now}{', '.join(said)}.{forecast}"


def host_words(host: str, co_host: str) -> str:
    """Say who hosts."""
    if not host:
        return f"Nobody hosts it yet; {co_host} is co-host." if co_host else "Nobody hosts it yet."
    return f"Host: {host}, with {co_host}" if co_host else f"Host: {host}"


def where_words(where: Where) -> list[str | Piece]:
    """Say where to turn up; a link can be pressed."""
    place = shorten(where.place, limit=PLACE_ROOM)
    match where.kind:
        case "voice":
            return [f"Where: voice channel {place}"]
        case "huddle":
            return ["Where: the huddle of this channel"]
        case "link":
            return ["Where: ", Link("the link to it", where.place)]
        case "address":
            return [f"Where: {place}"]
    return ["Where: not known yet"]


def spoken_minutes(minutes: int) -> str:
    """Say how long: '45 minutes', '1 hour', '90 minutes', '3 hours'."""
    if minutes % 60 == 0:
        return _plural(minutes // 60, "hour")
    hours, rest = divmod(minutes, 60)
    return f"{_plural(hours, 'hour')} and {_plural(rest, 'minute')}" if hours > 1 else _plural(minutes, "minute")


def _plural(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _article(kind: str) -> str:
    return f"an {kind}" if kind[:1] in "aeiou" else f"a {kind}"
