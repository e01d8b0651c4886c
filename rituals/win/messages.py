"""What is said of wins in the channel; made from plain values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.chat import (
    Action,
    Button,
    Buttons,
    Message,
    Part,
    Quote,
    Text,
    bold,
    fit,
    italic,
    shorten,
    weight,
)
from bot.plain import tidy_line
from rituals.win import evidence

NAME_ROOM = 80
# Six hundred characters weigh at most this, whatever they are.
WHAT_ROOM = 1700
EVIDENCE_ROOM = 900
LINE_ROOM = 150
LIST_ROOM = 1100
THANKS_ROOM = 400
THANKS_SHOWN = 8
ROUND_UP_SHOWN = 5

Act = Callable[..., Action]


@dataclass(frozen=True, slots=True)
class Shown:
    """A win as everybody sees it. ``by`` is who reported it; ``found``: it was seen in the records."""

    kind: str
    what: str
    evidence: str
    by: str
    makers: Sequence[str] = ()
    cheered: int = 0
    found: bool = False

    @property
    def is_claim(self) -> bool:
        return not self.evidence and not self.found


@dataclass(frozen=True, slots=True)
class RoundUp:
    """A month in wins."""

    month: str
    wins: Sequence[Shown]
    thanked: int


def listed(names: Sequence[str]) -> str:
    """Say names in a row: 'Ana, Ben and Chi'."""
    short = [shorten(name, limit=NAME_ROOM) for name in names]
    return " and ".join(one for one in (", ".join(short[:-1]), short[-1] if short else "") if one)


def win(view: Shown, win_id: int, action: Act) -> Message:
    """Tell the channel of a win."""
    head = "A win" if view.kind == "outcome" else "An effort"
    told = f", told by {shorten(view.by, limit=NAME_ROOM)}" if view.by else ""
    parts: list[Part] = [Text(bold(f"{head}{told}")), Quote(shorten(view.what, limit=WHAT_ROOM))]
    parts.extend(_evidence(view))
    if view.makers:
        parts.append(Text("Made it happen: ", listed(view.makers)))
    if view.cheered:
        parts.append(Text(italic(_cheered(view.cheered))))
    parts.append(Buttons(Button("Say thanks", action("thank", win_id)), Button("Change", action("change", win_id))))
    return Message(*parts)


def _evidence(view: Shown) -> list[Part]:
    if view.found:
        return [Text(italic("From our records."))]
    if view.is_claim:
        return [Text(italic("A claim: no link or number so far."))]
    said = Text("Evidence: ", *evidence.pieces(view.evidence))
    fits = said.weight <= EVIDENCE_ROOM
    return [said if fits else Text("Evidence: ", shorten(evidence.spoken(view.evidence), limit=EVIDENCE_ROOM - 20))]


def _cheered(count: int) -> str:
    return "One person celebrated this." if count == 1 else f"{count} people celebrated this."


def taken_back() -> Message:
    """Stand where a win stood."""
    return Message(Text(italic("A win that stood here was taken back.")))


def thanks(said: Sequence[tuple[str, str]]) -> Message:
    """Show what people said to thank, in the thread."""
    if not said:
        return Message(Text(italic("Thanks that stood here were taken back.")))
    parts: list[Part] = [Text(italic("Thanks"))]
    parts += [
        Quote(shorten(words, limit=THANKS_ROOM), by=shorten(name, limit=NAME_ROOM))
        for name, words in said[-THANKS_SHOWN:]
    ]
    if len(said) > THANKS_SHOWN:
        parts.append(Text(italic(f"… and {len(said) - THANKS_SHOWN} more before these.")))
    return Message(*parts)


def digest(wins: Sequence[Shown], month: RoundUp | None) -> Message:
    """Sum up the wins of the week, and in the first digest of a month the month before."""
    parts: list[Part] = []
    if wins:
        count = "One win" if len(wins) == 1 else f"{len(wins)} wins"
        parts.append(Text(bold(f"{count} since the last digest")))
        parts += _lists(wins)
    if month is not None and month.wins:
        parts += _round_up(month)
    if not parts:
        return Message(Text(italic("The wins that stood here were taken back.")))
    return Message(*parts)


def _lists(wins: Sequence[Shown]) -> list[Part]:
    kinds = (("What changed", "outcome"), ("What people put in", "effort"))
    return [
        Text(bold(title), "\n", fit([_line(one) for one in wins if one.kind == kind], limit=LIST_ROOM))
        for title, kind in kinds
        if any(one.kind == kind for one in wins)
    ]


def _line(view: Shown) -> str:
    told = shorten(tidy_line(view.what), limit=LINE_ROOM).removesuffix(".")
    shown = f" ({shorten(evidence.spoken(view.evidence), limit=LINE_ROOM)})" if view.evidence else ""
    claim = " (a claim)" if view.is_claim else ""
    thanked = f" Thanks to {_few(view.makers)}." if view.makers else ""
    stop = "" if told.endswith(("!", "?", "…")) and not shown and not claim else "."
    return f"• {told}{shown}{claim}{stop}{thanked}"


def _few(names: Sequence[str]) -> str:
    """Say some names, so that a line stays a line."""
    said = listed(names)
    if weight(said) <= LINE_ROOM:
        return said
    return f"{shorten(names[0], limit=NAME_ROOM)} and {len(names) - 1} more" if len(names) > 1 else said


def _round_up(month: RoundUp) -> list[Part]:
    outcomes = [one for one in month.wins if one.kind == "outcome"]
    proven = [one for one in outcomes if one.evidence]
    efforts = len(month.wins) - len(outcomes)
    counts = []
    if outcomes:
        with_evidence = {0: "a claim each", len(outcomes): "with a link or a number"}.get(
            len(proven), f"{'one' if len(proven) == 1 else len(proven)} of them with a link or a number"
        )
        counts.append(f"{count(len(outcomes), 'outcome')} ({with_evidence})")
    if efforts:
        counts.append(count(efforts, "effort"))
    thanked = {0: "", 1: " One person was thanked by name."}.get(
        month.thanked, f" {month.thanked} people were thanked by name."
    )
    parts: list[Part] = [Text(bold(f"{month.month} in wins: "), f"{' and '.join(counts)}.{thanked}")]
    if proven:
        lines = [f"• {shorten(tidy_line(one.what), limit=LINE_ROOM)}" for one in proven[:ROUND_UP_SHOWN]]
        more = [f"… and {len(proven) - ROUND_UP_SHOWN} more"] if len(proven) > ROUND_UP_SHOWN else []
        parts.append(Text(fit([*lines, *more], limit=LIST_ROOM)))
    return parts


def count(number: int, word: str) -> str:
    """Say a number of things: 'one effort', '3 efforts'."""
    return f"one {word}" if number == 1 else f"{number} {word}s"
