"""What somebody sees of several promises at once: all of their own, and of others' what everybody may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat import Button, Buttons, Menu, Option, Part, Text, Whisper, bold, code, fit, shorten
from rituals.promise.messages import Act, Shown, quoted, ways_on

CARD_ROOM = 200
LINE_ROOM = 120
LINES_ROOM = 500
OPTION_MOST = 70


@dataclass(frozen=True, slots=True)
class Mine:
    """Everything that somebody has promised, or is asked to: cards, further ones to pick, and lines."""

    cards: Sequence[Shown] = ()
    awaited: Sequence[Shown] = ()
    more: Sequence[Shown] = ()
    asked: Sequence[Shown] = ()
    kept: Sequence[Shown] = ()
    figure: str = ""


def mine(view: Mine, action: Act) -> Whisper:
    """Show somebody their own promises; nobody else sees this."""
    parts: list[Part] = []
    for shown in view.awaited:
        who = f"{shown.who} asks you: " if shown.who else "You are asked: "
        parts += [Text(who, _card(shown)), _yes_or_no(shown, action)]
    for shown in view.cards:
        together = f", with {shown.who}" if shown.who else ""
        parts += [Text(_card(shown), together), ways_on(shown.number, action)]
    if view.more:
        options = tuple(Option(_cut(f"{shown.due}: {shown.what}"), str(shown.number)) for shown in view.more)
        parts.append(Menu("Open another promise", action("show"), options))
    if not parts:
        parts.append(Text("You have no open promise. Make one with ", code("/promise"), "."))
    if view.asked:
        lines = [f"{_in_a_line(shown.what)} by {shown.due} ({shown.who})" for shown in view.asked]
        parts.append(Text(bold("Asked for, not answered yet"), "\n", fit(lines, limit=LINES_ROOM)))
    if view.kept:
        lines = [f"{_in_a_line(shown.what)} {shown.due}" for shown in view.kept]
        parts.append(Text(bold("Done lately"), "\n", fit(lines, limit=LINES_ROOM)))
    if view.figure:
        parts.append(Text(view.figure))
    return Whisper(*parts)


def card(shown: Shown, action: Act) -> Whisper:
    """Show one of somebody's promises."""
    together = f", with {shown.who}" if shown.who else ""
    return Whisper(Text("By ", bold(shown.due), f"{together}:"), quoted(shown.what), ways_on(shown.number, action))


def everybodys(movement: str, open_ones: Sequence[Shown], figure: str) -> Whisper:
    """Show the promises that everybody may see, and how promises go here."""
    lines = [f"{shown.due}: {_in_a_line(shown.what)} {shown.who}" for shown in open_ones]
    return Whisper(
        Text(bold(f"What was promised in {movement}")),
        Text(fit(lines) if lines else "No promise is open right now."),
        Text(figure),
    )


def owed(promises: Sequence[Shown], awaited: Sequence[Shown], action: Act) -> tuple[Part, ...]:
    """Show somebody on their own page what they promised next, and what they are asked."""
    parts: list[Part] = []
    for shown in awaited:
        who = f"{shown.who} asks you: " if shown.who else "You are asked: "
        parts += [Text(who, _card(shown)), _yes_or_no(shown, action)]
    for shown in promises:
        parts += [Text("You promised: ", _card(shown)), ways_on(shown.number, action)]
    return tuple(parts)


def _card(shown: Shown) -> str:
    return f"“{shorten(' '.join(shown.what.split()), limit=CARD_ROOM)}” by {shown.due}"


def _yes_or_no(shown: Shown, action: Act) -> Buttons:
    return Buttons(
        Button("I'll do it", action("yes", shown.number), "primary"), Button("I can't", action("no", shown.number))
    )


def _cut(words: str) -> str:
    """Cut an option's label, which is counted in UTF-16 units, on a character."""
    kept = words[:OPTION_MOST]
    while len(kept.encode("utf-16-le")) // 2 > OPTION_MOST:
        kept = kept[:-1]
    return kept if kept == words else kept.rstrip() + "…"


def _in_a_line(what: str) -> str:
    """Put what was promised into a line."""
    return "“" + shorten(" ".join(what.split()), limit=LINE_ROOM) + "”"
